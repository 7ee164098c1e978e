import { hostname } from 'node:os';

/** Holders are named `<host>:<pid>:<random>`. A dead process on this computer gives its lease up at once. */
export function isAlive(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
