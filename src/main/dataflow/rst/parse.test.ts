import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CHARACTERS } from './lines.ts';
import type { Block, Table } from './nodes.ts';
import { parseRst } from './parse.ts';
import { paragraphsOf, plainText, textOf } from './text.ts';

const lines = (...text: string[]): string => text.join('\n');
const tablesIn = (blocks: readonly Block[]): Table[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'table') return [block];
    return 'blocks' in block ? tablesIn(block.blocks) : [];
  });
const shown = (rows: Table['rows'] = []) => rows.map((row) => row.cells.map((cell) => textOf(cell.blocks)));

/** The one table of a text, as texts with the line of each row. */
function onlyTable(text: string) {
  const document = parseRst(text);
  const [table] = tablesIn(document.blocks);
  return {
    head: shown(table?.head),
    rows: shown(table?.rows),
    lines: table?.rows.map((row) => row.line),
    problems: document.problems,
  };
}

const EXPECTED = {
  head: [['Name', 'Navn']],
  rows: [
    ['city', 'Poststed'],
    ['zip', 'Postnr'],
  ],
  problems: [],
};

describe('every form of table reads the same', () => {
  it.each([
    [
      'list-table',
      lines(
        '.. list-table:: Title',
        '   :header-rows: 1',
        '   :widths: 1 2',
        '',
        '   * - Name',
        '     - Navn',
        '   * - city',
        '     - Poststed',
        '   * - zip',
        '     - Postnr',
      ),
      [7, 9],
    ],
    [
      'list-table with - and *',
      lines(
        '.. list-table::',
        '   :header-rows: 1',
        '',
        '   - * Name',
        '     * Navn',
        '   - * city',
        '     * Poststed',
        '   - * zip',
        '     * Postnr',
      ),
      [6, 8],
    ],
    [
      'grid table',
      lines(
        '+------+----------+',
        '| Name | Navn     |',
        '+======+==========+',
        '| city | Poststed |',
        '+------+----------+',
        '| zip  | Postnr   |',
        '+------+----------+',
      ),
      [4, 6],
    ],
    [
      'simple table',
      lines('====  ========', 'Name  Navn', '====  ========', 'city  Poststed', 'zip   Postnr', '====  ========'),
      [4, 5],
    ],
    ['csv-table', lines('.. csv-table::', '   :header: Name, Navn', '', '   city,"Poststed"', '   zip,Postnr'), [4, 5]],
    [
      'csv-table with its own marks',
      lines(
        '.. csv-table::',
        '   :header-rows: 1',
        '   :delim: ;',
        '',
        '   Name;Navn',
        '   city;Poststed',
        '   zip;Postnr',
      ),
      [6, 7],
    ],
    [
      'table directive',
      lines(
        '.. table:: Title',
        '',
        '   ====  ========',
        '   Name  Navn',
        '   ====  ========',
        '   city  Poststed',
        '   zip   Postnr',
        '   ====  ========',
      ),
      [6, 7],
    ],
  ])('%s', (_name, text, rowLines) => {
    expect(onlyTable(text)).toEqual({ ...EXPECTED, lines: rowLines });
  });
});

describe('cells', () => {
  it('an empty cell is empty, and a table may have no rows', () => {
    const text = lines('.. list-table::', '   :header-rows: 1', '', '   * - a', '     -', '     - c');
    expect(onlyTable(text)).toMatchObject({ head: [['a', '', 'c']], rows: [], problems: [] });
  });
  it('a cell may hold a list, or run on over lines', () => {
    const text = lines('.. list-table::', '', '   * - - name', '       - postcode', '     - a long', '       cell');
    expect(onlyTable(text)).toMatchObject({ rows: [['name\npostcode', 'a long cell']], problems: [] });
  });
  it('a csv cell may hold the delimiter, a quote and a line break', () => {
    const text = lines('.. csv-table::', '', '   "a, ""b""","c', '   d"');
    expect(onlyTable(text)).toMatchObject({ rows: [['a, "b"', 'c d']], problems: [] });
  });
  it('a simple row without first cell carries the row above on', () => {
    const text = lines('===  ===', 'a    b', '     c', '\\    d', '===  ===');
    expect(onlyTable(text)).toMatchObject({
      rows: [
        ['a', 'b c'],
        ['', 'd'],
      ],
      problems: [],
    });
  });
});

describe('sections', () => {
  it('nest by the order in which their lines are first seen', () => {
    const { blocks, problems } = parseRst(
      lines('===', 'One', '===', '', 'Two', '---', 'text', '', 'Three', '~~~~~', '', 'Four', '----'),
    );
    expect(problems).toEqual([]);
    expect(outline(blocks)).toEqual(['1 One 2', '2 Two 5', '3 Three 9', '2 Four 12']);
  });
  it('a title may be wider than its letters have code units', () => {
    expect(parseRst(lines('Æøå é', '-----')).problems).toEqual([]);
  });
});
const outline = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) =>
    block.kind === 'section'
      ? [`${String(block.level)} ${block.title} ${String(block.line)}`, ...outline(block.blocks)]
      : [],
  );

describe('markup is taken off', () => {
  it.each([
    ['**bold** and *slanted*', 'bold and slanted'],
    ['``a *b*`` :ref:`c <d>` `e <https://f.example>`_', 'a *b* c e'],
    [String.raw`5 \* 3 and a\_b`, '5 * 3 and a_b'],
    ['lines[*].id and lines[*].no', 'lines[*].id and lines[*].no'],
    ['a * b * c', 'a * b * c'],
    ['sesam_kundeId', 'sesam_kundeId'],
    ['`open and *open', '`open and *open'],
    ['two\n  lines', 'two lines'],
  ])('%s', (marked, text) => expect(plainText(marked)).toBe(text));
});

describe('what is broken is told with its line', () => {
  it.each([
    [
      'uneven rows',
      lines('.. list-table::', '', '   * - a', '     - b', '   * - c'),
      5,
      'has 1 cells where the first row has 2',
    ],
    ['no list in a list-table', lines('.. list-table::', '', '   * - a', '', '   stray'), 5, 'not part of it'],
    ['a row that is no list', lines('.. list-table::', '', '   * a', '   * - b'), 3, 'this row is not'],
    ['an empty list-table', lines('.. list-table::', '   :header-rows: 1'), 1, 'is empty'],
    [
      'header-rows without a number',
      lines('.. list-table::', '   :header-rows: one', '', '   * - a'),
      2,
      'takes a number',
    ],
    ['more header rows than rows', lines('.. list-table::', '   :header-rows: 3', '', '   * - a'), 1, 'fewer rows'],
    ['one colon', lines('.. list-table:', '', '   * - a'), 1, 'is a comment'],
    ['no blank line before', lines('text', '.. list-table::', '', '   * - a'), 2, 'blank line is missing'],
    ['grid without its end', lines('+--+--+', '|a |b |'), 2, 'no line at its end'],
    ['grid with a spanning cell', lines('+--+--+', '|a b  |', '+--+--+'), 2, 'spans several'],
    ['grid with a crooked line', lines('+--+--+', '|a |b  |', '+--+--+'), 2, 'longer or shorter'],
    ['simple table without its end', lines('===  ===', 'a    b'), 1, 'last line is missing'],
    ['simple table with other columns', lines('===  ===', 'a    b', '==  ====', ''), 1, 'not like its first'],
    ['text between columns', lines('===  ===', 'abcdef', '===  ===', ''), 2, 'between two columns'],
    ['open quote', lines('.. csv-table::', '', '   "a,b'), 3, 'never closed'],
    ['rows in another file', lines('.. csv-table::', '   :file: /etc/passwd'), 2, 'not read'],
    ['table directive without table', lines('.. table::', '', '   text'), 1, 'holds no table'],
    ['line above without line below', lines('=====', 'Title', '', 'text'), 1, 'no matching line'],
    ['underline of another kind', lines('=====', 'Title', '-----'), 1, 'no matching line'],
    ['underline far too short', lines('Title', '--', ''), 2, 'too short'],
    [
      'level skipped',
      lines('====', 'a', '====', '', 'b', '----', '', 'c', '~~~~', '', '====', 'd', '====', '', 'e', '~~~~'),
      15,
      'skips a level',
    ],
    ['binary', 'PK\u0003\u0004\n\u0000', 1, 'not text'],
    ['another encoding', 'one\ntwo \uFFFD', 2, 'not text'],
    ['far too large', `line\n${'x'.repeat(MAX_CHARACTERS)}`, 2, 'larger than'],
    [
      'nested without end',
      Array.from({ length: 60 }, (_, i) => `${' '.repeat(2 * i)}- x`).join('\n'),
      17,
      'too deeply',
    ],
  ])('%s', (_name, text, line, words) => {
    const errors = parseRst(text).problems.filter(({ severity }) => severity === 'error');
    expect(errors[0]?.what).toContain(words);
    expect(errors[0]?.line).toBe(line);
  });
});

describe('what was read in a way of its own is a note', () => {
  it.each([
    ['short underline', lines('A long title', '------'), 2, 'shorter than the title'],
    ['substitution', '.. |x| replace:: y', 1, 'not put in'],
    ['unknown directive', lines('.. frobnicate:: x', '', '   text'), 1, 'frobnicate'],
    ['list without blank line', lines('- a', 'text'), 2, 'without a blank line'],
  ])('%s', (_name, text, line, words) => {
    const { problems } = parseRst(text);
    expect(problems).toMatchObject([{ severity: 'note', line }]);
    expect(problems[0]?.what).toContain(words);
  });
  it('comments, targets and rules say nothing', () => {
    const text = lines('.. a comment', '   over lines', '', '.. _target:', '', '----------', '', 'text');
    expect(parseRst(text)).toMatchObject({ problems: [] });
    expect(paragraphsOf(parseRst(text).blocks)).toEqual(['text']);
  });
  it('text after :: is not markup', () => {
    const { blocks, problems } = parseRst(lines('Example::', '', '   * - no table', '   `open', '', 'after'));
    expect(problems).toEqual([]);
    expect(paragraphsOf(blocks)).toEqual(['Example:', '* - no table\n`open', 'after']);
  });
});

/** Pieces of the form put together at random reach deeper than random characters. */
const piece = fc.constantFrom(
  '.. list-table::',
  '.. csv-table::',
  '.. table::',
  '   :header-rows: 1',
  '   * - a',
  '     - b',
  '   * -',
  '   - - x',
  '====',
  '----',
  '====  ====',
  'a     b',
  '+--+--+',
  '|a |b |',
  '+==+==+',
  'Title',
  ':field: x',
  '- item',
  '1. item',
  '::',
  'text::',
  '"',
  '   "a,b',
  '``',
  '*a*',
  '`',
  '\\',
  '',
  '',
  '\t- x',
  '  ',
  '.. |s| replace:: x',
  '.. x:: y',
  'æ',
  '\u00e9',
);

describe('total', () => {
  it('any text gives a document whose lines are lines of the text, and nothing throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('\n')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const { blocks, problems } = parseRst(any);
        const count = any.split(/\r\n|\r|\n|\u2028|\u2029/).length;
        for (const { line } of problems) expect(line >= 1 && line <= count).toBe(true);
        expect(typeof textOf(blocks)).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });

  it('the time grows with the length: no text of the largest size takes long', () => {
    const costly = [
      '`',
      '*a',
      '==  ==\n',
      '- ',
      '| ',
      '" ',
      '\\',
      ' ',
      ':a:',
      '.. x::\n',
      '+--+\n',
      'a\n==\n\n',
      '**',
      '<',
    ];
    for (const part of costly) {
      const text = part.repeat(Math.floor(200_000 / part.length));
      const started = performance.now();
      const { blocks } = parseRst(`x${text}`);
      textOf(blocks);
      textOf(parseRst(text).blocks);
      expect({ part, isSlow: performance.now() - started > 2_000 }).toEqual({ part, isSlow: false });
    }
  });
});
