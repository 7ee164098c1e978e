import type { RstProblem } from './nodes.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without trailing blanks; tabs are 8 columns wide, as reStructuredText has it. */
  readonly text: string;
}

/** A document of a thousand pages stays far below; more is some other file, and would only be slow. */
export const MAX_CHARACTERS = 2_000_000;
const TAB = 8;

/** The lines of a text, or why it cannot be a document: too large, or not text at all. */
export function linesOf(text: string): { readonly lines: readonly Line[]; readonly problem: RstProblem | null } {
  if (text.length > MAX_CHARACTERS) {
    const line = lineAt(text, MAX_CHARACTERS);
    return refused(line, `The document is larger than ${String(MAX_CHARACTERS)} characters; the limit is passed here.`);
  }
  const strange = text.search(NOT_TEXT);
  if (strange !== -1) {
    return refused(
      lineAt(text, strange),
      'There are bytes here that are not text in UTF-8; it is a binary file or has another encoding.',
    );
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n|\u2028|\u2029/);
  return { lines: lines.map((line, i) => ({ number: i + 1, text: untabbed(line).trimEnd() })), problem: null };
}

// U+FFFD is what a decoder leaves in the place of bytes that are no UTF-8.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000E-\u001F\uFFFD]/;

const refused = (line: number, what: string) => ({ lines: [], problem: { severity: 'error', line, what } as const });

const lineAt = (text: string, index: number): number => text.slice(0, index).split(/\r\n|\r|\n|\u2028|\u2029/).length;

function untabbed(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  for (const part of line) out += part === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : part;
  return out;
}

export const indentOf = ({ text }: Line): number => text.length - text.trimStart().length;
export const isBlank = (line: Line | undefined): boolean => line === undefined || line.text === '';

/** The lines with that many columns taken off the front; blank ones stay blank. */
export const dedented = (lines: readonly Line[], columns: number): Line[] =>
  lines.map(({ number, text }) => ({ number, text: text.slice(columns) }));

/** How far the lines that are not blank stand in together. */
export const sharedIndent = (lines: readonly Line[]): number => {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) if (!isBlank(line)) least = Math.min(least, indentOf(line));
  return Number.isFinite(least) ? least : 0;
};

/** Without the blank lines before and after. */
export function trimmed(lines: readonly Line[]): readonly Line[] {
  const first = lines.findIndex((line) => !isBlank(line));
  const last = lines.findLastIndex((line) => !isBlank(line));
  return first === -1 ? [] : lines.slice(first, last + 1);
}

/** The index after the lines that stand further in than the margin, blank ones among them. */
export function endOfIndented(lines: readonly Line[], from: number): number {
  let end = from;
  while (end < lines.length && (isBlank(lines[end]) || lines[end]?.text.startsWith(' ') === true)) end += 1;
  return end;
}
