import { headerRows, tableOf, type DirectiveSource } from './table.ts';
import type { Line } from './lines.ts';
import type { Cell, Row, Table } from './nodes.ts';
import type { Reading } from './reading.ts';

const NAMED: Readonly<Record<string, string>> = { tab: '\t', space: ' ' };

/** `.. csv-table::` with its content in the document; a file beside it is never opened. */
export function csvTable(source: DirectiveSource, reading: Reading): Table | null {
  const outside = source.options.get('file') ?? source.options.get('url');
  if (outside !== undefined) {
    const what = 'The rows of this table are in another file, which is not read; put them in the document.';
    reading.error(outside.line, what);
    return null;
  }
  const delim = source.options.get('delim')?.value ?? ',';
  const marks: Marks = {
    delim: NAMED[delim] ?? delim.charAt(0),
    quote: source.options.get('quote')?.value.charAt(0) ?? '"',
  };
  const header = source.options.get('header');
  const above = header === undefined ? [] : csvRows([{ number: header.line, text: header.value }], marks, reading);
  const rows = [...above, ...csvRows(source.content, marks, reading)];
  const { line, argument: title } = source;
  return tableOf({ line, title }, rows, above.length + headerRows(source, reading), reading);
}

interface Marks {
  readonly delim: string;
  readonly quote: string;
}

function csvRows(lines: readonly Line[], marks: Marks, reading: Reading): Row[] {
  const rows: Row[] = [];
  let at = 0;
  while (at < lines.length) {
    const cells: Cell[] = [];
    const line = lines[at]?.number ?? 0;
    if (lines[at]?.text === '') {
      at += 1;
      continue;
    }
    at = readRow(lines, at, marks, cells, reading);
    rows.push({ line, cells });
  }
  return rows;
}

/** Reads one row, which runs on over further lines while a quote is open; gives the index after it. */
function readRow(lines: readonly Line[], from: number, marks: Marks, cells: Cell[], reading: Reading): number {
  let at = from;
  let rest = lines[at]?.text ?? '';
  for (;;) {
    const line = lines[at]?.number ?? 0;
    const lead = rest.trimStart();
    let text: string;
    if (lead.startsWith(marks.quote)) {
      let end = closingQuote(lead, marks.quote);
      let quoted = lead;
      while (end === -1 && at + 1 < lines.length) {
        at += 1;
        quoted = `${quoted}\n${lines[at]?.text ?? ''}`;
        end = closingQuote(quoted, marks.quote);
      }
      if (end === -1) {
        reading.error(line, 'A quote is opened here and never closed.');
        end = quoted.length;
      }
      text = quoted.slice(1, end).replaceAll(marks.quote + marks.quote, marks.quote);
      rest = quoted.slice(end + 1).trimStart();
      const comma = rest.indexOf(marks.delim);
      rest = comma === -1 ? '' : rest.slice(comma);
    } else {
      const comma = rest.indexOf(marks.delim);
      text = comma === -1 ? rest : rest.slice(0, comma);
      rest = comma === -1 ? '' : rest.slice(comma);
    }
    cells.push(cellOf(text.trim(), line));
    if (rest === '') return at + 1;
    rest = rest.slice(marks.delim.length);
  }
}

/** Where the quote that opens the text closes; a doubled one is a character of the text. */
function closingQuote(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text.charAt(at) !== quote) continue;
    if (text.charAt(at + 1) !== quote) return at;
    at += 1;
  }
  return -1;
}

const cellOf = (text: string, line: number): Cell => ({
  line,
  blocks: text === '' ? [] : [{ kind: 'paragraph', line, text }],
});
