import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ScreenTask } from '../product/screens.ts';
import { taskText, tell } from '../child.ts';

/** The same rows from the same store, by the plainest statement that finds them. */
const task = JSON.parse(taskText()) as ScreenTask;
const openedAt = performance.now();
const db = new Database(join(task.dir, 'store.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.prepare('SELECT * FROM runs ORDER BY id DESC LIMIT 1').get();
const askedAt = performance.now();
const shown = task.see === 'open' ? null : ask(task.see);
const doneAt = performance.now();
db.close();
tell({ ms: task.see === 'open' ? askedAt - openedAt : doneAt - askedAt, requests: 0, detail: { shown } });

function ask(see: 'search' | 'review'): number {
  if (see === 'review') return db.prepare("SELECT * FROM changes WHERE state = 'planned' LIMIT 50").all().length;
  return db.prepare('SELECT * FROM records WHERE search LIKE ? LIMIT 50').all(`%${task.find.toLowerCase()}%`).length;
}
