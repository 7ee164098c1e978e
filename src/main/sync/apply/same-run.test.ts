import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Side } from '../../../shared/domain.ts';
import { crashAt } from '../testing/crash-at.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import { customer, customersInStep } from '../testing/records.ts';

/** What one run does about outcomes of its own writes, and what the next one makes of a run that was cut short. */

const DAY = 24 * 3_600_000;
let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

const LOST = { answer: 'unknown', acts: false } as const;

const countsOf = async (runId: number): Promise<unknown> => (await fakes.store.runs.get(runId))?.counts;

/** Somebody edits the record after A2, right before our request comes. */
function editedUnderway(meanwhile: () => void): void {
  const update = fakes.tidsbanken.update.bind(fakes.tidsbanken);
  fakes.tidsbanken.update = async (request) => {
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000077' });
    meanwhile();
    return update(request);
  };
}

describe('7.4: `sync --wait` sends again, in the same run, what was not applied', () => {
  it.each([
    { lost: 1, state: 'verified', sent: 2 },
    { lost: 2, state: 'verified', sent: 3 },
    { lost: 3, state: 'notPersisted', sent: 3 },
  ])('an update that is lost $lost time(s): $state', async ({ lost, state, sent }) => {
    const [id = ''] = await customersInStep(fakes, 1);
    const before = fakes.tidsbanken.received.length;
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    fakes.tidsbanken.answer(...Array.from({ length: lost }, () => LOST));
    const run = await fakes.run({ wait: true });
    expect((await fakes.states()).at(-1)).toBe(state);
    expect(fakes.tidsbanken.received).toHaveLength(before + sent);
    const isDone = state === 'verified';
    expect(run.buckets).toMatchObject({ inStep: isDone ? run.read : 0 });
  });

  it.each([
    { lost: 1, state: 'verified', sent: 2 },
    { lost: 3, state: 'manual', sent: 3 },
  ])('a create that is lost $lost time(s): $state', async ({ lost, state, sent }) => {
    fakes.customerp.put('customer', customer('10001'));
    fakes.tidsbanken.answer(...Array.from({ length: lost }, () => LOST));
    await fakes.run({ wait: true });
    expect(await fakes.states()).toEqual([state]);
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it('without it, the next run does', async () => {
    fakes.customerp.put('customer', customer('10001'));
    fakes.tidsbanken.answer(LOST);
    await fakes.run();
    expect(await fakes.states()).toEqual(['unknown']);
  });
});

describe('section 8: 409 or 412 on an update', () => {
  beforeEach(async () => {
    fakes.tidsbanken.can('customer', { conditionalWrite: true });
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041' });
  });

  it('S4: the next pass plans from the record as it is now', async () => {
    editedUnderway(() => undefined);
    await fakes.run();
    expect((await fakes.states()).slice(1)).toEqual([]);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Telefon: '90000077' });
  });

  it('S4: where it cannot be read again, nothing is planned for it in this run', async () => {
    editedUnderway(() => fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' }));
    const run = await fakes.run();
    expect((await fakes.states()).slice(1)).toEqual([]);
    expect(run.buckets).toMatchObject({ failed: 2 });
    expect(await fakes.mismatchKinds()).toEqual([]);
  });
});

describe('Z8: a run that was cut short', () => {
  it('is closed with the counts of what it read and wrote', async () => {
    for (const number of ['10001', '10002']) fakes.customerp.put('customer', customer(number));
    const crash = crashAt('after', (step) => step === 'changes.advance:verified');
    await expect(fakes.run({ through: crash.through })).rejects.toThrow('Crash');
    const { runId } = await fakes.run(PREVIEW);
    expect(await fakes.store.runs.get(runId - 1)).toMatchObject({ state: 'interrupted' });
    expect(await countsOf(runId - 1)).toMatchObject({
      'customer-kunde': {
        read: { customerp: 2, tidsbanken: 0 },
        created: { customerp: 0, tidsbanken: 1 },
        updated: { customerp: 0, tidsbanken: 0 },
        links: 1,
        proposed: 2,
        inStep: 0,
      },
    });
  });

  it('Z2: without a plan it is aborted, and tells what it read', async () => {
    fakes.customerp.put('customer', customer('10001'));
    const crash = crashAt('before', (step) => step === 'plans.save');
    await expect(fakes.run({ through: crash.through })).rejects.toThrow('Crash');
    const { runId } = await fakes.run(PREVIEW);
    expect(await fakes.store.runs.get(runId - 1)).toMatchObject({ state: 'aborted' });
    expect(await countsOf(runId - 1)).toMatchObject({ 'customer-kunde': { read: { customerp: 1, tidsbanken: 0 } } });
  });
});

describe('T5: an approval lapses by the latest time that was ever seen', () => {
  const seenBy: readonly { readonly how: string; readonly see: () => Promise<unknown> }[] = [
    { how: 'a run of another kind', see: () => fakes.run({ ...PREVIEW, kinds: ['department'] }) },
    { how: 'the heartbeat of a run', see: () => fakes.store.runs.heartbeat('test') },
    {
      how: 'a decision',
      see: () =>
        fakes.store.decisions.add({
          person: 'tester',
          itemType: 'change',
          itemId: 99,
          fingerprint: '',
          take: 'later',
          group: null,
        }),
    },
  ];

  it.each(seenBy)('seen by $how, whatever the clock says after a restart', async ({ see }) => {
    fakes.close();
    fakes = new Fakes({ inFile: true });
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run({ mode: 'preview', approve: null });
    await fakes.store.changes.approve(1, 'all', 'tester', true, []);
    fakes.clock.advance(8 * DAY);
    await see();
    fakes.clock.turnBack(8 * DAY);
    fakes.reopen();
    await fakes.apply();
    expect(await fakes.states()).toEqual(['planned']);
    expect(received('tidsbanken')).toBe(0);
  });

  it('not seen, it still holds', async () => {
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run({ mode: 'preview', approve: null });
    await fakes.store.changes.approve(1, 'all', 'tester', true, []);
    await fakes.apply();
    expect(await fakes.states()).toEqual(['verified']);
  });
});

const received = (side: Side): number => fakes.of(side).received.length;
