import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { urlsOf } from '../sandbox-process.ts';
import type { SandboxUrls } from '../sandbox-process.ts';

/** Real processes against a real sandbox: what a script that calls the CLI would see. */

const ENTRY = join(import.meta.dirname, 'index.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** The first line of stdout; null when it ended without one. */
  readonly firstLine: Promise<string | null>;
  readonly ended: Promise<Ended>;
}

export function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  const firstLine = Promise.withResolvers<string | null>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const end = stdout.indexOf('\n');
    if (end !== -1) firstLine.resolve(stdout.slice(0, end));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      firstLine.resolve(null);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, firstLine: firstLine.promise, ended };
}

export const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  start(args, env).ended;

export interface Demo {
  readonly dir: string;
  readonly urls: SandboxUrls;
  readonly sandbox: ChildProcess;
  /** Runs one command on the workspace of this demo. */
  tidsbro(...args: string[]): Promise<Ended>;
  close(): Promise<void>;
}

/** A sandbox of its own, with its workspace in a temporary folder. */
export async function openDemo(...args: string[]): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'tidsbro-cli-'));
  const dir = join(folder, 'workspace');
  const sandbox = start(['sandbox', '--workspace', dir, ...args]);
  const urls = urlsOf((await sandbox.firstLine) ?? '');
  if (urls === null) throw new Error(`The sandbox did not start: ${(await sandbox.ended).stderr}`);
  return {
    dir,
    urls,
    sandbox: sandbox.child,
    tidsbro: (...words) => run([...words, '--workspace', dir]),
    async close() {
      sandbox.child.kill();
      await sandbox.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
