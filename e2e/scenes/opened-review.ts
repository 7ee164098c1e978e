import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { onHost } from '../serve.ts';
import { button, open } from './desk.ts';
import type { Scene } from './desk.ts';

/** What a colleague sees: a plan that was exported from the demo and opened in a folder of its own. */

const TIDSBRO_PASSPHRASE = 'en blå hest på tunet';

export const OPENED_REVIEW: readonly Scene[] = [
  { name: 'opened-review', place: 'review', state: 'filled', show: (desk) => open(desk, 'review') },
  {
    name: 'opened-review-save',
    place: 'review',
    state: 'dialog',
    show: (desk) => open(desk, 'review'),
    overlay: { component: 'WriteDialog', opener: (desk) => button(desk, desk.t.portable.return.open) },
  },
];

/** Opens the page on such a plan, for as long as `work` takes. */
export async function inOpenedReview(page: Page, demo: Demo, work: () => Promise<void>): Promise<void> {
  const away = await mkdtemp(join(tmpdir(), 'tidsbro-review-'));
  const [plan, dir] = [join(away, 'plan.tidsbro-review'), join(away, 'review')];
  const secret = { TIDSBRO_PASSPHRASE };
  const told = [
    await run(['review', 'export', '--out', plan, '--workspace', demo.dir], secret),
    await run(['review', 'open', plan, '--into', dir, '--name', 'Kari Testesen'], secret),
  ];
  expect(told.map(({ stderr, code }) => (code === 1 ? stderr : ''))).toEqual(['', '']);
  try {
    await onHost(page, ['--workspace', dir], work);
  } finally {
    await rm(away, { recursive: true, force: true, maxRetries: 5 });
  }
}
