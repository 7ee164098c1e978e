import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EACH, knownRecords, NEIGHBOURS } from './collections.ts';
import type { SeenContent } from './collections.ts';
import { openDatabase } from './database.ts';
import { StagedRecords } from './staged-records.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const NOW = 1_000;

function openedStore(): Store {
  const opened = openStore(':memory:', () => NOW);
  if (!opened.ok) throw new Error(opened.failure.what);
  return opened.value;
}

const staged = ({ nativeId, content }: SeenContent) => ({
  nativeId,
  content,
  props: { name: content },
  spellings: {},
  invalid: [],
  keys: [],
  digest: content ?? '',
  modifiedAt: null,
  label: nativeId,
  number: nativeId,
  search: nativeId,
});

const END = { complete: true, reason: null, endedAt: NOW, modifiedAt: null, mapping: '1' };

async function collected(store: Store, records: readonly SeenContent[]): Promise<number> {
  const runId = await store.runs.begin('manual', null, true);
  const id = await store.collections.begin(runId, 'customerp', 'customer', 'full', NOW);
  await store.collections.stage(id, records.map(staged));
  await store.collections.finish(id, END, []);
  return runId;
}

describe('what a page is held against', () => {
  it.each([
    { how: 'from its first id to its last', ids: NEIGHBOURS, isFound: 'native_id>? AND native_id<?' },
    { how: 'id by id', ids: EACH, isFound: 'native_id=?' },
  ] as const)('is found within one index, $how', ({ ids, isFound }) => {
    const opened = openDatabase(':memory:');
    if (!opened.ok) throw new Error(opened.failure.what);
    const db = opened.value;
    expect(new StagedRecords(db).count('customerp')).toBe(0);
    const nothing = { kind: 'customer', side: 'customerp', first: '', last: '', limit: 1, ids: '[]' };
    const plan = db
      .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${knownRecords('customerp', ids)}`)
      .all(nothing)
      .map(({ detail }) => detail);
    expect(plan[0]).toBe(`SEARCH r USING COVERING INDEX records_by_content (kind=? AND side=? AND ${isFound})`);
    expect(plan.filter((detail) => /TEMP B-TREE|SCAN [rs]\b/.test(detail))).toEqual([]);
    db.close();
  });

  it('C3, C5: is all that is known of its records, in whatever order they come', async () => {
    const id: fc.Arbitrary<string> = fc.constantFrom(
      '1',
      '10',
      '9',
      '100',
      'c',
      'C',
      'ø',
      'Ø',
      'å',
      '\u{1f600}',
      '\uffff',
      'z',
    );
    const content = fc.constantFrom('as before', 'other', null);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id),
        fc.uniqueArray(fc.record({ nativeId: id, content }), { selector: ({ nativeId }) => nativeId }),
        async (before, page) => {
          const store = openedStore();
          const runId = await collected(
            store,
            before.map((nativeId) => ({ nativeId, content: 'as before' })),
          );
          const collectionId = await store.collections.begin(runId, 'customerp', 'customer', 'full', NOW);
          const compared = await store.collections.compare(collectionId, page);
          const isAsBefore = (one: SeenContent) => one.content === 'as before' && before.includes(one.nativeId);
          const changed = page.filter((one) => !isAsBefore(one)).map(({ nativeId }) => nativeId);
          expect(compared.changed).toEqual(new Set(changed));
          expect(compared.before).toHaveLength(changed.filter((one) => before.includes(one)).length);
          store.close();
        },
      ),
    );
  });
});

it('C5, Z1: a side reads one collection at a time; one that was never ended leaves nothing to the next', async () => {
  const store = openedStore();
  const runId = await store.runs.begin('manual', null, true);
  const begin = (side: 'customerp' | 'tidsbanken') => store.collections.begin(runId, side, 'customer', 'full', NOW);
  const [left, beside] = [await begin('customerp'), await begin('tidsbanken')];
  await store.collections.stage(left, [staged({ nativeId: 'a', content: 'a' })]);
  await store.collections.stage(beside, [staged({ nativeId: 'b', content: 'b' })]);
  const next = await begin('customerp');
  expect([await store.collections.ids(next), await store.collections.ids(beside)]).toEqual([[], ['b']]);
  await expect(store.collections.stage(left, [])).rejects.toThrow('not under way');
  expect(await store.collections.finish(next, END, [])).toMatchObject({ changed: 0 });
  expect(await store.collections.count(beside)).toBe(1);
  store.close();
});
