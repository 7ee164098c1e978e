import type { Page, PagePart } from './page.ts';

/** A page as reStructuredText in the form that the industry hands over: list-tables, rows written as `   * - `. */
export function writeRst({ title, sections }: Page): string {
  const text = [
    ...overlined(escaped(title)),
    ...sections.flatMap((section) => [
      '',
      ...underlined(escaped(section.title)),
      ...section.parts.flatMap((part) => ['', ...partLines(part)]),
      '',
    ]),
  ];
  return `${text.join('\n').trimEnd()}\n`;
}

const widthOf = (text: string): number => Array.from(text).length;
const overlined = (title: string): string[] => ['='.repeat(widthOf(title)), title, '='.repeat(widthOf(title))];
const underlined = (title: string): string[] => [title, '-'.repeat(Math.max(4, widthOf(title)))];

function partLines(part: PagePart): string[] {
  if (part.kind === 'lines') return part.lines.map(escaped);
  const rows = [part.head, ...part.rows].flatMap((row) =>
    row.map((cell, i) => `   ${i === 0 ? '*' : ' '} - ${escaped(cell)}`.trimEnd()),
  );
  return ['.. list-table::', '   :header-rows: 1', '', ...rows];
}

/** What reStructuredText would take for markup gets a backslash; names with `_` inside are none. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\*`|]|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])_/gu, String.raw`\$&`)
    .replace(/^[-+•.:[(#>]|^\d+(?=[.)])/u, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
    .replace(/::$/, String.raw`:\:`);
