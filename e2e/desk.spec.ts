import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { openStore } from '../src/main/store/store.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';

/** The operator's desk: what a person does with one record or one pair. */

const Records = z.object({
  rows: z.array(z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable(), label: z.string() })),
});

interface Pair {
  readonly customerp: string;
  readonly tidsbanken: string;
  readonly label: string;
}

async function pairOf(demo: Demo): Promise<Pair> {
  const { stdout } = await demo.tidsbro('records', '--flow', 'customer-kunde', '--side', 'customerp', '--json');
  const [first] = Records.parse(JSON.parse(stdout)).rows.flatMap(({ nativeId, partnerId, label }) =>
    partnerId === null ? [] : [{ customerp: nativeId, tidsbanken: partnerId, label }],
  );
  if (first === undefined) throw new Error('The demo has no linked customer.');
  return first;
}

test.use({
  sandboxArgs: ['--customers=8', '--employees=3', '--projects=3', '--overlap=0.6', '--differ=0', '--dirt=0'],
});

test('one record: synchronised alone, checked again, linked anew, left out', async ({ window, demo, systems }) => {
  test.slow();
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.approveAll();
  await tidsbro.applyApproved();
  const pair = await pairOf(demo);
  const open = async (): Promise<void> => {
    await tidsbro.goTo('Records');
    await window.getByRole('searchbox').fill(pair.customerp);
    await tidsbro.grid('Records').getByRole('row').filter({ hasText: pair.label }).first().click();
    await expect(tidsbro.details().getByRole('heading', { level: 2 })).toHaveText(pair.label);
  };

  await test.step('sync this one now carries its edit', async () => {
    await systems.edit('customerp', 'customers', pair.customerp, { email: 'ny@eksempel.example' });
    await open();
    await tidsbro.details().getByRole('button', { name: 'Sync this one now' }).click();
    await expect(window.getByText('1 record written and verified.')).toBeVisible();
    expect(await systems.record('tidsbanken', 'Kunde', pair.tidsbanken)).toMatchObject({
      Epost: 'ny@eksempel.example',
    });
  });

  await test.step('a mismatch that was mended in the system itself goes away with Check again', async () => {
    await systems.edit('customerp', 'customers', pair.customerp, { email: 'erp@eksempel.example' });
    await systems.edit('tidsbanken', 'Kunde', pair.tidsbanken, { Epost: 'tid@eksempel.example' });
    await tidsbro.sync();
    await tidsbro.goTo('Mismatches');
    const row = tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Edited on both sides' });
    await row.click();
    await systems.edit('tidsbanken', 'Kunde', pair.tidsbanken, { Epost: 'erp@eksempel.example' });
    await tidsbro.details().getByRole('button', { name: 'Check again' }).click();
    await expect(window.getByText('Read again: both sides are in step.')).toBeVisible();
    await expect(row).toHaveCount(0);
  });

  await test.step('a paused pair is left alone', async () => {
    await open();
    await tidsbro.details().getByRole('button', { name: 'Pause' }).click();
    await systems.edit('customerp', 'customers', pair.customerp, { email: 'pause@eksempel.example' });
    await tidsbro.details().getByRole('button', { name: 'Sync this one now' }).click();
    await expect(window.getByText('There was nothing to do.')).toBeVisible();
    expect(await systems.record('tidsbanken', 'Kunde', pair.tidsbanken)).toMatchObject({
      Epost: 'erp@eksempel.example',
    });
    await tidsbro.details().getByRole('button', { name: 'Resume' }).click();
  });

  await test.step('a pair is unlinked, its record left out and taken up again', async () => {
    await tidsbro.details().getByRole('button', { name: 'Unlink…' }).click();
    await window.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await tidsbro.details().getByRole('button', { name: 'Leave out' }).click();
    await tidsbro.details().getByRole('button', { name: 'Take up again' }).click();
    await expect(tidsbro.details().getByRole('button', { name: 'Leave out' })).toBeVisible();
  });
});

test('a run of another program is said, and nothing can be started meanwhile', async ({ window, demo }, {
  project,
}) => {
  test.skip(project.name === 'electron', 'The store is written to from here.');
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  const opened = openStore(join(demo.dir, 'store.db'), () => Date.now());
  if (!opened.ok) throw new Error(opened.failure.what);
  const { runs } = opened.value;
  const other = `${hostname()}:${String(process.pid)}:another`;
  await test.step('a second window is for looking and deciding while another program runs', async () => {
    await runs.acquireLease(other, 'sync');
    await window.reload();
    await expect(window.getByText('Another program runs a sync here')).toBeVisible();
    await expect(window.getByRole('button', { name: 'Sync', exact: true })).toBeDisabled();
    await tidsbro.goTo('Review');
    await expect(window.getByRole('button', { name: /^Apply approved/ })).toBeDisabled();
    await tidsbro
      .details()
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await expect(window.getByText('1 decision recorded.')).toBeVisible();
    await runs.releaseLease(other);
    await expect(window.getByText('Another program runs a sync here')).toHaveCount(0);
    await tidsbro.goTo('Overview');
    await expect(window.getByRole('button', { name: 'Sync', exact: true })).toBeEnabled();
  });
  await test.step('how much waits stands in the title', async () => {
    await expect(window).toHaveTitle(/^\(\d+\) .* · Tidsbro$/);
  });
  opened.value.close();
});
