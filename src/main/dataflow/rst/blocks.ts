import { parseDirective } from './directives.ts';
import { gridTableAt } from './grid-table.ts';
import { dedented, endOfIndented, indentOf, isBlank, sharedIndent, trimmed, type Line } from './lines.ts';
import { tellers, type Parsed, type PartParser, type Reading } from './reading.ts';
import type { Block, FieldList, List, ListItem, RstProblem } from './nodes.ts';
import { simpleTableAt } from './simple-table.ts';

/** Deeper than any table of a document; a bound, so that no text can exhaust the stack. */
const DEEPEST = 16;

/** The body elements of some lines that stand at the margin. Titles are not looked for here. */
export const parseBlocks = (lines: readonly Line[], problems: RstProblem[]): Block[] => blocksIn(lines, problems, 0);

function blocksIn(lines: readonly Line[], problems: RstProblem[], depth: number): Block[] {
  const reading: Reading = { ...tellers(problems), inside: (inner) => blocksIn(inner, problems, depth + 1) };
  if (depth <= DEEPEST) return blocksOf(lines, reading);
  reading.error(lines[0]?.number ?? 0, 'The text is nested too deeply to be read.');
  return [];
}

function blocksOf(lines: readonly Line[], reading: Reading): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (line === undefined || isBlank(line) || isTransition(lines, at)) {
      at += 1;
      continue;
    }
    const parsed = parserFor(line)(lines, at, reading);
    blocks.push(...parsed.blocks);
    at = Math.max(parsed.next, at + 1);
  }
  return blocks;
}

function parserFor({ text }: Line): PartParser {
  if (text.startsWith(' ')) return quoteAt;
  if (/^\.\.( |$)/.test(text)) return explicitAt;
  if (ITEM.test(text)) return listAt;
  if (FIELD.test(text)) return fieldsAt;
  if (/^\+[-=+]{2,}$/.test(text)) return gridTableAt;
  if (/^={2,}( +={2,})*$/.test(text)) return simpleTableAt;
  return paragraphAt;
}

const isTransition = (lines: readonly Line[], at: number): boolean =>
  /^([!-/:-@[-`{-~])\1{3,}$/.test(lines[at]?.text ?? '') && isBlank(lines[at - 1]) && isBlank(lines[at + 1]);

function quoteAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  const next = endOfIndented(lines, at);
  const inner = lines.slice(at, next);
  const blocks = reading.inside(dedented(inner, sharedIndent(inner)));
  return { blocks: [{ kind: 'quote', line: lines[at]?.number ?? 0, blocks }], next };
}

function explicitAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  const next = endOfIndented(lines, at + 1);
  const block = parseDirective(trimmed(lines.slice(at, next)), reading);
  return { blocks: block === null ? [] : [block], next };
}

const ITEM = /^(?:[-*+•]|\d{1,6}[.)]|#\.)(?: +|$)/;

function listAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  const items: ListItem[] = [];
  let next = at;
  for (;;) {
    const line = lines[next];
    const marker = line === undefined ? null : ITEM.exec(line.text);
    if (line === undefined || marker === null) break;
    const end = endOfIndented(lines, next + 1);
    items.push({
      line: line.number,
      blocks: itemBlocks(line, marker[0].length, lines.slice(next + 1, end), reading),
    });
    next = end;
  }
  tellOfMissingBlank(lines, next, reading);
  const list: List = { kind: 'list', line: lines[at]?.number ?? 0, items };
  return { blocks: [list], next };
}

/** Lines below an item that stand less far in than its text are taken along, as long as they stand in at all. */
function itemBlocks(line: Line, width: number, below: readonly Line[], reading: Reading): Block[] {
  const inner = dedented(below, Math.min(width, sharedIndent(below)));
  return reading.inside([{ number: line.number, text: line.text.slice(width) }, ...inner]);
}

function tellOfMissingBlank(lines: readonly Line[], next: number, reading: Reading): void {
  const line = lines[next];
  if (line === undefined || isBlank(line) || isBlank(lines[next - 1])) return;
  const what = 'The list before this line ends without a blank line; the line was read as what follows it.';
  reading.note(line.number, what);
}

const FIELD = /^:((?:[^:\\`]|\\.)+):(?: +|$)/;

function fieldsAt(lines: readonly Line[], at: number): Parsed {
  const fields: FieldList['fields'][number][] = [];
  let next = at;
  for (;;) {
    const line = lines[next];
    const name = line === undefined ? null : FIELD.exec(line.text);
    if (line === undefined || name === null) break;
    const end = endOfIndented(lines, next + 1);
    const text = [line.text.slice(name[0].length), ...lines.slice(next + 1, end).map((below) => below.text.trim())];
    fields.push({ name: name[1] ?? '', line: line.number, text: text.join('\n').trim() });
    next = end;
  }
  return { blocks: [{ kind: 'fields', line: lines[at]?.number ?? 0, fields }], next };
}

function paragraphAt(lines: readonly Line[], at: number, reading: Reading): Parsed {
  let next = at;
  while (!isBlank(lines[next]) && (next === at || indentOf(lines[next] ?? { number: 0, text: '' }) === 0)) next += 1;
  const own = lines.slice(at, next);
  for (const line of own.slice(1)) tellOfSwallowed(line, reading);
  const line = own[0]?.number ?? 0;
  const text = own.map((one) => one.text).join('\n');
  if (!text.endsWith('::')) return { blocks: [{ kind: 'paragraph', line, text }], next };
  const end = endOfIndented(lines, next);
  const literal = trimmed(lines.slice(next, end));
  const shown = { kind: 'paragraph', line, text: text.slice(0, -1) } as const;
  const [first] = literal;
  if (first === undefined) return { blocks: [{ ...shown, text }], next };
  const quoted = dedented(literal, sharedIndent(literal)).map((one) => one.text);
  return { blocks: [shown, { kind: 'literal', line: first.number, text: quoted.join('\n') }], next: end };
}

/** reStructuredText takes such a line as text of the paragraph above; a whole table would be lost without a word. */
function tellOfSwallowed(line: Line, reading: Reading): void {
  if (!/^(\.\. [a-z-]+::|\+[-=]+\+)/.test(line.text)) return;
  const what = 'A blank line is missing before this line, so the table or directive belongs to the paragraph above it.';
  reading.error(line.number, what);
}
