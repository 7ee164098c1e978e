import { z } from 'zod';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import { expect, test } from './fixtures.ts';
import { Tidsbro } from './pages/tidsbro.ts';

const Records = z.object({
  rows: z.array(
    z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable(), label: z.string(), bucket: z.string() }),
  ),
});

interface Pair {
  readonly customerp: string;
  readonly tidsbanken: string;
  readonly label: string;
}

/** Linked customers that are in step, by the ids of both sides. */
async function pairsOf(demo: Demo): Promise<[Pair, Pair]> {
  const { stdout } = await demo.tidsbro('records', '--flow', 'customer-kunde', '--side', 'customerp', '--json');
  const [first, second] = Records.parse(JSON.parse(stdout)).rows.flatMap(({ nativeId, partnerId, label, bucket }) =>
    partnerId === null || bucket !== 'inStep' ? [] : [{ customerp: nativeId, tidsbanken: partnerId, label }],
  );
  if (first === undefined || second === undefined) throw new Error('The demo has no two customers in step.');
  return [first, second];
}

test.use({
  sandboxArgs: ['--customers=12', '--employees=6', '--projects=8', '--overlap=0.7', '--differ=0', '--dirt=0'],
});

test('from the first start to two systems in step, and on from there', async ({ window, demo, systems }) => {
  const tidsbro = new Tidsbro(window, demo);
  await test.step('the first run writes nothing and proposes', async () => {
    await tidsbro.sync();
    await tidsbro.goTo('Overview');
    await expect(window.getByText('The first run writes nothing')).toBeVisible();
    await tidsbro.goTo('Review');
    await expect(tidsbro.grid('Pending changes').getByRole('row')).not.toHaveCount(1);
    expect(await systems.records('tidsbanken', 'Kunde')).toHaveLength(12);
  });

  await test.step('what is approved is applied', async () => {
    await tidsbro.approveAll();
    await tidsbro.applyApproved();
    await expect(window.getByRole('status').filter({ hasText: /[1-9]\d* written and verified\./ })).toBeVisible();
    await expect(window.getByText('Nothing waits for you')).toBeVisible();
    expect((await systems.records('tidsbanken', 'Kunde')).length).toBeGreaterThan(12);
    await tidsbro.goTo('Overview');
    for (const flow of ['Customers', 'Employees', 'Projects'] as const) {
      await expect(tidsbro.card(flow)).toContainText(/in step/);
      await expect(tidsbro.card(flow)).toContainText(/0\s*Waiting|Waiting\s*0/);
    }
  });

  const [first, second] = await pairsOf(demo);
  await test.step('an edit on either side arrives on the other', async () => {
    await systems.edit('customerp', 'customers', first.customerp, { email: 'ny@eksempel.example' });
    await systems.edit('tidsbanken', 'Kunde', second.tidsbanken, { Telefon: '22 33 44 55' });
    await tidsbro.sync();
    expect(await systems.record('tidsbanken', 'Kunde', first.tidsbanken)).toMatchObject({
      Epost: 'ny@eksempel.example',
    });
    const { phone } = await systems.record('customerp', 'customers', second.customerp);
    expect(String(phone).replaceAll(/\D/g, '')).toMatch(/22334455$/);
  });

  await test.step('two edits that contradict each other wait for a person', async () => {
    await systems.edit('customerp', 'customers', first.customerp, { email: 'fra-erp@eksempel.example' });
    await systems.edit('tidsbanken', 'Kunde', first.tidsbanken, { Epost: 'fra-tidsbanken@eksempel.example' });
    await tidsbro.sync();
    expect(await systems.record('customerp', 'customers', first.customerp)).toMatchObject({
      email: 'fra-erp@eksempel.example',
    });
    await tidsbro.goTo('Mismatches');
    await tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Edited on both sides' }).click();
    await expect(tidsbro.details()).toContainText('fra-tidsbanken@eksempel.example');
    await tidsbro.details().getByRole('button', { name: 'Use Customerp' }).click();
    await expect(tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Edited on both sides' })).toHaveCount(
      0,
    );
    // The list was left empty or not; the focus stays where it was.
    await expect(window.locator('.grid:focus, .empty:focus')).toHaveCount(1);
  });

  await test.step('the decision is carried out', async () => {
    await tidsbro.sync();
    const kunde = await systems.record('tidsbanken', 'Kunde', first.tidsbanken);
    expect(kunde).toMatchObject({ Epost: 'fra-erp@eksempel.example' });
    await tidsbro.goTo('History');
    await expect(tidsbro.grid('Runs').getByRole('row')).not.toHaveCount(1);
  });

  await test.step('C1: a record that is gone is not among what was edited; a full reading finds it', async () => {
    const gone = tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Gone in Tidsbanken' });
    await systems.remove('tidsbanken', 'Kunde', second.tidsbanken);
    await tidsbro.sync();
    await tidsbro.goTo('Mismatches');
    await expect(gone).toHaveCount(0);
    await tidsbro.syncWithFullReading();
    await tidsbro.goTo('Mismatches');
    await expect(gone).toHaveCount(1);
  });
});
