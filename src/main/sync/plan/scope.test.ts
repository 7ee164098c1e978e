import { afterEach, describe, expect, it } from 'vitest';
import type { Filter, FlowMapping } from '../../mapping/mapping.ts';
import { customer, customersInStep, kunde } from '../testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';
import { openChanges } from '../../store/open-items.fixture.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

const filtered =
  (filter: Filter) =>
  (flow: FlowMapping): FlowMapping =>
    flow.kind === 'customer' ? { ...flow, filter } : flow;
/** Customers of Customerp whose city is Oslo take part. */
const OSLO = filtered({ customerp: [{ property: 'city', is: ['Oslo'] }] });

const set = (mapping?: (flow: FlowMapping) => FlowMapping): Fakes => {
  fakes.close();
  fakes = new Fakes(mapping === undefined ? {} : { mapping });
  return fakes;
};
const bucketOf = async (id: string) => {
  const { rows } = await fakes.store.records.list({ kind: 'customer', side: 'customerp' }, 0, 100);
  const row = rows.find((one) => one.nativeId === id);
  return row === undefined ? null : [row.bucket, row.reason];
};
const linkOf = (id: string) => fakes.store.links.of('customer', 'customerp', id);

describe('C7 what the filter leaves out has no part in the sync', () => {
  it('M5 it gets no counterpart, and is counted with the reason (V4, I5)', async () => {
    set(OSLO);
    const out = fakes.customerp.put('customer', customer('10001', { address: { city: 'Bergen' } }));
    const takesPart = fakes.customerp.put('customer', customer('10002', { address: { city: 'Oslo' } }));
    const run = await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.received.map(({ values }) => values.get('Id'))).toEqual(['10002']);
    expect([await bucketOf(out), await linkOf(out)]).toEqual([['skipped', 'outOfScope'], null]);
    expect(await linkOf(takesPart)).toMatchObject({ state: 'active' });
    const { inStep, proposed, mismatch, skipped, failed } = run.buckets;
    expect(inStep + proposed + mismatch + skipped + failed).toBe(run.read);
  });

  it('M1 it finds no partner either', async () => {
    set(OSLO);
    const out = fakes.customerp.put('customer', customer('10001', { address: { city: 'Bergen' } }));
    fakes.tidsbanken.put('customer', kunde('10001'));
    await fakes.run(APPROVE_ALL);
    expect(await linkOf(out)).toBeNull();
  });

  it('K2 whoever shares a strong key with it is shown at once, and comes to rest', async () => {
    set(filtered({ tidsbanken: [{ property: 'city', is: ['Oslo'] }] }));
    fakes.customerp.put('customer', customer('10001'));
    fakes.tidsbanken.put('customer', kunde('10001', { Poststed: 'Bergen' }));
    for (const again of [false, true]) {
      const run = await fakes.run(APPROVE_ALL);
      expect([again, fakes.tidsbanken.received.length, run.problems]).toEqual([again, 0, []]);
      expect(await fakes.mismatchKinds()).toEqual(['idCollision']);
    }
  });

  it.each(['customerp', 'tidsbanken'] as const)(
    'a pair of which %s leaves: nothing is written to either',
    async (side) => {
      set(filtered({ [side]: [{ property: 'city', isNot: ['Bergen'] }] }));
      const [id = ''] = await customersInStep(fakes, 1);
      const link = await linkOf(id);
      if (side === 'customerp')
        fakes.customerp.edit('customer', id, { address: { city: 'Bergen' }, phone: '22000001' });
      else fakes.tidsbanken.edit('customer', '10001', { Poststed: 'Bergen', Telefon: '22000001' });
      const before = [fakes.customerp.received.length, fakes.tidsbanken.received.length];
      await fakes.run(APPROVE_ALL);
      expect([fakes.customerp.received.length, fakes.tidsbanken.received.length]).toEqual(before);
      expect(await bucketOf(id)).toEqual(['skipped', 'outOfScope']);
      expect(await fakes.mismatchKinds()).toEqual([]);
      expect(await linkOf(id)).toEqual({ ...link, base: link?.base });
    },
  );

  it('5.1 once it takes part again, its base tells what was edited meanwhile', async () => {
    set(filtered({ customerp: [{ property: 'city', isNot: ['Bergen'] }] }));
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { address: { city: 'Bergen' } });
    await fakes.run(APPROVE_ALL);
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '22000001' });
    await fakes.run(APPROVE_ALL);
    fakes.customerp.edit('customer', id, { address: { city: 'Oslo' } });
    await fakes.run(SAFE);
    const [change] = (await fakes.changes('customer')).filter(({ target }) => target === 'customerp');
    expect(change?.groups.map(({ group, row }) => [group, row])).toEqual([['phone', 'R8']]);
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: '+4722000001' });
  });

  it('what waits is withdrawn, and a finding about it goes', async () => {
    set(filtered({ customerp: [{ property: 'city', isNot: ['Bergen'] }] }));
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '22000001', email: 'a@b.example' });
    fakes.tidsbanken.edit('customer', '10001', { Epost: 'c@d.example' });
    await fakes.run(PREVIEW);
    expect(await fakes.states('customer')).toEqual(['planned']);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    fakes.customerp.edit('customer', id, { address: { city: 'Bergen' } });
    await fakes.run(PREVIEW);
    expect(await fakes.states('customer')).toEqual(['superseded']);
    expect(await fakes.mismatchKinds()).toEqual([]);
  });

  it('M2 what a pair shares with others is told of it while it takes part, and not else', async () => {
    set(filtered({ customerp: [{ property: 'city', isNot: ['Bergen'] }] }));
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.put('customer', customer('10001', { name: 'En annen AS' }));
    const told: unknown[] = [];
    for (const city of ['Oslo', 'Bergen', 'Oslo']) {
      fakes.customerp.edit('customer', id, { address: { city } });
      await fakes.run(PREVIEW);
      const shared = (await fakes.mismatches()).filter((m) => m.mismatch === 'sharedKey');
      told.push(shared.some((m) => m.customerpId === id));
    }
    expect(told).toEqual([true, false, true]);
  });

  it('A2 a record that leaves between plan and write is not written to', async () => {
    set(filtered({ tidsbanken: [{ property: 'city', isNot: ['Bergen'] }] }));
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '22000001' });
    await fakes.run(PREVIEW);
    for (const change of await openChanges(fakes.store, 'customer'))
      await fakes.store.changes.approve(change.id, 'all', 'tester', false, []);
    fakes.tidsbanken.edit('customer', '10001', { Poststed: 'Bergen' });
    const before = fakes.tidsbanken.received.length;
    await fakes.apply();
    expect(fakes.tidsbanken.received.length).toBe(before);
    expect((await fakes.states('customer')).at(-1)).toBe('stale');
  });

  it('5.2 it is not gone: it was read, and the filter is ours', async () => {
    set(OSLO);
    fakes.close();
    fakes = new Fakes();
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.remap(OSLO);
    for (let run = 0; run < 3; run++) {
      await fakes.run({ ...APPROVE_ALL, full: true });
      fakes.clock.advance(11 * 60_000);
    }
    expect(await fakes.mismatchKinds()).toEqual([]);
    expect(await linkOf(id)).toMatchObject({ state: 'active' });
    expect(await bucketOf(id)).toEqual(['skipped', 'outOfScope']);
  });

  it('S5, S7 another filter takes no base, and holds what it brings in for one run', async () => {
    set();
    const [id = ''] = await customersInStep(fakes, 2);
    const base = (await linkOf(id))?.base;
    fakes.customerp.put('customer', customer('10009', { address: { city: 'Oslo' } }));
    fakes.remap(filtered({ customerp: [{ property: 'name', isEmpty: false }] }));
    const run = await fakes.run(SAFE);
    expect(run.rails.map(({ rail }) => rail)).toContain('S7');
    expect((await linkOf(id))?.base).toEqual(base);
  });
});

describe('a filter on a field that is not mapped', () => {
  it('asks the system for it, and for nothing else that is not mapped', async () => {
    set(filtered({ tidsbanken: [{ field: 'Kontaktperson', isNot: ['Intern'] }] }));
    const asked = fakes.flows.get('customer')?.fieldsToRead('tidsbanken');
    expect(asked).toContain('Kontaktperson');
    fakes.tidsbanken.put('customer', kunde('10001', { Kontaktperson: 'Intern' }));
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run(PREVIEW);
    const { rows } = await fakes.store.records.list({ kind: 'customer', side: 'tidsbanken' }, 0, 10);
    expect(rows.map(({ bucket, reason }) => [bucket, reason])).toEqual([['skipped', 'outOfScope']]);
  });
});
