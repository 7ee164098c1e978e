import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fail, ok } from '../../shared/domain.ts';
import type { Result } from '../../shared/domain.ts';
import { isAlive } from './holder.ts';

/** Why a file must not be used as the store. `detail` is a phrase for a sentence, without values of records. */
export interface StoreFault {
  readonly kind: 'damaged' | 'notAStore' | 'newer';
  readonly detail: string;
}

/** Who has the store open, as `<host>:<pid>:<random>`; taken out by a clean close. */
export const IN_USE_BY = 'inUseBy';

const TABLES = ['meta', 'runs', 'records', 'links', 'bases', 'changes', 'intents', 'journal', 'lease'];

/** `quick_check` does not compare indexes with their tables; the full check takes about 10 ms a MB, so a large store gets it less often. */
const FULL_CHECK_UP_TO_BYTES = 64 * 1024 * 1024;

/**
 * Looks at a finished copy, such as a backup, whole and without changing it. Throws only when the file cannot be read.
 * @param known the newest schema version that this app has
 */
export const inspectCopy = (path: string, known: number): Result<{ version: number }, StoreFault> =>
  lookInto(path, (db) => faultOf(db, known, 'integrity_check(1)'));

/**
 * Looks at the store before it is opened for use (section 10). Read-only, because a connection that may write would carry
 * a foreign journal file into the store when it is closed.
 */
export function inspectStore(path: string, known: number): Result<{ version: number }, StoreFault> {
  if (statSync(path).size === 0) return fail({ kind: 'damaged', detail: 'the file is empty' });
  const hadWal = hasEntries(`${path}-wal`);
  return lookInto(path, (db) => {
    const wasLeftOpen = isLeftOpen(db);
    return journalFault(db, path, hadWal, wasLeftOpen) ?? faultOf(db, known, checkFor(path, wasLeftOpen));
  });
}

/**
 * Whether people may look at the store while its pages are checked beside: everything but the pages is as it should be,
 * and it needs no migration. `check` is what the pages need. Null: it has to be inspected before anyone looks.
 */
export function lookAtStore(path: string, known: number): { readonly check: PageCheck } | null {
  if (!existsSync(path) || statSync(path).size === 0) return null;
  const hadWal = hasEntries(`${path}-wal`);
  let check: PageCheck = 'integrity_check(1)';
  const looked = lookInto(path, (db) => {
    const wasLeftOpen = isLeftOpen(db);
    check = checkFor(path, wasLeftOpen);
    return journalFault(db, path, hadWal, wasLeftOpen) ?? shapeFault(db, known);
  });
  return looked.ok && looked.value.version === known ? { check } : null;
}

/** Whether a migration is due, as far as can be told at a glance; whoever opens it finds out everything else. */
export function isOlder(path: string, known: number): boolean {
  if (!existsSync(path) || statSync(path).size === 0) return false;
  const looked = lookInto(path, (db) => shapeFault(db, known));
  return looked.ok && looked.value.version < known;
}

/** The check of the pages that `lookAtStore` named. Opens no file but SQLite's own: closing one would let go of its locks. */
export const checkPages = (path: string, known: number, check: PageCheck): StoreFault | null => {
  const checked = lookInto(path, (db) => faultOf(db, known, check));
  return checked.ok ? null : checked.failure;
};

export type PageCheck = 'integrity_check(1)' | 'quick_check(1)';

const checkFor = (path: string, wasLeftOpen: boolean): PageCheck =>
  wasLeftOpen || statSync(path).size <= FULL_CHECK_UP_TO_BYTES ? 'integrity_check(1)' : 'quick_check(1)';

function isLeftOpen(db: Database.Database): boolean {
  const by = inUseBy(db);
  return by !== null && !isAlive(by);
}

function journalFault(db: Database.Database, path: string, hadWal: boolean, wasLeftOpen: boolean): StoreFault | null {
  if (wasLeftOpen && !hadWal) {
    return {
      kind: 'damaged',
      detail: 'it was not closed, and its file store.db-wal with the newest entries is gone',
    };
  }
  if (hadWal && !isSameStore(db, path)) {
    return { kind: 'damaged', detail: 'the file store.db-wal beside it belongs to another store' };
  }
  return null;
}

/** Reading a store leaves an empty journal file beside it; one that was written to is never empty. */
export const hasEntries = (wal: string): boolean => existsSync(wal) && statSync(wal).size > 0;

/** Null when nobody has it open, or it cannot be told. */
export function inUseBy(db: Database.Database): string | null {
  try {
    return db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(IN_USE_BY) ?? null;
  } catch {
    return null;
  }
}

function lookInto(
  path: string,
  look: (db: Database.Database) => StoreFault | null,
): Result<{ version: number }, StoreFault> {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const fault = look(db);
    return fault === null ? ok({ version: versionOf(db) }) : fail(fault);
  } catch (error) {
    if (isDamage(error)) return fail({ kind: 'damaged', detail: error instanceof Error ? error.message : '' });
    throw error;
  } finally {
    db?.close();
  }
}

function faultOf(db: Database.Database, known: number, check: PageCheck): StoreFault | null {
  const verdict = String(db.pragma(check, { simple: true }));
  return verdict === 'ok' ? shapeFault(db, known) : { kind: 'damaged', detail: verdict };
}

function shapeFault(db: Database.Database, known: number): StoreFault | null {
  const tables = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  if (tables.size === 0) return { kind: 'damaged', detail: 'it is empty' };
  const missing = TABLES.find((name) => !tables.has(name));
  if (missing !== undefined) return { kind: 'notAStore', detail: `it has no table “${missing}”` };
  const version = versionOf(db);
  if (version <= known) return null;
  return {
    kind: 'newer',
    detail: `it has version ${String(version)}, and this app knows versions up to ${String(known)}`,
  };
}

export const versionOf = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));

export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT');
}

/** SQLite reads the number through the journal file, where another store's first page may be. Zero: it has none yet. */
function isSameStore(db: Database.Database, path: string): boolean {
  const own = applicationIdIn(path);
  return own === 0 || own === db.pragma('application_id', { simple: true });
}

/** As it stands in the file itself. Reading it so lets go of locks on it, so one process opens a store once. */
function applicationIdIn(path: string): number {
  const APPLICATION_ID_AT = 68;
  const bytes = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, 4, APPLICATION_ID_AT);
    return bytes.readInt32BE();
  } finally {
    closeSync(file);
  }
}
