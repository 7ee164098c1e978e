import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { entryOf } from './entry.ts';

export interface SandboxUrls {
  readonly customerp: string;
  readonly tidsbanken: string;
}

export interface SandboxProcess {
  readonly urls: SandboxUrls;
  /** Resolves when both systems are gone, with the exit code. */
  readonly ended: Promise<number>;
  stop(): void;
}

/** The sandbox is another program: it is started by path and never imported. */
export const sandboxEntry = (): string => entryOf('../../sandbox/index.ts', 'sandbox.js');

/**
 * Starts both simulated systems as a child of this process and waits for their addresses.
 * The child's stdin is our pipe: should we die without a word, it ends and the child with it.
 * Problem `sandboxFailed` when it ends before it has told its addresses (a port in use, a bad number).
 */
export async function startSandbox(args: readonly string[]): Promise<Result<SandboxProcess, Problem>> {
  const child = spawn(process.execPath, [sandboxEntry(), '--stdin-guard', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const complaints = lastLines(child.stderr);
  // A child that is gone already closes its end first; that is told by `ended`.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 0));
  });
  const urls = await Promise.race([readUrls(child.stdout), ended.then(() => null)]);
  if (urls === null) {
    child.kill();
    return fail(sandboxFailed(complaints()));
  }
  return ok({ urls, ended, stop: () => child.kill() });
}

export const sandboxFailed = (why: string): Problem => ({
  kind: 'sandboxFailed',
  what: `The sandbox did not start${why === '' ? '.' : `: ${why}`}`,
  notDone: 'No workspace was written.',
  todo: 'Check its options, and that the ports are free.',
});

/** Reads lines until one tells both addresses; null when the stream ends before. */
export async function readUrls(stdout: NodeJS.ReadableStream): Promise<SandboxUrls | null> {
  const lines = createInterface({ input: stdout });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const urls = urlsOf(line);
      if (urls !== null) resolve(urls);
    });
    lines.once('close', () => resolve(null));
  });
}

const Told = z.object({ customerp: z.object({ url: z.string() }), tidsbanken: z.object({ url: z.string() }) });

export function urlsOf(line: string): SandboxUrls | null {
  try {
    const told = Told.safeParse(JSON.parse(line));
    return told.success ? { customerp: told.data.customerp.url, tidsbanken: told.data.tidsbanken.url } : null;
  } catch {
    return null;
  }
}

function lastLines(stderr: Readable): () => string {
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text.trim().split('\n').at(-1) ?? '';
}
