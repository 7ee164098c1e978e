import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeState } from '../../../shared/domain.ts';
import type { FakeSystem, Scripted } from '../testing/fake-system.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { customer, customersInStep, kunde } from '../testing/records.ts';

/**
 * Section 8, row by row: what one write came to, what stands after the run, and what stands once the settle time is over
 * and the next run has looked. `sent` counts requests, `landed` what they did: I3 and I8 hold when it never exceeds one.
 */
interface Row {
  readonly answers: readonly Scripted[];
  readonly after: ChangeState;
  readonly finally: ChangeState;
  readonly sent: number;
  readonly landed?: number;
}

const many = (count: number, scripted: Scripted): Scripted[] => Array.from({ length: count }, () => scripted);
const LOST: Scripted = { answer: 'unknown', acts: false };
const LANDED: Scripted = { answer: 'unknown', acts: true };
const LATE: Scripted = { answer: 'unknown', acts: true, afterMs: 90_000 };
const SETTLE_MS = 121_000;

let fakes: Fakes;
afterEach(() => fakes.close());

async function stateOf(index: number): Promise<ChangeState | undefined> {
  return (await fakes.changes())[index]?.state;
}

/** I8: each request that came in had its `sending` row before it; and each attempt's outcome is told (J1). */
async function journaled(index: number): Promise<{ sending: number; told: number }> {
  const events = await fakes.events((await fakes.changes())[index]?.id);
  const told = new Set([
    'acknowledged',
    'outcomeUnknown',
    'slowedDown',
    'notSent',
    'stale',
    'failed',
    'idCollision',
    'adopted',
  ]);
  return { sending: count(events, 'sending'), told: events.filter((event) => told.has(event)).length };
}
const count = (events: readonly string[], event: string): number => events.filter((e) => e === event).length;

describe('section 8, an update', () => {
  beforeEach(async () => {
    fakes = new Fakes();
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041' });
  });

  it.each<Row & { observation: string }>([
    { observation: 'a readable yes', answers: [{ answer: 'acked' }], after: 'verified', finally: 'verified', sent: 1 },
    {
      observation: 'nothing was sent, once',
      answers: [{ answer: 'notSent' }],
      after: 'verified',
      finally: 'verified',
      sent: 2,
    },
    {
      observation: 'nothing was sent, each time',
      answers: many(3, { answer: 'notSent' }),
      after: 'approved',
      finally: 'verified',
      sent: 4,
    },
    { observation: 'unknown, landed', answers: [LANDED], after: 'unknown', finally: 'verified', sent: 1 },
    { observation: 'unknown, lost', answers: [LOST], after: 'unknown', finally: 'verified', sent: 2 },
    { observation: 'unknown, landed late', answers: [LATE], after: 'unknown', finally: 'verified', sent: 1 },
    { observation: '429', answers: [{ answer: 'slowDown' }], after: 'verified', finally: 'verified', sent: 2 },
    { observation: '409 or 412', answers: [{ answer: 'conflict' }], after: 'stale', finally: 'stale', sent: 2 },
    { observation: '401 or 403', answers: [{ answer: 'signInNeeded' }], after: 'failed', finally: 'failed', sent: 2 },
    { observation: 'another 4xx', answers: [{ answer: 'refused' }], after: 'failed', finally: 'failed', sent: 2 },
    {
      observation: 'a yes that kept nothing',
      answers: [{ answer: 'acked', acts: false }],
      after: 'notPersisted',
      finally: 'notPersisted',
      sent: 1,
      landed: 0,
    },
  ])('$observation: $after, then $finally', async (row) => {
    fakes.tidsbanken.answer(...row.answers);
    await fakes.run();
    expect(await stateOf(0)).toBe(row.after);
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await stateOf(0)).toBe(row.finally);
    expect(fakes.tidsbanken.received).toHaveLength(row.sent);
    expect(fakes.tidsbanken.ourDeeds).toHaveLength(row.landed ?? 1);
    const { sending, told } = await journaled(0);
    expect(told).toBeGreaterThanOrEqual(sending);
  });

  it('7.4: an update that was lost three times is notPersisted, and not sent a fourth time', async () => {
    fakes.tidsbanken.answer(...many(3, LOST));
    for (let run = 0; run < 5; run++) {
      await fakes.run();
      fakes.clock.advance(SETTLE_MS);
    }
    expect(await stateOf(0)).toBe('notPersisted');
    expect(fakes.tidsbanken.received).toHaveLength(3);
    expect(await fakes.mismatchKinds()).toEqual(['notPersisted']);
  });

  it('7.4: before the settle time is over nobody looks and nothing is sent', async () => {
    fakes.tidsbanken.answer(LATE);
    await fakes.run();
    fakes.clock.advance(60_000);
    const before = await fakes.run();
    expect(await stateOf(0)).toBe('unknown');
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(before.buckets).toMatchObject({ mismatch: before.read });
    expect(await fakes.mismatchKinds()).toEqual(['outcomeUnknown']);
  });

  it('7.4: a run that waits settles it by itself', async () => {
    fakes.tidsbanken.answer(LATE);
    await fakes.run({ wait: true });
    expect(await stateOf(0)).toBe('verified');
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('7.4: where the clock went back, the whole settle time is waited again', async () => {
    fakes.tidsbanken.answer(LATE);
    await fakes.run();
    fakes.clock.turnBack(3_600_000);
    await fakes.run();
    fakes.clock.advance(SETTLE_MS / 2);
    await fakes.run();
    expect(await stateOf(0)).toBe('unknown');
    fakes.clock.advance(SETTLE_MS / 2 + 1_000);
    await fakes.run();
    expect(await stateOf(0)).toBe('verified');
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('7.4: edited meanwhile by somebody else, it is stale and what they wrote stays', async () => {
    fakes.tidsbanken.answer(LOST);
    await fakes.run();
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000077' });
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await stateOf(0)).toBe('stale');
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Telefon: '90000077' });
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
  });

  it('V4: what failed is counted as failed, and proposed again by the next run', async () => {
    fakes.tidsbanken.answer({ answer: 'refused' });
    const failed = await fakes.run();
    expect(failed.buckets).toMatchObject({ failed: failed.read });
    const next = await fakes.run({ full: true });
    expect(next.buckets).toMatchObject({ inStep: next.read });
    expect(await fakes.states()).toEqual(['failed', 'verified']);
  });
});

interface Way {
  readonly name: string;
  readonly target: 'customerp' | 'tidsbanken';
  readonly arrange: () => void;
}

const WAYS: readonly Way[] = [
  {
    name: 'with a chosen id',
    target: 'tidsbanken',
    arrange: () => void fakes.customerp.put('customer', customer('10001')),
  },
  {
    name: 'with a marker',
    target: 'customerp',
    arrange: () => void fakes.tidsbanken.put('customer', kunde('10001')),
  },
  {
    name: 'with neither',
    target: 'customerp',
    arrange: () => {
      fakes.customerp.can('customer', { markerField: null });
      fakes.tidsbanken.put('customer', kunde('10001'));
    },
  },
];

describe.each(WAYS)('section 8, a create $name', ({ name, target, arrange }) => {
  let system: FakeSystem;
  const isNeither = name === 'with neither';
  beforeEach(() => {
    const inBoth = { rule: 'every', automatic: false } as const;
    fakes = new Fakes({ mapping: (flow) => ({ ...flow, create: { customerp: inBoth, tidsbanken: inBoth } }) });
    system = fakes.of(target);
    arrange();
  });

  it.each<Row & { observation: string }>([
    { observation: 'a readable yes', answers: [{ answer: 'acked' }], after: 'verified', finally: 'verified', sent: 1 },
    {
      observation: 'a yes without the id',
      answers: [{ answer: 'ackedWithoutId' }],
      after: target === 'tidsbanken' ? 'verified' : 'unknown',
      finally: target === 'tidsbanken' ? 'verified' : 'noop',
      sent: 1,
    },
    {
      observation: 'nothing was sent, once',
      answers: [{ answer: 'notSent' }],
      after: 'verified',
      finally: 'verified',
      sent: 2,
    },
    {
      observation: 'nothing was sent, each time',
      answers: many(3, { answer: 'notSent' }),
      after: 'approved',
      finally: 'verified',
      sent: 4,
    },
    { observation: 'unknown, landed', answers: [LANDED], after: 'unknown', finally: 'noop', sent: 1 },
    { observation: 'unknown, landed late', answers: [LATE], after: 'unknown', finally: 'noop', sent: 1 },
    {
      observation: 'unknown, lost',
      answers: [LOST],
      after: 'unknown',
      finally: isNeither ? 'manual' : 'verified',
      sent: isNeither ? 1 : 2,
      landed: isNeither ? 0 : 1,
    },
    { observation: '429', answers: [{ answer: 'slowDown' }], after: 'verified', finally: 'verified', sent: 2 },
    { observation: '401 or 403', answers: [{ answer: 'signInNeeded' }], after: 'failed', finally: 'failed', sent: 2 },
    { observation: 'another 4xx', answers: [{ answer: 'refused' }], after: 'failed', finally: 'failed', sent: 2 },
  ])('$observation: $after, then $finally', async (row) => {
    system.answer(...row.answers);
    await fakes.run();
    expect(await stateOf(0)).toBe(row.after);
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await stateOf(0)).toBe(row.finally);
    expect(system.received).toHaveLength(row.sent);
    expect(system.ourDeeds).toHaveLength(row.landed ?? 1);
    expect(system.all('customer')).toHaveLength(row.landed ?? 1);
    const { sending, told } = await journaled(0);
    expect(told).toBeGreaterThanOrEqual(sending);
  });

  it('I3: whatever was found again is linked and in step, once', async () => {
    system.answer(LATE);
    await fakes.run({ wait: true });
    const last = await fakes.run({ full: true });
    expect(last.buckets).toMatchObject({ inStep: 2 });
    expect(system.all('customer')).toHaveLength(1);
    expect(system.received).toHaveLength(1);
  });

  it('7.4: lost three times is manual, and never sent a fourth time', async () => {
    system.answer(...many(3, LOST));
    for (let run = 0; run < 5; run++) {
      await fakes.run();
      fakes.clock.advance(SETTLE_MS);
    }
    expect(await stateOf(0)).toBe('manual');
    expect(system.received).toHaveLength(isNeither ? 1 : 3);
    expect(await fakes.mismatchKinds()).toEqual(['outcomeUnknown']);
  });

  it('7.4: each attempt uses the same id and marker', async () => {
    system.answer(LOST);
    await fakes.run();
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    const used = system.received.map((r) => JSON.stringify([r.nativeId, r.values.get('externalReference')]));
    expect(new Set(used).size).toBe(1);
  });

  it('409: a look tells that the id is not free', async () => {
    system.answer({ answer: 'conflict' });
    const { problemKinds } = await fakes.run();
    expect(await stateOf(0)).toBe('stale');
    expect(problemKinds).toEqual(['idCollision']);
    expect(system.ourDeeds).toEqual([]);
  });
});
