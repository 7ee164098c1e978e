import { linesOf, type Line } from './lines.ts';
import { parseBlocks } from './blocks.ts';
import type { Block, RstDocument, RstProblem, Section } from './nodes.ts';
import { titleAt, type Title } from './titles.ts';

/**
 * Reads the part of reStructuredText that dataflow documents use. Total: any text gives blocks and problems with their
 * lines, and nothing throws. No library did this: those of npm either stopped years ago or throw at the first fault, and
 * here a fault must be told with its line and the rest still be read.
 */
export function parseRst(text: string): RstDocument {
  const { lines, problem } = linesOf(text);
  if (problem !== null) return { blocks: [], problems: [problem] };
  const problems: RstProblem[] = [];
  const parts = partsOf(lines, problems);
  const flat = parts.map(({ title, body }) => ({ title, blocks: parseBlocks(body, problems) }));
  const blocks = nested(flat, problems);
  return { blocks, problems: problems.toSorted((a, b) => a.line - b.line) };
}

interface Part {
  readonly title: Title | null;
  readonly body: readonly Line[];
}

/** The text cut at its titles; what stands before the first one has none. */
function partsOf(lines: readonly Line[], problems: RstProblem[]): Part[] {
  const parts: Part[] = [];
  let title: Title | null = null;
  let from = 0;
  for (let at = 0; at < lines.length; at++) {
    const found = titleAt(lines, at, problems);
    if (found === null) continue;
    parts.push({ title, body: lines.slice(from, at) });
    title = found;
    from = at + found.height;
    at = from - 1;
  }
  parts.push({ title, body: lines.slice(from) });
  return parts;
}

/** Sections within sections: a style of underline seen for the first time is one level deeper (as docutils reads it). */
function nested(parts: readonly { title: Title | null; blocks: Block[] }[], problems: RstProblem[]): Block[] {
  const root: Block[] = [];
  const styles: string[] = [];
  let open: { level: number; blocks: Block[] }[] = [{ level: 0, blocks: root }];
  for (const { title, blocks } of parts) {
    if (title === null) {
      root.push(...blocks);
      continue;
    }
    const level = levelOf(title, styles, open.length - 1, problems);
    open = open.filter((section) => section.level < level);
    const section: Section & { blocks: Block[] } = {
      kind: 'section',
      line: title.line,
      title: title.text,
      level,
      blocks,
    };
    open.at(-1)?.blocks.push(section);
    open.push({ level, blocks });
  }
  return root;
}

function levelOf(title: Title, styles: string[], current: number, problems: RstProblem[]): number {
  const known = styles.indexOf(title.style) + 1;
  const level = known === 0 ? Math.min(styles.push(title.style), current + 1) : known;
  if (level <= current + 1 && (known !== 0 || level === styles.length)) return level;
  const what = `The title “${title.text}” is underlined in a way that skips a level; it is unclear what it belongs to.`;
  problems.push({ severity: 'error', line: title.line, what });
  return Math.min(level, current + 1);
}
