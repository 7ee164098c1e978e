import type { Line } from './lines.ts';
import type { Table } from './nodes.ts';
import type { Reading } from './reading.ts';

/** `.. name:: argument`, its options, and its content with the indent taken off. */
export interface DirectiveSource {
  readonly line: number;
  readonly name: string;
  readonly argument: string;
  readonly options: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  readonly content: readonly Line[];
}

/** How many rows the option `header-rows` makes a header; an error when it is no number. */
export function headerRows({ options }: DirectiveSource, reading: Reading): number {
  const option = options.get('header-rows');
  if (option === undefined || /^\d{1,3}$/.test(option.value)) return Number(option?.value ?? 0);
  reading.error(option.line, `“header-rows” takes a number, not “${option.value}”.`);
  return 0;
}

/** Splits rows into header and body; tells when rows do not have the same number of cells. */
export function tableOf(
  at: { readonly line: number; readonly title: string },
  rows: Table['rows'],
  headRows: number,
  reading: Reading,
): Table | null {
  const width = rows[0]?.cells.length ?? 0;
  const uneven = rows.filter((row) => row.cells.length !== width);
  for (const row of uneven) {
    const what = `This row has ${String(row.cells.length)} cells where the first row has ${String(width)}.`;
    reading.error(row.line, what);
  }
  if (headRows > rows.length) {
    reading.error(at.line, 'The table has fewer rows than it says its header has.');
    return null;
  }
  return { kind: 'table', line: at.line, title: at.title, head: rows.slice(0, headRows), rows: rows.slice(headRows) };
}
