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
