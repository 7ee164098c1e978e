import { afterEach, describe, expect, it } from 'vitest';
import { customer, kunde } from '../testing/records.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Made up; the check digits are right. */
const [FIRST, SECOND] = ['377365968', '310000019'];

/** Two pairs, linked by their numbers; only Tidsbanken knows organisation numbers. */
async function begin(): Promise<string> {
  fakes = new Fakes();
  fakes.tidsbanken.put('customer', kunde('10001', { Organisasjonsnummer: FIRST }));
  fakes.tidsbanken.put('customer', kunde('10002', { Organisasjonsnummer: SECOND }));
  fakes.customerp.put('customer', customer('10002'));
  const id = fakes.customerp.put('customer', customer('10001'));
  await fakes.run(PREVIEW);
  return id;
}

describe('M6: a key that was empty when the link was made', () => {
  it.each([
    { why: 'nobody else holds its value', value: FIRST, found: [] },
    { why: 'a record of another pair holds it', value: SECOND, found: ['identityChanged'] },
  ])('$why, though only this record was read', async ({ value, found }) => {
    const id = await begin();
    fakes.customerp.edit('customer', id, { organizationNumber: value });
    await fakes.run(PREVIEW);
    const kinds = await fakes.mismatchKinds();
    expect(kinds.filter((kind) => kind === 'identityChanged')).toEqual(found);
  });
});
