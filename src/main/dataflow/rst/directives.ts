import { csvTable } from './csv-table.ts';
import { dedented, isBlank, sharedIndent, trimmed, type Line } from './lines.ts';
import { listTable } from './list-table.ts';
import type { Block, Table } from './nodes.ts';
import type { Reading } from './reading.ts';
import type { DirectiveSource } from './table.ts';

const DIRECTIVE = /^\.\. +([A-Za-z][\w.+-]*) ?::(?: +|$)/;
const TABLES: Readonly<Record<string, (source: DirectiveSource, reading: Reading) => Block | null>> = {
  'list-table': listTable,
  'csv-table': csvTable,
  table: framedTable,
};
/** They change how the page looks, and say nothing. */
const SILENT = new Set([
  'contents',
  'toctree',
  'image',
  'figure',
  'raw',
  'highlight',
  'meta',
  'sectnum',
  'header',
  'footer',
  'class',
  'role',
  'only',
  'tabularcolumns',
  'target-notes',
  'default-role',
]);

/** A directive or comment from the lines that begin with `..`; null when there is nothing in it to read. */
export function parseDirective(lines: readonly Line[], reading: Reading): Block | null {
  const [first] = lines;
  if (first === undefined) return null;
  const match = DIRECTIVE.exec(first.text);
  if (match === null) return commentOf(first, lines, reading);
  const source = sourceOf(first, match, lines);
  const table = Object.hasOwn(TABLES, source.name) ? TABLES[source.name] : undefined;
  if (table !== undefined) return table(source, reading);
  if (!SILENT.has(source.name)) tellOfUnknown(source, reading);
  const blocks = SILENT.has(source.name) ? [] : reading.inside(source.content);
  return { kind: 'directive', line: first.number, name: source.name, argument: source.argument, blocks };
}

const OPTION = /^:([A-Za-z][\w-]*):(?: +(.*))?$/;

function sourceOf(first: Line, match: RegExpExecArray, lines: readonly Line[]): DirectiveSource {
  const below = lines.slice(1);
  const body = dedented(below, sharedIndent(below));
  const options = new Map<string, { value: string; line: number }>();
  let at = 0;
  const argument = [first.text.slice(match[0].length)];
  // The argument may run on over further lines until the options, or a blank line, begin.
  while (argument[0] !== '' && !isBlank(body[at]) && !OPTION.test(body[at]?.text ?? ''))
    argument.push(body[at++]?.text ?? '');
  for (let option = OPTION.exec(body[at]?.text ?? ''); option !== null; option = OPTION.exec(body[at]?.text ?? '')) {
    options.set((option[1] ?? '').toLowerCase(), { value: option[2] ?? '', line: body[at]?.number ?? first.number });
    at += 1;
  }
  const content = trimmed(body.slice(at));
  const name = (match[1] ?? '').toLowerCase();
  return { line: first.number, name, argument: argument.join(' ').trim(), options, content };
}

function commentOf(first: Line, lines: readonly Line[], reading: Reading): Block {
  const slip = /^\.\. *(list-table|csv-table|table):?(?: |$)/.exec(first.text);
  if (slip !== null) {
    const what = `“.. ${slip[1] ?? ''}” without two colons is a comment, so the table below it would be lost.`;
    reading.error(first.number, what);
  }
  if (/^\.\. +\|.+\|/.test(first.text)) {
    const what = 'Substitutions are not put in; where the document uses this one, its name was read.';
    reading.note(first.number, what);
  }
  const text = lines.map((line) => line.text.trim()).join('\n');
  return { kind: 'comment', line: first.number, text: text.slice(2).trim() };
}

function tellOfUnknown({ line, name }: DirectiveSource, reading: Reading): void {
  if (
    /^(note|warning|tip|hint|important|attention|caution|danger|admonition|topic|rubric|container|epigraph|sidebar|error|versionadded|versionchanged|seealso)$/.test(
      name,
    )
  )
    return;
  reading.note(line, `The directive “${name}” is not known; its content was read as text.`);
}

/** `.. table::` around a grid or simple table. */
function framedTable(source: DirectiveSource, reading: Reading): Block | null {
  const blocks = reading.inside(source.content);
  const table = blocks.find((block): block is Table => block.kind === 'table');
  if (table !== undefined) return { ...table, title: source.argument };
  reading.error(source.line, 'The directive “table” holds no table.');
  return null;
}
