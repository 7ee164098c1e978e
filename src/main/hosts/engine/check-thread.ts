import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { openDatabase } from '../../store/database.ts';
import { checkPages } from '../../store/inspect.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import type { FromCheck, ToCheck, ToUpgrade } from './check-beside.ts';

/** Checks a store's pages beside the engine, or brings a store up to date: the first file of its thread. */
if (parentPort === null) throw new Error('This file is the thread of the store’s check; the engine starts it.');
const engine = parentPort;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
const tell = (message: FromCheck): void => engine.postMessage(message);

const PIECE = 1024 * 1024;
const TELL_EVERY = 16;

/** The check goes through the pages in the order of the trees. Read from front to back first, a cold disk is many times faster. */
function readThrough({ file, size }: Pick<ToCheck, 'file' | 'size'>): void {
  const piece = Buffer.allocUnsafe(PIECE);
  for (let n = 0, at = 0; at < size; n++) {
    const got = readSync(file, piece, 0, PIECE, at);
    if (got === 0) break;
    at += got;
    if (n % TELL_EVERY === 0) tell({ is: 'news', read: at, of: size });
  }
  tell({ is: 'news', read: size, of: size });
}

/** Nothing else of this process has the store open, so the file may be closed again. */
function upgrade(path: string): void {
  const file = openSync(path, 'r');
  readThrough({ file, size: statSync(path).size });
  closeSync(file);
  const opened = openDatabase(path, MIGRATIONS, Date.now, (step) => tell({ is: 'step', step }));
  if (opened.ok) opened.value.close();
  tell({ is: 'upgraded', problem: opened.ok ? null : opened.failure });
}

/** Whoever looks at the window goes first. Only Linux knows a priority of one thread; elsewhere it would be the whole engine's. */
function stepBack(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}

engine.once('message', (work: ToCheck | ToUpgrade) => {
  if (work.do === 'upgrade') return upgrade(work.path);
  stepBack();
  readThrough(work);
  tell({ is: 'ended', fault: checkPages(work.task.path, work.task.known, work.task.check) });
});
