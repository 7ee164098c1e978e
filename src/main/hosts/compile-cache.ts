import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { appDataDir } from './app-data.ts';

/**
 * Keeps what Node compiled for the next start, which then does not wait for it. In the folder of this account and not in
 * the one for everybody's temporary files, because what lies there is run. Where it cannot be written, Node goes without.
 * Source is left alone: whoever runs that has chosen for themselves.
 */
export function keepCompiled(): void {
  if (import.meta.filename.endsWith('.ts') || process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  const folder = join(appDataDir(process.env), 'compiled');
  enableCompileCache(folder);
  // Threads read it from here.
  process.env['NODE_COMPILE_CACHE'] = folder;
}
