import { afterEach, expect, it } from 'vitest';
import { customer, kunde } from '../testing/records.ts';
import { Fakes, SAFE } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** M2: a linked pair, and one more Kunde with its organisation number. */
async function twins(): Promise<string> {
  fakes = new Fakes();
  fakes.customerp.put('customer', customer('10001', { organizationNumber: '910000004' }));
  const linked = fakes.tidsbanken.put('customer', kunde('10001', { Organisasjonsnummer: '910000004' }));
  await fakes.run(SAFE);
  fakes.tidsbanken.put('customer', kunde('20001', { Organisasjonsnummer: '910000004' }));
  await fakes.run(SAFE);
  return linked;
}
const shared = async (): Promise<string[]> => {
  const found = (await fakes.mismatches()).filter(({ mismatch }) => mismatch === 'sharedKey');
  return found.map(({ tidsbankenId }) => tidsbankenId ?? '').toSorted((a, b) => a.localeCompare(b));
};

it('M2: a number used twice is told of both, also of the one that is linked, and once', async () => {
  const linked = await twins();
  expect(await shared()).toEqual(['10001', '20001']);
  fakes.tidsbanken.edit('customer', linked, { Navn: 'Fjordlys ny AS' });
  await fakes.run(SAFE);
  expect(await shared()).toEqual(['10001', '20001']);
});

it('M2: once the other one is corrected, it is over for the linked one, too', async () => {
  await twins();
  fakes.tidsbanken.edit('customer', '20001', { Organisasjonsnummer: '' });
  await fakes.run(SAFE);
  expect(await shared()).toEqual([]);
});
