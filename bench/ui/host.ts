import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The web host as it is shipped, on one workspace. */
export interface UiHost {
  readonly link: string;
  /** From the start of the process to the link, ms. */
  readonly startedMs: number;
  stop(): Promise<void>;
}

const CLI = join(import.meta.dirname, '../../out/main/cli.js');

export async function startHost(dir: string): Promise<UiHost> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--workspace', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    child.once('exit', (code) => reject(new Error(`The web host ended with ${String(code)}.`)));
  });
  const { link } = JSON.parse(line) as { link: string };
  return {
    link,
    startedMs: performance.now() - startedAt,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
