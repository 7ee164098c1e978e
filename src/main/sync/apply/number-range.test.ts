import { afterEach, describe, expect, it } from 'vitest';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { Crash, crashAt } from '../testing/crash-at.ts';
import { customer, customersInStep, kunde } from '../testing/records.ts';
import type { Scripted } from '../testing/fake-system.ts';
import { Fakes } from '../testing/run-on-fakes.ts';

/** K8 from end to end: each system numbers its customers itself, and new Kunder take theirs from a range. */

const RANGE = { from: 900, to: 902 };

const ranged =
  (numbers: { from: number; to: number } | null, isShared = false) =>
  (flow: FlowMapping): FlowMapping =>
    flow.kind !== 'customer'
      ? flow
      : {
          ...flow,
          keys: flow.keys.filter(({ name }) => isShared || name !== 'number'),
          create: {
            ...flow.create,
            tidsbanken: { ...flow.create.tidsbanken, ...(numbers === null ? {} : { numbers }) },
          },
        };

let fakes: Fakes;
afterEach(() => fakes.close());

/** Customers 1 and on, whose numbers other Kunder have. */
function start(customers: number, numbers: { from: number; to: number } | null = RANGE): string[] {
  fakes = new Fakes({ mapping: ranged(numbers) });
  return Array.from({ length: customers }, (_, index) => {
    const number = String(index + 1);
    fakes.tidsbanken.put(
      'customer',
      kunde(number, { Navn: `Noen andre ${number}`, Epost: `andre${number}@x.example` }),
    );
    return fakes.customerp.put('customer', customer(number));
  });
}

const created = (): (string | null)[] => fakes.tidsbanken.received.map(({ nativeId }) => nativeId);
const collisions = async () => (await fakes.mismatches()).filter(({ mismatch }) => mismatch === 'idCollision');

/** A Kunde of that number is gone before its customer comes. */
const runsWith = async (answers: readonly Scripted[]): Promise<void> => {
  fakes = new Fakes({ mapping: ranged(RANGE, true) });
  await customersInStep(fakes, 3);
  fakes.tidsbanken.put('customer', kunde('1', { Navn: 'En som ble borte' }));
  await fakes.run({ full: true });
  fakes.tidsbanken.remove('customer', '1');
  fakes.tidsbanken.answer(...answers);
  fakes.customerp.put('customer', customer('1', { organizationNumber: '923609016' }));
  for (let n = 0; n < 3; n++) {
    await fakes.run({ full: true, wait: true });
    fakes.clock.advance(600_000);
  }
};

describe('K8: the next free number of a range', () => {
  it('not switched on: each is asked about, and nothing is created', async () => {
    start(2, null);
    await fakes.run();
    expect(created()).toEqual([]);
    expect((await collisions()).map(({ detail }) => detail['why'])).toEqual(['taken', 'taken']);
  });

  it('several creations of one run take different ones, in the order of their own ids', async () => {
    start(2);
    await fakes.run();
    expect(created()).toEqual(['900', '901']);
    expect(fakes.tidsbanken.raw('customer', '900')).toMatchObject({ Navn: 'Fjordlys 1 AS' });
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 4 });
    expect(await fakes.mismatchKinds()).toEqual(['onlyInTidsbanken', 'onlyInTidsbanken']);
  });

  it('used up: the rest is asked about, with the range', async () => {
    start(4);
    await fakes.run();
    expect(created()).toEqual(['900', '901', '902']);
    await fakes.run({ full: true });
    expect((await collisions()).map(({ detail }) => detail)).toEqual([
      { property: 'number', id: '4', why: 'usedUp', from: '900', to: '902' },
    ]);
  });

  it('a waiting proposal keeps its number when others join, and so its approval', async () => {
    const [first] = start(1);
    await fakes.run({ mode: 'preview', approve: null });
    const [change] = await fakes.changes();
    await fakes.store.changes.approve(change?.id ?? 0, 'all', 'tester', true, []);
    // By its id it would come first.
    fakes.tidsbanken.put('customer', kunde('0', { Navn: 'En tredje' }));
    const second = fakes.customerp.put('customer', customer('0'));
    await fakes.run({ mode: 'preview', approve: null, full: true });
    const all = await fakes.changes();
    const numberOf = (id: string | undefined) =>
      all
        .find((c) => c.customerpId === id)
        ?.groups.flatMap((g) => g.members)
        .find((m) => m.property === 'number')?.desired;
    expect([numberOf(first), numberOf(second)]).toEqual(['900', '901']);
    expect(all.map(({ state }) => state)).toEqual(['approved', 'planned']);
  });

  it.each(['preparing', 'sending', 'acked'] as const)('a crash at %s keeps the number of the intent', async (state) => {
    start(2);
    const run = fakes.run({ through: crashAt('after', (step) => step === `changes.advance:${state}`).through });
    await expect(run).rejects.toThrow(Crash);
    fakes.clock.advance(600_000);
    await fakes.run({ full: true, wait: true });
    await fakes.run({ full: true, wait: true });
    expect(new Set(created())).toEqual(new Set(['900', '901']));
    expect(fakes.tidsbanken.raw('customer', '900')).toMatchObject({ Navn: 'Fjordlys 1 AS' });
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 4 });
  });

  it('somebody takes the number meanwhile: nothing is written over, and the next run gives another', async () => {
    start(1);
    await fakes.run({ mode: 'preview', approve: null });
    for (const { id } of await fakes.changes()) await fakes.store.changes.approve(id, 'all', 'tester', true, []);
    fakes.tidsbanken.put('customer', kunde('900', { Navn: 'En helt annen' }));
    await fakes.apply();
    expect(created()).toEqual([]);
    await fakes.run({ full: true });
    expect(created()).toEqual(['901']);
    expect(fakes.tidsbanken.raw('customer', '900')).toMatchObject({ Navn: 'En helt annen' });
  });

  it('the number of a record that is gone is not given again', async () => {
    start(3, { from: 900, to: 909 });
    await fakes.run();
    fakes.tidsbanken.remove('customer', '902');
    fakes.tidsbanken.put('customer', kunde('4', { Navn: 'En annen' }));
    fakes.customerp.put('customer', customer('4'));
    await fakes.run({ full: true });
    expect(created()).toEqual(['900', '901', '902', '903']);
  });

  describe('where numbers are shared otherwise, and the own one is of a record that is gone', () => {
    it.each<[string, Scripted[], string[]]>([
      ['it is created under the given one', [], ['900']],
      ['an outcome that nobody knew is found, and not sent again', [{ answer: 'unknown', acts: true }], ['900']],
      ['one that never arrived is sent again under the same', [{ answer: 'unknown', acts: false }], ['900', '900']],
    ])('%s', async (_what, answers, expected) => {
      await runsWith(answers);
      expect(created()).toEqual(expected);
      const link = await fakes.store.links.of('customer', 'tidsbanken', '900');
      expect(link).toMatchObject({ state: 'active', keys: { number: { customerp: '1', tidsbanken: '900' } } });
      expect(await fakes.mismatchKinds()).toEqual([]);
    });
  });

  it('A3: a source with another number by now was not what was approved', async () => {
    const [id = ''] = start(1);
    await fakes.run({ mode: 'preview', approve: null });
    for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
    fakes.customerp.edit('customer', id, { number: '77' });
    fakes.clock.advance(600_000);
    await fakes.apply();
    expect(await fakes.states()).toEqual(['stale']);
    expect(created()).toEqual([]);
  });

  it('two creations that chose one number at the same time: the one that committed first has it', async () => {
    start(2);
    await fakes.run({ mode: 'preview', approve: null });
    for (const change of await fakes.changes()) {
      const groups = change.groups.map((g) => ({
        ...g,
        members: g.members.map((m) => (m.property === 'number' ? { ...m, desired: '902' } : m)),
      }));
      await fakes.store.changes.advance(change.id, { state: 'planned', groups, journal: [] });
      await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
    }
    fakes.tidsbanken.answer({ answer: 'unknown', acts: false });
    await fakes.apply();
    expect(created()).toEqual(['902']);
    expect((await fakes.states()).toSorted()).toEqual(['stale', 'unknown']);
  });
});
