import type { LintFindingView, MappingRow } from '../../../shared/contract/mapping-views.ts';
import type { DraftRow } from './draft.ts';

export const ROW_SORTS = ['findings', 'edited', 'held', 'on'] as const;
export type RowSort = (typeof ROW_SORTS)[number];

/** What the table is narrowed to; nothing of it given: every row. */
export interface RowSearch {
  readonly find?: string | undefined;
  readonly only?: RowSort | undefined;
}

/** What is known of the flow's rows besides themselves. */
export interface RowFacts {
  /** The rows as they are saved. */
  readonly saved: ReadonlyMap<string, MappingRow>;
  readonly findings: ReadonlyMap<string | undefined, readonly LintFindingView[]>;
  readonly held: ReadonlySet<string>;
  /** A property's name as the window says it. */
  readonly said: (name: string) => string;
}

/** The rows that fit a search, in their order. */
export const rowsThatFit = (rows: readonly DraftRow[], search: RowSearch, facts: RowFacts): DraftRow[] =>
  rows.filter((row) => isOfSort(row, search.only, facts) && isFound(row, search.find, facts));

function isOfSort(row: DraftRow, only: RowSort | undefined, { findings, held }: RowFacts): boolean {
  if (only === undefined) return true;
  return {
    findings: findings.has(row.name),
    edited: row.edited,
    held: held.has(row.name),
    on: row.key || row.direction !== 'off',
  }[only];
}

/** Also by the fields it is saved with: while a field is being typed, its row does not leave the table. */
function isFound(row: DraftRow, find: string | undefined, { saved, said }: RowFacts): boolean {
  if (find === undefined) return true;
  const before = saved.get(row.name);
  const texts = [said(row.name), row.name, row.customerp, row.tidsbanken, before?.customerp, before?.tidsbanken];
  const wanted = find.toLocaleLowerCase('nb');
  return texts.some((text) => text?.toLocaleLowerCase('nb').includes(wanted));
}
