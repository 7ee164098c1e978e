import type { ChangeOp, Kind, MismatchKind, Pair, Side, Value } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import { digestOf } from '../../mapping/canonical-json.ts';
import type { Versions } from '../drafts.ts';

/** The records that a fingerprint speaks of. A native id is null where there is no such record yet. */
export interface Ids {
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
}

/** What one group looked like when the change was drafted. Sensitive values come concealed (I19, J1). */
export interface GroupEvidence {
  readonly group: string;
  readonly members: readonly string[];
  /** `null` is base none. */
  readonly base: Pair<readonly Value[]> | null;
  readonly observed: Pair<readonly Value[] | null>;
}

export interface ChangeEvidence extends Ids {
  readonly kind: Kind;
  readonly op: ChangeOp;
  readonly target: Side;
  readonly groups: readonly GroupEvidence[];
}

export interface MismatchEvidence extends Ids {
  readonly kind: Kind;
  readonly mismatch: MismatchKind;
  readonly group: string | null;
  /** What the person sees and decides on; never a sensitive value. */
  readonly facts: Json;
}

/**
 * What an approval of a change binds to (V1): SHA-256, 64 hex digits, over kind, op, ids, groups with base pair and
 * observed values, and the versions. The order of groups does not matter.
 */
export function changeFingerprint(change: ChangeEvidence, versions: Versions): string {
  const groups = change.groups.toSorted((a, b) => (a.group < b.group ? -1 : 1));
  return digestOf({ ...change, groups, versions });
}

/** What a decision on a mismatch binds to; the counterpart of `changeFingerprint`. */
export const mismatchFingerprint = (mismatch: MismatchEvidence, versions: Versions): string =>
  digestOf({ ...mismatch, versions });
