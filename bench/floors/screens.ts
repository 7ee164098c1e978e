import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ScreenTask } from '../product/screens.ts';
import { startWatch, taskText, tell } from '../child.ts';
import { median, SCREEN_TURNS } from '../measure.ts';

/** The same rows from the same store, by the plainest statement that finds them. */
const task = JSON.parse(taskText()) as ScreenTask;
const watch = startWatch();
const db = new Database(join(task.dir, 'store.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.prepare('SELECT * FROM runs ORDER BY id DESC LIMIT 1').get();
const opened = watch();
const times: number[] = [];
for (let turn = 0; task.see !== 'open' && turn < SCREEN_TURNS; turn++) {
  const askedAt = performance.now();
  if (ask(task.see) === 0) throw new Error(`Nothing was found for ${task.see}.`);
  times.push(performance.now() - askedAt);
}
db.close();
tell({ ...opened, ...(task.see === 'open' ? {} : { ms: median(times) }), requests: 0, detail: {} });

function ask(see: 'search' | 'review'): number {
  if (see === 'review') return db.prepare("SELECT * FROM changes WHERE state = 'planned' LIMIT 50").all().length;
  return db.prepare('SELECT * FROM records WHERE search LIKE ? LIMIT 50').all(`%${task.find.toLowerCase()}%`).length;
}
