import { expect, test } from './fixtures.ts';
import type { DoorRecord } from './fixtures.ts';
import { pairsInStep } from './pages/pairs.ts';
import { Tidsbro } from './pages/tidsbro.ts';

const LONG_MS = 300_000;
const SLOW_MS = 400;

/** What a person put there: the stamps of the system itself left out. */
const contentOf = (record: DoorRecord): DoorRecord =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !/^(SistEndret|version|updatedAt)/.test(name)));

test.describe.configure({ timeout: LONG_MS });
test.use({
  sandboxArgs: ['--customers=8', '--employees=3', '--projects=3', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('7.6: the checklist ticks what arrives, and puts back what was there, also when it is stopped', async ({
  window,
  demo,
  systems,
}) => {
  const tidsbro = new Tidsbro(window, demo);
  await demo.tidsbro('sync', '--approve', 'all');
  const [pair] = await pairsInStep(demo, 1);
  if (pair === undefined) throw new Error('The demo has no pair.');
  const content = async (): Promise<DoorRecord[]> =>
    [
      await systems.record('customerp', 'customers', pair.customerp),
      await systems.record('tidsbanken', 'Kunde', pair.tidsbanken),
    ].map(contentOf);
  const before = await content();
  await window.reload();
  await tidsbro.goTo('Checklist');
  await window.getByRole('radiogroup', { name: 'Flow' }).getByText('Customers', { exact: true }).click();
  const verify = window.getByRole('button', { name: 'Verify', exact: true });
  const stop = window.getByRole('button', { name: 'Stop, and put back' });
  const properties = window.getByRole('region', { name: 'Properties' });
  const passed = properties.getByText('Passed');

  await test.step('nothing is ticked before it was seen, and no record is taken unnamed', async () => {
    await expect(passed).toHaveCount(0);
    await expect(properties.getByText('Not yet seen').first()).toBeVisible();
    await expect(verify).toBeDisabled();
  });

  await test.step('what arrived on the test record is ticked, line by line', async () => {
    await window.getByRole('textbox', { name: /Id of the test record/ }).fill(pair.customerp);
    await verify.click();
    await expect(passed.first()).toBeVisible({ timeout: LONG_MS / 3 });
    await expect(stop).toHaveCount(0);
    const email = properties.getByRole('row').filter({ has: window.getByRole('rowheader', { name: /^E-mail/ }) });
    await expect(email.getByText('Passed')).toHaveCount(2);
    await expect(properties.getByText('Failed')).toHaveCount(0);
    expect(await content()).toEqual(before);
  });

  await test.step('stopped half-way, it still puts back', async () => {
    for (const side of ['customerp', 'tidsbanken'] as const)
      await systems.faults(side, [{ fault: { kind: 'latency', ms: SLOW_MS } }]);
    const written = (await systems.written('customerp', 'customers')).length;
    await verify.click();
    await expect
      .poll(async () => (await systems.written('customerp', 'customers')).length, { timeout: LONG_MS / 3 })
      .toBeGreaterThan(written);
    await stop.click();
    for (const side of ['customerp', 'tidsbanken'] as const) await systems.faults(side, []);
    await expect(stop).toHaveCount(0, { timeout: LONG_MS / 3 });
    await expect(window.getByText('Test values still stand')).toHaveCount(0);
    expect(await content()).toEqual(before);
  });
});
