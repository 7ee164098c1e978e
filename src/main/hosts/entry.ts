import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where a program of ours lies that is started by path: as source, or built into out/main (this code then stands there
 * or in the chunks folder below).
 * @param source seen from this folder
 */
export function entryOf(source: string, built: string): string {
  const candidates = [source, built, `../${built}`].map((path) => join(import.meta.dirname, path));
  return candidates.find((path) => existsSync(path)) ?? join(import.meta.dirname, source);
}
