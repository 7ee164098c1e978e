import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { inspectCopy } from './inspect.ts';

/** Copies of any schema version are sound; only whoever restores one asks which versions it knows. */
const ANY_VERSION = Number.MAX_SAFE_INTEGER;

/** Z10: copies to a temporary file beside the target, checks the copy, then renames. An existing file is never overwritten. */
export async function backUp(db: Db, target: string): Promise<Result<{ path: string }, Problem>> {
  if (existsSync(target)) return fail(taken(target));
  const temporary = `${target}.${randomUUID()}.part`;
  try {
    await db.backup(temporary);
    return finish(temporary, target);
  } catch (error) {
    return fail(broken(target, error));
  } finally {
    removeWithJournals(temporary);
  }
}

/** The same at once, for the moment in which nothing else may go on: before a migration. Makes the folder. */
export function backUpNow(
  db: Db,
  folder: string,
  name: string,
  onCopied: () => void = () => undefined,
): Result<{ path: string }, Problem> {
  const target = join(folder, name);
  if (existsSync(target)) return fail(taken(target));
  const temporary = `${target}.${randomUUID()}.part`;
  try {
    mkdirSync(folder, { recursive: true });
    db.prepare('VACUUM INTO ?').run(temporary);
    onCopied();
    return finish(temporary, target);
  } catch (error) {
    return fail(broken(target, error));
  } finally {
    removeWithJournals(temporary);
  }
}

const remove = (path: string, suffixes: readonly string[]): void => {
  for (const part of suffixes.map((suffix) => path + suffix)) if (existsSync(part)) rmSync(part);
};

/** What SQLite keeps beside a store. */
export const removeJournals = (path: string): void => remove(path, ['-wal', '-shm', '-journal']);

function removeWithJournals(path: string): void {
  remove(path, ['']);
  removeJournals(path);
}

/** A time as part of a file name that sorts by time. */
export const stamp = (at: number): string => new Date(at).toISOString().replaceAll(/[:.]/g, '-');

/** Copies that a person has turned away from, or that are known to be damaged. */
const SET_ASIDE = /^(replaced|damaged)-/;

/** The newest sound backup in the folder, by the time in its name or else by the name; null: there is none. */
export function newestSoundBackup(folder: string, known: number): string | null {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const candidates = names
    .filter((name) => name.endsWith('.db') && !SET_ASIDE.test(name))
    .toSorted((a, b) => (timeIn(a) < timeIn(b) ? 1 : -1));
  for (const name of candidates) {
    const path = join(folder, name);
    if (isSound(path, known)) return path;
  }
  return null;
}

const timeIn = (name: string): string => /\d{4}-\d{2}-\d{2}.*/.exec(name)?.[0] ?? name;

function isSound(path: string, known: number): boolean {
  try {
    return inspectCopy(path, known).ok;
  } catch {
    return false;
  } finally {
    removeJournals(path);
  }
}

function finish(temporary: string, target: string): Result<{ path: string }, Problem> {
  const checked = inspectCopy(temporary, ANY_VERSION);
  if (!checked.ok) {
    const why = `the copy did not pass its check (${checked.failure.detail})`;
    return fail(refused(target, why, 'Run “tidsbro doctor”, check the disk, then try again.'));
  }
  flush(temporary);
  renameSync(temporary, target);
  return ok({ path: target });
}

/** On the disk before it has its name: a name must never stand for half a file. */
export function flush(path: string): void {
  const file = openSync(path, 'r+');
  try {
    // Holds what the store holds: for this account only.
    fchmodSync(file, 0o600);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const taken = (target: string): Problem =>
  refused(target, 'a file of that name exists already', 'Choose another name.');

const broken = (target: string, error: unknown): Problem =>
  refused(
    target,
    error instanceof Error ? error.message : String(error),
    'Check that the folder exists and the disk has room.',
  );

const refused = (target: string, why: string, todo: string): Problem => ({
  kind: 'backupFailed',
  what: `The backup to ${target} failed: ${why}.`,
  notDone: 'No backup was written; the store itself is unchanged.',
  todo,
});
