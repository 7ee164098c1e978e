import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordRow } from '../../../shared/contract/views.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

/** A person's hand on pairs and records, through the service. */

const FLOW = 'customer-kunde';
let world: AppOnSandbox;
let pairs: { customerpId: string; tidsbankenId: string }[];
const freeIn = async (side: 'customerp' | 'tidsbanken'): Promise<RecordRow[]> =>
  (await world.app.records({ flow: FLOW, side, linked: false }, { offset: 0, limit: 50 })).rows.filter(
    (row) => row.reason !== 'systemRecord',
  );
const partnerOf = async (side: 'customerp' | 'tidsbanken', id: string): Promise<string | null> => {
  const found = await world.app.record(FLOW, side, id);
  return found.ok ? found.value.partnerId : null;
};

beforeAll(async () => {
  world = await AppOnSandbox.start({
    customers: 12,
    employees: 2,
    projects: 2,
    overlap: 0.5,
    differ: 0,
    dirt: 0,
    seed: 5,
  });
  await world.sync('none');
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  pairs = await world.linkedCustomers(3);
});

describe('relink', () => {
  it.each([
    { whose: 'a Customer', side: 'tidsbanken' },
    { whose: 'a Kunde', side: 'customerp' },
  ] as const)('gives $whose another partner in one step; the former one is left without a link', async ({ side }) => {
    const [pair] = pairs;
    const [free] = await freeIn(side);
    if (pair === undefined || free === undefined) throw new Error('The world is too small.');
    const [customerpId, tidsbankenId] =
      side === 'tidsbanken' ? [pair.customerpId, free.nativeId] : [free.nativeId, pair.tidsbankenId];
    expect(await world.app.relink(FLOW, customerpId, tidsbankenId)).toMatchObject({ ok: true });
    expect(await partnerOf('customerp', customerpId)).toBe(tidsbankenId);
    const left = side === 'tidsbanken' ? pair.tidsbankenId : pair.customerpId;
    expect(await partnerOf(side, left)).toBeNull();
    const { rows } = await world.app.journal({ item: left }, { offset: 0, limit: 5 });
    expect(rows.map((row) => row.event)).toContain('unlinked');
  });

  it('of two records that each have another partner is refused, and both pairs stay', async () => {
    const [one, two] = pairs;
    if (one === undefined || two === undefined) throw new Error('The world is too small.');
    expect(await world.app.relink(FLOW, one.customerpId, two.tidsbankenId)).toMatchObject({
      ok: false,
      failure: { facts: { why: 'bothLinked' } },
    });
    expect(await partnerOf('customerp', one.customerpId)).toBe(one.tidsbankenId);
  });

  it('of a pair with itself is refused', async () => {
    const [one] = pairs;
    if (one === undefined) throw new Error('The world is too small.');
    expect(await world.app.relink(FLOW, one.customerpId, one.tidsbankenId)).toMatchObject({
      ok: false,
      failure: { facts: { why: 'linkedAlready' } },
    });
  });
});

describe('M1 a record that is set aside', () => {
  it('has no open change and no finding any more, and stays so until it is taken up again', async () => {
    const [free] = await freeIn('customerp');
    if (free === undefined) throw new Error('The world is too small.');
    const look = async () => {
      const found = await world.app.record(FLOW, 'customerp', free.nativeId);
      if (!found.ok) throw new Error(found.failure.what);
      const { changes, mismatches, bucket, reason } = found.value;
      return { open: changes.length + mismatches.length, bucket, reason };
    };
    expect((await look()).open).toBe(1);
    expect(await world.app.setAside(FLOW, 'customerp', free.nativeId, true)).toMatchObject({ ok: true });
    expect(await look()).toEqual({ open: 0, bucket: 'skipped', reason: 'setAside' });
    await world.sync('none');
    expect(await look()).toEqual({ open: 0, bucket: 'skipped', reason: 'setAside' });
    await world.app.setAside(FLOW, 'customerp', free.nativeId, false);
    await world.sync('none');
    expect((await look()).open).toBe(1);
  });

  it('is none that is linked: a pair is paused', async () => {
    const [one] = pairs;
    expect(await world.app.setAside(FLOW, 'customerp', one?.customerpId ?? '', true)).toMatchObject({
      ok: false,
      failure: { facts: { why: 'linkedAlready' } },
    });
  });
});
