import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeState, Props } from '../../shared/domain.ts';
import type { NewChange } from './changes.ts';
import type { CollectionEnd } from './collections.ts';
import type { NewLink } from './links.ts';
import type { PlanPart } from './plans.ts';
import type { StagedRecord } from './records.ts';
import { LEASE_SILENCE_MS } from './runs.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';
import { openChanges } from './open-items.fixture.ts';

let folder: string;
let path: string;
let now: number;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidsbro-store-'));
  path = join(folder, 'store.db');
  now = 1_000_000;
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Store {
  const result = openStore(path, () => now);
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

/** Reads and tampers past the repositories, as somebody with an editor could. */
function beside<T>(act: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return act(db);
  } finally {
    db.close();
  }
}

const link = (customerpId: string, tidsbankenId: string): NewLink => ({
  kind: 'customer',
  customerpId,
  tidsbankenId,
  origin: 'hand',
  keys: {},
});
const makeLink = async (customerpId: string, tidsbankenId: string): Promise<number> =>
  (await store.links.make([link(customerpId, tidsbankenId)], () => ({ event: 'linkMade' })))[0] ?? 0;

const change = (values: Partial<NewChange> = {}): NewChange => ({
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: null,
  customerpId: 'c1',
  tidsbankenId: '10001',
  groups: [
    { group: 'phone', row: 'R7', needs: 'auto', members: [], fingerprint: 'f-phone', approved: false },
    { group: 'email', row: 'R9', needs: 'review', members: [], fingerprint: 'f-email', approved: false },
  ],
  needs: 'review',
  fingerprint: 'f',
  versions: { mapping: '1', policy: '1', tenant: '1' },
  waitsFor: [],
  label: 'Fjordlys AS',
  state: 'planned',
  origin: 'plan',
  approvedBy: null,
  approvedAt: null,
  rail: null,
  ...values,
});

const PART: PlanPart = {
  kind: 'customer',
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
};

async function savePlan(changes: readonly NewChange[]): Promise<number> {
  const runId = await store.runs.begin('manual', 'all', false);
  await store.drafts.discardStaged();
  await store.drafts.stage({ from: { changes: 0, mismatches: 0 }, changes, mismatches: [] });
  const held = changes.map(({ rail }) => ({ rail, count: 1 }));
  return store.plans.save({ runId, at: now, versions: {}, digest: 'd', parts: [{ ...PART, held }] }, [
    { event: 'planned', runId },
  ]);
}

const firstId = async (): Promise<number> => (await openChanges(store, 'customer'))[0]?.id ?? 0;

const tamper = (sql: string): void =>
  beside((db) => {
    db.exec('DROP TRIGGER journal_is_append_only_update; DROP TRIGGER journal_is_append_only_delete;');
    db.exec(sql);
  });

describe('journal (J1, I22)', () => {
  beforeEach(() =>
    store.tell(['one', 'two', 'three'].map((event) => ({ event, item: 'change:1', detail: { b: 1, a: [event] } }))),
  );

  it('an untouched chain verifies, also after a new opening', async () => {
    expect(await store.journal.firstBrokenRow()).toBeNull();
    store.close();
    store = open();
    await store.tell([{ event: 'four' }]);
    expect(await store.journal.firstBrokenRow()).toBeNull();
  });

  it.each([
    { how: 'an event is renamed', sql: "UPDATE journal SET event = 'other' WHERE seq = 2", at: 2 },
    { how: 'a time is moved', sql: 'UPDATE journal SET at = at + 1 WHERE seq = 1', at: 1 },
    { how: 'a detail is rewritten', sql: `UPDATE journal SET detail = '{}' WHERE seq = 3`, at: 3 },
    { how: 'an item is taken away', sql: 'UPDATE journal SET item = NULL WHERE seq = 2', at: 2 },
    { how: 'a row is taken out', sql: 'DELETE FROM journal WHERE seq = 2', at: 3 },
    { how: 'the first row is taken out', sql: 'DELETE FROM journal WHERE seq = 1', at: 2 },
    {
      how: 'two rows change places',
      sql: 'UPDATE journal SET seq = 99 WHERE seq = 1; UPDATE journal SET seq = 1 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 99',
      at: 1,
    },
    { how: 'a hash is made to fit its own row only', sql: "UPDATE journal SET hash = 'x' WHERE seq = 1", at: 1 },
  ])('is found when $how', async ({ sql, at }) => {
    tamper(sql);
    expect(await store.journal.firstBrokenRow()).toBe(at);
  });

  it('is found when a row is rewritten with a hash that fits, and the next one points to it', async () => {
    const forged = beside((db) => {
      const row = db
        .prepare('SELECT seq, at, run_id, item, event, attempt, detail, previous_hash FROM journal WHERE seq = 2')
        .raw()
        .get() as unknown[];
      const previous = String(row.pop());
      row[4] = 'other';
      return createHash('sha256').update(previous).update(JSON.stringify(row)).digest('hex');
    });
    tamper(
      `UPDATE journal SET event = 'other', hash = '${forged}' WHERE seq = 2; UPDATE journal SET previous_hash = '${forged}' WHERE seq = 3`,
    );
    expect(await store.journal.firstBrokenRow()).toBe(3);
  });

  it.each(["UPDATE journal SET event = 'other'", 'DELETE FROM journal'])('append-only: %s is refused', (sql) => {
    expect(() => beside((db) => db.exec(sql))).toThrow('append-only');
  });

  it('a story without its deed is not told', async () => {
    const id = await makeLink('c1', '10001');
    const before = (await store.journal.list({}, 0, 100)).total;
    await expect(store.links.make([link('c2', '10002'), link('c1', '10003')], () => ({ event: 'x' }))).rejects.toThrow(
      'UNIQUE',
    );
    expect((await store.journal.list({}, 0, 100)).total).toBe(before);
    expect(await store.links.get(id + 1)).toBeNull();
  });
});

describe('links are 1:1 (I9)', () => {
  beforeEach(() => makeLink('c1', '10001'));

  it.each([
    ['the same Customerp record', 'c1', '10002'],
    ['the same Tidsbanken record', 'c2', '10001'],
    ['the same pair', 'c1', '10001'],
  ])('%s cannot be linked twice', async (_, customerpId, tidsbankenId) => {
    await expect(makeLink(customerpId, tidsbankenId)).rejects.toThrow('UNIQUE');
  });

  it('a record of another kind may have the same id', async () => {
    await store.links.make([{ ...link('c1', '10001'), kind: 'employee' }], () => ({ event: 'linkMade' }));
    expect(await store.links.count('employee')).toBe(1);
  });

  it('K8: an id was seen when its record was, or its link, be that at its end', async () => {
    const seen = (ids: readonly string[]) => store.records.everSeen('customer', 'tidsbanken', ids);
    await store.links.end(await makeLink('c2', '10002'), 'tombstoned', { event: 'tombstoned' });
    expect(await seen(['10001', '10002', '10003'])).toEqual(new Set(['10001', '10002']));
    expect(await seen(['10001', '10002', '10003'])).toEqual(await store.records.idsEverSeen('customer', 'tidsbanken'));
    expect(await store.records.everSeen('project', 'tidsbanken', ['10001'])).toEqual(new Set());
  });

  it.each(['tombstoned', 'unlinked'] as const)('a %s link frees both, and is remembered', async (state) => {
    const before = await store.links.of('customer', 'customerp', 'c1');
    await store.links.end(before?.id ?? 0, state, { event: state });
    await makeLink('c1', '10001');
    expect(await store.links.endedIds('customer', 'customerp')).toEqual(new Set(['c1']));
    expect(await store.links.endedIds('customer', 'tidsbanken')).toEqual(new Set(['10001']));
  });

  it('I7: a base moves for the properties named, and the others stay', async () => {
    const { id = 0 } = (await store.links.of('customer', 'customerp', 'c1')) ?? {};
    await savePlan([change({ linkId: id })]);
    const move = (customerp: Record<string, string | null>) => ({
      base: { linkId: id, mapping: '1', base: { customerp, tidsbanken: customerp } },
    });
    await store.changes.advance(await firstId(), {
      state: 'preparing',
      journal: [],
      ...move({ phone: '1', email: '2' }),
    });
    await store.changes.advance(await firstId(), { state: 'preparing', journal: [], ...move({ email: null }) });
    expect((await store.links.get(id))?.base.customerp).toEqual({ phone: '1', email: null });
  });

  it('Z2: moves that wait become bases with the plan, first ones as they are, later ones laid over', async () => {
    const { id = 0 } = (await store.links.of('customer', 'customerp', 'c1')) ?? {};
    const stage = (props: Props, mapping = '1') =>
      store.bases.stage([{ linkId: id, mapping, base: { customerp: props, tidsbanken: props } }]);
    await stage({ phone: '1', email: '2' });
    expect(await store.links.get(id)).toMatchObject({ base: { customerp: {} }, baseMapping: null });
    await savePlan([]);
    expect(await store.links.get(id)).toMatchObject({
      base: { customerp: { phone: '1', email: '2' } },
      baseMapping: '1',
    });
    await stage({ email: null }, '2');
    await savePlan([]);
    const base = { phone: '1', email: null };
    expect(await store.links.get(id)).toMatchObject({ base: { customerp: base, tidsbanken: base }, baseMapping: '1' });
  });

  it('I7: halves that are the same stay two: one may move without the other', async () => {
    const { id = 0 } = (await store.links.of('customer', 'customerp', 'c1')) ?? {};
    const both = { phone: '1', email: '2' };
    await store.bases.stage([{ linkId: id, mapping: '1', base: { customerp: both, tidsbanken: both } }]);
    await savePlan([]);
    const accepted = { customerp: { phone: '3' }, tidsbanken: { phone: '4' } };
    await store.bases.stage([{ linkId: id, mapping: '1', base: accepted }]);
    await savePlan([]);
    const { base } = (await store.links.get(id)) ?? {};
    expect(base).toEqual({ customerp: { phone: '3', email: '2' }, tidsbanken: { phone: '4', email: '2' } });
  });

  it('Z2: what a plan that was never stored has left waiting becomes no base', async () => {
    const { id = 0 } = (await store.links.of('customer', 'customerp', 'c1')) ?? {};
    await store.bases.stage([{ linkId: id, mapping: '1', base: { customerp: { phone: '1' }, tidsbanken: {} } }]);
    await store.bases.discardStaged();
    await savePlan([]);
    expect((await store.links.get(id))?.base.customerp).toEqual({});
  });

  it('S5: a base of another mapping loses what that touched, and its link is looked at again', async () => {
    const { id = 0 } = (await store.links.of('customer', 'customerp', 'c1')) ?? {};
    await savePlan([change({ linkId: id })]);
    const base = {
      linkId: id,
      mapping: 'old',
      base: { customerp: { phone: '1', email: 'a' }, tidsbanken: { phone: '1', email: 'a' } },
    };
    await store.changes.advance(await firstId(), { state: 'verified', journal: [], base });
    expect(await store.bases.mappings('customer')).toEqual(['old']);
    await store.bases.rebase('customer', { from: 'old', to: 'new' }, ['phone'], { event: 'mappingChanged' });
    expect(await store.links.get(id)).toMatchObject({
      base: { customerp: { email: 'a' }, tidsbanken: { email: 'a' } },
      baseMapping: 'new',
    });
    expect(await store.links.isDirty(id)).toBe(true);
  });
});

/** The lists of Review that show something. */
const listed = async (): Promise<string[]> => {
  const shows = ['waiting', 'approved', 'held'] as const;
  const found = await Promise.all(shows.map((show) => store.changes.list({ show }, 0, 10)));
  return shows.filter((_, index) => (found[index]?.total ?? 0) > 0);
};

describe('changes (2.5)', () => {
  let linkId: number;
  beforeEach(async () => {
    linkId = await makeLink('c1', '10001');
  });

  it('at most one is open for a target record', async () => {
    await savePlan([change({ linkId })]);
    await expect(savePlan([change({ linkId, fingerprint: 'g' })])).rejects.toThrow('UNIQUE');
    await savePlan([change({ linkId, target: 'customerp' })]);
    expect(await store.changes.openOfLink(linkId)).toHaveLength(2);
  });

  it('at most one create is open for a source record', async () => {
    const create = change({ op: 'create', tidsbankenId: null });
    await savePlan([create]);
    await expect(savePlan([create])).rejects.toThrow('UNIQUE');
  });

  it.each<ChangeState>([
    'verified',
    'rejected',
    'superseded',
    'noop',
    'stale',
    'failed',
    'notPersisted',
    'transformed',
  ])('%s is an end: the next one may be planned', async (state) => {
    await savePlan([change({ linkId })]);
    await store.changes.advance(await firstId(), { state, journal: [] });
    await savePlan([change({ linkId })]);
    expect(await openChanges(store, 'customer')).toHaveLength(1);
  });

  it('what a person has settled while a plan was being made stays settled', async () => {
    await savePlan([change({ linkId })]);
    const id = await firstId();
    await store.changes.reject(id, 'all', []);
    const runId = await store.runs.begin('manual', 'all', false);
    const parts = [{ ...PART, supersede: [id] }];
    await store.plans.save({ runId, at: now, versions: {}, digest: 'd', parts }, []);
    expect((await store.changes.get(id))?.state).toBe('rejected');
  });

  it('Z2: a plan is kept whole or not at all', async () => {
    const plan = savePlan([change({ linkId }), change({ linkId, fingerprint: 'g' })]);
    await expect(plan).rejects.toThrow('UNIQUE');
    expect(await openChanges(store, 'customer')).toEqual([]);
    expect(await store.journal.countEvents()).not.toHaveProperty('planned');
  });

  it('section 7: from preparing to acked it is too late to decide', async () => {
    await savePlan([change({ linkId })]);
    const id = await firstId();
    for (const state of ['preparing', 'sending', 'acked', 'unknown'] as const) {
      await store.changes.advance(id, { state, journal: [] });
      expect(await store.changes.approve(id, 'all', 'tester', false, [{ event: 'approved' }])).toBe(false);
      expect(await store.changes.reject(id, 'all', [{ event: 'rejected' }])).toBe(false);
    }
    expect(await store.journal.countEvents()).not.toHaveProperty('approved');
  });

  it('a rejected group stays rejected, and the others live on', async () => {
    await savePlan([change({ linkId })]);
    expect(await store.changes.reject(await firstId(), ['email'], [])).toBe(true);
    expect((await openChanges(store, 'customer')).map((c) => c.groups.map((g) => g.group))).toEqual([['phone']]);
    expect(await store.changes.rejectedFingerprints('customer')).toEqual(new Set(['f-email']));
  });

  it('S1, V1: what is held for its number, or approved in part, waits until all of it is decided', async () => {
    await savePlan([change({ linkId })]);
    const id = await firstId();
    const steps: [act: () => Promise<unknown>, lists: string[], counts: object][] = [
      [async () => undefined, ['waiting'], { waiting: 1, approved: 0, held: 0 }],
      [
        () => store.changes.approve(id, ['email'], 'kari', true, []),
        ['waiting', 'approved'],
        { waiting: 1, approved: 1 },
      ],
      [() => store.changes.approve(id, ['phone'], 'kari', true, []), ['approved'], { waiting: 0, approved: 1 }],
      [() => store.changes.hold([id], 'S1:update', []), ['waiting', 'approved', 'held'], { approved: 0, held: 1 }],
      [() => store.changes.hold([id], 'S2', []), ['approved'], { waiting: 0, held: 0 }],
    ];
    for (const [act, lists, counts] of steps) {
      await act();
      expect(await listed()).toEqual(lists);
      expect((await store.changes.countShown())[0]).toMatchObject(counts);
    }
  });

  it('I8: a repeated attempt keeps chosen id and marker', async () => {
    await savePlan([change({ op: 'create', tidsbankenId: null })]);
    const id = await firstId();
    const intent = { chosenId: '10001', marker: 'm', payloadDigest: 'one' };
    await store.changes.advance(id, { state: 'preparing', journal: [], intent });
    await store.changes.advance(id, { state: 'sending', attempt: 1, sentAt: now, journal: [] });
    const other = { chosenId: '10002', marker: 'n', payloadDigest: 'two' };
    await store.changes.advance(id, { state: 'preparing', journal: [], intent: other });
    expect(await store.changes.intent(id)).toMatchObject({
      chosenId: '10001',
      marker: 'm',
      payloadDigest: 'two',
      attempt: 1,
      sentAt: now,
    });
  });

  it('K5: state, native id, link and journal come in one transaction', async () => {
    await savePlan([change({ op: 'create', tidsbankenId: null, customerpId: 'c2' })]);
    const id = await firstId();
    const step = { state: 'acked', nativeId: '10009', journal: [{ event: 'acked' }] } as const;
    const newLink = { ...link('c2', '10009'), state: 'unverified' as const };
    const ofNoLink = { linkId: 999, base: { customerp: {}, tidsbanken: {} }, mapping: 'm' };
    await expect(store.changes.advance(id, { ...step, newLink, base: ofNoLink })).rejects.toThrow('FOREIGN KEY');
    expect(await store.changes.get(id)).toMatchObject({ state: 'planned', tidsbankenId: null, linkId: null });
    expect(await store.links.of('customer', 'customerp', 'c2')).toBeNull();
    expect(await store.journal.countEvents()).not.toHaveProperty('acked');
  });

  it.each([
    { end: 'the new record', customerpId: 'c9', tidsbankenId: '10009' },
    { end: 'the source', customerpId: 'c2', tidsbankenId: '10008' },
  ])('I9: nothing of the step is done when $end has a partner by now', async ({ customerpId, tidsbankenId }) => {
    await makeLink(customerpId, tidsbankenId);
    await savePlan([change({ op: 'create', tidsbankenId: null, customerpId: 'c2' })]);
    const id = await firstId();
    const newLink = { ...link('c2', '10009'), state: 'unverified' as const };
    const step = { state: 'acked', nativeId: '10009', newLink, journal: [{ event: 'acked' }] } as const;
    expect(await store.changes.advance(id, step)).toBe(false);
    expect(await store.changes.get(id)).toMatchObject({ state: 'planned', tidsbankenId: null, linkId: null });
    expect(await store.journal.countEvents()).not.toHaveProperty('acked');
  });
});

const here = (pid: number, name: string): string => `${hostname()}:${String(pid)}:${name}`;
const mine = here(process.pid, 'mine');
const other = here(process.ppid, 'other');
/** Above every pid_max of Linux, macOS and Windows that a test machine has. */
const dead = here(2 ** 31 - 1, 'dead');

describe('lease (section 7, S10)', () => {
  it('a second holder is refused and told who has it', async () => {
    expect(await store.runs.acquireLease(mine, 'sync')).toEqual({ ok: true });
    expect(await store.runs.acquireLease(other, 'sync')).toMatchObject({ ok: false, by: { holder: mine } });
  });

  it('the same holder may take it again', async () => {
    await store.runs.acquireLease(mine, 'sync');
    expect(await store.runs.acquireLease(mine, 'apply')).toEqual({ ok: true });
  });

  it('a dead process gives it up at once', async () => {
    await store.runs.acquireLease(dead, 'sync');
    expect(await store.runs.leaseHolder()).toBeNull();
    expect(await store.runs.acquireLease(mine, 'sync')).toEqual({ ok: true });
  });

  it.each([
    { holder: 'another computer', name: 'elsewhere.example:1:x' },
    { holder: 'a living process of this computer', name: other },
  ])('$holder keeps it until it has been silent for long', async ({ name }) => {
    await store.runs.acquireLease(name, 'sync');
    now += LEASE_SILENCE_MS - 1;
    expect(await store.runs.acquireLease(mine, 'sync')).toMatchObject({ ok: false });
    expect(await store.runs.heartbeat(name)).toBe(true);
    now += LEASE_SILENCE_MS;
    expect(await store.runs.acquireLease(mine, 'sync')).toEqual({ ok: true });
    expect(await store.runs.heartbeat(name)).toBe(false);
  });

  it('released, it is free; and only its holder releases it', async () => {
    await store.runs.acquireLease(mine, 'sync');
    await store.runs.releaseLease(other);
    expect(await store.runs.leaseHolder()).toMatchObject({ holder: mine });
    await store.runs.releaseLease(mine);
    expect(await store.runs.leaseHolder()).toBeNull();
  });

  it('holds across two openings of one file', async () => {
    await store.runs.acquireLease(mine, 'sync');
    const second = open();
    expect(await second.runs.acquireLease(other, 'sync')).toMatchObject({ ok: false });
    second.close();
  });
});

const record = (nativeId: string, digest = nativeId): StagedRecord & { content: string } => ({
  nativeId,
  props: { name: digest },
  spellings: {},
  invalid: [],
  keys: [],
  digest,
  modifiedAt: null,
  label: nativeId,
  number: nativeId,
  search: nativeId,
  content: digest,
});

/** As a page goes: what is not as it is known is staged. */
async function page(id: number, records: readonly ReturnType<typeof record>[]) {
  const compared = await store.collections.compare(id, records);
  await store.collections.stage(
    id,
    records.filter(({ nativeId }) => compared.changed.has(nativeId)),
  );
  return compared;
}

const watermark = () => store.collections.watermark('customerp', 'customer');
const missing = async (id: string) => (await store.records.get('customer', 'customerp', id))?.missingSince;

describe('collections (C5, T1, T2)', () => {
  let runId: number;
  beforeEach(async () => {
    runId = await store.runs.begin('manual', null, true);
  });

  async function collect(
    records: readonly ReturnType<typeof record>[],
    end: Partial<CollectionEnd> = {},
    mode: 'full' | 'delta' = 'full',
  ) {
    const id = await store.collections.begin(runId, 'customerp', 'customer', mode, now);
    await page(id, records);
    return store.collections.finish(
      id,
      { complete: true, reason: null, endedAt: now, modifiedAt: 500, mapping: '1', ...end },
      [{ event: 'collected' }],
    );
  }

  it('I5: what is kept of how many there are is how many there are, new, gone, back, or read singly', async () => {
    const counted = async () => (await store.records.countAll()).map(({ bucket, count }) => [bucket, count]);
    await collect([record('a'), record('b')]);
    expect(await counted()).toEqual([['skipped', 2]]);
    await store.records.refresh('customer', 'customerp', record('c'), now);
    expect(await counted()).toEqual([['skipped', 3]]);
    await collect([record('a', 'other'), record('c'), record('d')]);
    expect(await counted()).toEqual([['skipped', 3]]);
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    await page(id, [record('a'), record('b'), record('c')]);
    const end = { complete: true, reason: null, endedAt: now, modifiedAt: 500, mapping: '1' };
    await store.collections.finish(id, end, []);
    expect(await store.collections.countBuckets([id])).toMatchObject([{ bucket: 'skipped', count: 3 }]);
    expect(await counted()).toEqual([['skipped', 3]]);
  });

  it('C3, C5: a record that is read singly while the first collection is under way is one of its records', async () => {
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    await page(id, [record('a'), record('b')]);
    await store.records.refresh('customer', 'customerp', record('b', 'edited'), now);
    await store.records.refresh('customer', 'customerp', record('c'), now);
    expect((await page(id, [record('a'), record('b', 'other')])).contradicting).toEqual([]);
    const end = { complete: true, reason: null, endedAt: now, modifiedAt: 500, mapping: '1' };
    expect((await store.collections.finish(id, end, [])).changed).toBe(2);
    expect(await store.collections.countBuckets([id])).toMatchObject([{ count: 2 }]);
    expect(await missing('b')).toBeNull();
    expect(await missing('c')).toBe(now);
  });

  it('C5: records, completeness, watermark and journal come together', async () => {
    expect(await collect([record('a'), record('b')])).toEqual({ changed: 2, gone: [] });
    expect(await watermark()).toEqual({ modifiedAt: 500, fullAt: now, fullRecords: 2, mapping: '1' });
    expect(await store.journal.countEvents()).toMatchObject({ collected: 1 });
  });

  it('Z1: what is only staged is no record, and a new start discards it', async () => {
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    await store.collections.stage(id, [record('a')]);
    store.close();
    store = open();
    expect(await store.records.get('customer', 'customerp', 'a')).toBeNull();
    expect(await store.collections.discardUnfinished()).toBe(1);
    expect(await watermark()).toBeNull();
  });

  it('C3, C4: same id and content is one record; other content is told and not stored', async () => {
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    await store.collections.stage(id, [record('a'), record('b')]);
    expect(await store.collections.stage(id, [record('a'), record('b', 'other')])).toEqual({
      repeated: 1,
      contradicting: ['b'],
    });
    expect(await store.collections.count(id)).toBe(2);
  });

  it('what came as it is known is neither read nor written again, and counts all the same (I5)', async () => {
    await collect([record('a'), record('b')]);
    now += 1_000;
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    const compared = await page(id, [record('a'), record('b', 'new'), record('c')]);
    expect(compared).toMatchObject({ changed: new Set(['b', 'c']), before: [{ props: { name: 'b' } }] });
    expect(await store.collections.count(id)).toBe(3);
    expect(new Set(await store.collections.ids(id))).toEqual(new Set(['a', 'b', 'c']));
    const end = { complete: true, reason: null, endedAt: now + 5, modifiedAt: 500, mapping: '1' };
    expect(await store.collections.finish(id, end, [])).toEqual({ changed: 2, gone: [] });
    const buckets = await store.collections.countBuckets([id]);
    expect(buckets).toEqual([{ kind: 'customer', side: 'customerp', bucket: 'skipped', count: 3 }]);
    // Observed when this collection began, or later (A2).
    expect((await store.records.get('customer', 'customerp', 'a'))?.observedAt).toBe(now);
  });

  it.each([
    { what: 'twice as it is known', pages: ['a', 'a'], is: { repeated: 1, contradicting: [] } },
    { what: 'as it is known, then with other content', pages: ['a', 'new'], is: { repeated: 0, contradicting: ['a'] } },
    { what: 'with other content, then as it is known', pages: ['new', 'a'], is: { repeated: 0, contradicting: ['a'] } },
  ])('C3: a known record that comes $what', async ({ pages: [first, second], is }) => {
    await collect([record('a')]);
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    await page(id, [record('a', first)]);
    expect(await page(id, [record('a', second)])).toMatchObject(is);
  });

  it.each([
    {
      what: 'known from a single reading only',
      before: () => store.records.refresh('customer', 'customerp', record('a'), now),
    },
    { what: 'missing until now', before: () => collect([record('a')]).then(() => collect([record('b')])) },
  ])('a record that was $what is staged, whatever its content', async ({ before }) => {
    await before();
    const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', now);
    expect((await store.collections.compare(id, [record('a')])).changed).toEqual(new Set(['a']));
  });

  it('5.2: what a complete full collection does not hold is missing since then, until it is seen again', async () => {
    await collect([record('a'), record('b')]);
    now += 1_000;
    expect(await collect([record('a')])).toMatchObject({ changed: 0, gone: [{ props: { name: 'b' } }] });
    const since = now;
    now += 1_000;
    await collect([record('a')]);
    expect(await missing('b')).toBe(since);
    await collect([record('b')], {}, 'delta');
    expect(await missing('b')).toBeNull();
    expect(await missing('a')).toBeNull();
  });

  it.each([
    {
      what: 'an incomplete collection',
      mode: 'full' as const,
      end: { complete: false, reason: 'cut', modifiedAt: 900 },
    },
    { what: 'a delta', mode: 'delta' as const, end: {} },
  ])('T4, C5: $what proves no absence, and feeds what it read', async ({ mode, end }) => {
    await collect([record('a'), record('b')]);
    await collect([record('a', 'new')], end, mode);
    expect(await missing('b')).toBeNull();
    expect((await store.records.get('customer', 'customerp', 'a'))?.props).toEqual({ name: 'new' });
    expect(await watermark()).toMatchObject({ modifiedAt: 500, fullRecords: 2 });
  });

  it('T2: the watermark never moves back, and a collection without times leaves it', async () => {
    await collect([record('a')]);
    await collect([record('a')], { modifiedAt: 400 });
    expect(await watermark()).toMatchObject({ modifiedAt: 500 });
    await collect([record('a')], { modifiedAt: null }, 'delta');
    expect(await watermark()).toMatchObject({ modifiedAt: 500 });
    await collect([record('a')], { modifiedAt: 600 }, 'delta');
    expect(await watermark()).toMatchObject({ modifiedAt: 600 });
  });

  it('a link is looked at again only where a side has changed, also by a point read', async () => {
    await collect([record('a'), record('b')]);
    const [a, b] = [await makeLink('a', '1'), await makeLink('b', '2')];
    const plan = async (cleanLinks: number[]) =>
      store.plans.save({ runId, at: now, versions: {}, digest: '', parts: [{ ...PART, cleanLinks }] }, []);
    await plan([a, b]);
    await collect([record('a'), record('b', 'new')]);
    expect([await store.links.isDirty(a), await store.links.isDirty(b)]).toEqual([false, true]);
    await store.records.refresh('customer', 'customerp', record('a'), now);
    expect(await store.links.isDirty(a)).toBe(false);
    await store.records.refresh('customer', 'customerp', record('a', 'new'), now);
    expect(await store.links.isDirty(a)).toBe(true);
  });
});

describe('backup (Z10)', () => {
  it('is a store of its own that can be opened', async () => {
    await makeLink('c1', '10001');
    const target = join(folder, 'copy.db');
    expect(await store.backUp(target)).toEqual({ ok: true, value: { path: target } });
    await makeLink('c2', '10002');
    const copy = openStore(target, () => now);
    expect(copy.ok && (await copy.value.links.count('customer'))).toBe(1);
    expect(copy.ok && (await copy.value.journal.firstBrokenRow())).toBeNull();
    if (copy.ok) copy.value.close();
  });

  it('never overwrites a file', async () => {
    const target = join(folder, 'letter.txt');
    writeFileSync(target, 'dear reader');
    expect(await store.backUp(target)).toMatchObject({ ok: false, failure: { kind: 'backupFailed' } });
  });

  it.each(['nowhere/copy.db', 'letter.txt'])('to %s, refused, leaves nothing behind', async (name) => {
    writeFileSync(join(folder, 'letter.txt'), 'dear reader');
    const before = readdirSync(folder).toSorted();
    await store.backUp(join(folder, name));
    expect(readdirSync(folder).toSorted()).toEqual(before);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

it('Z2, Z8: runs that a crash left open are closed, and the one that goes on is not', async () => {
  const withoutPlan = await store.runs.begin('manual', 'all', false);
  await savePlan([]);
  const current = await store.runs.begin('manual', 'all', false);
  const left = await store.runs.interrupted(current);
  expect(left).toEqual([withoutPlan, withoutPlan + 1]);
  for (const id of left) await store.runs.closeInterrupted(id, { 'customer-kunde': { links: 3 } });
  expect((await store.runs.get(withoutPlan))?.state).toBe('aborted');
  expect(await store.runs.get(withoutPlan + 1)).toMatchObject({
    state: 'interrupted',
    counts: { 'customer-kunde': { links: 3 } },
  });
  expect((await store.runs.get(current))?.state).toBe('running');
});
