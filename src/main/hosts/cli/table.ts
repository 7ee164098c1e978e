export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => string | number;
  /** A sentence to decide on, which is never cut. It stands in the last column. */
  readonly whole?: true;
}

/** Longer cells are cut: a table that wraps is no table. `--json` has it all. */
const WIDEST = 60;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

const cut = (text: string): string => {
  const points = Array.from(oneLine(text));
  return points.length > WIDEST ? `${points.slice(0, WIDEST - 1).join('')}…` : points.join('');
};
const width = (text: string): number => Array.from(text).length;

/** Columns as wide as their widest cell, numbers to the right, a line under the heads. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = columns.map((column) => {
    const values = rows.map((row) => column.cell(row));
    const texts = values.map((value) => (column.whole === true ? oneLine : cut)(String(value)));
    const wide = column.whole === true ? width(column.head) : Math.max(width(column.head), ...texts.map(width));
    const right = values.length > 0 && values.every((value) => typeof value === 'number');
    const pad = (text: string): string => {
      const space = ' '.repeat(Math.max(0, wide - width(text)));
      return right ? space + text : text + space;
    };
    return [pad(column.head), '-'.repeat(wide), ...texts.map(pad)];
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, line) => cells.map((column) => column[line]).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
