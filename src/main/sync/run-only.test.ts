import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from './testing/run-on-fakes.ts';
import { customer, customersInStep, kunde } from './testing/records.ts';
import { openChanges } from '../store/open-items.fixture.ts';

/** A run narrowed to one record: the same rules, and nothing else is touched. */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

const of = (side: 'customerp' | 'tidsbanken', nativeId: string) => ({ kind: 'customer', side, nativeId }) as const;
const sent = (): number => fakes.customerp.received.length + fakes.tidsbanken.received.length;
const emailIn = (id: string): unknown => fakes.tidsbanken.raw('customer', id)?.['Epost'];

describe('a run of one record', () => {
  it.each(['customerp', 'tidsbanken'] as const)(
    'asked for on the side %s, carries its edit and no other',
    async (side) => {
      const [first = '', second = ''] = await customersInStep(fakes, 2);
      fakes.customerp.edit('customer', first, { email: 'ny@fjordlys.example' });
      fakes.customerp.edit('customer', second, { email: 'annen@fjordlys.example' });
      const ran = await fakes.runOnly(of(side, side === 'customerp' ? first : '10001'));
      expect(ran).toMatchObject({ state: 'done', problems: [], collected: [] });
      expect([emailIn('10001'), emailIn('10002')]).toEqual(['ny@fjordlys.example', 'post@fjordlys10002.example']);
      await fakes.run(SAFE);
      expect(emailIn('10002')).toBe('annen@fjordlys.example');
    },
  );

  it('approves by the rule what is planned of it, and not what is planned of others (D3)', async () => {
    const [first = '', second = ''] = await customersInStep(fakes, 2);
    for (const id of [first, second]) fakes.customerp.edit('customer', id, { email: `ny${id}@fjordlys.example` });
    await fakes.run(PREVIEW);
    await fakes.runOnly(of('customerp', second));
    const open = await openChanges(fakes.store, 'customer');
    expect(open.map(({ customerpId, state }) => [customerpId, state])).toEqual([[first, 'planned']]);
  });

  it('in step, writes nothing and says nothing', async () => {
    const [first = ''] = await customersInStep(fakes, 1);
    const before = sent();
    expect(await fakes.runOnly(of('customerp', first))).toMatchObject({ state: 'done', problems: [], applied: [] });
    expect(sent()).toBe(before);
  });

  it('as a preview writes nothing, and a finding that no longer holds is gone (D3)', async () => {
    const [first = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', first, { email: 'e@fjordlys.example' });
    fakes.tidsbanken.edit('customer', '10001', { Epost: 't@fjordlys.example' });
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    fakes.tidsbanken.edit('customer', '10001', { Epost: 'e@fjordlys.example' });
    const before = sent();
    await fakes.runOnly(of('customerp', first), PREVIEW);
    expect([sent(), await fakes.mismatchKinds()]).toEqual([before, []]);
  });

  it('applies what was approved of it and leaves what was approved of others', async () => {
    const [first = '', second = ''] = await customersInStep(fakes, 2);
    for (const id of [first, second]) fakes.customerp.edit('customer', id, { email: '' });
    await fakes.run(PREVIEW);
    const open = await openChanges(fakes.store, 'customer');
    await fakes.store.changes.approveMany(
      open.map(({ id, groups }) => ({ id, groups: groups.map((g) => g.group) })),
      'tester',
      true,
      [],
    );
    await fakes.runOnly(of('customerp', second));
    expect((await openChanges(fakes.store, 'customer')).map((c) => c.customerpId)).toEqual([first]);
  });

  it('T4, 5.2: a record that is not there proves no absence, and nothing is written', async () => {
    const [first = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', first, { email: 'ny@fjordlys.example' });
    fakes.tidsbanken.remove('customer', '10001');
    const before = sent();
    const ran = await fakes.runOnly(of('customerp', first));
    expect(ran).toMatchObject({ state: 'done', problemKinds: ['notSeen'] });
    expect([sent(), await fakes.mismatchKinds()]).toEqual([before, []]);
    expect((await fakes.store.records.get('customer', 'tidsbanken', '10001'))?.missingSince).toBeNull();
  });

  it('a record that is back is taken as back', async () => {
    const [first = ''] = await customersInStep(fakes, 3);
    fakes.tidsbanken.remove('customer', '10001');
    await fakes.run({ ...SAFE, full: true });
    expect(await fakes.mismatchKinds()).toEqual(['goneInTidsbanken']);
    fakes.tidsbanken.put('customer', kunde('10001'));
    await fakes.runOnly(of('customerp', first), PREVIEW);
    expect(await fakes.mismatchKinds()).toEqual([]);
  });

  it('a record that cannot be read ends the run as failed, and nothing is judged', async () => {
    const [first = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', first, { email: 'ny@fjordlys.example' });
    fakes.customerp.failReads({ kind: 'timeout', detail: 'no answer' });
    const before = sent();
    const ran = await fakes.runOnly(of('customerp', first));
    expect(ran).toMatchObject({ state: 'failed', problemKinds: ['notRead'] });
    expect(sent()).toBe(before);
  });

  it('M1: matches nothing; what has no link is read anew and left to the next whole run', async () => {
    await customersInStep(fakes, 1);
    const id = fakes.customerp.put('customer', customer('10050'));
    await fakes.run(PREVIEW);
    fakes.tidsbanken.put('customer', kunde('10050'));
    const ran = await fakes.runOnly(of('customerp', id));
    expect(ran.problems).toEqual([]);
    expect(await fakes.store.links.of('customer', 'customerp', id)).toBeNull();
  });

  it('an approved create of it is carried out, and the new pair is in step', async () => {
    await customersInStep(fakes, 1);
    const id = fakes.customerp.put('customer', customer('10050'));
    await fakes.run(PREVIEW);
    const [create] = await openChanges(fakes.store, 'customer');
    if (create === undefined) throw new Error('No create was planned.');
    const groups = create.groups.map((g) => g.group);
    await fakes.store.changes.approveMany([{ id: create.id, groups }], 'tester', true, []);
    await fakes.runOnly(of('customerp', id));
    expect(fakes.tidsbanken.raw('customer', '10050')).toMatchObject({ Navn: 'Fjordlys 10050 AS' });
    expect((await fakes.store.records.get('customer', 'customerp', id))?.bucket).toBe('inStep');
  });

  it('S7: before the kind was reviewed, it proposes and writes nothing', async () => {
    fakes.tidsbanken.put('customer', kunde('10001'));
    const id = fakes.customerp.put('customer', customer('10001', { phone: '90000041' }));
    await fakes.run(PREVIEW);
    const before = sent();
    const ran = await fakes.runOnly(of('customerp', id));
    expect(sent()).toBe(before);
    expect(ran.rails.map((rail) => rail.rail)).toEqual(['S7']);
  });

  it('S3: another company behind the address, and not a record of it is read', async () => {
    const [first = ''] = await customersInStep(fakes, 1);
    await fakes.store.meta.set('tenant:tidsbanken', 'another one');
    fakes.customerp.edit('customer', first, { email: 'ny@fjordlys.example' });
    const before = sent();
    const ran = await fakes.runOnly(of('customerp', first));
    expect([ran.problemKinds, sent()]).toEqual([['rail'], before]);
    expect((await fakes.store.records.get('customer', 'customerp', first))?.props['email']).toBe(
      'post@fjordlys10001.example',
    );
  });

  it('a rail that holds others is not told of this one', async () => {
    const ids = await customersInStep(fakes, 40);
    await fakes.run(APPROVE_ALL);
    for (const id of ids.slice(1)) fakes.customerp.edit('customer', id, { email: '' });
    await fakes.run(PREVIEW);
    const ran = await fakes.runOnly(of('customerp', ids[0] ?? ''));
    expect(ran.problems).toEqual([]);
  });
});
