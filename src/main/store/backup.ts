import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import type { Db } from './database.ts';

/** Z10: copies to a temporary file beside the target, checks the copy, then renames. An existing file is never overwritten. */
export async function backUp(db: Db, target: string): Promise<Result<{ path: string }, Problem>> {
  if (existsSync(target)) return fail(refused(target, 'a file of that name exists already', 'Choose another name.'));
  const temporary = `${target}.${randomUUID()}.part`;
  try {
    await db.backup(temporary);
    const verdict = checkCopy(temporary);
    if (verdict !== 'ok')
      return fail(refused(target, `the copy did not pass its check (${verdict})`, 'Check the disk, then try again.'));
    await rename(temporary, target);
    return ok({ path: target });
  } catch (error) {
    return fail(
      refused(
        target,
        error instanceof Error ? error.message : String(error),
        'Check that the folder exists and the disk has room.',
      ),
    );
  } finally {
    await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(temporary + suffix, { force: true })));
  }
}

function checkCopy(path: string): string {
  const copy = new Database(path, { readonly: true });
  try {
    return String(copy.pragma('integrity_check(1)', { simple: true }));
  } finally {
    copy.close();
  }
}

const refused = (target: string, why: string, todo: string): Problem => ({
  kind: 'backupFailed',
  what: `The backup to ${target} failed: ${why}.`,
  notDone: 'No backup was written; the store itself is unchanged.',
  todo,
});
