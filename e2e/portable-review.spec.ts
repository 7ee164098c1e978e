import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { run } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';
import { onHost } from './serve.ts';

const PASSPHRASE = 'en blå hest på tunet';
const Records = z.object({
  rows: z.array(z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable(), bucket: z.string() })),
});

/** Linked customers that are in step, by the ids of both sides. */
async function pairsOf(demo: Demo): Promise<{ customerp: string; tidsbanken: string }[]> {
  const { stdout } = await demo.tidsbro('records', '--flow', 'customer-kunde', '--side', 'customerp', '--json');
  return Records.parse(JSON.parse(stdout)).rows.flatMap(({ nativeId, partnerId, bucket }) =>
    partnerId === null || bucket !== 'inStep' ? [] : [{ customerp: nativeId, tidsbanken: partnerId }],
  );
}

/** Fills the dialog that writes a file, and saves what the browser is handed. */
async function save(window: Page, path: string): Promise<void> {
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await dialog.getByLabel('The same passphrase again', { exact: true }).fill(PASSPHRASE);
  const download = window.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Write the file' }).click();
  await (await download).saveAs(path);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
}

test.use({
  sandboxArgs: ['--customers=12', '--employees=6', '--projects=8', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('a plan is decided where there are no systems, and its decisions come back', async ({
  window,
  demo,
  systems,
  browser,
}) => {
  test.setTimeout(240_000);
  const tidsbro = new Tidsbro(window, demo);
  const folder = await mkdtemp(join(tmpdir(), 'tidsbro-portable-'));
  const [plan, decisions, dir] = [join(folder, 'a.plan'), join(folder, 'b.decisions'), join(folder, 'review')];
  await demo.tidsbro('sync', '--approve', 'all');
  const [first, second, third] = await pairsOf(demo);
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('The demo has no three pairs.');

  await test.step('what waits is exported', async () => {
    await systems.edit('customerp', 'customers', first.customerp, { email: 'en@eksempel.example' });
    await systems.edit('customerp', 'customers', second.customerp, { email: 'to@eksempel.example' });
    await systems.edit('customerp', 'customers', third.customerp, { email: 'fra-erp@eksempel.example' });
    await systems.edit('tidsbanken', 'Kunde', third.tidsbanken, { Epost: 'fra-tidsbanken@eksempel.example' });
    await demo.tidsbro('plan');
    await window.reload();
    await tidsbro.goTo('Review');
    await window.getByRole('button', { name: 'Decide elsewhere' }).click();
    await window.getByRole('menuitem', { name: 'Export for a colleague…' }).click();
    await save(window, plan);
  });

  await test.step('it is opened and decided with both systems gone', async () => {
    await systems.cut(true);
    const opened = await run(['review', 'open', plan, '--into', dir, '--name', 'Kari Testesen'], {
      TIDSBRO_PASSPHRASE: PASSPHRASE,
    });
    expect(opened).toMatchObject({ code: 0 });
    const context = await browser.newContext();
    const review = await context.newPage();
    await onHost(review, ['--workspace', dir], async () => {
      await expect(review).toHaveTitle('Review of Demo – Tidsbro');
      await expect(review.getByRole('complementary', { name: 'Opened review' })).toContainText('Kari Testesen');
      await expect(review.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveCount(2);
      await expect(review.getByRole('button', { name: /Sync|Apply/ })).toHaveCount(0);
      const copy = new Tidsbro(review, demo);
      await expect(copy.grid('Pending changes').getByRole('row')).toHaveCount(3);
      await copy.approveAll();
      await copy.goTo('Mismatches');
      await copy.grid('Mismatches').getByRole('row').filter({ hasText: 'Edited on both sides' }).click();
      await expect(copy.details()).toContainText('fra-tidsbanken@eksempel.example');
      await copy.details().getByRole('button', { name: 'Use Customerp' }).click();
      await expect(review.getByRole('row').filter({ hasText: 'Edited on both sides' })).toHaveCount(0);
      await copy.goTo('Review');
      await review.getByRole('button', { name: 'Save decisions…' }).click();
      await expect(review.getByRole('dialog')).toContainText('Approved: 2. Rejected: 0. Mismatches decided: 1.');
      await save(review, decisions);
      await context.close();
    });
    await systems.cut(false);
  });

  await test.step('meanwhile one of the records has changed', async () => {
    await systems.edit('customerp', 'customers', second.customerp, { email: 'noe-annet@eksempel.example' });
    await demo.tidsbro('plan');
  });

  await test.step('what still is what was shown is carried out, the rest is explained', async () => {
    await window.reload();
    await tidsbro.goTo('Review');
    await window.getByRole('button', { name: 'Decide elsewhere' }).click();
    await window.getByRole('menuitem', { name: 'Bring decisions back…' }).click();
    const dialog = window.getByRole('dialog');
    await dialog.getByLabel('The file that came back').setInputFiles(decisions);
    await dialog.getByLabel('Passphrase', { exact: true }).fill('en helt annen hest');
    await dialog.getByRole('button', { name: 'Bring back' }).click();
    await expect(dialog.getByRole('alert')).toContainText('The passphrase does not fit this file.', {
      timeout: 30_000,
    });
    await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await dialog.getByRole('button', { name: 'Bring back' }).click();
    await expect(dialog).toContainText('Decided by Kari Testesen', { timeout: 30_000 });
    await expect(dialog.getByRole('button', { name: 'Out of date 1' })).toBeVisible();
    await expect(dialog).toContainText('It has changed since it was exported');
    await dialog.getByRole('button', { name: 'Carried out 2' }).click();
    await expect(dialog.getByRole('region').getByRole('row')).toHaveCount(3);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('and is written when it is applied', async () => {
    await tidsbro.applyApproved();
    expect(await systems.record('tidsbanken', 'Kunde', first.tidsbanken)).toMatchObject({
      Epost: 'en@eksempel.example',
    });
    expect(await systems.record('tidsbanken', 'Kunde', third.tidsbanken)).toMatchObject({
      Epost: 'fra-erp@eksempel.example',
    });
    const { Epost } = await systems.record('tidsbanken', 'Kunde', second.tidsbanken);
    expect(Epost).not.toMatch(/to@|noe-annet@/);
  });
  await rm(folder, { recursive: true, force: true });
});
