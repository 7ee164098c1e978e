import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { checkPages } from '../../store/inspect.ts';
import type { FromCheck, ToCheck } from './check-beside.ts';

/** Checks a store's pages beside the engine: the first file of its thread. */
if (parentPort === null) throw new Error('This file is the thread of the store’s check; the engine starts it.');
const engine = parentPort;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
const tell = (message: FromCheck): void => engine.postMessage(message);

const PIECE = 1024 * 1024;
const TELL_EVERY = 16;

/** The check goes through the pages in the order of the trees. Read from front to back first, a cold disk is many times faster. */
function readThrough({ file, size }: ToCheck): void {
  const piece = Buffer.allocUnsafe(PIECE);
  for (let n = 0, at = 0; at < size; n++) {
    const got = readSync(file, piece, 0, PIECE, at);
    if (got === 0) break;
    at += got;
    if (n % TELL_EVERY === 0) tell({ is: 'news', read: at, of: size });
  }
  tell({ is: 'news', read: size, of: size });
}

engine.once('message', (work: ToCheck) => {
  readThrough(work);
  tell({ is: 'ended', fault: checkPages(work.task.path, work.task.known, work.task.check) });
});
