import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/**
 * Every rule that the product says it keeps is named by a test that would fail without it: in the title of a test or a
 * suite, in the table that such titles are made from, or as the rule of an oracle's check in the simulation.
 */

const rules = readFileSync('docs/sync-rules.md', 'utf8');

/** Paragraphs and sections that hold rules of their own. */
const PARAGRAPHS = [
  '2.2',
  '2.3',
  '2.4',
  '2.5',
  '5.1',
  '5.2',
  '7.3',
  '7.4',
  'section 8',
  'section 9',
  'section 10',
  'section 11',
];

/** Ids by their state as the document gives it; rows without one (5.1, the invariants) are kept as a whole. */
function keptIds(): string[] {
  const rows = [...rules.matchAll(/^\| ([A-Z]\d+) \|(.*)\|$/gm)];
  return rows.filter(([, , cells = '']) => !/\| not yet\b[^|]*$/.test(cells.trim())).map(([, id = '']) => id);
}

const CALL = /\b(?:it|describe|test)(?:\.\w+)*(?:<[^>]*>)?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
const TABLE = /\b(?:it|describe)\.each\b/;
const TEXT = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
const CHECK = /\bcheck\([^;]*?'([A-Z]\d+)'/g;

const titlesOf = (code: string): string[] => [...code.matchAll(CALL)].map(([, , title = '']) => title);
/** The texts of a file whose titles are made from tables, where their rows stand. */
const tableTextsOf = (code: string): string[] =>
  TABLE.test(code) ? [...code.matchAll(TEXT)].map(([, , text = '']) => text) : [];
const checksOf = (code: string): string[] => [...code.matchAll(CHECK)].map(([, rule = '']) => rule);

const read = (pattern: string): string[] => globSync(pattern).map((file) => readFileSync(file, 'utf8'));

const cited = [
  ...read('src/**/*.{test,suite}.{ts,tsx}').flatMap((code) => [...titlesOf(code), ...tableTextsOf(code)]),
  ...read('src/main/sync/simulation/oracle{,/*}.ts').flatMap(checksOf),
].join('\n');

/** `Z4–Z8` names all from the fourth to the eighth. */
function isCited(id: string): boolean {
  if (new RegExp(`(?<![\\w.-])${id.replace('.', '\\.')}(?![\\w]|\\.\\d)`).test(cited)) return true;
  const [letter, number] = [id.slice(0, 1), Number(id.slice(1))];
  const spans = [...cited.matchAll(new RegExp(`(?<![\\w.-])${letter}(\\d+)[–-]${letter}?(\\d+)`, 'g'))];
  return spans.some(([, first, last]) => Number(first) <= number && number <= Number(last));
}

it('reads the rules, and a citation that is not there is missed', () => {
  expect(keptIds().length).toBeGreaterThan(110);
  expect(isCited('I99')).toBe(false);
});

it('each rule that is done or partly done is named by a test', () => {
  expect([...keptIds(), ...PARAGRAPHS].filter((id) => !isCited(id))).toEqual([]);
});
