import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every measured program prints as its last line. */
export interface Measured {
  /** The measured part only; starting the process is none of it. */
  readonly ms: number;
  /** Processor time of the same part: what others do on the machine hardly touches it. */
  readonly cpuMs: number;
  /** Highest resident memory of the process, bytes. */
  readonly peakBytes: number;
  readonly requests: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Runs a program of this folder in a fresh process, with its task as JSON on its input; its last line is what it measured. */
export async function runChild(program: string, task: object, nodeFlags: readonly string[] = []): Promise<Measured> {
  const child = spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(task));
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${out.slice(-500)}`);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Measured;
}

/** What `runChild` handed over, as JSON. */
export const taskText = (): string => readFileSync(0, 'utf8');

/** Starts the clock; the function given back tells what has passed. */
export function startWatch(): () => Pick<Measured, 'ms' | 'cpuMs'> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  };
}

export function tell(measured: Omit<Measured, 'peakBytes'>): void {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...measured, peakBytes })}\n`);
}
