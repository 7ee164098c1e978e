import '../../scripts/node-version.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { browserFlags, findBrowser } from '../../scripts/browsers.ts';
import { build, needsBuild } from '../../scripts/build.ts';
import { Measures, uiTable } from './measures.ts';
import { prepare } from './prepare.ts';
import type { Adopt } from './prepare.ts';
import { takePictures, walk } from './walk.ts';

/**
 * `npm run bench:ui -- --workspace DIR [--size N] [--turns N] [--json FILE] [--pictures DIR] [--no-build]`: what a person
 * waits for in the window itself, in a real Chromium. The workspace is made on the first use and kept.
 */

const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    size: { type: 'string', default: '100000' },
    turns: { type: 'string', default: '5' },
    json: { type: 'string' },
    pictures: { type: 'string' },
    'no-build': { type: 'boolean', default: false },
  },
});

const GOAL = { delayP99Ms: 30, delayMaxMs: 100 };
const root = resolve(import.meta.dirname, '../..');
const loads = (): string =>
  loadavg()
    .map((load) => load.toFixed(1))
    .join(' ');

if (values.workspace === undefined) throw new Error('Name a folder for the workspace with --workspace; it is kept.');
if (!values['no-build'] && needsBuild(root) && !build(root)) process.exit(1);
const found = findBrowser(process.env, chromium.executablePath());
if (found === null) throw new Error('No Chromium, Chrome or Edge was found; name one with APP_BROWSER.');
const { dir, adopt } = await prepare(resolve(values.workspace), Number(values.size));
const browser = await chromium.launch({ executablePath: found.path, args: browserFlags() });
const measures = new Measures();
tellAdopt(adopt);
console.log(`load average before ${loads()}`);
try {
  for (let turn = 0; turn < Number(values.turns); turn++) await walk(browser, dir, measures);
  if (values.pictures !== undefined) {
    mkdirSync(values.pictures, { recursive: true });
    await takePictures(browser, dir, values.pictures);
  }
} finally {
  await browser.close();
}
console.log(`load average after ${loads()}\n\n${uiTable(measures.all())}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measures.all(), null, 1)}\n`);

/** Measured once, while the workspace was made. */
function tellAdopt({ seconds, delayP99Ms, delayMaxMs }: Adopt): void {
  measures.add(
    'Window’s process',
    `event loop during adopt (${seconds.toFixed(0)} s), p99`,
    delayP99Ms,
    GOAL.delayP99Ms,
  );
  measures.add('Window’s process', 'the same, longest', delayMaxMs, GOAL.delayMaxMs);
}
