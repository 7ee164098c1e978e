import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

export type Db = Database.Database;

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the store, sets and reads back what the crash rules rely on (section 10), checks it and brings it up to date.
 * Problems: `storeFromNewerApp`, `storeDamaged`, `storeUnusable` (no rights, no room, not a file).
 */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): Result<Db, Problem> {
  let db: Db | undefined;
  try {
    const existed = existsSync(path);
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    makeDurable(db);
    const problem = existed ? findDamage(db, path) : null;
    if (problem !== null) {
      db.close();
      return fail(problem);
    }
    migrate(db, migrations);
    rememberStatements(db);
    return ok(db);
  } catch (error) {
    db?.close();
    return fail(openingProblem(path, error));
  }
}

function makeDurable(db: Db): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
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

/** The store's texts are few and its calls many: each is compiled once. */
function rememberStatements(db: Db): void {
  const compile = db.prepare.bind(db);
  const known = new Map<string, ReturnType<typeof compile>>();
  db.prepare = ((sql: string) => {
    const statement = known.get(sql) ?? compile(sql);
    known.set(sql, statement);
    return statement;
  }) as typeof db.prepare;
}

function findDamage(db: Db, path: string): Problem | null {
  const verdict = db.pragma('quick_check(1)', { simple: true });
  return verdict === 'ok' ? null : damaged(path, String(verdict));
}

/** Runs the steps that are missing, each in one exclusive transaction (Z10). Tests call it with `upTo`. */
export function migrate(db: Db, steps: readonly Migration[] = MIGRATIONS, upTo = newest(steps)): void {
  const at = Number(db.pragma('user_version', { simple: true }));
  if (at > newest(steps)) throw new StoreFromNewerApp(at, newest(steps));
  for (const step of steps.filter((s) => s.version > at && s.version <= upTo)) {
    db.transaction(() => {
      db.exec(step.sql);
      db.pragma(`user_version = ${String(step.version)}`);
    }).exclusive();
  }
}

const newest = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

export class StoreFromNewerApp extends Error {
  constructor(found: number, known: number) {
    super(`The store has version ${String(found)}; this app knows versions up to ${String(known)}.`);
    this.name = 'StoreFromNewerApp';
  }
}

const damaged = (path: string, verdict: string): Problem => ({
  kind: 'storeDamaged',
  what: `The link store ${path} is damaged (${verdict}).`,
  notDone: 'It was not opened, and nothing was synchronised.',
  todo: 'Restore it from a backup in the folder "backups".',
});

function openingProblem(path: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StoreFromNewerApp) {
    return {
      kind: 'storeFromNewerApp',
      what: `The link store ${path} was written by a newer Tidsbro. ${message}`,
      notDone: 'It was not opened, and nothing was changed.',
      todo: 'Install the newer Tidsbro, or open another workspace.',
    };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') return damaged(path, message);
  return {
    kind: 'storeUnusable',
    what: `The link store ${path} cannot be used: ${message}.`,
    notDone: 'Nothing was synchronised.',
    todo: 'Check that the folder exists, that you may write there, and that the disk has room.',
  };
}
