import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashAt } from '../testing/crash-at.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import { customersInStep } from '../testing/records.ts';

/** The update protocol (7.1) and what verify makes of it (section 9), on a Tidsbanken that replaces whole objects. */

let fakes: Fakes;
let id: string;
const KUNDE = '10001';

beforeEach(async () => {
  fakes = new Fakes();
  [id = ''] = await customersInStep(fakes, 1);
});
afterEach(() => fakes.close());

/** Plans and approves, and lets something happen before the approved is applied. */
async function approvedThen(meanwhile: () => void): Promise<void> {
  await fakes.run({ mode: 'preview', approve: null });
  for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'tester', false, []);
  meanwhile();
  await fakes.apply();
}

const inStep = async (): Promise<void> => {
  await fakes.run();
  const last = await fakes.run({ full: true });
  expect(last.buckets).toMatchObject({ inStep: last.read });
};

describe('A3: what was approved against what is there, group by group', () => {
  it('target = desired: noop, base set, nothing sent', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await approvedThen(() => fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000041' }));
    expect(await fakes.states()).toEqual(['noop']);
    expect(fakes.tidsbanken.received).toEqual([]);
    const link = await fakes.store.links.of('customer', 'customerp', id);
    expect(link?.base.tidsbanken['phone']).toBe('+4790000041');
    await inStep();
  });

  it('I2: target ≠ expected: stale, and the edit that nobody had seen stays', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await approvedThen(() => fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000042' }));
    expect(await fakes.states()).toEqual(['stale']);
    expect(fakes.tidsbanken.received).toEqual([]);
    await fakes.run();
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
  });

  it('source ≠ desired: stale, once the source is old enough to be read again (A2)', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await approvedThen(() => {
      fakes.clock.advance(5 * 60_000 + 1);
      fakes.customerp.edit('customer', id, { phone: '90000043' });
    });
    expect((await fakes.changes())[0]?.state).toBe('stale');
    await inStep();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: '+4790000043' });
  });

  it.each([
    { direction: 'toCustomerp', state: 'stale' },
    { direction: 'off', state: 'stale' },
    { direction: 'toTidsbanken', state: 'verified' },
  ] as const)(
    'D6, I11: a direction narrowed to $direction since the approval: $state',
    async ({ direction, state }) => {
      const link = await fakes.store.links.of('customer', 'customerp', id);
      fakes.customerp.edit('customer', id, { phone: '90000041' });
      await fakes.run(PREVIEW);
      const [change] = await fakes.changes();
      await fakes.store.changes.approve(change?.id ?? 0, 'all', 'tester', false, []);
      await fakes.store.links.setDirection(link?.id ?? 0, direction, { event: 'directionSet' });
      await fakes.apply();
      expect((await fakes.changes())[0]?.state).toBe(state);
      expect(fakes.tidsbanken.received).toHaveLength(state === 'verified' ? 1 : 0);
    },
  );

  it('each group by itself: one is kept and written, one is noop, one is stale', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041', mobile: '90000042', website: 'https://a.example' });
    await approvedThen(() => fakes.tidsbanken.edit('customer', KUNDE, { Mobil: '90000042', Url: 'https://b.example' }));
    const [change] = await fakes.changes();
    expect(change).toMatchObject({ state: 'verified' });
    expect([...(fakes.tidsbanken.received[0]?.values.keys() ?? [])]).toEqual(['Telefon']);
    expect(await fakes.events(change?.id)).toEqual(expect.arrayContaining(['groupNoop', 'groupStale', 'verified']));
    await fakes.run();
    expect((await fakes.mismatches()).map((m) => [m.mismatch, m.group])).toEqual([['bothEdited', 'website']]);
  });

  it('a group that dropped out is not taken for a failed write after a crash', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041', website: 'https://a.example' });
    await fakes.run({ mode: 'preview', approve: null });
    for (const change of await fakes.changes())
      await fakes.store.changes.approve(change.id, 'all', 'tester', false, []);
    fakes.tidsbanken.edit('customer', KUNDE, { Url: 'https://b.example' });
    const crash = crashAt('after', (step) => step === 'changes.advance:acked');
    await expect(fakes.apply({ through: crash.through })).rejects.toThrow('Crash');
    await fakes.run();
    expect(await fakes.states()).toEqual(['verified']);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
  });

  it('the target is gone: stale, and nothing is created in its place', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await approvedThen(() => fakes.tidsbanken.remove('customer', KUNDE));
    expect((await fakes.changes())[0]?.state).toBe('stale');
    expect(fakes.tidsbanken.received).toEqual([]);
  });

  it('only approved groups are written; the others wait as a change of their own', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041', mobile: '90000042' });
    await fakes.run({ mode: 'preview', approve: null });
    const [change] = await fakes.changes();
    await fakes.store.changes.approve(change?.id ?? 0, ['phone'], 'tester', false, []);
    await fakes.apply();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: '+4790000041', Mobil: '' });
    expect((await fakes.changes()).map((c) => [c.state, c.groups.map((g) => g.group)])).toEqual([
      ['verified', ['phone']],
      ['planned', ['mobile']],
    ]);
  });
});

describe('A4: what is sent', () => {
  it('I6: a full-object write carries every field that is not mapped as it was', async () => {
    fakes.tidsbanken.edit('customer', KUNDE, { Kontaktperson: 'Prøve Person', Betalingsbetingelser: '14 dager' });
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    const { problems } = await fakes.run();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({
      Telefon: '+4790000041',
      Kontaktperson: 'Prøve Person',
      Betalingsbetingelser: '14 dager',
    });
    expect(problems).toEqual([]);
  });

  it('a partial update carries the touched fields only', async () => {
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000041' });
    await fakes.run();
    expect(fakes.customerp.received.map((r) => [...r.values])).toEqual([[['phone', '+4790000041']]]);
  });

  it('A6: a conditional write that comes too late is stale', async () => {
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000041' });
    const update = fakes.customerp.update.bind(fakes.customerp);
    fakes.customerp.update = async (request) => {
      fakes.customerp.edit('customer', id, { phone: '90000042' });
      fakes.customerp.update = update;
      return update(request);
    };
    await fakes.run();
    expect((await fakes.changes())[0]?.state).toBe('stale');
    expect(fakes.customerp.received).toHaveLength(1);
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: '90000042' });
  });

  it('I18: ⊥ is written where it was observed as ⊥, in the clear form of the target', async () => {
    fakes.customerp.edit('customer', id, { email: null });
    await fakes.run();
    expect(fakes.tidsbanken.received[0]?.values.get('Epost')).toBe('');
  });
});

describe('section 9', () => {
  beforeEach(() => fakes.customerp.edit('customer', id, { phone: '90000041' }));

  it('W1: read back as desired: verified, and the base holds what both sides hold (I7)', async () => {
    await fakes.run();
    const link = await fakes.store.links.of('customer', 'customerp', id);
    expect(link?.base.customerp['phone']).toBe('+4790000041');
    expect(link?.base.tidsbanken['phone']).toBe('+4790000041');
  });

  it('W1: an edit of the source that came after the write is no part of the base', async () => {
    fakes.tidsbanken.answer({ answer: 'acked' });
    const crash = crashAt('after', (step) => step === 'changes.advance:acked');
    await expect(fakes.run({ through: crash.through })).rejects.toThrow('Crash');
    // The next run cannot read back, but it reads the new edit; the run after it reads back.
    fakes.customerp.edit('customer', id, { phone: '90000055' });
    fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' });
    await fakes.run();
    expect(await fakes.states()).toEqual(['acked']);
    await inStep();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: '+4790000055' });
  });

  it('W2: still as before: read again up to 3 times in 30 s, then notPersisted and frozen', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: false });
    const start = fakes.clock.monotonic();
    const { problemKinds } = await fakes.run();
    expect(problemKinds).toEqual(['notPersisted']);
    expect(fakes.clock.monotonic() - start).toBeGreaterThanOrEqual(30_000);
    expect(fakes.clock.monotonic() - start).toBeLessThan(31_000);
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(await fakes.mismatchKinds()).toEqual(['notPersisted']);
  });

  it('W2: a system that shows the write late is verified without a second one', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: true, afterMs: 9_000 });
    await fakes.run();
    expect(await fakes.states()).toEqual(['verified']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('W3: read back as something else: transformed, base unchanged, frozen', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Telefon: '90000099' }) });
    const { problemKinds } = await fakes.run();
    expect(problemKinds).toEqual(['transformed']);
    const link = await fakes.store.links.of('customer', 'customerp', id);
    expect(link?.base.tidsbanken['phone']).toBeNull();
    expect(link?.frozen).toEqual({ phone: 'transformed' });
    await fakes.run({ full: true });
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(await fakes.mismatchKinds()).toEqual(['transformed']);
  });

  it('W3: the freeze ends when a side changes', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Telefon: '90000099' }) });
    await fakes.run();
    await fakes.run();
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '' });
    await inStep();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: '+4790000041' });
  });

  it('W3: one of two groups was transformed: the other one is verified in the base', async () => {
    fakes.customerp.edit('customer', id, { website: 'https://a.example', mobile: '90000042' });
    fakes.tidsbanken.answer({
      answer: 'acked',
      keeps: (raw) => ({ ...raw, Telefon: '90000099', Mobil: '90000098' }),
    });
    await fakes.run();
    const link = await fakes.store.links.of('customer', 'customerp', id);
    expect(link?.base.tidsbanken).toMatchObject({ website: 'https://a.example', phone: null, mobile: null });
    expect(link?.frozen).toEqual({ phone: 'transformed', mobile: 'transformed' });
  });

  it('W4: a full-object write that touched another field is reported', async () => {
    fakes.tidsbanken.edit('customer', KUNDE, { Kontaktperson: 'Prøve Person' });
    fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Kontaktperson: '' }) });
    const { problems } = await fakes.run();
    expect(problems.map((p) => p.kind)).toEqual(['otherFieldsChanged']);
    expect(problems[0]?.what).toContain('Kontaktperson');
  });

  it('W5, I4: the run after a verified run sends nothing', async () => {
    await fakes.run();
    await fakes.run();
    await fakes.run({ full: true });
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(fakes.customerp.received).toEqual([]);
  });
});

describe('an edit that a single reading saw (A2, A8) is not lost', () => {
  it('another group of the target was edited, and the write then failed', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    fakes.tidsbanken.answer({ answer: 'refused' });
    await approvedThen(() => fakes.tidsbanken.edit('customer', KUNDE, { Url: 'https://b.example' }));
    await inStep();
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ website: 'https://b.example' });
  });

  it('another group of the source was edited, and the change was found stale', async () => {
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await approvedThen(() => {
      fakes.clock.advance(5 * 60_000 + 1);
      fakes.customerp.edit('customer', id, { website: 'https://a.example' });
      fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' });
    });
    await inStep();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Url: 'https://a.example' });
  });

  it('a record in no open change was read, and then nothing came of it', async () => {
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000041' });
    await fakes.run(PREVIEW);
    fakes.customerp.edit('customer', id, { website: 'https://a.example', phone: '90000041' });
    for (const change of await fakes.changes())
      await fakes.store.changes.approve(change.id, 'all', 'tester', false, []);
    await fakes.apply();
    await inStep();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Url: 'https://a.example' });
  });
});
