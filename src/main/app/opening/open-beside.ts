import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { damagedProblem, newest } from '../../store/database.ts';
import { isOlder, lookAtStore } from '../../store/inspect.ts';
import type { PageCheck, StoreFault } from '../../store/inspect.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import { openCheckedStore, openStoreToLook } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import type { AppService } from '../app-service.ts';
import { systemClock } from '../clock.ts';
import { openApp } from '../open-app.ts';
import { isReviewFolder } from '../portable-review/open-review.ts';
import { refused } from '../refusals.ts';
import { createService } from '../service.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import type { OpenOptions } from '../workspace/workspace.ts';
import { STORE_FILE } from '../workspace/workspace-file.ts';
import { lookingOnly } from './looking-only.ts';

/** What a check of the pages tells on its way. */
export interface CheckNews {
  /** Bytes of the file that were read so far, of how many. The pages are then compared with each other. */
  readonly read: number;
  readonly of: number;
}

export interface CheckTask {
  readonly path: string;
  /** The newest schema version that this app has. */
  readonly known: number;
  readonly check: PageCheck;
}

/** Checks the pages of a store beside this thread; null: they are sound. Rejects when the check could not be made. */
export type CheckBeside = (
  task: CheckTask,
  hear: (news: CheckNews) => void,
  signal: AbortSignal,
) => Promise<StoreFault | null>;

/** An app that shows data before its store is known to be sound. */
export interface OpenedApp {
  /** What answers now. Ask for it at each call: after the check it is another one. */
  readonly service: () => AppService;
  /** The end of the check; a failure has been told in the overview too, and everything but looking stays refused. */
  readonly checked: Promise<Result<null, Problem>>;
  /** Gives the check up, lets a run finish what is under way, and closes the store. */
  close(): Promise<void>;
}

/** The store of a workspace that an earlier version has left, and that is to be brought up to date first; else null. */
export function olderStore(workspaceDir: string): string | null {
  if (isReviewFolder(workspaceDir)) return null;
  const path = join(workspaceDir, STORE_FILE);
  try {
    return isOlder(path, newest(MIGRATIONS)) ? path : null;
  } catch {
    // Whoever opens it finds out why it cannot be looked at.
    return null;
  }
}

/** Below this, the check takes less time than a person needs to see that it goes on. */
const BESIDE_FROM_BYTES = 32 * 1024 * 1024;

/**
 * Opens a workspace for a window: a large store may be looked at at once, and nothing is synced, decided or written until
 * its pages have been checked beside (section 10). A store that needs more than that is opened as everywhere else.
 */
export async function openBeside(
  options: OpenOptions,
  check: CheckBeside,
  fromBytes = BESIDE_FROM_BYTES,
): Promise<Result<OpenedApp, Problem>> {
  const early = await openToLook(options, fromBytes);
  if (early === null) {
    const opened = await openApp(options);
    if (!opened.ok) return opened;
    const { value } = opened;
    return ok({ service: () => value, checked: Promise.resolve(ok(null)), close: () => value.close() });
  }
  return ok(checkedBeside(options, early, check));
}

interface Early {
  readonly service: AppService;
  readonly path: string;
  readonly check: PageCheck;
}

/** Null: it cannot be looked at before it is inspected; whoever opens it then finds out why. */
async function openToLook(options: OpenOptions, fromBytes: number): Promise<Early | null> {
  if (isReviewFolder(options.workspaceDir)) return null;
  const path = join(options.workspaceDir, STORE_FILE);
  let store: Store | undefined;
  const open: typeof openStoreToLook = (at, now) => {
    const opened = openStoreToLook(at, now);
    if (opened.ok) store = opened.value;
    return opened;
  };
  try {
    const looked = statSync(path).size < fromBytes ? null : lookAtStore(path, newest(MIGRATIONS));
    if (looked === null) return null;
    const workspace = await openWorkspace(options, systemClock, open);
    return workspace.ok ? { service: createService(workspace.value), path, check: looked.check } : null;
  } catch {
    // Such as an opening that has to keep something in the store first.
    store?.close();
    return null;
  }
}

function checkedBeside(options: OpenOptions, { service: shown, path, check }: Early, beside: CheckBeside): OpenedApp {
  const task: CheckTask = { path, known: newest(MIGRATIONS), check };
  const leaving = new AbortController();
  let news: CheckNews = { read: 0, of: 0 };
  let trouble: Problem | null = null;
  let full: AppService | null = null;
  const finish = async (): Promise<Result<null, Problem>> => {
    const found = await troubleOf(task, beside, (heard) => (news = heard), leaving.signal);
    const workspace = found === null ? await openWorkspace(options, systemClock, openCheckedStore) : fail(found);
    if (workspace.ok) full = createService(workspace.value);
    else trouble = workspace.failure;
    return workspace.ok ? ok(null) : workspace;
  };
  const checked = finish();
  const close = async (): Promise<void> => {
    leaving.abort();
    await checked;
    // The one that looks is closed first, so that the other, which may write, leaves the files in order.
    await shown.close();
    await full?.close();
  };
  const looking = lookingOnly(shown, {
    standing: () =>
      trouble === null ? { state: 'checking', done: shareOf(news) } : { state: 'damaged', problem: trouble },
    why: () => (trouble === null ? STILL_CHECKED : unsound(trouble)),
    async *progress(signal) {
      yield null;
      await Promise.race([checked, aborted(signal)]);
      if (full === null) await aborted(signal);
      else yield* full.progress(signal);
    },
    close,
  });
  return { service: () => full ?? looking, checked, close };
}

/** What keeps the store from being used; null: its pages are sound. */
async function troubleOf(
  task: CheckTask,
  beside: CheckBeside,
  hear: (news: CheckNews) => void,
  signal: AbortSignal,
): Promise<Problem | null> {
  try {
    const fault = await beside(task, hear, signal);
    return fault === null ? null : damagedProblem(task.path, fault);
  } catch (error) {
    return {
      kind: 'storeUnusable',
      what: `The link store ${task.path} could not be checked: ${error instanceof Error ? error.message : String(error)}.`,
      notDone: 'Nothing was synchronised, decided or written.',
      todo: 'Start Tidsbro again. If it happens again, check the disk, and run “tidsbro doctor”.',
    };
  }
}

const shareOf = ({ read, of }: CheckNews): number => (of === 0 ? 0 : Math.min(1, read / of));

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });

const STILL_CHECKED: Problem = refused(
  'The store is still being checked after the start.',
  'Wait until the line about the check is gone, then try again.',
  'storeChecking',
);

const unsound = ({ what, todo }: Problem): Problem => refused(what, todo, 'storeDamaged');
