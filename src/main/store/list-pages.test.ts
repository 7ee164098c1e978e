import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StagedRecord } from './records.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const record = (n: number): StagedRecord => ({
  nativeId: `c${String(n)}`,
  props: {},
  spellings: {},
  invalid: [],
  keys: [],
  digest: String(n),
  modifiedAt: null,
  label: `Kunde ${String(n)}`,
  number: String(n),
  search: `kunde ${String(n)} ${n === 2 ? 'havblikk' : ''}`,
});

async function storeOf(count: number): Promise<Store> {
  const opened = openStore(':memory:', () => 1);
  if (!opened.ok) throw new Error(opened.failure.what);
  for (let n = 0; n < count; n++) await opened.value.records.refresh('customer', 'customerp', record(n), 1);
  return opened.value;
}

it.each([
  { page: 'a full one', offset: 0, limit: 2, rows: 2 },
  { page: 'one that ends with the last record', offset: 2, limit: 3, rows: 3 },
  { page: 'the last one', offset: 4, limit: 2, rows: 1 },
  { page: 'one beyond the end', offset: 8, limit: 2, rows: 0 },
  { page: 'one that holds all', offset: 0, limit: 10, rows: 5 },
])('a page of records tells how many there are in all: $page', async ({ offset, limit, rows }) => {
  const store = await storeOf(5);
  const found = await store.records.list({}, offset, limit);
  expect({ total: found.total, rows: found.rows.length }).toEqual({ total: 5, rows });
  store.close();
});

it.each([
  { find: 'havblikk', total: 1 },
  { find: 'nowhere', total: 0 },
])('a search for $find counts what it finds', async ({ find, total }) => {
  const store = await storeOf(5);
  const found = await store.records.list({ find }, 0, 2);
  expect({ total: found.total, rows: found.rows.length }).toEqual({ total, rows: total });
  store.close();
});

it.each(['*', '?', '[', ']', 'a*c', '[k]', '?unde'])('%s is searched for as it is written', async (find) => {
  const opened = openStore(':memory:', () => 1);
  if (!opened.ok) throw new Error(opened.failure.what);
  const { records } = opened.value;
  await records.refresh('customer', 'customerp', { ...record(1), search: 'abc kunde k' }, 1);
  await records.refresh('customer', 'customerp', { ...record(2), search: `abc ${find} k` }, 1);
  const found = await records.list({ find }, 0, 10);
  expect({ total: found.total, ids: found.rows.map((row) => row.nativeId) }).toEqual({ total: 1, ids: ['c2'] });
  opened.value.close();
});

it('page after page, each record is there once and the total is the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('', 'a', 'ab', 'b a', 'ba'), { maxLength: 12 }),
      fc.constantFrom(undefined, 'a', 'b', 'ab'),
      fc.integer({ min: 1, max: 5 }),
      async (searches, find, limit) => {
        const opened = openStore(':memory:', () => 1);
        if (!opened.ok) throw new Error(opened.failure.what);
        const { records } = opened.value;
        for (const [n, search] of searches.entries())
          await records.refresh('customer', 'customerp', { ...record(n), search }, 1);
        const fits = [...searches.entries()].filter(([, search]) => search.includes(find ?? ''));
        const seen: string[] = [];
        for (let offset = 0; offset <= fits.length; offset += limit) {
          const page = await records.list({ find }, offset, limit);
          expect(page.total).toBe(fits.length);
          seen.push(...page.rows.map((row) => row.nativeId));
        }
        expect(seen.toSorted()).toEqual(fits.map(([n]) => `c${String(n)}`).toSorted());
        opened.value.close();
      },
    ),
    { numRuns: 25 },
  );
});
