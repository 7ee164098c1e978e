import type { Condition as FilterCondition, NumberRange } from '../mapping/mapping.ts';
import type { Column, KeyColumn, Language } from './language.ts';

/** A dataflow document as it was understood, before anything is decided about it. Lines are those of the document. */
export interface Dataflow {
  readonly title: string;
  /** The system beside Tidsbanken, as the document names it; empty when it has no name. */
  readonly partner: string;
  readonly pairs: readonly DataflowPair[];
  /** Sections about something else, such as an introduction. */
  readonly others: readonly OtherSection[];
  /** What stands in no section. */
  readonly remarks: readonly Remark[];
}

/** One of the two records of a pair, such as “Tidsbanken Kunde”. */
export interface Term {
  readonly text: string;
  readonly isTidsbanken: boolean;
  /** Without the system's name: “Kunde”. */
  readonly object: string;
}

export interface DataflowPair {
  readonly line: number;
  readonly title: string;
  readonly source: Term;
  readonly target: Term;
  readonly statements: readonly Statement[];
  readonly merges: readonly MergeTable[];
  readonly tables: readonly PropertyTable[];
  /** Text, lists and tables that were not understood. */
  readonly remarks: readonly Remark[];
}

export interface Remark {
  readonly line: number;
  readonly text: string;
  /** The rows or items it holds; none for text. */
  readonly rows: readonly { readonly line: number; readonly text: string }[];
}

export interface OtherSection {
  readonly line: number;
  readonly title: string;
  readonly about: 'introduction' | 'rails' | 'unknown';
  readonly rows: Remark['rows'];
}

export interface Statement {
  readonly line: number;
  readonly text: string;
  readonly fact: Fact;
}

/** What a sentence says. `from` and `to` are records as the sentence names them. */
export type Fact =
  | { readonly kind: 'creation'; readonly rule: 'every' | 'never'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'ifReferred';
      readonly from: string;
      readonly to: string;
      readonly by: readonly string[];
    }
  | { readonly kind: 'onCondition'; readonly from: string; readonly to: string }
  | { readonly kind: 'automatic'; readonly on: boolean; readonly from: string; readonly to: string }
  /** The numbers that a new record of `to` may get (K8). */
  | { readonly kind: 'numbers'; readonly range: NumberRange; readonly from: string; readonly to: string }
  | { readonly kind: 'mergesWithExisting' | 'linkFirst' | 'inSync' | 'mergeFollows' | 'propertiesFollow' }
  | { readonly kind: 'noMerge' | 'noProperties' | 'off' }
  | { readonly kind: 'label'; readonly names: readonly string[] }
  | { readonly kind: 'lifecycle'; readonly property: string; readonly inactive: string }
  | { readonly kind: 'joins'; readonly names: readonly string[] }
  /** One condition of the filter of the side that `from` names. */
  | { readonly kind: 'only'; readonly from: string; readonly condition: FilterCondition };

/** A merge rule: unlinked records belong together when one of the alternatives matches. */
export interface MergeTable {
  readonly line: number;
  readonly alternatives: readonly MergeAlternative[];
}
export interface MergeAlternative {
  readonly line: number;
  /** Several where all of them must match. */
  readonly partner: readonly FieldRef[];
  readonly tidsbanken: readonly FieldRef[];
  /** The columns that only our own documents have. */
  readonly own: Readonly<Record<KeyColumn, string>> | null;
}

export interface PropertyTable {
  readonly line: number;
  readonly rows: readonly PropertyRow[];
}
export interface PropertyRow {
  readonly line: number;
  readonly partner: FieldRef;
  readonly tidsbanken: FieldRef;
  /** As written, without quotes: `string`, `integer`, `N/A`, empty. */
  readonly dataType: string;
  readonly own: OwnCells | null;
}
/** The columns that only our own documents have, and the language of their words. */
export interface OwnCells {
  readonly language: Language;
  readonly cells: Readonly<Record<Column, string>>;
}

/** A property as a row names it. */
export interface FieldRef {
  readonly text: string;
  readonly path: string;
  readonly conditions: readonly Condition[];
  /** A helper of the vendor's, such as `sesam_kundeId`; no field of any system (fact sheet, Q20). */
  readonly isAuxiliary: boolean;
  /** It lies in a list: `lines[].id`. */
  readonly isRepeated: boolean;
}
/** “Dependant on having NO in address.countryCode”. */
export interface Condition {
  readonly value: string;
  readonly field: string;
}
