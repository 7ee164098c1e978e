import { tableOf } from './table.ts';
import { isBlank, type Line } from './lines.ts';
import type { Row } from './nodes.ts';
import type { Parsed, Reading } from './reading.ts';

/** A table whose columns stand under `====  ====`. A row whose first column is blank carries the row above on. */
export function simpleTableAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  const rule = lines[at];
  if (rule === undefined) return { blocks: [], next: at + 1 };
  const borders = bordersOf(lines, at);
  const last = borders.at(-1);
  if (last === undefined) {
    const what = 'A table begins here whose last line is missing, or is not like its first.';
    reading.error(rule.number, what);
    return { blocks: [], next: endOfText(lines, at) };
  }
  const columns = [...rule.text.matchAll(/=+/g)].map((run) => ({ from: run.index, to: run.index + run[0].length }));
  const headEnd = borders.length > 1 ? borders[0] : undefined;
  const head = headEnd === undefined ? [] : rowsOf(lines.slice(at + 1, headEnd), columns, reading);
  const body = rowsOf(lines.slice((headEnd ?? at) + 1, last), columns, reading);
  const table = tableOf({ line: rule.number, title: '' }, [...head, ...body], head.length, reading);
  return { blocks: table === null ? [] : [table], next: last + 1 };
}

/** The indexes of the lines that close the header and the table: the table ends at the second, or at one before a blank. */
function bordersOf(lines: readonly Line[], at: number): number[] {
  const found: number[] = [];
  for (let next = at + 1; next < lines.length; next++) {
    const text = lines[next]?.text ?? '';
    if (!/^=[= ]*$/.test(text)) continue;
    if (text !== lines[at]?.text) return [];
    found.push(next);
    if (found.length === 2 || isBlank(lines[next + 1])) return found;
  }
  return [];
}

function endOfText(lines: readonly Line[], at: number): number {
  let next = at;
  while (!isBlank(lines[next])) next += 1;
  return next;
}

type Column = { readonly from: number; readonly to: number };

function rowsOf(lines: readonly Line[], columns: readonly Column[], reading: Reading): Row[] {
  const rows: { line: number; cells: string[] }[] = [];
  for (const line of lines) {
    if (isBlank(line) || /^-[- ]*$/.test(line.text)) continue;
    tellOfOverflow(line, columns, reading);
    const cells = columns.map(({ from }, i) => line.text.slice(from, columns[i + 1]?.from).trim());
    const open = rows.at(-1);
    if (cells[0] === '' && open !== undefined) {
      open.cells = open.cells.map((cell, i) => [cell, cells[i] ?? ''].filter((text) => text !== '').join('\n'));
    } else rows.push({ line: line.number, cells });
  }
  return rows.map(({ line, cells }) => ({
    line,
    // `\` is how the form writes a first cell that is empty.
    cells: cells.map((text) => ({
      line,
      blocks: text === '' || text === '\\' ? [] : [{ kind: 'paragraph', line, text }],
    })),
  }));
}

function tellOfOverflow(line: Line, columns: readonly Column[], reading: Reading): void {
  const crossed = columns.slice(0, -1).some(({ to }, i) => line.text.slice(to, columns[i + 1]?.from).trim() !== '');
  if (!crossed) return;
  const what = 'Text of this row stands between two columns, so it is unclear to which of them it belongs.';
  reading.error(line.number, what);
}
