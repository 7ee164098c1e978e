import './node-version.ts';
import { chromium, expect } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { join, resolve } from 'node:path';
import { Tidsbro } from '../e2e/pages/tidsbro.ts';
import type { Screen } from '../e2e/pages/tidsbro.ts';
import { linkOf } from '../e2e/serve.ts';
import { openDemo, start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { DEMO_SANDBOX } from '../src/main/hosts/demo.ts';
import { browserFlags, findBrowser } from './browsers.ts';
import { build, needsBuild } from './build.ts';

/** npm run screenshots: the pictures of the README, from a real sandbox and the web host, light and dark. */

const SCREENS: readonly Screen[] = ['Overview', 'Review', 'Mismatches', 'Records', 'History'];
const root = resolve(import.meta.dirname, '..');

const edit = (url: string, path: string, patch: object): Promise<Response> =>
  fetch(`${url}/_sandbox/records/${path}`, { method: 'PATCH', body: JSON.stringify(patch) });

/** Something to look at on each screen: a history of runs, pairs in step, edits that wait, a contradiction. */
async function prepare(demo: Demo): Promise<void> {
  await demo.tidsbro('sync', '--approve', 'all');
  await demo.tidsbro('sync');
  const { customerp, tidsbanken } = demo.urls;
  for (const n of [2, 4, 5, 7, 9, 12]) {
    const id = `c${String(n).padStart(6, '0')}`;
    await edit(customerp, `customers/${id}`, { email: `faktura${String(n)}@eksempel.example`, phone: '22 33 44 55' });
  }
  await edit(tidsbanken, 'Kunde/10007', { Epost: 'post@eksempel.example' });
  await demo.tidsbro('plan');
}

async function takePictures(browser: Browser, demo: Demo, colorScheme: 'light' | 'dark'): Promise<void> {
  const host = start(['serve', '--json', '--workspace', demo.dir]);
  const window = await browser.newPage({
    colorScheme,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  await window.goto(await linkOf(host));
  const tidsbro = new Tidsbro(window, demo);
  for (const screen of SCREENS) {
    await tidsbro.goTo(screen);
    await expect(window.getByText('Loading…')).toHaveCount(0);
    await window.screenshot({ path: join(root, 'assets', `${screen.toLowerCase()}-${colorScheme}.png`) });
  }
  await window.close();
  host.child.kill();
  await host.ended;
}

if (needsBuild(root) && !build(root)) process.exit(1);
const found = findBrowser(process.env, chromium.executablePath());
if (found === null) throw new Error('No Chromium, Chrome or Edge was found; name one with APP_BROWSER.');
const browser = await chromium.launch({ executablePath: found.path, args: browserFlags() });
const demo = await openDemo(...DEMO_SANDBOX);
try {
  await prepare(demo);
  for (const scheme of ['light', 'dark'] as const) await takePictures(browser, demo, scheme);
} finally {
  await browser.close();
  await demo.close();
}
