import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

export interface Browser {
  readonly path: string;
  readonly from: string;
}

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];

function placesOf(env: Env, platform: NodeJS.Platform): string[] {
  if (platform === 'darwin')
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  if (platform === 'win32')
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].flatMap((root) =>
      root === undefined
        ? []
        : [join(root, 'Google/Chrome/Application/chrome.exe'), join(root, 'Microsoft/Edge/Application/msedge.exe')],
    );
  return (env['PATH'] ?? '').split(delimiter).flatMap((dir) => ON_PATH.map((name) => join(dir, name)));
}

/**
 * A Chromium that is on this computer: `APP_BROWSER`, the one given (Playwright's own), or an installed
 * Chromium, Chrome or Edge. Looks at files only, and installs nothing.
 */
export function findBrowser(env: Env, own?: string, platform: NodeJS.Platform = process.platform): Browser | null {
  const named = env['APP_BROWSER'];
  if (named !== undefined && named !== '') return { path: named, from: 'APP_BROWSER' };
  if (own !== undefined && existsSync(own)) return { path: own, from: 'Playwright' };
  const path = placesOf(env, platform).find((place) => existsSync(place));
  return path === undefined ? null : { path, from: 'installed' };
}

/** Root has no sandbox to drop its rights into; everyone else keeps it. */
export const browserFlags = (): string[] => [
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

const ATTEMPT_MS = 180_000;

/** Tries to get a Chromium for the tests, and says what it tries. Playwright's download first, then the system's package. */
export function installBrowser(say: (text: string) => void): void {
  say('No Chromium, Chrome or Edge found; trying “playwright install chromium”.');
  const options = { timeout: ATTEMPT_MS, stdio: 'ignore' } as const;
  if (
    spawnSync('npx', ['playwright', 'install', 'chromium'], { ...options, shell: process.platform === 'win32' })
      .status === 0
  )
    return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say('That did not work; trying “apt-get install chromium”.');
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
}
