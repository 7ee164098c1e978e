import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { openReviewCopy } from '../../store/review-copy.ts';
import type { NewCopiedChange, NewCopiedMismatch, ReviewCopy } from '../../store/review-copy.ts';
import { WORKSPACE_FILE } from '../workspace/workspace-file.ts';
import { LONGEST_NAME, NAME, PlanManifest, PlanRow } from './format.ts';
import { readLines } from './line-file.ts';
import { fileUnusable } from './problems.ts';

/** An opened review is a folder with this file; there is no workspace.yaml in it, and no secret. */
export const REVIEW_FILE = 'review.db';
export const isReviewFolder = (dir: string): boolean => existsSync(join(dir, REVIEW_FILE));

export interface Reviewer {
  readonly account: string;
  readonly name: string;
}
/** As the journal and the screens name the reviewer. */
export const reviewerText = ({ account, name }: Reviewer): string => `${name} (${account})`;

export interface OpenReview {
  readonly file: string;
  readonly passphrase: string;
  /** The folder to open it in. */
  readonly dir: string;
  readonly reviewer: Reviewer;
  /** Decisions that were taken in the folder before are thrown away. */
  readonly anew: boolean;
}

export interface Opened {
  readonly dir: string;
  readonly from: string;
  readonly changes: number;
  readonly mismatches: number;
}

/** Rows that are kept in one transaction. */
const BATCH = 500;

/**
 * Unpacks a review into a folder, where every host opens it like a workspace. The folder has it only once all of it was
 * read and proven.
 * Problems: those of `readLines`, `noReviewer`, `reviewOpenAlready`, `folderInUse`, `reviewUnusable`.
 */
export async function openReview({
  file,
  passphrase,
  dir,
  reviewer,
  anew,
}: OpenReview): Promise<Result<Opened, Problem>> {
  const name = reviewer.name.trim();
  if (!NAME.test(name)) return fail(noReviewer());
  if (existsSync(join(dir, WORKSPACE_FILE))) return fail(folderInUse(dir));
  if (isReviewFolder(dir) && !anew) return fail(openAlready(dir));
  const path = join(dir, REVIEW_FILE);
  const part = `${path}.part`;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await removeCopy(part);
  } catch (error) {
    return fail(fileUnusable(dir, error));
  }
  const shape = { holds: 'plan', manifest: PlanManifest, row: PlanRow } as const;
  const read = await readLines(file, passphrase, shape, (manifest, rows) =>
    fillCopy(part, manifest, { account: reviewer.account, name }, rows),
  );
  if (!read.ok) {
    await removeCopy(part);
    return read;
  }
  await removeCopy(path);
  await rename(part, path);
  return ok({ dir, ...read.value });
}

async function fillCopy(
  path: string,
  manifest: PlanManifest,
  reviewer: Reviewer,
  rows: AsyncIterable<PlanRow>,
): Promise<Result<Omit<Opened, 'dir'>, Problem>> {
  const opened = openReviewCopy(path);
  if (!opened.ok) return opened;
  const copy = opened.value;
  try {
    copy.setFact('manifest', JSON.stringify(manifest));
    copy.setFact('reviewer', JSON.stringify(reviewer));
    const counts = await addAll(copy, rows);
    return ok({ from: manifest.origin.workspace.name, ...counts });
  } finally {
    copy.close();
  }
}

async function addAll(
  copy: ReviewCopy,
  rows: AsyncIterable<PlanRow>,
): Promise<{ changes: number; mismatches: number }> {
  const counts = { changes: 0, mismatches: 0 };
  let changes: NewCopiedChange[] = [];
  let mismatches: NewCopiedMismatch[] = [];
  const keep = (): void => {
    copy.add(changes, mismatches);
    counts.changes += changes.length;
    counts.mismatches += mismatches.length;
    [changes, mismatches] = [[], []];
  };
  for await (const row of rows) {
    if (row.is === 'change') changes.push(row);
    else mismatches.push(row);
    if (changes.length + mismatches.length >= BATCH) keep();
  }
  keep();
  return counts;
}

async function removeCopy(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true });
}

const noReviewer = (): Problem => ({
  kind: 'noReviewer',
  what: `A review is decided by somebody with a name, of 1 to ${String(LONGEST_NAME)} characters.`,
  notDone: 'The review was not opened.',
  todo: 'Give your name: it is journaled with each of your decisions.',
});

const openAlready = (dir: string): Problem => ({
  kind: 'reviewOpenAlready',
  what: `A review is open in ${dir} already, perhaps with decisions.`,
  notDone: 'It was not replaced.',
  todo: 'Go on there, or open the file in another folder with --into. With --anew, what was decided there is thrown away.',
});

const folderInUse = (dir: string): Problem => ({
  kind: 'folderInUse',
  what: `${dir} is a workspace with systems of its own.`,
  notDone: 'The review was not opened.',
  todo: 'Choose another folder with --into.',
});
