import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, Result } from '../../../shared/domain.ts';
import { fail, ok } from '../../../shared/domain.ts';
import { stamp } from '../../store/backup.ts';
import type { Store } from '../../store/store.ts';

export const BACKUPS_FOLDER = 'backups';
export const DAY_MS = 24 * 3_600_000;
const KEEP = 14;

const DAILY = /^auto-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.db$/;

/** When a daily backup was made, by its name: a copied file has the time of its copying. */
function timeOf(name: string): number | null {
  const parts = DAILY.exec(name);
  if (parts === null) return null;
  const [, day = '', hours = '', minutes = '', seconds = '', ms = ''] = parts;
  return Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
}

/** Daily backups, newest first. */
async function dailies(folder: string): Promise<{ name: string; at: number }[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const at = timeOf(name);
      return at === null ? [] : [{ name, at }];
    })
    .toSorted((a, b) => b.at - a.at);
}

/** The time of the newest daily backup of the workspace in ms since 1970; null when there is none. */
export async function newestDaily(workspaceDir: string): Promise<number | null> {
  return (await dailies(join(workspaceDir, BACKUPS_FOLDER)))[0]?.at ?? null;
}

export interface DailyBackup {
  readonly store: Pick<Store, 'backUp'>;
  readonly workspaceDir: string;
  readonly keep: number | undefined;
  readonly now: number;
}

/**
 * Makes a verified backup when the newest is a day old, and removes the oldest beyond `keep`. Answers with the file, or
 * null when there was nothing to do. Only files that it named itself are ever removed.
 */
export async function backUpDaily(options: DailyBackup): Promise<Result<string | null, Problem>> {
  const folder = join(options.workspaceDir, BACKUPS_FOLDER);
  try {
    const [newest] = await dailies(folder);
    // A clock that went back must not put the next backup off.
    if (newest !== undefined && Math.abs(options.now - newest.at) < DAY_MS) return ok(null);
    await mkdir(folder, { recursive: true });
    const made = await options.store.backUp(join(folder, `auto-${stamp(options.now)}.db`));
    if (!made.ok) return made;
    for (const old of (await dailies(folder)).slice(options.keep ?? KEEP)) await rm(join(folder, old.name));
    return ok(made.value.path);
  } catch (error) {
    return fail({
      kind: 'backupFailed',
      what: `The daily backup to ${folder} failed: ${error instanceof Error ? error.message : String(error)}.`,
      notDone: 'No backup was written; the run itself went on.',
      todo: 'Check that you may write there and that the disk has room.',
    });
  }
}
