import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Resolves when whoever started this process is gone. Under npm a shell stands between, which outlives npm while it
 * waits for us: there the shell's own parent is watched as well, where the platform tells it.
 */
export function parentGone(): Promise<void> {
  const before = ancestry();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (ancestry() === before) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS);
    // Watching is no reason to live on.
    timer.unref();
  });
}

function ancestry(): string {
  const parent = process.ppid;
  const { name, ppid } = statusOf(parent);
  return name === 'sh' || name === 'dash' ? `${String(parent)} ${ppid}` : String(parent);
}

function statusOf(pid: number): { name: string; ppid: string } {
  try {
    const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return { name: /^Name:\s*(\S+)/m.exec(text)?.[1] ?? '', ppid: /^PPid:\s*(\d+)/m.exec(text)?.[1] ?? '' };
  } catch {
    return { name: '', ppid: '' };
  }
}
