import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onHost } from '../serve.ts';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { SIDES } from '../../src/shared/domain.ts';
import type { Side } from '../../src/shared/domain.ts';
import { button } from './desk.ts';
import type { Desk, Scene } from './desk.ts';

/** The first start: no workspace is there yet, so a host of its own without any. */

const KEYS = {
  TIDSBRO_CUSTOMERP_BEARER: 'demo-customerp-key',
  TIDSBRO_TIDSBANKEN_TB_KEY: 'demo-tb-key',
  TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY: 'demo-subscription-key',
};

async function afresh({ page, t, language }: Desk): Promise<void> {
  await page.evaluate((chosen) => localStorage.setItem('tidsbro.language', chosen), language);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: t.setup.title })).toBeVisible();
}

const fields = (page: Page) => page.getByRole('textbox').and(page.locator(':visible'));

async function test(desk: Desk, address: string): Promise<void> {
  await desk.page.locator('input[type="url"]').fill(address);
  await button(desk, desk.t.setup.test).click();
}

async function connect(desk: Desk): Promise<void> {
  await afresh(desk);
  await button(desk, desk.t.setup.connect.button).click();
}

async function testSystem(desk: Desk, { urls }: Demo, side: Side): Promise<void> {
  const { page, t } = desk;
  await test(desk, urls[side]);
  await expect(page.getByText(t.setup.answers.replace('{{system}}', t.side[side]))).toBeVisible();
}

async function connectUntilScope(desk: Desk, demo: Demo): Promise<void> {
  await connect(desk);
  for (const side of SIDES) {
    await testSystem(desk, demo, side);
    await button(desk, desk.t.setup.next).click();
  }
}

export const firstStartOf = (demo: Demo): readonly Scene[] => [
  { name: 'welcome', place: 'setup', state: 'empty', show: afresh },
  {
    name: 'connect-system',
    place: 'setup',
    state: 'filled',
    show: async (desk) => {
      await connect(desk);
      await testSystem(desk, demo, 'customerp');
    },
  },
  {
    name: 'connect-failing',
    place: 'setup',
    state: 'failing',
    show: async (desk) => {
      await connect(desk);
      await fields(desk.page).last().fill('ERP_KEY');
      await test(desk, demo.urls.customerp);
      await expect(desk.page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'connect-scope',
    place: 'setup',
    state: 'filled',
    show: async (desk) => {
      await connectUntilScope(desk, demo);
      await desk.page.getByRole('textbox', { name: desk.t.setup.name }).fill('Fjordlys AS');
      await desk.page.getByRole('textbox', { name: desk.t.setup.folder, exact: true }).fill('/home/kari/Tidsbro');
    },
  },
  {
    name: 'open-workspace',
    place: 'setup',
    state: 'filled',
    show: async (desk) => {
      await afresh(desk);
      await button(desk, desk.t.setup.open.button).click();
      await expect(button(desk, 'Fjordlys AS')).toBeVisible();
    },
  },
];

/** Opens the page on a host that has nothing to open, for as long as `work` takes. */
export async function atFirstStart(page: Page, work: () => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'kari-'));
  for (const dir of ['Documents', 'Fjordlys AS', 'Pictures']) await mkdir(join(home, dir));
  const env = { XDG_DATA_HOME: home, APPDATA: home, HOME: home, ...KEYS };
  try {
    await onHost(page, [], work, env);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
