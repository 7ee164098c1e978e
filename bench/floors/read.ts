import { hash } from 'node:crypto';
import { SIDES } from '../../src/shared/domain.ts';
import type { Side } from '../../src/shared/domain.ts';
import { startWatch, taskText, tell } from '../child.ts';
import { openPlainStore } from './store.ts';
import { itemsOf, Wire } from './wire.ts';
import type { Json, Urls } from './wire.ts';

/** The requests of a sync once more, in the same order on each side, and what has to be done with their bytes. */
export interface ReadTask {
  readonly urls: Urls;
  readonly requests: Readonly<Record<Side, readonly string[]>>;
  readonly work: 'parse' | 'store' | 'compare';
  readonly store: string;
}

const task = JSON.parse(taskText()) as ReadTask;
const wire = new Wire(task.urls);
const db = openPlainStore(task.store);
const insert = db.prepare('INSERT OR REPLACE INTO records (side, kind, id, hash, body) VALUES (?, ?, ?, ?, ?)');
const insertPage = db.transaction((rows: readonly (readonly string[])[]) => {
  for (const row of rows) insert.run(...row);
});

/** Sorted names, so that the same content has the same hash whatever order a system sends it in. */
const namesOf = (item: Json): readonly string[] => Object.keys(item).toSorted();

function rowOf(side: Side, kind: string, names: readonly string[], item: Json): readonly string[] {
  const body = JSON.stringify(names.map((name) => item[name]));
  return [side, kind, String(item['id'] ?? item['Id']), hash('sha256', body, 'hex'), body];
}

function known(side: Side, kind: string): Map<string, string> {
  const rows = db.prepare('SELECT id, hash FROM records WHERE side = ? AND kind = ?').raw().all(side, kind);
  return new Map(rows as [string, string][]);
}

let records = 0;
let changed = 0;

async function readSide(side: Side): Promise<void> {
  let of = '';
  let hashes = new Map<string, string>();
  for (const url of task.requests[side]) {
    const kind = url.slice(0, url.indexOf('?'));
    const items = itemsOf(await wire.send(side, 'GET', url));
    records += items.length;
    if (task.work === 'parse' || items[0] === undefined) continue;
    const names = namesOf(items[0]);
    const rows = items.map((item) => rowOf(side, kind, names, item));
    if (task.work === 'store') {
      insertPage(rows);
      continue;
    }
    if (kind !== of) hashes = known(side, kind);
    of = kind;
    for (const row of rows) if (hashes.get(row[2] ?? '') !== row[3]) changed += 1;
  }
}

const watch = startWatch();
await Promise.all(SIDES.map(readSide));
const passed = watch();
db.close();
tell({ ...passed, requests: wire.requests, detail: { records, changed } });
