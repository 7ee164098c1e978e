import { expect } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkOf } from '../../e2e/serve.ts';
import { run, start } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { button, dialogOf, open, takeAll } from './camera.ts';
import type { Scene } from './camera.ts';

/** The pictures of what a colleague sees: a plan that was exported from the demo and opened in a folder of its own. */

const TIDSBRO_PASSPHRASE = 'en blå hest på tunet';

const SCENES: readonly Scene[] = [
  { name: 'opened-review', show: (desk) => open(desk, 'review') },
  {
    name: 'opened-review-save',
    show: async (desk) => {
      await open(desk, 'review');
      await button(desk, desk.t.portable.return.open).click();
      await dialogOf(desk);
    },
  },
];

export async function takeOpenedReview(browser: Browser, demo: Demo, folder: string): Promise<void> {
  const away = await mkdtemp(join(tmpdir(), 'tidsbro-review-'));
  const [plan, dir] = [join(away, 'plan.tidsbro-review'), join(away, 'review')];
  const secret = { TIDSBRO_PASSPHRASE };
  const told = [
    await run(['review', 'export', '--out', plan, '--workspace', demo.dir], secret),
    await run(['review', 'open', plan, '--into', dir, '--name', 'Kari Testesen'], secret),
  ];
  expect(told.map(({ stderr, code }) => (code === 1 ? stderr : ''))).toEqual(['', '']);
  const host = start(['serve', '--json', '--workspace', dir]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  try {
    await page.goto(await linkOf(host));
    await takeAll(folder, page, SCENES);
  } finally {
    await page.close();
    host.child.kill();
    await host.ended;
    await rm(away, { recursive: true, force: true, maxRetries: 5 });
  }
}
