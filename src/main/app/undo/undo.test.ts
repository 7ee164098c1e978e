import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UndoRow, UndoSummary } from '../../../shared/contract/views.ts';
import type { UndoScope } from '../../store/undos.ts';
// oxlint-disable-next-line no-restricted-imports -- the systems of the engine's own tests
import { customer, customersInStep, kunde, project } from '../../sync/testing/records.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { Fakes, PREVIEW, SAFE } from '../../sync/testing/run-on-fakes.ts';
import { loadPair } from '../records/pair-in-view.ts';
import { propertyViews } from '../views.ts';
import { undoOf } from './undo.ts';

/** 7.5 through the service: on a real store, with two systems that answer as the presets say. */

let fakes: Fakes;
let ids: string[];

beforeEach(async () => {
  fakes = new Fakes();
  ids = await customersInStep(fakes, 8);
});
afterEach(() => fakes.close());

const service = () =>
  undoOf({
    store: fakes.store,
    flows: fakes.flows,
    connectors: { customerp: fakes.customerp, tidsbanken: fakes.tidsbanken },
    versions: { policy: '1', tenant: '1' },
    settings: fakes.settings,
    clock: fakes.clock,
    holder: 'here:1:test',
    person: 'tester',
  });

async function preview(scope: UndoScope): Promise<UndoSummary> {
  const answer = await service().undoPreview(scope);
  if (!answer.ok) throw new Error(answer.failure.what);
  return answer.value;
}
async function rows(scope: UndoScope, outcome: UndoRow['outcome'], slice = { offset: 0, limit: 100 }) {
  const answer = await service().undoRows(scope, outcome, slice);
  if (!answer.ok) throw new Error(answer.failure.what);
  return answer.value;
}
async function propose(scope: UndoScope) {
  const answer = await service().proposeUndo(scope);
  if (!answer.ok) throw new Error(answer.failure.what);
  return answer.value;
}
async function approveOpen(): Promise<void> {
  for (const id of await fakes.store.changes.idsIn(['planned']))
    await fakes.store.changes.approve(id, 'all', 'tester', true, []);
}
const undos = async () => (await fakes.changes()).filter((c) => c.origin === 'undo');

const BEFORE = '+4790000041';
const AFTER = '+4790000042';
/** The n-th customer, from 0, in Tidsbanken. */
const kundeId = (n: number): string => String(10_001 + n);
const phoneOf = (n: number): unknown => fakes.tidsbanken.raw('customer', kundeId(n))['Telefon'];

/** A run that carries a phone number over to so many; before it they had another. */
async function wrongRun(count: number): Promise<number> {
  for (const id of ids.slice(0, count)) fakes.customerp.edit('customer', id, { phone: BEFORE });
  await fakes.run();
  for (const id of ids.slice(0, count)) fakes.customerp.edit('customer', id, { phone: AFTER });
  return (await fakes.run()).runId;
}

describe('undo of a run', () => {
  it('spares what was edited since, takes the rest back, and nothing comes after it (I4)', async () => {
    const run = await wrongRun(4);
    fakes.tidsbanken.edit('customer', kundeId(3), { Telefon: '90000049' });
    await fakes.run(PREVIEW);
    expect(await preview({ run })).toEqual({ reversed: 3, kept: 1, cannot: 0 });
    expect((await rows({ run }, 'kept')).rows).toMatchObject([{ tidsbankenId: kundeId(3), why: 'editedSince' }]);
    expect((await rows({ run }, 'reversed')).rows[0]?.values).toEqual([
      { property: 'phone', type: 'phone', written: AFTER, now: AFTER, before: BEFORE },
    ]);
    expect(await propose({ run })).toMatchObject({ changes: 3, groups: 3, missed: 0 });
    await approveOpen();
    await fakes.apply();
    expect([0, 1, 2, 3].map(phoneOf)).toEqual([BEFORE, BEFORE, BEFORE, '90000049']);
    expect((await undos()).map((c) => c.state)).toEqual(['verified', 'verified', 'verified']);
    const sent = [...fakes.tidsbanken.received].length;
    await fakes.run({ ...SAFE, full: true });
    expect(fakes.tidsbanken.received).toHaveLength(sent);
    expect(phoneOf(0)).toBe(BEFORE);
  });

  it('an edit that was not read before the proposal is found right before the write, and kept (A3, I2)', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    await approveOpen();
    fakes.tidsbanken.edit('customer', kundeId(0), { Telefon: '90000049' });
    const { problems } = await fakes.apply();
    expect((await undos()).map((c) => c.state)).toEqual(['stale']);
    expect(phoneOf(0)).toBe('90000049');
    expect(problems[0]?.what).toContain('left as it is');
  });

  it('an edit that a run reads before the approval ends the proposal (I14)', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    fakes.tidsbanken.edit('customer', kundeId(0), { Telefon: '90000049' });
    await fakes.run(PREVIEW);
    expect((await undos()).map((c) => c.state)).toEqual(['superseded']);
    expect(await fakes.events((await undos())[0]?.id)).toContain('undoKept');
  });

  it('is paged, each list by itself', async () => {
    const run = await wrongRun(5);
    const page = await rows({ run }, 'reversed', { offset: 3, limit: 10 });
    expect([page.total, page.rows.length]).toEqual([5, 2]);
    expect(await rows({ run }, 'kept')).toEqual({ total: 0, rows: [] });
  });

  it('D3: no run approves it by itself, not even with --approve all; the record waits meanwhile', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    fakes.customerp.edit('customer', ids[0] ?? '', { email: 'ny@fjordlys.example' });
    const last = await fakes.run();
    expect((await undos()).map((c) => c.state)).toEqual(['planned']);
    expect(last.buckets.proposed).toBe(2);
    await approveOpen();
    await fakes.apply();
    await fakes.run();
    expect(fakes.tidsbanken.raw('customer', kundeId(0))).toMatchObject({
      Telefon: BEFORE,
      Epost: 'ny@fjordlys.example',
    });
  });

  it('rejected, it is gone, and what waited for it comes', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    fakes.customerp.edit('customer', ids[0] ?? '', { email: 'ny@fjordlys.example' });
    await fakes.run(PREVIEW);
    const [undo] = await undos();
    await fakes.store.changes.reject(undo?.id ?? 0, 'all', []);
    await fakes.run();
    expect(fakes.tidsbanken.raw('customer', kundeId(0))).toMatchObject({
      Telefon: AFTER,
      Epost: 'ny@fjordlys.example',
    });
  });

  it('proposed twice, there is one', async () => {
    const run = await wrongRun(2);
    await propose({ run });
    expect(await preview({ run })).toEqual({ reversed: 0, kept: 0, cannot: 2 });
    expect(await propose({ run })).toMatchObject({ changes: 0, groups: 0 });
    expect(await undos()).toHaveLength(2);
  });

  it('2.5: a proposal of the sync for the same record gives way, and one that was decided does not', async () => {
    const run = await wrongRun(2);
    for (const id of ids.slice(0, 2)) fakes.customerp.edit('customer', id, { website: 'https://fjordlys.example' });
    await fakes.run(PREVIEW);
    const [first] = await fakes.store.changes.idsIn(['planned']);
    await fakes.store.changes.approve(first ?? 0, 'all', 'tester', false, []);
    expect(await preview({ run })).toEqual({ reversed: 1, kept: 0, cannot: 1 });
    expect((await rows({ run }, 'cannot')).rows[0]?.why).toBe('openChange');
    await propose({ run });
    expect((await undos()).map((c) => c.state)).toEqual(['planned']);
  });

  it('S1: so many at once are held until their number was typed; a run lifts nothing', async () => {
    fakes.close();
    fakes = new Fakes();
    ids = await customersInStep(fakes, 40);
    const run = await wrongRun(30);
    const { rails } = await propose({ run });
    expect(rails).toEqual(['S1:update']);
    expect(new Set((await undos()).map((c) => c.rail))).toEqual(new Set(['S1:update']));
    await fakes.run();
    expect(new Set((await undos()).map((c) => `${c.state} ${String(c.rail)}`))).toEqual(new Set(['planned S1:update']));
    await approveOpen();
    await fakes.apply();
    expect(phoneOf(29)).toBe(BEFORE);
  });

  it('a run that is under way comes first', async () => {
    const run = await wrongRun(1);
    await fakes.store.runs.acquireLease(`${process.pid}`, 'sync');
    expect(await service().proposeUndo({ run })).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    expect(await undos()).toEqual([]);
  });

  it('what was taken back is shown as an accepted difference at once, without a sync in between', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    await approveOpen();
    await fakes.apply();
    const flow = fakes.flows.get('customer');
    if (flow === undefined) throw new Error('The flow of customers is off.');
    const pair = await loadPair(fakes.store, 'customer', { customerp: ids[0] ?? null, tidsbanken: kundeId(0) });
    const both = { customerp: AFTER, tidsbanken: BEFORE };
    expect(propertyViews(flow, pair).filter(({ differs }) => differs)).toMatchObject([
      { property: 'phone', ...both, base: both },
    ]);
  });

  it('an undo can be undone: the accepted difference ends where it began', async () => {
    const run = await wrongRun(1);
    await propose({ run });
    await approveOpen();
    const undone = (await fakes.apply()).runId;
    await propose({ run: undone });
    await approveOpen();
    await fakes.apply();
    expect(phoneOf(0)).toBe(AFTER);
    const last = await fakes.run({ full: true });
    expect(last.buckets.inStep).toBe(last.read);
  });
});

describe('undo of a created record', () => {
  it('X1: a project is proposed for closing, and no request ever deletes one', async () => {
    fakes.customerp.put('project', project('20001'));
    const { runId: run } = await fakes.run();
    expect(await preview({ run })).toEqual({ reversed: 1, kept: 0, cannot: 0 });
    await propose({ run });
    expect((await undos())[0]).toMatchObject({ op: 'archive', needs: 'review' });
    await approveOpen();
    await fakes.apply();
    expect(fakes.tidsbanken.raw('project', '20001')).toMatchObject({ Avsluttet: true });
    const last = await fakes.run({ full: true });
    expect(last.problemKinds).toEqual([]);
    expect(fakes.tidsbanken.raw('project', '20001')).toMatchObject({ Avsluttet: true });
  });

  it('a Kunde has no flag by which it could be closed: cannot', async () => {
    fakes.customerp.put('customer', customer('10020'));
    const { runId: run } = await fakes.run();
    expect((await rows({ run }, 'cannot')).rows).toMatchObject([{ group: 'create', why: 'cannotClose' }]);
    expect(fakes.tidsbanken.raw('customer', '10020')).toMatchObject(kunde('10020'));
  });
});

describe('undo of one change', () => {
  it('takes back that one', async () => {
    await wrongRun(2);
    const change = (await fakes.changes()).findLast((c) => c.state === 'verified')?.id ?? 0;
    expect(await preview({ change })).toEqual({ reversed: 1, kept: 0, cannot: 0 });
    await propose({ change });
    expect(await undos()).toHaveLength(1);
  });

  it.each([
    ['a run that is not there', { run: 999 }, 'notFound'],
    ['a change that is not there', { change: 999 }, 'notFound'],
  ] as const)('%s is refused', async (_, scope, kind) =>
    expect(await service().undoPreview(scope)).toMatchObject({ ok: false, failure: { kind } }),
  );

  it('a change that was never written is refused', async () => {
    fakes.customerp.edit('customer', ids[0] ?? '', { phone: BEFORE });
    await fakes.run(PREVIEW);
    const [change = 0] = await fakes.store.changes.idsIn(['planned']);
    expect(await service().undoPreview({ change })).toMatchObject({ ok: false, failure: { kind: 'refused' } });
  });
});
