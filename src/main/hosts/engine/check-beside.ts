import { openSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { CheckBeside, CheckNews, CheckTask } from '../../app/opening/open-beside.ts';
import type { UpgradeState } from '../../../shared/contract/setup.ts';
import type { Problem } from '../../../shared/domain.ts';
import type { UpgradeStep } from '../../store/database.ts';
import type { StoreFault } from '../../store/inspect.ts';
import { entryOf } from '../entry.ts';
import type { Quiet } from './quiet.ts';

export interface ToCheck {
  readonly do: 'check';
  readonly task: CheckTask;
  /** The store, opened for reading, and how many bytes of it are read. */
  readonly file: number;
  readonly size: number;
}

export interface ToUpgrade {
  readonly do: 'upgrade';
  readonly path: string;
}

/** What the thread says. */
export type FromCheck =
  | ({ readonly is: 'news' } & CheckNews)
  | { readonly is: 'step'; readonly step: UpgradeStep }
  | { readonly is: 'ended'; readonly fault: StoreFault | null }
  | { readonly is: 'upgraded'; readonly problem: Problem | null };

/** The check of the pages in a thread of its own, so that the window can be looked at meanwhile. */
export const checkBeside: CheckBeside = (task, hear, signal) =>
  new Promise((resolve, reject) => {
    // Never closed here: closing it would let go of the locks that SQLite holds on the same file. It ends with the engine.
    const file = openSync(task.path, 'r');
    const { size } = statSync(task.path);
    const worker = new Worker(entryOf('engine/check-thread.ts', 'check-thread.js'));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
    worker.postMessage({ do: 'check', task, file, size } satisfies ToCheck);
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.on('message', (message: FromCheck) => {
      if (message.is === 'news') hear(message);
      if (message.is === 'ended') resolve(message.fault);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it ended before it was done')));
  });

/**
 * The same once nobody waits for a processor or the disk, both of which reading a whole store takes. Nothing is let through
 * earlier because of it: what waits for the check waits as much longer.
 */
export const checkWhenQuiet =
  (quiet: Pick<Quiet, 'come'>): CheckBeside =>
  async (task, hear, signal) => {
    await quiet.come(signal);
    return checkBeside(task, hear, signal);
  };

/** Brings a store up to date in a thread of its own, telling how far it is; the problem that kept it from it, or null. */
export const upgradeBeside = (
  path: string,
  hear: (news: Partial<Pick<UpgradeState, 'step' | 'read'>>) => void,
  signal: AbortSignal,
): Promise<Problem | null> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(entryOf('engine/check-thread.ts', 'check-thread.js'));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
    worker.postMessage({ do: 'upgrade', path } satisfies ToUpgrade);
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.on('message', (message: FromCheck) => {
      if (message.is === 'news') hear({ read: message.read / message.of });
      if (message.is === 'step') hear({ step: message.step });
      if (message.is === 'upgraded') resolve(message.problem);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The upgrade of the store ended before it was done.')));
  });
