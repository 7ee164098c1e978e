import { openSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { CheckBeside, CheckNews, CheckTask } from '../../app/opening/open-beside.ts';
import type { StoreFault } from '../../store/inspect.ts';
import { entryOf } from '../entry.ts';

export interface ToCheck {
  readonly task: CheckTask;
  /** The store, opened for reading, and how many bytes of it are read. */
  readonly file: number;
  readonly size: number;
}

/** What the thread of a check says. */
export type FromCheck =
  | ({ readonly is: 'news' } & CheckNews)
  | { readonly is: 'ended'; readonly fault: StoreFault | null };

/** The check of the pages in a thread of its own, so that the window can be looked at meanwhile. */
export const checkBeside: CheckBeside = (task, hear, signal) =>
  new Promise((resolve, reject) => {
    // Never closed here: closing it would let go of the locks that SQLite holds on the same file. It ends with the engine.
    const file = openSync(task.path, 'r');
    const { size } = statSync(task.path);
    const worker = new Worker(entryOf('engine/check-thread.ts', 'check-thread.js'));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
    worker.postMessage({ task, file, size } satisfies ToCheck);
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.on('message', (message: FromCheck) => {
      if (message.is === 'news') hear(message);
      else resolve(message.fault);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it ended before it was done')));
  });
