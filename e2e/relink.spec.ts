import { expect, test } from './fixtures.ts';
import { pairsInStep } from './pages/pairs.ts';
import { Tidsbro } from './pages/tidsbro.ts';

const LONG_MS = 300_000;
const OTHER = '90001';

test.describe.configure({ timeout: LONG_MS });
test.use({
  sandboxArgs: ['--customers=8', '--employees=2', '--projects=2', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('a pair that was wrong is linked to another record in one step, mended there, and checked again', async ({
  window,
  demo,
  systems,
}) => {
  const tidsbro = new Tidsbro(window, demo);
  await demo.tidsbro('sync', '--approve', 'all');
  const [pair] = await pairsInStep(demo, 1);
  if (pair === undefined) throw new Error('The demo has no pair.');
  // The two that look the same: only the name tells them apart, and no number belongs to both.
  await systems.edit('customerp', 'customers', pair.customerp, { organizationNumber: null });
  await systems.edit('tidsbanken', 'Kunde', pair.tidsbanken, { Organisasjonsnummer: '' });
  const former = await systems.record('tidsbanken', 'Kunde', pair.tidsbanken);
  await systems.add('tidsbanken', 'Kunde', { ...former, Id: OTHER, Navn: 'Et annet navn AS' });
  await tidsbro.sync();
  const before = await systems.written('tidsbanken', 'Kunde');

  await test.step('the former link ends, and the new one begins, without a moment between', async () => {
    await tidsbro.goTo('Records');
    await window.getByRole('searchbox').fill(pair.customerp);
    await tidsbro.grid('Records').getByRole('row').filter({ hasText: pair.label }).first().click();
    await tidsbro.details().getByRole('button', { name: 'Link to another…' }).click();
    const dialog = window.getByRole('dialog');
    await dialog.getByRole('searchbox').fill(OTHER);
    await dialog.getByRole('radio', { name: new RegExp(`\\(${OTHER}\\)`) }).check();
    await dialog.getByRole('button', { name: 'Link these' }).click();
    await expect(dialog).toBeHidden();
    await expect(tidsbro.details().getByText(OTHER).first()).toBeVisible();
    const events = await demo.tidsbro('journal', '--json');
    expect(events.stdout).toContain('unlinked');
    expect(await systems.written('tidsbanken', 'Kunde')).toEqual(before);
  });

  const difference = tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Different at first comparison' });
  await test.step('what differs in the new pair is asked about', async () => {
    await tidsbro.sync();
    await tidsbro.goTo('Mismatches');
    await difference.click();
    await expect(tidsbro.details().getByRole('table', { name: 'The values in question' })).toContainText(
      'Et annet navn AS',
    );
  });

  await test.step('it was mended in Tidsbanken: a second look sees it, and the list is rid of it', async () => {
    await systems.edit('tidsbanken', 'Kunde', OTHER, { Navn: former['Navn'] });
    await tidsbro.details().getByRole('button', { name: 'Check again' }).click();
    await expect(window.getByText('Read again: both sides are in step.')).toBeVisible();
    await expect(difference).toHaveCount(0);
    expect(await systems.written('tidsbanken', 'Kunde')).toEqual(before);
  });
});
