import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { KINDS, fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { backUp, flush, removeJournals, stamp } from './backup.ts';
import { backupsOf, giveIdentity, migrate, newest } from './database.ts';
import type { Db } from './db.ts';
import { isAlive } from './holder.ts';
import { hasEntries, inspectCopy, inspectStore, inUseBy, IN_USE_BY } from './inspect.ts';
import { Journal } from './journal.ts';
import { RESTORED, restoredKey } from './meta.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { Runs } from './runs.ts';

export interface RestoreRequest {
  readonly storePath: string;
  readonly file: string;
  readonly person: string;
  readonly now: () => number;
}

export interface Restored {
  readonly path: string;
  readonly from: string;
  /** Where the replaced store was kept; null when there was none. */
  readonly kept: string | null;
  /** False: what was replaced is damaged, and was kept as it was. */
  readonly keptIsSound: boolean;
}

/**
 * Puts a backup in the place of the store. The file is only read. What it says is no longer what the systems hold, so the
 * next run of each kind reads everything and is a preview, and every change is reviewed anew (section 10, S7, M7).
 * Problems: `busy` (somebody has the store open), `restoreRefused` (the file), `backupFailed`, `storeUnusable`.
 */
export async function restoreStore(request: RestoreRequest): Promise<Result<Restored, Problem>> {
  const next = `${request.storePath}.${randomUUID()}.restore`;
  try {
    const prepared = await prepare(request, next);
    if (!prepared.ok) return prepared;
    const kept = await setAside(request);
    if (!kept.ok) return kept;
    removeJournals(request.storePath);
    await rename(next, request.storePath);
    return ok({ path: request.storePath, from: request.file, ...kept.value });
  } catch (error) {
    return fail(unusable(request, error));
  } finally {
    await rm(next, { force: true });
    removeJournals(next);
  }
}

/** A checked copy of the file beside the store, brought up to date and set back to what is certain. */
async function prepare(request: RestoreRequest, next: string): Promise<Result<null, Problem>> {
  const { file } = request;
  if (!existsSync(file)) return fail(refused(file, 'there is no such file'));
  if (hasEntries(`${file}-wal`))
    return fail(refused(file, 'it is a store in use, with a journal file beside it, and no backup'));
  await copyFile(file, next, constants.COPYFILE_EXCL);
  const looked = inspectCopy(next, newest(MIGRATIONS));
  if (!looked.ok) {
    const why = { damaged: 'it is damaged', notAStore: 'it is no store of Tidsbro', newer: 'a newer Tidsbro wrote it' };
    return fail(refused(file, `${why[looked.failure.kind]} (${looked.failure.detail})`));
  }
  const db = new Database(next);
  try {
    migrate(db);
    setBack(db, request);
    giveIdentity(db);
    // One file, with nothing beside it that the rename would leave behind.
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
  flush(next);
  return ok(null);
}

/**
 * Takes back whatever rests on the systems being as they were. A create that may have been sent is left to a person: its
 * record may be there, and a second one must not be made (7.4).
 */
function setBack(db: Db, { file, person, now }: RestoreRequest): void {
  const journal = new Journal(db, now);
  db.transaction(() => {
    db.exec(`
      DELETE FROM lease;
      DELETE FROM meta WHERE key = '${IN_USE_BY}' OR key LIKE 'reviewed:%';
      UPDATE watermarks SET modified_at = NULL, full_from = NULL, full_at = NULL;
      UPDATE links SET dirty = 1 WHERE state = 'active';
      UPDATE records SET dirty = 1;
    `);
    const at = now();
    const keep = db.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    for (const key of [RESTORED, ...KINDS.map(restoredKey)]) keep.run(key, String(at));
    const asked = db
      .prepare(
        "UPDATE changes SET state = 'manual', updated_at = ? WHERE op = 'create' AND state IN ('sending', 'unknown')",
      )
      .run(at).changes;
    const superseded = db
      .prepare(
        `UPDATE changes SET state = 'superseded', updated_at = ? WHERE state IN ('planned', 'approved', 'deferred', 'preparing')
         OR (op <> 'create' AND state IN ('sending', 'unknown', 'acked', 'manual'))`,
      )
      .run(at).changes;
    journal.append([{ event: 'restored', detail: { from: basename(file), person, superseded, asked } }]);
  }).immediate();
}

type Kept = Pick<Restored, 'kept' | 'keptIsSound'>;

/** Keeps the store that is replaced, and makes sure that nobody else works on it. */
async function setAside(request: RestoreRequest): Promise<Result<Kept, Problem>> {
  const { storePath, now } = request;
  if (!existsSync(storePath)) return ok({ kept: null, keptIsSound: true });
  const folder = backupsOf(storePath);
  await mkdir(folder, { recursive: true });
  if (inspectStore(storePath, Number.MAX_SAFE_INTEGER).ok)
    return setSoundAside(request, join(folder, `replaced-${stamp(now())}.db`));
  const by = holderOfDamaged(storePath);
  if (by !== null && isAlive(by)) return fail(busy(`process ${by.split(':')[1] ?? ''} has it open`));
  const target = join(folder, `damaged-${stamp(now())}.db`);
  for (const suffix of ['', '-wal'])
    if (existsSync(storePath + suffix)) await copyFile(storePath + suffix, target + suffix, constants.COPYFILE_EXCL);
  return ok({ kept: target, keptIsSound: false });
}

async function setSoundAside({ storePath, now }: RestoreRequest, target: string): Promise<Result<Kept, Problem>> {
  const db = new Database(storePath, { timeout: 0 });
  try {
    const lease = await new Runs(db, now).leaseHolder();
    if (lease !== null) return fail(busy('a run is under way'));
    if (!isAlone(db)) return fail(busy('a window or a command has it open'));
    const kept = await backUp(db, target);
    return kept.ok ? ok({ kept: target, keptIsSound: true }) : kept;
  } finally {
    db.close();
  }
}

/** Leaving the journal mode needs the store for oneself alone; it also carries the journal file into the store. */
function isAlone(db: Db): boolean {
  try {
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

function holderOfDamaged(path: string): string | null {
  try {
    const db = new Database(path, { readonly: true });
    try {
      return inUseBy(db);
    } finally {
      db.close();
    }
  } catch {
    return null;
  }
}

const busy = (why: string): Problem => ({
  kind: 'busy',
  what: `The store is in use: ${why}.`,
  notDone: 'Nothing was restored; the store is unchanged.',
  todo: 'Close every window and command of this workspace, then try again.',
});

const refused = (file: string, why: string): Problem => ({
  kind: 'restoreRefused',
  what: `${file} cannot be restored: ${why}.`,
  notDone: 'Nothing was restored; the store is unchanged.',
  todo: 'Name a file that “tidsbro backup” wrote, or one of the folder “backups”.',
});

const unusable = ({ storePath }: RestoreRequest, error: unknown): Problem => ({
  kind: 'storeUnusable',
  what: `The store ${storePath} could not be replaced: ${error instanceof Error ? error.message : String(error)}.`,
  notDone: 'Nothing was restored; the store is as it was.',
  todo: 'Check that you may write there and that the disk has room, then try again.',
});
