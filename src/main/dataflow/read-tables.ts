import type { MergeAlternative, MergeTable, PropertyRow, PropertyTable, Remark, Term } from './dataflow.ts';
import { COLUMNS, KEY_COLUMNS, LANGUAGES, WORDS, type Column, type KeyColumn, type Language } from './language.ts';
import { readField, readFields } from './read-field.ts';
import type { Cell, Row, Table } from './rst/nodes.ts';
import { paragraphsOf } from './rst/text.ts';

/** Which columns a table has. A position is -1 where the column is not there. */
interface Layout {
  readonly language: Language;
  readonly partner: number;
  readonly tidsbanken: number;
  readonly dataType: number;
  /** Columns of our own documents by their title in lower case. */
  readonly titled: ReadonlyMap<string, number>;
  readonly unknown: readonly string[];
}

export interface ReadTable {
  readonly merge: MergeTable | null;
  readonly properties: PropertyTable | null;
  readonly remarks: readonly Remark[];
}

/** A merge table when `follows` says so, or when it has no column of data types; else a table of properties. */
export function readTable(table: Table, terms: readonly Term[], follows: 'merge' | 'properties' | null): ReadTable {
  const [head, rows] = headAndRows(table);
  const layout = layoutOf(head, terms);
  const isMerge = follows === 'merge' || (follows === null && layout.dataType === -1);
  const remarks = layout.unknown.map((title) => ({
    line: head?.line ?? table.line,
    text: `The column “${title}”`,
    rows: [],
  }));
  const { line } = table;
  if (isMerge)
    return { merge: { line, alternatives: rows.map((row) => alternativeOf(row, layout)) }, properties: null, remarks };
  return { merge: null, properties: { line, rows: rows.map((row) => rowOf(row, layout)) }, remarks };
}

/** A first row that speaks of properties is a header, whether the table says so or not. */
function headAndRows({ head, rows }: Table): [Row | undefined, readonly Row[]] {
  const [first, ...rest] = rows;
  if (head.length > 0 || first === undefined) return [head.at(-1), rows];
  const isHead = first.cells.some((cell) => /\b(property|egenskap)$/iu.test(textIn(cell)));
  return isHead ? [first, rest] : [undefined, rows];
}

const textIn = (cell: Cell | undefined): string =>
  paragraphsOf(cell?.blocks ?? [])
    .join(' ')
    .trim();

function layoutOf(head: Row | undefined, terms: readonly Term[]): Layout {
  const titles = head?.cells.map(textIn) ?? [];
  const sourceIsTidsbanken = terms[0]?.isTidsbanken === true;
  const named = titles.slice(0, 2).findIndex((title) => /\btidsbanken\b/iu.test(title));
  const tidsbanken = named === -1 ? (sourceIsTidsbanken ? 0 : 1) : named;
  const known = new Map<string, number>();
  let dataType = head === undefined ? 2 : -1;
  const unknown: string[] = [];
  for (const [i, title] of titles.entries()) {
    if (i < 2) continue;
    if (/(\bdata type|\bdatatype)$/iu.test(title)) dataType = i;
    else if (OWN_TITLES.has(title.toLowerCase())) known.set(title.toLowerCase(), i);
    else unknown.push(title);
  }
  const language = LANGUAGES.find(
    (one) => known.has(WORDS[one].columns.direction.toLowerCase()) || known.has(WORDS[one].columns.key.toLowerCase()),
  );
  return { language: language ?? 'en', partner: 1 - tidsbanken, tidsbanken, dataType, titled: known, unknown };
}

const OWN_TITLES = new Set(
  LANGUAGES.flatMap((language) => Object.values(WORDS[language].columns).map((title) => title.toLowerCase())),
);

function rowOf({ line, cells }: Row, layout: Layout): PropertyRow {
  const at = (column: number): string => textIn(cells[column]);
  return {
    line,
    partner: readField(at(layout.partner)),
    tidsbanken: readField(at(layout.tidsbanken)),
    dataType: at(layout.dataType).replaceAll(/^["']|["']$/g, ''),
    own: ownCells(cells, layout, COLUMNS),
  };
}

function alternativeOf({ line, cells }: Row, layout: Layout): MergeAlternative {
  const fieldsIn = (column: number) => readFields(paragraphsOf(cells[column]?.blocks ?? []));
  const own = ownCells(cells, layout, KEY_COLUMNS);
  return { line, partner: fieldsIn(layout.partner), tidsbanken: fieldsIn(layout.tidsbanken), own: own?.cells ?? null };
}

/** Columns that documents of earlier versions do not have. */
const LATER: ReadonlySet<Column | KeyColumn> = new Set(['onCreate', 'conversion']);

/** The cells of our own columns, by name; null unless all of them are there. What is not is empty. */
function ownCells<Id extends Column | KeyColumn>(
  cells: readonly Cell[],
  layout: Layout,
  ids: readonly Id[],
): { language: Language; cells: Readonly<Record<Id, string>> } | null {
  const titles = WORDS[layout.language].columns;
  const found = ids.map((id) => [id, layout.titled.get(titles[id].toLowerCase())] as const);
  if (found.some(([id, column]) => column === undefined && !LATER.has(id))) return null;
  const texts = found.map(([id, column]) => [id, textIn(cells[column ?? -1])] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every id has an entry
  return { language: layout.language, cells: Object.fromEntries(texts) as Record<Id, string> };
}
