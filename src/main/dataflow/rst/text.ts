import type { Block } from './nodes.ts';

/**
 * The text that a reader of the printed page would see: escapes, literals, emphasis, roles and links without their
 * marks. A mark that has no counterpart is a character like any other.
 */
export function plainText(marked: string): string {
  let out = '';
  let at = 0;
  while (at < marked.length) {
    const [text, next] = inline(marked, at);
    out += text;
    at = next;
  }
  return out.replaceAll(/\s+/g, ' ').trim();
}

/** The text at a place, and where it goes on. */
function inline(marked: string, at: number): readonly [string, number] {
  const char = marked[at] ?? '';
  if (char === '\\') return [escaped(marked[at + 1] ?? ''), at + 2];
  if (char === ':' || char === '`') return interpreted(marked, at) ?? [char, at + 1];
  if (char === '*') return emphasis(marked, at) ?? [char, at + 1];
  return [char, at + 1];
}

const escaped = (char: string): string => (/\s/.test(char) ? '' : char);

// Sticky patterns: each looks at one place only, so a long line costs no more than its length.
const LITERAL = /``([^`\n]|`(?!`))+``/y;
const ROLE = /(?::[A-Za-z][\w.+-]*:)?`((?:\\.|[^`\\])+)`_{0,2}/y;

function interpreted(marked: string, at: number): readonly [string, number] | null {
  LITERAL.lastIndex = at;
  const literal = LITERAL.exec(marked)?.[0];
  if (literal !== undefined) return [literal.slice(2, -2), at + literal.length];
  ROLE.lastIndex = at;
  const role = ROLE.exec(marked);
  if (role === null) return null;
  const inner = withoutAddress(role[1] ?? '');
  return [inner.replaceAll(/\\(.)/g, (_all, char: string) => escaped(char)), at + role[0].length];
}

/** `name <address>` is shown as the name. */
function withoutAddress(inner: string): string {
  const open = inner.lastIndexOf('<');
  return open > 0 && inner.endsWith('>') ? inner.slice(0, open).trimEnd() : inner;
}

const STRONG = /\*\*(?=[^\s*])((?:\\.|[^*\\])*(?:\\.|[^\s*\\]))\*\*(?![\p{L}\p{N}])/uy;
const EMPHASIS = /\*(?=[^\s*])((?:\\.|[^*\\])*(?:\\.|[^\s*\\]))\*(?![\p{L}\p{N}*])/uy;
const OPENS: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>', '"': '"', "'": "'" };

function emphasis(marked: string, at: number): readonly [string, number] | null {
  const before = marked[at - 1] ?? ' ';
  if (/[\p{L}\p{N}*]/u.test(before)) return null;
  for (const [pattern, width] of [
    [STRONG, 2],
    [EMPHASIS, 1],
  ] as const) {
    pattern.lastIndex = at;
    const found = pattern.exec(marked);
    // In `lines[*].id` the star stands alone between brackets: no emphasis.
    if (found !== null && marked[at + width] !== OPENS[before])
      return [plainText(found[1] ?? ''), at + found[0].length];
  }
  return null;
}

/** Everything that stands in some blocks as plain text, one line a paragraph. */
export const textOf = (blocks: readonly Block[]): string => paragraphsOf(blocks).join('\n');

/** The paragraphs of some blocks, those inside lists and quotes included. */
export function paragraphsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block): string[] => {
    switch (block.kind) {
      case 'paragraph':
        return [plainText(block.text)];
      case 'list':
        return block.items.flatMap((item) => paragraphsOf(item.blocks));
      case 'quote':
      case 'directive':
      case 'section':
        return paragraphsOf(block.blocks);
      case 'literal':
        return [block.text];
      case 'fields':
        return block.fields.map(({ name, text }) => `${name}: ${plainText(text)}`);
      case 'table':
        return [...block.head, ...block.rows].flatMap((row) => row.cells.flatMap((cell) => paragraphsOf(cell.blocks)));
      case 'comment':
        return [];
    }
  });
}
