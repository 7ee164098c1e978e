import type { Pair, Problem } from '../../shared/domain.ts';
import type { FieldDeclaration } from './field-declaration.ts';

/** The declared fields of a kind on both sides, by dotted path. */
export type Fields = Pair<Readonly<Record<string, FieldDeclaration>>>;

export type MappingProblemKind =
  | 'duplicateProperty'
  | 'undeclaredField'
  | 'readOnlyField'
  | 'fieldWrittenTwice'
  | 'groupDisagrees'
  | 'unknownProperty'
  | 'enumValues'
  | 'negatedNotBoolean'
  | 'referenceKind'
  | 'unknownZone'
  | 'sensitiveWithoutKey'
  | 'sensitiveNames'
  | 'conversion'
  | 'combination'
  | 'createDefault'
  | 'rowCondition'
  | 'filter'
  | 'creationRule';

/** Why a mapping cannot be used as it stands. */
export interface MappingProblem extends Problem {
  readonly kind: MappingProblemKind;
  /** Where it stands in the flow, if not at the row of its property. */
  readonly at?: readonly string[];
}

/** A problem that does not know its kind of records yet. */
export type Found = Omit<MappingProblem, 'notDone' | 'recordKind'>;
