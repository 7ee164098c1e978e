import type { ChangeOp, MismatchKind, Side, Take } from '../../../shared/domain.ts';
import type { BroughtBackAs } from '../../store/brought-back.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import { hindranceOf } from '../review/change-decisions.ts';
import type { ChangeDecided, MismatchDecided } from './format.ts';

/** Why a decision that was brought back is not carried out. Each has a sentence in every language. */
export const WHY_NOT = [
  'broughtBackBefore',
  'approvedHere',
  'rejectedHere',
  'decidedHere',
  'writtenHere',
  'underWay',
  'differs',
  'gone',
  'tooOld',
  'versionChanged',
  'unknownRow',
  'needsCount',
  'railNotPassed',
  'noWayOut',
  'refusedHere',
] as const;
export type WhyNot = (typeof WHY_NOT)[number];

export interface SetAside {
  readonly outcome: Exclude<BroughtBackAs, 'applied'>;
  readonly why: WhyNot;
}
/** The item here that the decision is carried out on, or why it is not. */
export type Judged<T> = { readonly apply: T } | { readonly setAside: SetAside; readonly here: T | null };

type Lapse = 'tooOld' | 'versionChanged' | null;

export interface ChangeFacts {
  /** This very decision was carried out here before. */
  readonly used: boolean;
  /** The change that has the row's number here, when it is about the same write. */
  readonly numbered: StoredChange | null;
  /** The open change for the same write, whatever its number is. */
  readonly open: StoredChange | null;
  readonly lapse: (change: StoredChange) => Lapse;
  /** The number of what S1 holds was typed here. */
  readonly counted: boolean;
}

/** Whether two changes are about the same write: one record, one side. An update may meanwhile be an archive. */
export const isSameWrite = (
  row: Pick<ChangeDecided, 'op' | 'target' | 'customerpId' | 'tidsbankenId'>,
  change: { op: ChangeOp; target: Side; customerpId: string | null; tidsbankenId: string | null },
): boolean =>
  row.target === change.target &&
  row.customerpId === change.customerpId &&
  row.tidsbankenId === change.tidsbankenId &&
  (row.op === 'create') === (change.op === 'create');

/**
 * V1: an approval binds person, time and fingerprint, and is used once. What was decided here stands; a row that is not
 * the one that was shown is set aside (S4); what a rail holds is not let go by a file (S1–S3, S6).
 */
export function judgeChange(row: ChangeDecided, facts: ChangeFacts): Judged<StoredChange> {
  const { used, numbered, open, counted } = facts;
  if (used) return aside('already', 'broughtBackBefore', open ?? numbered);
  if (open === null) return endedChange(numbered);
  if (isUnderWay(open)) return aside('already', 'underWay', open);
  if (!isAsShown(row, open)) return aside('stale', 'differs', open);
  if (isDecidedHere(row, open)) return aside('already', 'approvedHere', open);
  if (row.take === 'reject') return { apply: open };
  const lapse = facts.lapse(open);
  if (lapse !== null) return aside('stale', lapse, open);
  const hindrance = hindranceOf(open, { take: 'approve', seen: counted });
  if (hindrance === null) return { apply: open };
  return aside('notAllowed', hindrance.facts?.['why'] === 'needsCount' ? 'needsCount' : 'railNotPassed', open);
}

function endedChange(numbered: StoredChange | null): Judged<StoredChange> {
  if (numbered === null) return aside('unknown', 'unknownRow', null);
  if (numbered.state === 'rejected') return aside('already', 'rejectedHere', numbered);
  const isWritten = numbered.state === 'verified' || numbered.state === 'noop';
  return isWritten ? aside('already', 'writtenHere', numbered) : aside('stale', 'gone', numbered);
}

const UNDER_WAY: readonly StoredChange['state'][] = ['preparing', 'sending', 'acked', 'unknown'];
const isUnderWay = ({ state }: StoredChange): boolean => UNDER_WAY.includes(state);

/** Of a change that was rejected in part here, the rest is still what was shown. */
const isAsShown = (row: ChangeDecided, change: StoredChange): boolean =>
  row.groups.every(({ group, fingerprint }) =>
    change.groups.some((own) => own.group === group && own.fingerprint === fingerprint),
  );

/** A rule's approval is nobody's decision, so a person may still refuse it. */
function isDecidedHere(row: ChangeDecided, change: StoredChange): boolean {
  const byRule = change.approvedBy?.startsWith('rule:') === true;
  if (byRule && row.take === 'reject') return false;
  const names = row.groups.map(({ group }) => group);
  return change.groups.filter(({ group }) => names.includes(group)).every(({ approved }) => approved);
}

export interface MismatchFacts {
  readonly used: boolean;
  readonly numbered: StoredMismatch | null;
  /** Open findings about one of the two records. */
  readonly open: readonly StoredMismatch[];
  readonly tooOld: boolean;
}

type SameFinding = Pick<MismatchDecided, 'kind' | 'group' | 'customerpId' | 'tidsbankenId'>;

export const isSameFinding = (
  row: SameFinding,
  own: { mismatch: MismatchKind; group: string | null; customerpId: string | null; tidsbankenId: string | null },
): boolean =>
  row.kind === own.mismatch &&
  row.group === own.group &&
  row.customerpId === own.customerpId &&
  row.tidsbankenId === own.tidsbankenId;

/** As `judgeChange`, for a way out of a mismatch. What a rail doubts is vouched for only where the systems can be seen. */
export function judgeMismatch(row: MismatchDecided, facts: MismatchFacts): Judged<StoredMismatch> {
  const { used, numbered, tooOld } = facts;
  const open = facts.open.find((own) => isSameFinding(row, own)) ?? null;
  if (used) return aside('already', 'broughtBackBefore', open ?? numbered);
  if (open === null) {
    if (numbered === null) return aside('unknown', 'unknownRow', null);
    return numbered.state === 'decided' ? aside('already', 'decidedHere', numbered) : aside('stale', 'gone', numbered);
  }
  if (open.fingerprint !== row.fingerprint) return aside('stale', 'differs', open);
  if (open.mismatch === 'rail') return aside('notAllowed', 'railNotPassed', open);
  if (!open.takes.includes(row.take)) return aside('notAllowed', 'noWayOut', open);
  if (tooOld && WRITES.includes(row.take)) return aside('stale', 'tooOld', open);
  return { apply: open };
}

/** Ways out that come to an approved change, which lapses like any other (V2). */
const WRITES: readonly Take[] = ['customerp', 'tidsbanken', 'create', 'archive', 'recreate'];

const aside = <T>(
  outcome: SetAside['outcome'],
  why: WhyNot,
  here: T,
): { readonly setAside: SetAside; readonly here: T } => ({
  setAside: { outcome, why },
  here,
});
