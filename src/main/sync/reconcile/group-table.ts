import { otherSide } from '../../../shared/domain.ts';
import type { Direction, MismatchKind, Pair, RuleRow, Side } from '../../../shared/domain.ts';
import type { AgainstPolicy, ConflictPolicy, Tuple } from './rules.ts';

export interface GroupInput {
  readonly e: Tuple | 'unobserved';
  readonly t: Tuple | 'unobserved';
  /** What each side held when last verified; `null` is base none. */
  readonly base: Pair<Tuple> | null;
  readonly same: (e: Tuple, t: Tuple) => boolean;
  readonly direction: Direction;
  /** By member, in the order of the tuple: may that side empty it (N5)? */
  readonly clearable: Pair<readonly boolean[]>;
  readonly master: Side;
  readonly policy: ConflictPolicy;
  readonly against: AgainstPolicy;
  readonly needsReview: boolean;
  readonly times: EditTimes;
}

/** What D4 needs. Times are instants in ms; `null` is unknown. */
export interface EditTimes {
  readonly modifiedAt: Pair<number | null>;
  readonly explainedByUs: Pair<boolean>;
  readonly marginMs: number;
}

export type GroupOutcome =
  | { readonly kind: 'skip'; readonly row: 'R1' }
  | { readonly kind: 'inStep'; readonly row: 'R2'; readonly base: Pair<Tuple> }
  | { readonly kind: 'accepted'; readonly row: 'R6' }
  | Write
  | Ask
  | { readonly kind: 'info'; readonly row: RuleRow; readonly why: InfoReason };

export type InfoReason = 'againstDirection' | 'notClearable' | 'cannotArchive';

export interface Write {
  readonly kind: 'write';
  readonly row: RuleRow;
  readonly to: Side;
  readonly desired: Tuple;
  readonly needs: 'auto' | 'review';
}

export interface Ask {
  readonly kind: 'ask';
  readonly row: RuleRow;
  readonly mismatch: Extract<
    MismatchKind,
    'firstDifference' | 'clearedVersusEdited' | 'bothEdited' | 'againstDirection'
  >;
  /** The side whose value is suggested. */
  readonly suggests: Side | null;
}

interface Facts extends Omit<GroupInput, 'e' | 't'> {
  readonly e: Tuple;
  readonly t: Tuple;
  readonly cE: boolean;
  readonly cT: boolean;
}

interface Row {
  readonly row: RuleRow;
  readonly when: (f: Facts) => boolean;
  readonly decide: (f: Facts) => GroupOutcome;
}

/** N4: a group is empty only if every member is. */
export const isEmpty = (tuple: Tuple): boolean => tuple.every((value) => value === null);

/** Exact equality of canonical values: what drift is measured by. */
export const equalTuples = (a: Tuple, b: Tuple): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Whether a change may flow into that side. */
export const allows = (direction: Direction, to: Side): boolean =>
  direction === 'both' || direction === (to === 'tidsbanken' ? 'toTidsbanken' : 'toCustomerp');

/**
 * Whether `desired` can be laid over `current`: a member can only be emptied where the side has a way to say so (N5).
 * Otherwise the field would be left out and the write could never be verified.
 */
export const canBecome = (current: Tuple, desired: Tuple, clearable: readonly boolean[]): boolean =>
  desired.every((value, index) => value !== null || clearable[index] === true || (current[index] ?? null) === null);

/** The table of 5.1 without R1. Tried top-down; the first row that fits decides. */
const TABLE: readonly Row[] = [
  { row: 'R2', when: (f) => f.same(f.e, f.t), decide: inStep },
  { row: 'R3', when: (f) => f.base === null && isEmpty(f.e), decide: (f) => fill(f, 'R3', 'customerp') },
  { row: 'R4', when: (f) => f.base === null && isEmpty(f.t), decide: (f) => fill(f, 'R4', 'tidsbanken') },
  { row: 'R5', when: (f) => f.base === null, decide: (f) => ask(f, 'R5', 'firstDifference', f.master) },
  { row: 'R6', when: (f) => !f.cE && !f.cT, decide: () => ({ kind: 'accepted', row: 'R6' }) },
  { row: 'R7', when: (f) => !f.cT && !isEmpty(f.e), decide: (f) => carry(f, 'R7', 'tidsbanken', 'auto') },
  { row: 'R8', when: (f) => !f.cE && !isEmpty(f.t), decide: (f) => carry(f, 'R8', 'customerp', 'auto') },
  { row: 'R9', when: (f) => !f.cT, decide: (f) => carry(f, 'R9', 'tidsbanken', 'review') },
  { row: 'R10', when: (f) => !f.cE, decide: (f) => carry(f, 'R10', 'customerp', 'review') },
  { row: 'R11', when: (f) => isEmpty(f.e) || isEmpty(f.t), decide: clearedVersusEdited },
  { row: 'R12', when: () => true, decide: bothEdited },
];

/**
 * Section 5.1 as one total function: what to do about one group of one linked pair.
 * Direction `off` is R1; one-way directions follow D1; `newest` follows D4. Swapping the sides mirrors the result (D2).
 */
export function decideGroup(input: GroupInput): GroupOutcome {
  const { e, t, base } = input;
  if (e === 'unobserved' || t === 'unobserved' || input.direction === 'off') return { kind: 'skip', row: 'R1' };
  const facts: Facts = {
    ...input,
    e,
    t,
    cE: base !== null && !equalTuples(e, base.customerp),
    cT: base !== null && !equalTuples(t, base.tidsbanken),
  };
  const fitting = TABLE.find((row) => row.when(facts));
  if (fitting === undefined) throw new Error('The group table is total: its last row fits always.');
  return fitting.decide(facts);
}

function inStep(f: Facts): GroupOutcome {
  return { kind: 'inStep', row: 'R2', base: { customerp: f.e, tidsbanken: f.t } };
}

/** R3, R4: a first value for the empty side. Against the direction it is only told (D1). */
function fill(f: Facts, row: RuleRow, to: Side): GroupOutcome {
  return allows(f.direction, to) ? write(f, row, to, 'review') : { kind: 'info', row, why: 'againstDirection' };
}

/** R7–R10: one side changed; its value goes to the other, or back again when it changed against the direction (D1). */
function carry(f: Facts, row: RuleRow, to: Side, needs: 'auto' | 'review'): GroupOutcome {
  if (allows(f.direction, to)) return write(f, row, to, needs);
  if (f.against === 'restore') return write(f, row, otherSide(to), needs);
  return ask(f, row, 'againstDirection', to);
}

function write(f: Facts, row: RuleRow, to: Side, needs: 'auto' | 'review'): GroupOutcome {
  if (!writable(f, to)) return { kind: 'info', row, why: 'notClearable' };
  const desired = valueOf(f, otherSide(to));
  const careful = f.needsReview || isEmpty(desired);
  return { kind: 'write', row, to, desired, needs: careful ? 'review' : needs };
}

function clearedVersusEdited(f: Facts): GroupOutcome {
  return ask(f, 'R11', 'clearedVersusEdited', isEmpty(f.e) ? 'tidsbanken' : 'customerp');
}

/** R12. A policy decides only where both sides may be written: one-way groups stay with the person (D1). */
function bothEdited(f: Facts): GroupOutcome {
  const winner = f.direction === 'both' ? winnerOf(f) : null;
  if (winner === null || !writable(f, otherSide(winner))) return ask(f, 'R12', 'bothEdited', winner);
  return write(f, 'R12', otherSide(winner), 'auto');
}

function winnerOf(f: Facts): Side | null {
  if (f.policy === 'ask') return null;
  return f.policy === 'newest' ? newest(f.times) : f.policy;
}

/** D4: time decides only where both times are known, are people's own, and lie further apart than the clocks may be. */
function newest({ modifiedAt, explainedByUs, marginMs }: EditTimes): Side | null {
  if (modifiedAt.customerp === null || modifiedAt.tidsbanken === null) return null;
  if (explainedByUs.customerp || explainedByUs.tidsbanken) return null;
  const lead = modifiedAt.customerp - modifiedAt.tidsbanken;
  if (Math.abs(lead) <= marginMs) return null;
  return lead > 0 ? 'customerp' : 'tidsbanken';
}

/** One-way groups suggest the sending side's value, whatever the row would (D1); never a value that cannot be laid down. */
function ask(f: Facts, row: RuleRow, mismatch: Ask['mismatch'], proposed: Side | null): GroupOutcome {
  const side = sender(f.direction) ?? proposed;
  const suggests = side !== null && writable(f, otherSide(side)) ? side : null;
  return { kind: 'ask', row, mismatch, suggests };
}

function sender(direction: Direction): Side | null {
  if (direction === 'toTidsbanken') return 'customerp';
  return direction === 'toCustomerp' ? 'tidsbanken' : null;
}

const valueOf = (f: Facts, side: Side): Tuple => (side === 'customerp' ? f.e : f.t);

const writable = (f: Facts, to: Side): boolean => canBecome(valueOf(f, to), valueOf(f, otherSide(to)), f.clearable[to]);
