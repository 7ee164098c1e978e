import { OPEN_CHANGE_STATES } from '../../shared/domain.ts';
import type { ChangeOp, ChangeOrigin, ChangeState, GroupChange, Kind, Problem, Side } from '../../shared/domain.ts';
import { fromJson } from './json.ts';

/** A pending change as it is kept, from plan to end (2.5). Times in ms since 1970. */
export interface StoredChange {
  readonly id: number;
  readonly planId: number;
  readonly kind: Kind;
  readonly op: ChangeOp;
  readonly target: Side;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly groups: readonly GroupChange[];
  readonly needs: 'auto' | 'review';
  readonly fingerprint: string;
  readonly versions: { readonly mapping: string; readonly policy: string; readonly tenant: string };
  readonly waitsFor: readonly { readonly side: Side; readonly kind: Kind; readonly nativeId: string }[];
  readonly label: string;
  readonly state: ChangeState;
  readonly origin: ChangeOrigin;
  readonly approvedBy: string | null;
  readonly approvedAt: number | null;
  readonly rail: string | null;
  readonly attempt: number;
  readonly sentAt: number | null;
  /** The run that last sent it. */
  readonly sentRun: number | null;
  readonly problem: Problem | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewChange = Omit<
  StoredChange,
  'id' | 'planId' | 'attempt' | 'sentAt' | 'sentRun' | 'problem' | 'createdAt' | 'updatedAt'
>;

/** The columns that a draft fills, but for its rail; in the order of `draftedChange`. */
export const DRAFTED_CHANGE = `kind, op, target, link_id, customerp_id, tidsbanken_id, groups, needs, fingerprint, versions, waits_for, label,
  state, origin, approved_by, approved_at`;

export const draftedChange = (change: Omit<NewChange, 'rail'>): readonly (string | number | null)[] => [
  change.kind,
  change.op,
  change.target,
  change.linkId,
  change.customerpId,
  change.tidsbankenId,
  JSON.stringify(change.groups),
  change.needs,
  change.fingerprint,
  JSON.stringify(change.versions),
  JSON.stringify(change.waitsFor),
  change.label,
  change.state,
  change.origin,
  change.approvedBy,
  change.approvedAt,
];

/** A row of the table as it stands there. */
export interface ChangeRow {
  id: number;
  plan_id: number;
  kind: Kind;
  op: ChangeOp;
  target: Side;
  link_id: number | null;
  customerp_id: string | null;
  tidsbanken_id: string | null;
  groups: string;
  needs: 'auto' | 'review';
  fingerprint: string;
  versions: string;
  waits_for: string;
  label: string;
  state: ChangeState;
  origin: ChangeOrigin;
  approved_by: string | null;
  approved_at: number | null;
  rail: string | null;
  attempt: number;
  sent_at: number | null;
  sent_run: number | null;
  problem: string | null;
  created_at: number;
  updated_at: number;
}

/**
 * Open, in the words of the partial indexes: only a statement that holds them looks among what is open, and not among all
 * changes that there ever were.
 */
export const IS_OPEN = `state IN (${OPEN_CHANGE_STATES.map((state) => `'${state}'`).join(', ')})`;

export const toChange = (row: ChangeRow): StoredChange => ({
  id: row.id,
  planId: row.plan_id,
  kind: row.kind,
  op: row.op,
  target: row.target,
  linkId: row.link_id,
  customerpId: row.customerp_id,
  tidsbankenId: row.tidsbanken_id,
  groups: fromJson(row.groups),
  needs: row.needs,
  fingerprint: row.fingerprint,
  versions: fromJson(row.versions),
  waitsFor: fromJson(row.waits_for),
  label: row.label,
  state: row.state,
  origin: row.origin,
  approvedBy: row.approved_by,
  approvedAt: row.approved_at,
  rail: row.rail,
  attempt: row.attempt,
  sentAt: row.sent_at,
  sentRun: row.sent_run,
  problem: row.problem === null ? null : fromJson(row.problem),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
