/** The words of the house (docs/architecture.md). One word for one thing, in code, screens, docs and the CLI. */

export const SIDES = ['customerp', 'tidsbanken'] as const;
export type Side = (typeof SIDES)[number];

export const otherSide = (side: Side): Side => (side === 'customerp' ? 'tidsbanken' : 'customerp');

/** The order is that of O1: what others refer to comes first. */
export const KINDS = ['department', 'customer', 'employee', 'project'] as const;
export type Kind = (typeof KINDS)[number];

export const FLOWS = ['department-avdeling', 'customer-kunde', 'employee-ansatt', 'project-prosjekt'] as const;
export type Flow = (typeof FLOWS)[number];

const FLOW_OF: Record<Kind, Flow> = {
  department: 'department-avdeling',
  customer: 'customer-kunde',
  employee: 'employee-ansatt',
  project: 'project-prosjekt',
};
export const flowOf = (kind: Kind): Flow => FLOW_OF[kind];
const KIND_OF: Record<Flow, Kind> = {
  'department-avdeling': 'department',
  'customer-kunde': 'customer',
  'employee-ansatt': 'employee',
  'project-prosjekt': 'project',
};
export const kindOf = (flow: Flow): Kind => KIND_OF[flow];

/** Department is a supporting kind: it is linked and referred to, and has no card of its own. */
export const MAIN_KINDS = ['customer', 'employee', 'project'] as const satisfies readonly Kind[];

/**
 * A canonical value (sync-semantics 2.1, 2.2): text in canonical form, or `null` for empty (⊥).
 * Unobserved (∅) is the absence of the key, so it can never be mistaken for a value.
 */
export type Value = string | null;
export type Props = Readonly<Record<string, Value>>;

export interface Pair<T> {
  readonly customerp: T;
  readonly tidsbanken: T;
}

export const DIRECTIONS = ['both', 'toTidsbanken', 'toCustomerp', 'off'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const LINK_STATES = ['unverified', 'active', 'tombstoned', 'unlinked'] as const;
export type LinkState = (typeof LINK_STATES)[number];

export const MISMATCH_KINDS = [
  'onlyInCustomerp',
  'onlyInTidsbanken',
  'severalCandidates',
  'weakMatch',
  'sharedKey',
  'keyContradiction',
  'firstDifference',
  'bothEdited',
  'clearedVersusEdited',
  'againstDirection',
  'goneInCustomerp',
  'goneInTidsbanken',
  'goneVersusEdited',
  'reappeared',
  'identityChanged',
  'unlinkedReference',
  'invalidValue',
  'transformed',
  'notPersisted',
  'outcomeUnknown',
  'changedMeanwhile',
  'idCollision',
  'flapping',
  'timeShift',
  'shapeChanged',
  'incompleteCollection',
  'rail',
] as const;
export type MismatchKind = (typeof MISMATCH_KINDS)[number];

export const CHANGE_OPS = ['create', 'update', 'archive'] as const;
export type ChangeOp = (typeof CHANGE_OPS)[number];

/**
 * Who asked for a change: a plan of the sync, a person's decision on a finding, a person who closes the survivor of a
 * pair (X1), a person who takes back what was written (7.5), or a checklist that is verified (7.6).
 */
export const CHANGE_ORIGINS = ['plan', 'decision', 'survivor', 'undo', 'checklist'] as const;
export type ChangeOrigin = (typeof CHANGE_ORIGINS)[number];

/**
 * Whether such a change carries nothing over from the other side: A3 checks its target only, and after the read-back
 * the source stands in the base as it was observed (7.5); a checklist's leaves the base alone (7.6).
 */
export const hasNoSource = (origin: ChangeOrigin): boolean => origin !== 'plan' && origin !== 'decision';

/** Whether only who asked for it takes such a change back: no plan of the sync replaces it. */
export const isAskedFor = (origin: ChangeOrigin): boolean => origin === 'undo' || origin === 'checklist';

/** Sync-semantics 2.5. */
export const OPEN_CHANGE_STATES = [
  'planned',
  'approved',
  'deferred',
  'preparing',
  'sending',
  'acked',
  'unknown',
  'manual',
] as const;
export const END_CHANGE_STATES = [
  'verified',
  'rejected',
  'superseded',
  'noop',
  'stale',
  'failed',
  'notPersisted',
  'transformed',
] as const;
export const CHANGE_STATES = [...OPEN_CHANGE_STATES, ...END_CHANGE_STATES] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

const OPEN: ReadonlySet<ChangeState> = new Set(OPEN_CHANGE_STATES);
export const isOpen = ({ state }: { readonly state: ChangeState }): boolean => OPEN.has(state);

/** The rows of the group table (sync-semantics 5.1), and `create` for a new counterpart. */
export const RULE_ROWS = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12'] as const;
export type RuleRow = (typeof RULE_ROWS)[number];

export const BUCKETS = ['inStep', 'proposed', 'mismatch', 'skipped', 'failed'] as const;
export type Bucket = (typeof BUCKETS)[number];

export const RUN_MODES = ['preview', 'manual', 'auto'] as const;
export type RunMode = (typeof RUN_MODES)[number];

export const RUN_STAGES = ['recover', 'collect', 'match', 'reconcile', 'review', 'apply', 'verify'] as const;
export type RunStage = (typeof RUN_STAGES)[number];

export const RUN_STATES = ['running', 'done', 'stopped', 'failed', 'interrupted', 'aborted'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const APPROVALS = ['safe', 'all', 'none'] as const;
export type Approval = (typeof APPROVALS)[number];

/** What a person can choose for an open item (design, section 6). */
export const TAKES = [
  'approve',
  'reject',
  'customerp',
  'tidsbanken',
  'accept',
  'later',
  'link',
  'create',
  'archive',
  'recreate',
  'unlink',
  'ignore',
] as const;
export type Take = (typeof TAKES)[number];

/** One property inside a group change. `spelling` is what the source wrote, where that differs from the canonical value. */
export interface MemberChange {
  readonly property: string;
  readonly expected: Value;
  readonly desired: Value;
  readonly spelling?: string;
  /** In a create: what the source itself holds, where a number of the operator's range is sent in its place (K8). */
  readonly instead?: Value;
}

/** One group of a change: compared, decided and written as one tuple. */
export interface GroupChange {
  readonly group: string;
  readonly row: RuleRow | 'create' | 'decision' | 'restore';
  /** `auto`: may be applied by a run in mode `auto` (D3); `review`: a person must see it first. */
  readonly needs: 'auto' | 'review';
  readonly members: readonly MemberChange[];
  readonly fingerprint: string;
  readonly approved: boolean;
}

/** What happened, to which record, what was not done, and what to do now. */
export interface Problem {
  readonly kind: string;
  readonly what: string;
  readonly notDone: string;
  readonly todo: string;
  readonly side?: Side;
  readonly recordKind?: Kind;
  readonly nativeId?: string;
  readonly property?: string;
  readonly facts?: ProblemFacts;
}

/**
 * What the sentences are made of, so that a window can say them in its own language: names, figures, and `why` as a
 * word that a translation knows. Never a sensitive value (I19).
 */
export type ProblemFacts = Readonly<Record<string, string | number>>;

export const problemText = (p: Problem): string => [p.what, p.notDone, p.todo].filter((s) => s !== '').join(' ');

/** An outcome that can fail in an expected way. Broken invariants throw instead. */
export type Result<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: F };
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const fail = <F>(failure: F): { readonly ok: false; readonly failure: F } => ({ ok: false, failure });

export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}
