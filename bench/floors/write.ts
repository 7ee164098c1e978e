import { startWatch, taskText, tell } from '../child.ts';
import { openPlainStore } from './store.ts';
import { itemsOf, Wire } from './wire.ts';
import type { Json, Urls } from './wire.ts';

/**
 * The raw cost of writes to Tidsbanken, so many at a time: for an update read, write, read; for a create its look-ups,
 * write, read. Around each, the two commits that no safe write can do without: before the first byte, and at the end.
 */
export interface WriteTask {
  readonly urls: Urls;
  readonly store: string;
  readonly concurrency: number;
  readonly writes: readonly {
    readonly path: string;
    /** Where records of this kind are read. */
    readonly lookIn: string;
    /** Filters of the look-ups before the write; the last one is asked again after it. */
    readonly lookUps: readonly string[];
    readonly method: 'PUT' | 'POST';
    readonly array: boolean;
    /** Written over what was read, for an update. */
    readonly body: Json;
  }[];
}

const task = JSON.parse(taskText()) as WriteTask;
const wire = new Wire(task.urls);
const db = openPlainStore(task.store);
const begin = db.prepare("INSERT INTO deeds (record, state) VALUES (?, 'sending')");
const end = db.prepare("UPDATE deeds SET state = 'verified' WHERE id = ?");

async function carryOut(write: WriteTask['writes'][number]): Promise<void> {
  const look = (filter: string): Promise<Json> =>
    wire.send('tidsbanken', 'GET', `${write.lookIn}?$select=*&$filter=${encodeURIComponent(filter)}&$top=1`);
  let found: Json | undefined;
  for (const filter of write.lookUps) {
    [found] = itemsOf(await look(filter));
  }
  const record = { ...found, ...write.body };
  const deed = begin.run(JSON.stringify(record)).lastInsertRowid;
  await wire.send('tidsbanken', write.method, write.path, write.array ? [record] : record);
  await look(write.lookUps.at(-1) ?? '');
  end.run(deed);
}

async function worker(left: WriteTask['writes'][number][]): Promise<void> {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    await carryOut(next);
  }
}

const left = [...task.writes];
const watch = startWatch();
await Promise.all(Array.from({ length: task.concurrency }, () => worker(left)));
const passed = watch();
db.close();
tell({ ...passed, requests: wire.requests, detail: { writes: task.writes.length } });
