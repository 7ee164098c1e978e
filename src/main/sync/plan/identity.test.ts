import { afterEach, describe, expect, it } from 'vitest';
import { customer, kunde } from '../testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Made up; the check digits are right. */
const [FIRST, SECOND, THIRD] = ['377365968', '310000019', '310000027'];

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

describe('M6: a new number that a person has vouched for', () => {
  it('is carried over to the other side, and no other identity there', async () => {
    fakes = new Fakes();
    fakes.tidsbanken.put('customer', kunde('10001', { Organisasjonsnummer: FIRST }));
    const id = fakes.customerp.put('customer', customer('10001', { organizationNumber: FIRST }));
    await fakes.run(APPROVE_ALL);
    fakes.customerp.edit('customer', id, { organizationNumber: THIRD });
    await fakes.run(APPROVE_ALL);
    expect(await openKinds()).toContain('identityChanged');

    const link = await fakes.store.links.of('customer', 'customerp', id);
    const keys = { ...link?.keys, orgNo: { customerp: THIRD, tidsbanken: FIRST } };
    await fakes.store.links.setKeys(link?.id ?? 0, keys, { event: 'decided' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.peek('customer', '10001')).toMatchObject({ Organisasjonsnummer: THIRD });
    await fakes.run(APPROVE_ALL);
    expect(await openKinds()).not.toContain('identityChanged');
  });
});

const openKinds = async (): Promise<string[]> => (await fakes.mismatches()).map(({ mismatch }) => mismatch);
