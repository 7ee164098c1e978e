import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Decider } from '../../app/review/decide.ts';
import { LinkDesk } from '../../app/records/link-desk.ts';
import type { Take } from '../../../shared/domain.ts';
import { creationRules } from '../plan/match-kind.ts';
import type { FakeSystem } from '../testing/fake-system.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { customer, kunde } from '../testing/records.ts';

/** Creates that were acknowledged and made no pair: never there (W2), or not what was sent (K9). */

const SETTLE_MS = 121_000;
let fakes: Fakes;
let id: string;

beforeEach(() => {
  fakes = new Fakes();
  id = fakes.customerp.put('customer', customer('10001'));
});
afterEach(() => fakes.close());

const firstState = async () => (await fakes.states())[0];
const linkOfSource = () => fakes.store.links.of('customer', 'customerp', id);

/** A person takes a way out of the only open finding. */
async function decide(take: Take): Promise<void> {
  const workspace = {
    dir: '',
    config: {} as never, // nothing that decides looks at it
    store: fakes.store,
    connectors: { customerp: fakes.customerp, tidsbanken: fakes.tidsbanken },
    flows: fakes.flows,
    settings: fakes.settings,
    versions: { policy: '1', tenant: '1' },
    clock: fakes.clock,
    holder: 'test',
    person: 'tester',
  };
  const [mismatch] = await fakes.mismatches();
  const decided = await new Decider(workspace, new LinkDesk(workspace)).decideMismatch(mismatch?.id ?? 0, { take });
  expect(decided).toMatchObject({ ok: true });
}

describe('W2 for a new record that is not there when it is read back', () => {
  it('appears while it is read again: verified', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: true, afterMs: 8_000 });
    await fakes.run();
    expect(await firstState()).toBe('verified');
  });

  it('appears within the settle time: the next run verifies it', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: true, afterMs: 60_000 });
    await fakes.run();
    expect(await firstState()).toBe('acked');
    fakes.clock.advance(60_000);
    await fakes.run();
    expect(await firstState()).toBe('verified');
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 2 });
  });

  it('7.4: stands under another number than was told: it is found by its key and adopted, once', async () => {
    const create = fakes.tidsbanken.create.bind(fakes.tidsbanken);
    fakes.tidsbanken.create = async (request) => {
      await create(request);
      return { kind: 'acked', nativeId: '777' };
    };
    await fakes.run();
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await firstState()).toBe('noop');
    expect(await linkOfSource()).toMatchObject({ state: 'active', tidsbankenId: '10001', base: { tidsbanken: {} } });
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 2 });
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('7.4: its number is somebody else’s by then: idCollision, and no link is left', async () => {
    fakes.customerp.edit('customer', id, { organizationNumber: '923609016' });
    fakes.tidsbanken.create = async () => Promise.resolve({ kind: 'acked', nativeId: '777' });
    await fakes.run();
    fakes.tidsbanken.put('customer', kunde('10001', { Organisasjonsnummer: '974760673' }));
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await firstState()).toBe('stale');
    expect(await linkOfSource()).toBeNull();
    expect(await fakes.mismatchKinds()).toEqual(['keyContradiction']);
  });

  it('without --wait no run stands and waits for the settle time; with it, it does', async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: false });
    const before = fakes.clock.monotonic();
    await fakes.run();
    expect(await firstState()).toBe('acked');
    expect(fakes.clock.monotonic() - before).toBeLessThan(60_000);
    await fakes.run({ wait: true });
    expect(await firstState()).toBe('notPersisted');
  });
});

describe('a create that came to nothing', () => {
  beforeEach(async () => {
    fakes.tidsbanken.answer({ answer: 'acked', acts: false });
    await fakes.run();
    fakes.clock.advance(SETTLE_MS);
  });

  it('ends as notPersisted, its link is gone, and nobody sends it again unasked', async () => {
    const ended = await fakes.run();
    expect(ended.problemKinds).toContain('notPersisted');
    for (let n = 0; n < 3; n++) await fakes.run({ full: true });
    expect(await fakes.states()).toEqual(['notPersisted']);
    expect(await linkOfSource()).toBeNull();
    expect(await fakes.mismatches()).toEqual([
      expect.objectContaining({
        mismatch: 'notPersisted',
        linkId: null,
        customerpId: id,
        takes: ['create', 'ignore', 'later'],
      }),
    ]);
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ mismatch: 1, inStep: 0 });
  });

  it('K8: a person asks for it again, with the same number', async () => {
    await fakes.run();
    await decide('create');
    await fakes.run();
    expect(await fakes.states()).toEqual(['notPersisted', 'verified']);
    expect(fakes.tidsbanken.received.map((r) => r.nativeId)).toEqual(['10001', '10001']);
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 2 });
  });

  it('K8: its number is free for the same source only', async () => {
    await fakes.run();
    const context = { store: fakes.store, flows: fakes.flows, connectors: connectors() };
    const rules = await creationRules(context, 'customer', 'tidsbanken');
    await rules.learn([{ props: { number: '10001' } }]);
    expect(rules.of(id).chosenId?.isTaken('10001')).toBe(false);
    expect(rules.of('another').chosenId?.isTaken('10001')).toBe(true);
  });

  it('a person ignores it', async () => {
    await fakes.run();
    await decide('ignore');
    await fakes.run({ full: true });
    expect(await fakes.mismatchKinds()).toEqual([]);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('appears after all, long after: it is matched by its key, and not created twice (I3)', async () => {
    await fakes.run();
    fakes.tidsbanken.put('customer', kunde('10001'));
    await fakes.run({ full: true });
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ inStep: 2 });
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});

const connectors = (): { customerp: FakeSystem; tidsbanken: FakeSystem } => ({
  customerp: fakes.customerp,
  tidsbanken: fakes.tidsbanken,
});

describe.each(['upserts', 'unknown'] as const)('K9: where create on an existing id %s', (createOnExisting) => {
  beforeEach(async () => {
    fakes.tidsbanken.can('customer', { createOnExisting });
    fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Navn: 'En helt annen AS' }) });
    await fakes.run();
  });

  it('a read-back that differs is idCollision: no pair, and nothing further is written', async () => {
    expect(await firstState()).toBe('transformed');
    expect(await linkOfSource()).toBeNull();
    for (let n = 0; n < 3; n++) await fakes.run({ full: true });
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(fakes.customerp.received).toEqual([]);
    expect(await fakes.mismatches()).toEqual([
      expect.objectContaining({
        mismatch: 'idCollision',
        customerpId: id,
        tidsbankenId: '10001',
        takes: ['link', 'ignore', 'later'],
      }),
    ]);
    expect((await fakes.run({ full: true })).buckets).toMatchObject({ mismatch: 2 });
  });

  it('linked by a person: a pair with base none', async () => {
    await fakes.run();
    await decide('link');
    expect(await linkOfSource()).toMatchObject({ state: 'active', base: { customerp: {}, tidsbanken: {} } });
    await fakes.run({ full: true });
    expect(await fakes.mismatchKinds()).toEqual(['firstDifference']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('ignored by a person', async () => {
    await fakes.run();
    await decide('ignore');
    await fakes.run({ full: true });
    expect(await fakes.mismatchKinds()).toEqual([]);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});

it('K9: where create on an existing id rejects, a read-back that differs is transformed (W3)', async () => {
  fakes.tidsbanken.can('customer', { createOnExisting: 'rejects' });
  fakes.tidsbanken.answer({ answer: 'acked', keeps: (raw) => ({ ...raw, Navn: 'Fjordlys' }) });
  await fakes.run();
  expect(await firstState()).toBe('transformed');
  expect(await linkOfSource()).toMatchObject({ state: 'active' });
  expect(await fakes.mismatchKinds()).toEqual(['transformed']);
});
