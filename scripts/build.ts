import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'assets/icon.svg', 'electron.vite.config.ts', 'package-lock.json'];
const PRODUCTS = ['out/main/index.js', 'out/main/sandbox.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const at = statSync(path);
  if (!at.isDirectory()) return at.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether something that the build reads is newer than what it wrote, or it never wrote it. */
export function needsBuild(root: string): boolean {
  const products = PRODUCTS.map((path) => newest(join(root, path)));
  return Math.max(...SOURCES.map((path) => newest(join(root, path)))) > Math.min(...products);
}

/** Builds into out/. Returns whether it worked; what went wrong has been printed. */
export function build(root: string): boolean {
  const built = spawnSync('npx', ['electron-vite', 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return built.status === 0;
}
