import type { Approval, GroupChange, RunMode } from '../../../shared/domain.ts';
import type { ChangeDraft } from '../drafts.ts';
import { blocks } from './rails.ts';
import type { TrippedRail } from './rails.ts';

export interface ApprovalRequest {
  readonly mode: RunMode;
  readonly approval: Approval;
  /** Rails that tripped and were not passed. */
  readonly rails: readonly TrippedRail[];
  readonly isLinkActive: (linkId: number) => boolean;
}

/** The groups of one change that an approval covers, by name; never empty. */
export interface Covered {
  readonly change: ChangeDraft;
  readonly groups: readonly string[];
}

/** Rows that are never applied without a person (D3). */
const REVIEWED_ROWS: ReadonlySet<GroupChange['row']> = new Set(['R3', 'R4', 'R5', 'R9', 'R10', 'R11']);

/**
 * D3: what a run's approval covers. `safe`: the groups whose default is auto, on active links, where no rail tripped.
 * `all`: every group of every change that no rail stops; a run in mode `auto` never covers more than `safe`.
 * Mismatches are not changes and stay undecided. Approvals that a person gave one by one are not touched.
 */
export function coveredBy(changes: readonly ChangeDraft[], request: ApprovalRequest): Covered[] {
  if (request.mode === 'preview' || request.approval === 'none') return [];
  const everything = request.approval === 'all' && request.mode === 'manual';
  return changes.flatMap((change) => {
    if (!mayWrite(change, request)) return [];
    const groups = change.groups.filter((group) => everything || isSafe(change, group)).map(({ group }) => group);
    return groups.length > 0 ? [{ change, groups }] : [];
  });
}

function mayWrite(change: ChangeDraft, { rails, isLinkActive }: ApprovalRequest): boolean {
  if (rails.some((rail) => blocks(rail, change))) return false;
  return change.op === 'create' ? change.linkId === null : change.linkId !== null && isLinkActive(change.linkId);
}

/** A create is one record: it is safe as a whole or not at all. */
function isSafe(change: ChangeDraft, group: GroupChange): boolean {
  if (change.op === 'create') return change.needs === 'auto';
  return group.needs === 'auto' && !REVIEWED_ROWS.has(group.row);
}
