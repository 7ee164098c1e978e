import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kind } from '../../shared/domain.ts';
import type { NewChange } from './changes.ts';
import type { NewMismatch } from './mismatches.ts';
import type { PlanPart } from './plans.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';
import { openChanges, openMismatches } from './open-items.fixture.ts';

/** Z2: what a plan under way has drafted is kept with it, whole and in its order, or not at all. */

let store: Store;
beforeEach(() => {
  const opened = openStore(':memory:', () => 1_000);
  if (!opened.ok) throw new Error(opened.failure.what);
  store = opened.value;
});
afterEach(() => store.close());

const change = (kind: Kind, id: string): NewChange => ({
  kind,
  op: 'create',
  target: 'tidsbanken',
  linkId: null,
  customerpId: id,
  tidsbankenId: null,
  groups: [{ group: 'name', row: 'create', needs: 'auto', members: [], fingerprint: `name-${id}`, approved: false }],
  needs: 'auto',
  fingerprint: id,
  versions: { mapping: '1', policy: '1', tenant: '1' },
  waitsFor: [{ side: 'customerp', kind: 'department', nativeId: 'd1' }],
  label: `Fjordlys ${id} AS`,
  state: 'planned',
  origin: 'plan',
  approvedBy: null,
  approvedAt: null,
  rail: null,
});

const mismatch = (kind: Kind, id: string): NewMismatch => ({
  kind,
  mismatch: 'severalCandidates',
  linkId: null,
  customerpId: id,
  tidsbankenId: null,
  group: null,
  detail: { keys: 'number' },
  suggests: null,
  takes: ['ignore', 'later'],
  candidates: ['10001', '10002'],
  fingerprint: id,
  label: `Fjordlys ${id} AS`,
});

const part = (kind: Kind, values: Partial<PlanPart>): PlanPart => ({
  kind,
  held: [],
  mismatches: 0,
  supersede: [],
  rails: [],
  seenAgain: [],
  gone: [],
  buckets: [],
  pairBuckets: [],
  matched: false,
  cleanLinks: [],
  journal: [],
  ...values,
});

/** Drafts a page of creates and of findings of one kind, behind those that wait already. */
const stage = (kind: Kind, from: { changes: number; mismatches: number }, ids: readonly string[]): Promise<void> =>
  store.drafts.stage({
    from,
    changes: ids.map((id) => change(kind, id)),
    mismatches: ids.map((id) => mismatch(kind, `m${id}`)),
  });

async function save(...parts: readonly PlanPart[]): Promise<number> {
  const runId = await store.runs.begin('manual', 'all', false);
  return store.plans.save({ runId, at: 1, versions: {}, digest: 'd', parts }, []);
}

const drafted = async (kind: Kind): Promise<unknown[]> =>
  (await openChanges(store, kind)).map(({ id, customerpId, rail }) => [id, customerpId, rail]);

const START = { changes: 0, mismatches: 0 };

describe('drafts of a plan (Z2)', () => {
  it('come kind by kind in the order of the plan, however the kinds took turns, with the rails that hold them', async () => {
    await stage('project', START, ['p1']);
    await stage('customer', START, ['c1', 'c2']);
    await stage('project', { changes: 1, mismatches: 1 }, ['p2']);
    await stage('customer', { changes: 2, mismatches: 2 }, ['c3']);
    const held = [
      { rail: 'S7', count: 1 },
      { rail: null, count: 2 },
    ];
    await save(
      part('customer', { held, mismatches: 3 }),
      part('project', { held: [{ rail: 'S1:create', count: 2 }], mismatches: 2 }),
    );
    expect(await drafted('customer')).toEqual([
      [1, 'c1', 'S7'],
      [2, 'c2', null],
      [3, 'c3', null],
    ]);
    expect(await drafted('project')).toEqual([
      [4, 'p1', 'S1:create'],
      [5, 'p2', 'S1:create'],
    ]);
    const found = [...(await openMismatches(store, 'customer')), ...(await openMismatches(store, 'project'))];
    expect(found.map(({ id, customerpId }) => [id, customerpId])).toEqual([
      [1, 'mc1'],
      [2, 'mc2'],
      [3, 'mc3'],
      [4, 'mp1'],
      [5, 'mp2'],
    ]);
  });

  it('are what they were when they were drafted', async () => {
    await stage('customer', START, ['c1']);
    const planId = await save(part('customer', { held: [{ rail: null, count: 1 }], mismatches: 1 }));
    expect(await openChanges(store, 'customer')).toMatchObject([
      { planId, createdAt: 1_000, ...change('customer', 'c1') },
    ]);
    expect(await openMismatches(store, 'customer')).toMatchObject([
      { firstSeenAt: 1_000, seenCount: 1, state: 'open', ...mismatch('customer', 'mc1') },
    ]);
  });

  it('wait no more once their plan is kept', async () => {
    await stage('customer', START, ['c1']);
    await save(part('customer', { held: [{ rail: null, count: 1 }], mismatches: 1 }));
    await stage('customer', START, ['c2']);
    await save(part('customer', { held: [{ rail: null, count: 1 }], mismatches: 1 }));
    expect((await openChanges(store, 'customer')).map((c) => c.customerpId)).toEqual(['c1', 'c2']);
  });

  it('of a plan that was never stored come into no other', async () => {
    await stage('customer', START, ['c1']);
    await store.drafts.discardStaged();
    await save(part('customer', {}));
    expect([await openChanges(store, 'customer'), await openMismatches(store, 'customer')]).toEqual([[], []]);
  });

  it.each([
    { missing: 'a change', held: 3, mismatches: 2, says: '3 changes drafted of customer, 2 wait' },
    { missing: 'a finding', held: 2, mismatches: 3, says: '3 findings drafted of customer, 2 wait' },
    { missing: 'nothing, and one change is not in it', held: 1, mismatches: 2, says: 'drafts that belong to no kind' },
  ])('a plan that lacks $missing is not kept', async ({ held, mismatches, says }) => {
    await stage('customer', START, ['c1', 'c2']);
    const plan = save(part('customer', { held: [{ rail: null, count: held }], mismatches }));
    await expect(plan).rejects.toThrow(says);
    expect([await openChanges(store, 'customer'), await openMismatches(store, 'customer')]).toEqual([[], []]);
  });
});

it('a rail that holds many open changes, or holds them no more, is noted of each (S1)', async () => {
  await stage('customer', START, ['c1', 'c2', 'c3']);
  await save(part('customer', { held: [{ rail: 'S7', count: 3 }], mismatches: 3 }));
  const rails = [
    { rail: 'S1:create', changeIds: [1, 3] },
    { rail: null, changeIds: [2] },
  ];
  await save(part('customer', { rails, seenAgain: [1, 2], gone: [3] }));
  expect((await openChanges(store, 'customer')).map(({ rail }) => rail)).toEqual(['S1:create', null, 'S1:create']);
  expect((await openMismatches(store, 'customer')).map(({ seenCount }) => seenCount)).toEqual([2, 2]);
});
