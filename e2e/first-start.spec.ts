import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Running } from '../src/main/hosts/cli/cli.fixture.ts';
import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { linkOf } from './serve.ts';

/** The first start: a host without any workspace, in an app-data folder of its own. */

const KEYS = {
  TIDSBRO_CUSTOMERP_BEARER: 'demo-customerp-key',
  TIDSBRO_TIDSBANKEN_TB_KEY: 'demo-tb-key',
  TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY: 'demo-subscription-key',
};

let home: string;
let host: Running | null = null;

test.beforeEach(async () => {
  test.skip(test.info().project.name === 'electron', 'The web host is started from here.');
  home = await mkdtemp(join(tmpdir(), 'tidsbro-first-'));
});
test.afterEach(async () => {
  host?.child.kill();
  await host?.ended;
  host = null;
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Opens the window of a host that has nothing to open. */
async function open(page: Page, env: Record<string, string> = {}): Promise<void> {
  host = start(['serve', '--json'], { XDG_DATA_HOME: home, APPDATA: home, HOME: home, ...env });
  await page.goto(await linkOf(host));
}

test('the demo is one click away', async ({ page }) => {
  await open(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Tidsbro' })).toBeVisible();
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Both systems are simulated.')).toBeVisible();
});

test('one’s own systems: test, scope, the first review; the next start opens them', async ({ page, demo }) => {
  test.slow();
  await open(page, KEYS);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await test.step('an address that leads nowhere is told', async () => {
    await page.getByLabel('Address').fill('http://127.0.0.1:9');
    await page.getByRole('button', { name: 'Test' }).click();
    // A reading that fails is repeated, with pauses in between (J3).
    await expect(page.getByRole('alert')).toContainText('Customerp', { timeout: 45_000 });
  });
  await test.step('each system is tested', async () => {
    for (const side of ['customerp', 'tidsbanken'] as const) {
      await page.getByLabel('Address').fill(demo.urls[side]);
      await page.getByRole('button', { name: 'Test' }).click();
      await expect(page.getByText(side === 'customerp' ? 'Customerp answers.' : 'Tidsbanken answers.')).toBeVisible();
      const name = side === 'customerp' ? 'Customer' : 'Kunde';
      await expect(page.getByText(new RegExp(`^${name}: readable`)).first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Next' }).click();
    }
  });
  await test.step('scope and place', async () => {
    await page.getByRole('checkbox', { name: /^Employees/ }).uncheck();
    await expect(page.getByRole('button', { name: 'Create and open' })).toBeDisabled();
    await page.getByLabel('Name of the workspace').fill('Fjordlys AS');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create and open' }).click();
  });
  await test.step('S7: what comes first writes nothing', async () => {
    await expect(page.getByText('The first run writes nothing')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('Fjordlys AS')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Employees', exact: true })).toHaveCount(0);
    await page.getByRole('button', { name: 'Read and compare now' }).click();
    await expect(page.getByRole('button', { name: 'Go to the review' })).toBeVisible({ timeout: 30_000 });
  });
  await test.step('the next start opens it without asking', async () => {
    host?.child.kill();
    await host?.ended;
    await open(page, KEYS);
    await expect(page.getByText('Fjordlys AS')).toBeVisible();
  });
});

test('a folder that holds a workspace is found and opened; one without is told', async ({ page, demo }) => {
  await mkdir(join(home, 'tom'));
  await open(page);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('list', { name: `Folders in ${home}` })).toBeVisible();
  await page.getByRole('button', { name: 'tom' }).click();
  await expect(page.getByLabel('Folder', { exact: true })).toHaveValue(join(home, 'tom'));
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('workspace');
  await page.getByLabel('Folder', { exact: true }).fill(demo.dir);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('a workspace that is refused after the page was let in is told in the page and by the command', async ({
  page,
}) => {
  test.skip(process.platform === 'win32', 'A pipe stands for a slow disk.');
  const settings = join(home, 'workspace.yaml');
  execFileSync('mkfifo', [settings]);
  host = start(['serve', '--workspace', home]);
  await page.goto((await host.firstLine) ?? '');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await writeFile(settings, 'systems: none');
  await expect(page.getByRole('heading', { level: 1, name: 'The workspace was not opened' })).toBeVisible();
  const { code, stderr } = await host.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('workspace.yaml');
  await expect(page.getByRole('alert')).toContainText('workspace.yaml');
  await expect(page.getByRole('alert')).toHaveCount(1);
});
