export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => string | number;
}

/** Longer cells are cut: a table that wraps is no table. `--json` has it all. */
const WIDEST = 60;

const cut = (text: string): string => {
  const points = Array.from(text.replaceAll(/\s+/g, ' '));
  return points.length > WIDEST ? `${points.slice(0, WIDEST - 1).join('')}…` : points.join('');
};
const width = (text: string): number => Array.from(text).length;

/** Columns as wide as their widest cell, numbers to the right, a line under the heads. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = columns.map((column) => {
    const values = rows.map((row) => column.cell(row));
    const texts = values.map((value) => cut(String(value)));
    const wide = Math.max(width(column.head), ...texts.map(width));
    const right = values.length > 0 && values.every((value) => typeof value === 'number');
    const pad = (text: string): string => {
      const space = ' '.repeat(wide - width(text));
      return right ? space + text : text + space;
    };
    return [pad(column.head), '-'.repeat(wide), ...texts.map(pad)];
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, line) => cells.map((column) => column[line]).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
