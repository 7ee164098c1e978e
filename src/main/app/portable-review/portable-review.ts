import { flowOf } from '../../../shared/domain.ts';
import type { BroughtBackRow, MergeReport, WrittenReview } from '../../../shared/contract/portable.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { StoredBroughtBack } from '../../store/brought-back.ts';
import type { Listed, Slice } from '../requests.ts';
import { refused } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { exportReview } from './export.ts';
import type { Shown } from './export.ts';
import { mergeReview } from './merge.ts';
import { Transfers } from './transfers.ts';

/** Plans and decisions that travel as a file (docs/decisions/0009-portable-review.md). */
export interface PortableReview {
  /**
   * Writes the file that leaves from here: of a workspace what waits for a person, of an opened review what was decided.
   * Problems: `weakPassphrase`, `oversizedReview`, `fileUnusable`.
   */
  write(path: string, passphrase: string): Promise<Result<WrittenReview, Problem>>;
  /** Carries out the decisions of a file, row by row. Problems: those of `mergeReview`; `refused` in an opened review. */
  merge(path: string, passphrase: string, confirmCount?: number): Promise<Result<MergeReport, Problem>>;
  /** What became of each decision of a review that was brought back. */
  outcomes(
    review: string,
    outcome: BroughtBackRow['outcome'] | undefined,
    slice: Slice,
  ): Promise<Listed<BroughtBackRow>>;
  /** Files on their way to and from a window. */
  readonly transfers: Transfers;
}

export function portableOf(w: Workspace, shown: Shown): PortableReview {
  return {
    write: async (path, passphrase) => {
      const written = await exportReview(w, shown, path, passphrase);
      if (!written.ok) return written;
      const { review, changes, mismatches } = written.value;
      return ok({ holds: 'plan', review, path, changes, mismatches });
    },
    merge: (path, passphrase, confirmCount) => mergeReview(w, path, passphrase, confirmCount),
    outcomes: async (review, outcome, { offset, limit }) => {
      const { total, rows } = await w.store.broughtBack.list(review, outcome, offset, limit);
      return { total, rows: rows.map(rowOf) };
    },
    transfers: new Transfers(),
  };
}

const rowOf = ({ kind, review: _review, ...row }: StoredBroughtBack): BroughtBackRow => ({
  ...row,
  flow: flowOf(kind),
});

/** What only a workspace with its systems can do. */
export const onlyAtHome = (): Problem =>
  refused(
    'This is an opened review: it has no systems and holds only what is to be decided.',
    'Do it where the plan was exported.',
    'openedReview',
  );

/** An opened review brings nothing back: its decisions leave it. */
export const noMergeHere: PortableReview['merge'] = async () => fail(onlyAtHome());
export const noOutcomes: PortableReview['outcomes'] = async () => ({ total: 0, rows: [] });
