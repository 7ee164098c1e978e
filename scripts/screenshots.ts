import './node-version.ts';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { linkOf } from '../e2e/serve.ts';
import { openDemo, start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { DEMO_SANDBOX } from '../src/main/hosts/demo.ts';
import { browserFlags, findBrowser } from './browsers.ts';
import { build, needsBuild } from './build.ts';
import { takeAll } from './pictures/camera.ts';
import { takeFirstStart } from './pictures/first-start.ts';
import { takeOpenedReview } from './pictures/opened-review.ts';
import { stagesOf } from './pictures/stages.ts';

/**
 * npm run screenshots: every screen, with data, empty, failing and with its dialogs, light and dark, in both languages, from
 * a real sandbox and the web host. `npm run screenshots -- record undo` takes only these. The README and the guides show some of them; all are there to be looked at.
 */

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'assets', 'screenshots');

async function takePictures(browser: Browser, demo: Demo): Promise<void> {
  await takeFirstStart(browser, demo, folder);
  const host = start(['serve', '--json', '--workspace', demo.dir]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  try {
    await page.goto(await linkOf(host));
    for (const { prepare, scenes } of stagesOf(demo)) {
      await prepare(demo);
      await takeAll(folder, page, scenes);
    }
    await takeOpenedReview(browser, demo, folder);
  } finally {
    await page.close();
    host.child.kill();
    await host.ended;
  }
}

if (needsBuild(root) && !build(root)) process.exit(1);
const found = findBrowser(process.env, chromium.executablePath());
if (found === null) throw new Error('No Chromium, Chrome or Edge was found; name one with APP_BROWSER.');
const browser = await chromium.launch({ executablePath: found.path, args: browserFlags() });
const demo = await openDemo(...DEMO_SANDBOX);
try {
  if (process.argv.length === 2) await rm(folder, { recursive: true, force: true });
  await takePictures(browser, demo);
} finally {
  await browser.close();
  await demo.close();
}
