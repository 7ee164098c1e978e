import type { Dataflow, DataflowPair, OtherSection, Remark, Statement, Term } from './dataflow.ts';
import { LANGUAGES, WORDS } from './language.ts';
import { readSentence, sentencesOf } from './read-sentence.ts';
import { readTable } from './read-tables.ts';
import type { Block, Paragraph, RstDocument, Section } from './rst/nodes.ts';
import { paragraphsOf, plainText } from './rst/text.ts';

/** Reads a parsed document as a dataflow document. Total: what is not understood is a remark with its line. */
export function readDataflow(document: RstDocument): Dataflow {
  const sections = sectionsOf(document.blocks);
  const head = sections.find(({ level, title }) => level === 1 && isDocumentTitle(title));
  const inner = sections.filter((section) => section !== head);
  const partner = partnerOf(head?.title ?? null, inner);
  const pairs: DataflowPair[] = [];
  const others: OtherSection[] = [];
  for (const section of inner) {
    const terms = termsOf(section.title, partner);
    if (terms === null) others.push(otherOf(section));
    else pairs.push(pairOf(section, terms));
  }
  const outside = [...document.blocks, ...(head?.blocks ?? [])].filter(({ kind }) => kind !== 'section');
  return { title: head?.title ?? '', partner, pairs, others, remarks: outside.flatMap(remarkOf) };
}

const sectionsOf = (blocks: readonly Block[]): Section[] =>
  blocks.flatMap((block) => (block.kind === 'section' ? [block, ...sectionsOf(block.blocks)] : []));

const isDocumentTitle = (title: string): boolean => /\bdatafl(ow|yt)\b/iu.test(title);

/** The other system: what the title names beside Tidsbanken, else the words with which all its records begin. */
function partnerOf(title: string | null, sections: readonly Section[]): string {
  const named = title === null ? null : systemsOf(title);
  if (named !== null) return named;
  const others = sections.flatMap((section) => {
    const parts = partsOf(section.title);
    return parts === null ? [] : parts.filter((part) => !isTidsbanken(part));
  });
  return commonWords(others);
}

function systemsOf(title: string): string | null {
  const bare = title.replace(/\s*\bdataflow$/iu, '').replace(/^dataflyt\s+(fra\s+)?/iu, '');
  // The vendors' generator leaves the name out where it has none: “Tidsbanken to  Dataflow”.
  const parts = partsOf(bare) ?? partsOf(`${bare} -`);
  if (parts === null) return null;
  const other = parts.find((part) => !isTidsbanken(part));
  return other === undefined || other === '-' ? '' : other;
}

const isTidsbanken = (text: string): boolean => /^tidsbanken\b/iu.test(text);

/** The two sides of “A to B”, where one is Tidsbanken; else cut at the last “to”. */
function partsOf(title: string): [string, string] | null {
  const text = title.trim();
  const cut =
    /^(?<a>tidsbanken\b.*?)\s+(?:to|til)\s+(?<b>.+)$/iu.exec(text) ??
    /^(?<a>.+)\s+(?:to|til)\s+(?<b>tidsbanken\b.*)$/iu.exec(text) ??
    /^(?<a>.+)\s+(?:to|til)\s+(?<b>.+)$/iu.exec(text);
  const { a, b } = cut?.groups ?? {};
  return a === undefined || b === undefined ? null : [a.trim(), b.trim()];
}

/** The words that all texts begin with, leaving at least one word to each. */
function commonWords(texts: readonly string[]): string {
  const [first, ...rest] = texts.map((text) => text.replace(/\s*\(.*$/, '').split(/\s+/));
  if (first === undefined) return '';
  const shortest = Math.min(first.length, ...rest.map((words) => words.length)) - 1;
  let count = 0;
  while (count < shortest && rest.every((words) => words[count] === first[count])) count += 1;
  return first.slice(0, count).join(' ');
}

function termsOf(title: string, partner: string): [Term, Term] | null {
  const parts = partsOf(title);
  if (parts === null || LANGUAGES.some((language) => WORDS[language].introduction === title)) return null;
  return [termOf(parts[0], partner), termOf(parts[1], partner)];
}

function termOf(text: string, partner: string): Term {
  const system = isTidsbanken(text) ? 'tidsbanken' : partner.toLowerCase();
  const object = text.toLowerCase().startsWith(`${system} `) ? text.slice(system.length).trim() : text;
  return { text, isTidsbanken: isTidsbanken(text), object };
}

function otherOf(section: Section): OtherSection {
  const isTitle = (words: 'introduction' | 'rails'): boolean =>
    LANGUAGES.some((language) => WORDS[language][words].toLowerCase() === section.title.toLowerCase());
  const about = isTitle('introduction') ? 'introduction' : isTitle('rails') ? 'rails' : 'unknown';
  return { line: section.line, title: section.title, about, rows: section.blocks.flatMap(rowsOf) };
}

function pairOf(section: Section, [source, target]: [Term, Term]): DataflowPair {
  const pair: Collected = { statements: [], merges: [], tables: [], remarks: [] };
  let follows: 'merge' | 'properties' | null = null;
  for (const block of flattened(section.blocks)) {
    if (block.kind === 'paragraph') {
      const { statements, remarks } = readParagraph(block);
      pair.statements.push(...statements);
      pair.remarks.push(...remarks);
      follows = followingOf(statements) ?? follows;
    } else if (block.kind === 'table') {
      const read = readTable(block, [source, target], follows);
      if (read.merge !== null) pair.merges.push(read.merge);
      if (read.properties !== null) pair.tables.push(read.properties);
      pair.remarks.push(...read.remarks);
      follows = null;
    } else pair.remarks.push(...remarkOf(block));
  }
  return { line: section.line, title: section.title, source, target, ...pair };
}

interface Collected {
  readonly statements: Statement[];
  readonly merges: DataflowPair['merges'][number][];
  readonly tables: DataflowPair['tables'][number][];
  readonly remarks: Remark[];
}

/** Notes and quotes are opened; sections within a section stand for themselves. */
const flattened = (blocks: readonly Block[]): Block[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'section') return [];
    return block.kind === 'quote' || block.kind === 'directive' ? flattened(block.blocks) : [block];
  });

function followingOf(statements: readonly Statement[]): 'merge' | 'properties' | null {
  const kind = statements.at(-1)?.fact.kind;
  if (kind === 'mergeFollows') return 'merge';
  return kind === 'propertiesFollow' ? 'properties' : null;
}

/** Each line is a sentence of its own where that makes sense of all of them; else the paragraph is read as one text. */
function readParagraph({ line, text }: Paragraph): { statements: Statement[]; remarks: Remark[] } {
  const byLine = text.split('\n').map((one, i) => ({ line: line + i, text: plainText(one) }));
  const single = byLine.map((one) => ({
    ...one,
    facts: sentencesOf(one.text).length === 1 ? readSentence(one.text) : [],
  }));
  const units = single.every(({ facts }) => facts.length > 0)
    ? single
    : sentencesOf(plainText(text)).map((one) => ({ line, text: one, facts: readSentence(one) }));
  return {
    statements: units.flatMap(({ facts, ...at }) => facts.map((fact) => ({ ...at, fact }))),
    remarks: units
      .filter(({ facts }) => facts.length === 0)
      .map((one) => ({ line: one.line, text: one.text, rows: [] })),
  };
}

/** What stands where nothing is expected. Comments say nothing. */
function remarkOf(block: Block): Remark[] {
  if (block.kind === 'comment' || block.kind === 'section') return [];
  const text = paragraphsOf([block]).join(' ');
  const rows = rowsOf(block);
  return text === '' || isStamp(text) ? [] : [{ line: block.line, text, rows }];
}

/** The rows or items of a table or list, so that each can be accounted for. */
function rowsOf(block: Block): Remark['rows'] {
  if (block.kind === 'list')
    return block.items.map(({ line, blocks }) => ({ line, text: paragraphsOf(blocks).join(' ') }));
  if (block.kind !== 'table') return [];
  return block.rows.map(({ line, cells }) => ({
    line,
    text: cells.map((cell) => paragraphsOf(cell.blocks).join(' ')).join(' | '),
  }));
}

/** “Generated: 2026-01-31 00:00:00” says when, and nothing about the flows. */
const isStamp = (text: string): boolean => /^(generated|laget): \d{4}-\d{2}-\d{2}[ T\d:.Z+-]*$/iu.test(text);
