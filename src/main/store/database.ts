import { randomInt, randomUUID } from 'node:crypto';
import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { backUpNow, newestSoundBackup, stamp } from './backup.ts';
import type { Db } from './db.ts';
import { IN_USE_BY, inspectStore, isDamage, versionOf } from './inspect.ts';
import type { StoreFault } from './inspect.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { counted } from './statement-count.ts';

const BUSY_TIMEOUT_MS = 5_000;

/** Where copies of a store are kept: beside it. */
export const backupsOf = (storePath: string): string => join(dirname(storePath), 'backups');

/**
 * Opens the store, sets and reads back what the crash rules rely on (section 10), checks it and brings it up to date,
 * after a verified backup (Z10).
 * Problems: `storeFromNewerApp`, `storeDamaged` (names the newest sound backup), `backupFailed`, `storeUnusable` (no
 * rights, no room, not a file).
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
  now: () => number = Date.now,
  hear: (step: UpgradeStep) => void = () => undefined,
): Result<Db, Problem> {
  return openAfter(path, migrations, now, () => inspectStore(path, newest(migrations)), hear);
}

/** Where the opening is (Z10): the check, the backup, the backup's check, the migrations. */
export type UpgradeStep = 'checking' | 'copying' | 'verifying' | 'upgrading';

/** The same for a store whose pages have just been checked beside this one (section 10). */
export function openChecked(path: string): Result<Db, Problem> {
  return openAfter(
    path,
    MIGRATIONS,
    Date.now,
    () => ok({ version: newest(MIGRATIONS) }),
    () => undefined,
  );
}

/**
 * For looking only, while the pages are still being checked: SQLite itself refuses every write, and closing it leaves the
 * files as they were. Whoever calls has seen that the version is this app's own. Problems: `storeDamaged`, `storeUnusable`.
 */
export function openToLook(path: string): Result<Db, Problem> {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    rememberStatements(db);
    return ok(db);
  } catch (error) {
    return fail(openingProblem(path, error, newest(MIGRATIONS)));
  }
}

/** What a check beside has found, told as at any other opening. */
export const damagedProblem = (path: string, fault: StoreFault): Problem =>
  faultProblem(path, fault, newest(MIGRATIONS));

function openAfter(
  path: string,
  migrations: readonly Migration[],
  now: () => number,
  inspect: () => ReturnType<typeof inspectStore>,
  hear: (step: UpgradeStep) => void,
): Result<Db, Problem> {
  let db: Db | undefined;
  try {
    if (path !== ':memory:' && !existsSync(path)) createStore(path, migrations);
    hear('checking');
    const looked = path === ':memory:' ? null : inspect();
    if (looked?.ok === false) return fail(faultProblem(path, looked.failure, newest(migrations)));
    db = new Database(path === ':memory:' ? newStore(migrations) : path, { timeout: BUSY_TIMEOUT_MS });
    makeDurable(db);
    if (looked !== null && looked.value.version < newest(migrations)) {
      hear('copying');
      const name = `before-version-${String(newest(migrations))}-${stamp(now())}.db`;
      const kept = backUpNow(db, backupsOf(path), name, () => hear('verifying'));
      if (!kept.ok) {
        db.close();
        return kept;
      }
    }
    hear('upgrading');
    migrate(db, migrations);
    rememberStatements(db);
    claim(db);
    return ok(db);
  } catch (error) {
    db?.close();
    return fail(openingProblem(path, error, newest(migrations)));
  }
}

const newStores = new WeakMap<readonly Migration[], Buffer>();

/** A new store's bytes: in memory each begins as a copy, since the steps that make it take longer than most of its uses. */
function newStore(migrations: readonly Migration[]): Buffer {
  const known = newStores.get(migrations);
  if (known !== undefined) return known;
  const db = new Database(':memory:');
  migrate(db, migrations);
  const bytes = db.serialize();
  db.close();
  newStores.set(migrations, bytes);
  return bytes;
}

function makeDurable(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  // 16 MB: what is touched again and again of 100,000 pairs. Four times as much was no faster, and stayed taken.
  db.pragma('cache_size = -16384');
  const held = {
    journal_mode: db.pragma('journal_mode', { simple: true }),
    synchronous: db.pragma('synchronous', { simple: true }),
    foreign_keys: db.pragma('foreign_keys', { simple: true }),
  };
  if (
    (held.journal_mode !== 'wal' && held.journal_mode !== 'memory') ||
    held.synchronous !== 2 ||
    held.foreign_keys !== 1
  ) {
    throw new Error(`the disk does not hold the safety settings (${JSON.stringify(held)})`);
  }
}

/**
 * A new store gets its name only once it is whole: an empty file of that name is always damage, and of two processes
 * that begin at once the first one's store is both's. For this account only, as it will hold people's data; SQLite
 * gives its journals the same rights.
 */
function createStore(path: string, migrations: readonly Migration[]): void {
  const unnamed = `${path}.${randomUUID()}.new`;
  closeSync(openSync(unnamed, 'wx', 0o600));
  try {
    const db = new Database(unnamed);
    migrate(db, migrations);
    db.close();
    nameOnce(unnamed, path);
  } finally {
    rmSync(unnamed, { force: true });
  }
}

/** Some disks know no second name for a file; there a rename has to do. */
function nameOnce(unnamed: string, path: string): void {
  try {
    linkSync(unnamed, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EEXIST' && !existsSync(path)) renameSync(unnamed, path);
  }
}

/** The store's texts are few and its calls many: each is compiled once. */
export function rememberStatements(db: Db): void {
  const compile = db.prepare.bind(db);
  const known = new Map<string, ReturnType<typeof compile>>();
  db.prepare = ((sql: string) => {
    const statement = known.get(sql) ?? counted(db, compile(compilingOnce(sql)));
    known.set(sql, statement);
    return statement;
  }) as typeof db.prepare;
}

/**
 * A parameter that is compared for equality, or is the limit, can change SQLite's plan: it would compile the statement
 * anew at each call, which took more than half of all the time in statements. Behind an operator SQLite does not look at
 * it, and the value stays what it was.
 */
const compilingOnce = (sql: string): string =>
  sql.replace(/= ?(\?|:\w+)/g, '= +$1').replace(/\bLIMIT (\?|:\w+)/g, 'LIMIT 0 + $1');

/**
 * Marks the store as in use until it is closed, in the file itself: found again with nobody using it and without a journal
 * file, the newest entries were lost. A number of its own tells its journal file from another store's.
 */
function claim(db: Db): void {
  const holder = `${hostname()}:${String(process.pid)}:${randomUUID()}`;
  if (db.pragma('application_id', { simple: true }) === 0) giveIdentity(db);
  db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
    IN_USE_BY,
    holder,
  );
  db.pragma('wal_checkpoint(PASSIVE)');
  const close = db.close.bind(db);
  const release = (): Db => {
    inUse.delete(release);
    if (db.open && !db.inTransaction) takeMarkOut(db, holder);
    return close();
  };
  process.off('exit', releaseAll).once('exit', releaseAll);
  inUse.add(release);
  db.close = release;
}

/**
 * On a full disk not even this fits, and closing would carry the journal file into the store and remove it: marked as in
 * use and without one, the store would look damaged. So the journal file is emptied first, which makes the room it needs.
 */
function takeMarkOut(db: Db, holder: string): void {
  const takeOut = (): unknown => db.prepare('DELETE FROM meta WHERE key = ? AND value = ?').run(IN_USE_BY, holder);
  try {
    takeOut();
  } catch {
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
      takeOut();
    } catch {
      // It stays, and so does the journal file: the next one to open it finds all entries there.
    }
  }
}

/** A process that ends by itself closes its stores, whichever way it ends; one that is killed leaves the journal file. */
const inUse = new Set<() => Db>();
const releaseAll = (): void => {
  for (const release of inUse) release();
};

const MAX_APPLICATION_ID = 0x7f_ff_ff_ff;

/** SQLite keeps this number in the first page of the file. */
export function giveIdentity(db: Db): void {
  db.pragma(`application_id = ${String(randomInt(1, MAX_APPLICATION_ID))}`);
}

/** Runs the steps that are missing, each in one exclusive transaction (Z10). Tests call it with `upTo`. */
export function migrate(db: Db, steps: readonly Migration[] = MIGRATIONS, upTo = newest(steps)): void {
  if (versionOf(db) > newest(steps)) throw new StoreFromNewerApp(versionOf(db), newest(steps));
  for (const step of steps.filter((s) => s.version <= upTo)) {
    db.transaction(() => {
      // Asked anew in the transaction: another process may have been first.
      if (versionOf(db) >= step.version) return;
      db.exec(step.sql);
      db.pragma(`user_version = ${String(step.version)}`);
    }).exclusive();
  }
}

/** Another process, of a newer app, came in between. */
export class StoreFromNewerApp extends Error {
  constructor(found: number, known: number) {
    super(`it has version ${String(found)}, and this app knows versions up to ${String(known)}`);
    this.name = 'StoreFromNewerApp';
  }
}

export const newest = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

function faultProblem(path: string, { kind, detail }: StoreFault, known: number): Problem {
  if (kind !== 'newer') return damaged(path, detail, known);
  return {
    kind: 'storeFromNewerApp',
    what: `The link store ${path} was written by a newer Tidsbro: ${detail}.`,
    notDone: 'It was not opened, and nothing was changed.',
    todo: 'Install the newer Tidsbro, or open another workspace.',
  };
}

function damaged(path: string, detail: string, known: number): Problem {
  const backup = newestSoundBackup(backupsOf(path), known);
  return {
    kind: 'storeDamaged',
    what: `The link store ${path} is damaged: ${detail}.`,
    notDone: 'It was not opened, and nothing was synchronised.',
    todo:
      backup === null
        ? `There is no sound backup in ${backupsOf(path)}. If you have one elsewhere, run “tidsbro restore FILE”.`
        : `Run “tidsbro restore ${backup}”: it is the newest sound backup.`,
  };
}

function openingProblem(path: string, error: unknown, known: number): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreFromNewerApp) return faultProblem(path, { kind: 'newer', detail: message }, known);
  if (isDamage(error)) return damaged(path, message, known);
  return {
    kind: 'storeUnusable',
    what: `The link store ${path} cannot be used: ${message}.`,
    notDone: 'Nothing was synchronised.',
    todo: 'Check that the folder exists, that you may write there, and that the disk has room.',
  };
}
