import { tableOf } from './table.ts';
import { dedented, isBlank, sharedIndent, type Line } from './lines.ts';
import type { Cell, Row } from './nodes.ts';
import type { Parsed, Reading } from './reading.ts';

/** A table drawn with `+`, `-` and `|`. Cells that span several rows or columns are told, not guessed at. */
export function gridTableAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  let next = at;
  while (!isBlank(lines[next]) && /^[+|]/.test(lines[next]?.text ?? '')) next += 1;
  const drawn = lines.slice(at, next);
  const border = drawn[0]?.text ?? '';
  const columns = [...border.matchAll(/\+/g)].map((plus) => plus.index);
  const fault = faultOf(drawn, columns);
  if (fault !== null) {
    reading.error(fault.line, fault.what);
    return { blocks: [], next };
  }
  const { rows, head } = rowsOf(drawn, columns, reading);
  const table = tableOf({ line: drawn[0]?.number ?? 0, title: '' }, rows, head, reading);
  return { blocks: table === null ? [] : [table], next };
}

const isBorder = (text: string): boolean => /^\+[-=+]+\+$/.test(text);

interface Fault {
  readonly line: number;
  readonly what: string;
}

function faultOf(drawn: readonly Line[], columns: readonly number[]): Fault | null {
  const width = drawn[0]?.text.length ?? 0;
  for (const { number: line, text } of drawn) {
    const mark = isBorder(text) ? '+' : '|';
    if (text.length !== width) {
      return { line, what: 'This line of the table is longer or shorter than its first line.' };
    }
    if (columns.some((column) => text.charAt(column) !== mark)) {
      const what = 'A cell border of the table is missing here, or a cell spans several; such a table cannot be read.';
      return { line, what };
    }
  }
  const last = drawn.at(-1);
  if (drawn.length >= 3 && last !== undefined && isBorder(last.text)) return null;
  return { line: last?.number ?? 0, what: 'The table has no line at its end, or no rows.' };
}

function rowsOf(drawn: readonly Line[], columns: readonly number[], reading: Reading) {
  const rows: Row[] = [];
  let head = 0;
  let open: Line[] = [];
  for (const line of drawn.slice(1)) {
    if (!isBorder(line.text)) {
      open.push(line);
      continue;
    }
    if (open.length > 0) rows.push(rowOf(open, columns, reading));
    if (line.text.includes('=')) head = rows.length;
    open = [];
  }
  return { rows, head };
}

function rowOf(lines: readonly Line[], columns: readonly number[], reading: Reading): Row {
  const cells = columns.slice(0, -1).map((column, i): Cell => {
    const inner = lines.map(({ number, text }) => ({ number, text: text.slice(column + 1, columns[i + 1]).trimEnd() }));
    const blocks = reading.inside(dedented(inner, sharedIndent(inner)));
    return { line: lines[0]?.number ?? 0, blocks };
  });
  return { line: lines[0]?.number ?? 0, cells };
}
