import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Names the program that prints; what is installed is looked for where it is not set. */
export const BROWSER_VARIABLE = 'TIDSBRO_BROWSER';

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];
const TIMEOUT_MS = 120_000;

/** A Chromium, Chrome or Edge of this computer. Looks at files only. Problem: `noBrowser`. */
export function findBrowser(env: Env, platform: NodeJS.Platform = process.platform): Result<string, Problem> {
  const named = env[BROWSER_VARIABLE] ?? '';
  if (named !== '')
    return existsSync(named) ? ok(named) : fail(noBrowser(`${BROWSER_VARIABLE} names ${named}, which is not there.`));
  const found = placesOf(env, platform).find((place) => existsSync(place));
  return found === undefined
    ? fail(noBrowser('No Chromium, Chrome or Edge is installed where they usually are.'))
    : ok(found);
}

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
 * Prints a page to a PDF file with a browser found before. The browser gets a profile of its own that is thrown away, and
 * the page can load nothing (its own content security policy). Problems: `notPrinted`, with what the browser came to.
 */
export async function writePdf(browser: string, html: string, path: string): Promise<Result<string, Problem>> {
  const dir = await mkdtemp(join(tmpdir(), 'tidsbro-print-'));
  try {
    const page = join(dir, 'page.html');
    await writeFile(page, html, { mode: 0o600 });
    const before = await changedAt(path);
    const why = await printed(browser, [
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-pdf-header-footer',
      // Root has no sandbox to drop its rights into; everyone else keeps it.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(dir, 'profile')}`,
      `--print-to-pdf=${path}`,
      pathToFileURL(page).href,
    ]);
    if (why !== null) return fail(notPrinted(path, why));
    // A browser that cannot write the file ends as if it had.
    const after = await changedAt(path);
    return after === null || after === before ? fail(notPrinted(path, 'the browser wrote no file')) : ok(path);
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

const changedAt = async (path: string): Promise<bigint | null> => {
  try {
    return (await stat(path, { bigint: true })).mtimeNs;
  } catch {
    return null;
  }
};

/** Runs the browser to its end; the reason where it did not end well. */
const printed = (browser: string, args: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(browser, args, { stdio: 'ignore', timeout: TIMEOUT_MS, windowsHide: true });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? null : signal === null ? `it ended with ${String(code)}` : `it was ended by ${signal}`),
    );
  });

const noBrowser = (what: string): Problem => ({
  kind: 'noBrowser',
  what: `A PDF is printed by an installed browser. ${what}`,
  notDone: 'No PDF was written, and nothing else was done.',
  todo: `Install Chromium, Chrome or Edge, or name one in ${BROWSER_VARIABLE}; or write HTML and print it from any browser.`,
});
const notPrinted = (path: string, why: string): Problem => ({
  kind: 'notPrinted',
  what: `${path} was not printed: ${why}.`,
  notDone: 'No PDF was written.',
  todo: 'Check the path, and that you may write there; or print the HTML page from a browser.',
});
