import type { Kind, Pair, ProblemFacts, Side, Value } from '../../../shared/domain.ts';
import type { MappingProblemKind } from '../mapping-problem.ts';

/** What is wrong with the mapping itself, whatever the records hold. */
export const MAPPING_LINT_KINDS = ['typeMisfit', 'requiredNotSent', 'idNotSent', 'notInSchema'] as const;

/** What the records that were read say about a row. */
export const RECORD_LINT_KINDS = [
  /** A value failed its type (N4), or no spelling of the value map fits it. */
  'unreadable',
  'unmappedValue',
  /** Nobody ever answered with the field. */
  'neverSeen',
  'requiredEmpty',
  /** Round trip: the value is cut, rounded, spelled anew, moved, or taken for empty on the way there and back. */
  'cut',
  'tooLong',
  'decimals',
  'leadingZeros',
  'takenForEmpty',
  'twoSpellings',
  'case',
  'blanks',
  'date',
  'altered',
] as const;
export type LintKind = MappingProblemKind | (typeof MAPPING_LINT_KINDS)[number] | (typeof RECORD_LINT_KINDS)[number];

/**
 * `stops`: the flow, or each creation of it, cannot work as it stands. `swings`: such records are different after each
 * write, for ever, or can never be written. `waits`: such records wait until a person mends them. `loses`: both sides
 * come to rest, but an edit on the other side takes a part of the value away.
 */
export const LINT_EFFECTS = ['stops', 'swings', 'waits', 'loses'] as const;
export type LintEffect = (typeof LINT_EFFECTS)[number];

/** One record that shows a finding. Values of sensitive properties are never here but as their mask (J1). */
export interface LintExample {
  readonly side: Side;
  readonly nativeId: string;
  readonly label: string;
  /** What the record holds; absent where it cannot be told. */
  readonly value?: Value;
  /** What the other side would hold of it; absent where it cannot be written at all. */
  readonly there?: Value;
  /** What would come back. */
  readonly back?: Value;
}

/**
 * What a verdict rests on: the mapping itself, what a descriptor declares, what a system itself says of its fields
 * ($metadata, OpenAPI), or the records that were read.
 */
export const LINT_SOURCES = ['mapping', 'descriptor', 'schema', 'records'] as const;

/** One thing about one row, with how many records show it. */
export interface LintFinding {
  readonly kind: LintKind;
  readonly effect: LintEffect;
  readonly source: (typeof LINT_SOURCES)[number];
  readonly recordKind: Kind;
  /** The row; absent where the finding is about the flow. */
  readonly property?: string;
  /** Where the values come from, or the field stands. */
  readonly side?: Side;
  readonly what: string;
  readonly todo: string;
  readonly facts: ProblemFacts;
  /** Records that show it; 0 for a finding about the mapping itself. */
  readonly count: number;
  /** At most `EXAMPLES`, the first by native id. */
  readonly examples: readonly LintExample[];
}

/** What the lint has to say of one flow. */
export interface FlowLintReport {
  readonly recordKind: Kind;
  /** Records that were looked at. */
  readonly records: Pair<number>;
  /** What each system calls the document in which it tells its fields; null: none is known. */
  readonly schemas: Pair<string | null>;
  /** Values that made the round trip, by row in use; sensitive rows and references never do. */
  readonly checked: Readonly<Record<string, number>>;
  /** What stops comes first, then what swings, waits and loses. */
  readonly findings: readonly LintFinding[];
}

export const EXAMPLES = 3;
