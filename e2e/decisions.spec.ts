import { expect, test } from './fixtures.ts';
import { pairAt, pairsInStep } from './pages/pairs.ts';
import { Tidsbro } from './pages/tidsbro.ts';

/** How decisions are taken, and what becomes of them between the desk and the systems. */

/** Several runs, each asked after by processes of its own. */
const LONG_MS = 300_000;

test.describe.configure({ timeout: LONG_MS });
test.use({
  sandboxArgs: ['--customers=12', '--employees=3', '--projects=3', '--overlap=1', '--differ=0', '--dirt=0'],
});

test('D5, N4: a conflict is decided property by property, and a group as one', async ({ window, demo, systems }) => {
  await demo.tidsbro('sync', '--approve', 'all');
  const pair = pairAt(await pairsInStep(demo, 1), 0);
  await systems.edit('customerp', 'customers', pair.customerp, {
    email: 'fra-erp@eksempel.example',
    phone: '22000001',
    address: { line1: 'Erpveien 1' },
  });
  await systems.edit('tidsbanken', 'Kunde', pair.tidsbanken, {
    Epost: 'fra-tidsbanken@eksempel.example',
    Telefon: '22000002',
    Postnr: '0150',
    Poststed: 'Oslo',
  });
  const before = await systems.record('tidsbanken', 'Kunde', pair.tidsbanken);
  await window.reload();
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('Mismatches');
  const rows = tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: 'Edited on both sides' });
  await expect(rows).toHaveCount(3);

  const decide = async (about: string, shows: readonly string[], way: string): Promise<void> => {
    const row = rows.filter({ hasText: about });
    await row.click();
    const question = tidsbro.details().getByRole('table', { name: 'The values in question' });
    for (const value of shows) await expect(question).toContainText(value);
    await tidsbro.details().getByRole('button', { name: way }).click();
    await expect(row).toHaveCount(0);
  };
  await test.step('the e-mail of the one, the telephone of the other', async () => {
    await decide('E-mail', ['fra-erp@eksempel.example', 'fra-tidsbanken@eksempel.example'], 'Use Customerp');
    await decide('Phone', ['22 00 00 01', '22 00 00 02'], 'Use Tidsbanken');
  });
  await test.step('the address as one: no half of it comes from the other side', async () => {
    await decide('Address', ['Erpveien 1', '0150', 'Oslo'], 'Use Tidsbanken');
  });

  await test.step('each arrives where it was decided', async () => {
    await tidsbro.sync();
    expect(await systems.record('tidsbanken', 'Kunde', pair.tidsbanken)).toMatchObject({
      Epost: 'fra-erp@eksempel.example',
      Telefon: '22000002',
      Gateadresse: before['Gateadresse'],
      Postnr: '0150',
    });
    const customer = await systems.record('customerp', 'customers', pair.customerp);
    expect(String(customer['phone']).replaceAll(/\D/g, '')).toMatch(/22000002$/);
    expect(customer['email']).toBe('fra-erp@eksempel.example');
    expect(customer['address']).toMatchObject({ postalCode: '0150', city: 'Oslo' });
    expect(JSON.stringify(customer['address'])).not.toContain('Erpveien');
    await tidsbro.goTo('Mismatches');
    await expect(tidsbro.grid('Mismatches').or(window.getByText('No mismatches'))).toBeVisible();
    await expect(rows).toHaveCount(0);
  });
});

test('one change is approved in one group and rejected in another', async ({ window, demo, systems }) => {
  await demo.tidsbro('sync', '--approve', 'all');
  const pair = pairAt(await pairsInStep(demo, 1), 0);
  await systems.edit('customerp', 'customers', pair.customerp, { email: null, phone: null });
  const before = await systems.record('tidsbanken', 'Kunde', pair.tidsbanken);
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.goTo('Review');
  await window.getByRole('radiogroup', { name: 'Show' }).getByText('All open').click();
  await tidsbro.grid('Pending changes').getByRole('row').filter({ hasText: pair.label }).click();
  await tidsbro.details().getByRole('button', { name: 'Approve E-mail' }).click();
  await expect(tidsbro.details().getByRole('button', { name: 'Approve E-mail' })).toBeDisabled();
  await tidsbro.details().getByRole('button', { name: 'Reject Phone' }).click();
  await expect(tidsbro.details().getByRole('button', { name: 'Reject Phone' })).toHaveCount(0);
  await tidsbro.applyApproved();
  expect(await systems.record('tidsbanken', 'Kunde', pair.tidsbanken)).toMatchObject({
    Epost: '',
    Telefon: before['Telefon'],
  });
});

test('V2, S4: an approval that has gone stale is explained when it is applied', async ({ window, demo, systems }) => {
  await demo.tidsbro('sync', '--approve', 'all');
  const pairs = await pairsInStep(demo, 2);
  const [stale, fresh] = [pairAt(pairs, 0), pairAt(pairs, 1)];
  for (const { customerp } of [stale, fresh]) await systems.edit('customerp', 'customers', customerp, { email: null });
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();
  await tidsbro.approveAll();
  await systems.edit('tidsbanken', 'Kunde', stale.tidsbanken, { Epost: 'ny@eksempel.example' });
  await tidsbro.applyApproved();
  await expect(window.getByRole('status').filter({ hasText: '1 written and verified.' })).toBeVisible();
  await expect(
    window.getByText(`${stale.label}” in Tidsbanken is no longer as it was when this was planned.`),
  ).toBeVisible();
  await expect(window.getByText('Tidsbanken was not changed.')).toBeVisible();
  await expect(window.getByText('Look at the new proposal in Review.')).toBeVisible();
  expect(await systems.record('tidsbanken', 'Kunde', stale.tidsbanken)).toMatchObject({ Epost: 'ny@eksempel.example' });
  expect(await systems.record('tidsbanken', 'Kunde', fresh.tidsbanken)).toMatchObject({ Epost: '' });

  await test.step('the next sync asks anew, about what stands there now', async () => {
    await tidsbro.sync();
    await tidsbro.goTo('Mismatches');
    await tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: stale.label }).click();
    await expect(tidsbro.details().getByRole('table', { name: 'The values in question' })).toContainText(
      'ny@eksempel.example',
    );
  });
});

test('a plan is decided while both systems are away, and applied when they are back', async ({
  window,
  demo,
  systems,
}) => {
  await demo.tidsbro('sync', '--approve', 'all');
  const pairs = await pairsInStep(demo, 3);
  const [cleared, kept, torn] = [pairAt(pairs, 0), pairAt(pairs, 1), pairAt(pairs, 2)];
  for (const { customerp } of [cleared, kept]) await systems.edit('customerp', 'customers', customerp, { email: null });
  await systems.edit('customerp', 'customers', torn.customerp, { email: 'erp@eksempel.example' });
  await systems.edit('tidsbanken', 'Kunde', torn.tidsbanken, { Epost: 'tid@eksempel.example' });
  const before = await systems.record('tidsbanken', 'Kunde', kept.tidsbanken);
  const tidsbro = new Tidsbro(window, demo);
  await tidsbro.sync();

  await systems.cut(true);
  await expect(fetch(`${demo.urls.customerp}/api/v1/customers`)).rejects.toThrow();
  await test.step('everything can be looked at and decided', async () => {
    await tidsbro.goTo('Review');
    const rows = tidsbro.grid('Pending changes').getByRole('row');
    await rows.filter({ hasText: cleared.label }).click();
    await tidsbro.details().getByRole('button', { name: 'Approve' }).click();
    await rows.filter({ hasText: kept.label }).click();
    await tidsbro.details().getByRole('button', { name: 'Reject' }).click();
    await expect(rows.filter({ hasText: kept.label })).toHaveCount(0);
    await tidsbro.goTo('Mismatches');
    const conflict = tidsbro.grid('Mismatches').getByRole('row').filter({ hasText: torn.label });
    await conflict.click();
    await tidsbro.details().getByRole('button', { name: 'Use Tidsbanken' }).click();
    await expect(conflict).toHaveCount(0);
  });
  await systems.cut(false);

  await test.step('what was decided is written, and nothing else', async () => {
    await tidsbro.applyApproved();
    expect(await systems.record('tidsbanken', 'Kunde', cleared.tidsbanken)).toMatchObject({ Epost: '' });
    expect(await systems.record('tidsbanken', 'Kunde', kept.tidsbanken)).toMatchObject({ Epost: before['Epost'] });
    expect(await systems.record('customerp', 'customers', torn.customerp)).toMatchObject({
      email: 'tid@eksempel.example',
    });
  });
});
