import './node-version.ts';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AT_WORK } from '../e2e/scenes/at-work.ts';
import type { Scene, Stage } from '../e2e/scenes/desk.ts';
import { FIRST_STAGES } from '../e2e/scenes/first-stages.ts';
import { atFirstStart, firstStartOf } from '../e2e/scenes/first-start.ts';
import { hardTimesOf } from '../e2e/scenes/hard-times.ts';
import { inOpenedReview, OPENED_REVIEW } from '../e2e/scenes/opened-review.ts';
import { Wire } from '../e2e/scenes/wire.ts';
import { onHost } from '../e2e/serve.ts';
import { openDemo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { DEMO_SANDBOX } from '../src/main/hosts/demo.ts';
import { browserFlags, findBrowser } from './browsers.ts';
import { build, needsBuild } from './build.ts';
import { takeAll } from './pictures/camera.ts';

/**
 * npm run screenshots: every screen, with data, empty, failing and with its dialogs, light and dark, in both languages, from
 * a real sandbox and the web host. `npm run screenshots -- record undo` takes only these. The README and the guides show some of them; all are there to be looked at.
 */

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'assets', 'screenshots');

/** One demo from its first start to hard times; each page is opened on a host of its own. */
async function takePictures(browser: Browser, demo: Demo): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const wire = await Wire.between(page);
  const take = (scenes: readonly Scene[]): Promise<void> => takeAll(folder, page, wire, scenes);
  const takeStages = async (stages: readonly Stage[]): Promise<void> => {
    for (const { prepare, scenes, leave } of stages) {
      await prepare(demo);
      await take(scenes);
      await leave?.();
    }
  };
  await atFirstStart(page, () => take(firstStartOf(demo)));
  await onHost(page, ['--workspace', demo.dir], () => takeStages([...FIRST_STAGES, AT_WORK]));
  await inOpenedReview(page, demo, () => take(OPENED_REVIEW));
  await onHost(page, ['--workspace', demo.dir], () => takeStages(hardTimesOf(demo)));
  await page.close();
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
