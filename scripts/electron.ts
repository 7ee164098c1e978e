import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const NAME: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/**
 * The path of Electron's executable, or null. Looks at files only: importing `electron` outside of Electron starts a
 * download. A left-over of another version does not count.
 */
export function findElectron(root: string): string | null {
  const override = process.env['ELECTRON_EXEC_PATH'];
  if (override !== undefined && existsSync(override)) return override;
  const folder = join(root, 'node_modules', 'electron');
  const executable = join(folder, 'dist', NAME[process.platform] ?? 'electron');
  const versionFile = join(folder, 'dist', 'version');
  if (!existsSync(executable) || !existsSync(versionFile)) return null;
  const wanted = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const found = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '');
  return found === wanted.version ? executable : null;
}

const INSTALL_MS = 60_000;

/** Fetches the executable; offline it gives up within a second. Returns whether it is there now. */
export function installElectron(root: string): boolean {
  spawnSync('npx', ['install-electron'], {
    cwd: root,
    stdio: 'ignore',
    timeout: INSTALL_MS,
    shell: process.platform === 'win32',
  });
  return findElectron(root) !== null;
}
