import { describe, expect, it } from 'vitest';
import type { Kind } from '../../shared/domain.ts';
import { FieldDeclaration } from '../mapping/field-declaration.ts';
import { context, exportAs } from './dataflow.fixture.ts';
import { importDataflow } from './import.ts';
import { MAX_CHARACTERS } from './rst/lines.ts';
import { writePage } from './write-page.ts';
import { writeRst } from './write-rst.ts';

const GOOD = `Verft to Tidsbanken Dataflow
============================

Verft Customer to Tidsbanken Kunde
----------------------------------

Every Verft Customer will be synchronized with a Tidsbanken Kunde.

A Verft Customer merges with a Tidsbanken Kunde when one of these property combinations matches:

.. list-table::
   :header-rows: 1

   * - Verft Customer Property
     - Tidsbanken Kunde Property
   * - number
     - Id

Once linked, they keep in sync.

These properties are synchronized:

.. list-table::
   :header-rows: 1

   * - Verft Customer Property
     - Tidsbanken Kunde Property
     - Tidsbanken Data Type
   * - number
     - Id
     - "string"
   * - name
     - Navn
     - "string"
`;
/** The good document with one thing wrong. */
function spoiled(good: string, bad: string): string {
  if (!GOOD.includes(good)) throw new Error(`The document has no “${good}”`);
  return GOOD.replace(good, () => bad);
}
const own = (cells: string): string => `${GOOD.slice(0, GOOD.lastIndexOf('.. list-table::'))}.. csv-table::
   :header: Verft Customer Property,Tidsbanken Kunde Property,Tidsbanken Data Type,Name,Type,Direction,Master,Group,Rules,Longest,Values

   ${cells}
`;

it('the document that the others are made from is a good one', () => {
  const { outcome, counts, flows } = importDataflow(GOOD, context);
  expect(outcome).toBe('read');
  expect(counts.refused).toBe(0);
  expect(flows.map(({ properties }) => properties.map(({ name }) => name))).toEqual([['number', 'name']]);
});

describe('a document that is bad as a whole, or whose only flow is, gives lines and reasons and no flow', () => {
  it.each([
    ['nothing', '', 1, 'No section is about a pair'],
    ['another text', 'Dear customer,\n\nhere is the document.\n', 1, 'No section is about a pair'],
    ['HTML', '<html><body>Kunde</body></html>', 1, 'No section is about a pair'],
    ['binary', 'PK\u0003\u0004\u0000\u0000', 1, 'not text'],
    ['another encoding', spoiled('Navn', 'N\uFFFDvn'), 33, 'not text'],
    ['5 MB', GOOD + '\nmore'.repeat(1_250_000), 399_896, `larger than ${String(MAX_CHARACTERS)}`],
    ['underline far too short', spoiled('----------------------------------', '--'), 5, 'too short'],
    [
      'line above without line below',
      spoiled('Verft Customer to', '----------------\nVerft Customer to').replace(
        '----------------------------------\n',
        '',
      ),
      4,
      'no matching line',
    ],
    [
      'levels skipped',
      spoiled('============================', '----').replace('----------------------------------', '====') +
        '\nMore\n~~~~\n\nEven\n----\n\nDeep\n~~~~\n',
      42,
      'skips a level',
    ],
    [
      'a row with a cell too few',
      spoiled('   * - name\n     - Navn\n', '   * - name\n'),
      32,
      '2 cells where the first row has 3',
    ],
    [
      'a row with a cell too many',
      spoiled('     - Navn\n', '     - Navn\n     - Mer\n'),
      32,
      '4 cells where the first row has 3',
    ],
    ['a row that is no list', spoiled('   * - name\n     - Navn\n     - "string"', '   * name'), 32, 'this row is not'],
    ['text inside a table', spoiled('   * - name', '   and\n\n   * - name'), 32, 'not part of it'],
    [
      'a table with one colon',
      spoiled(
        '.. list-table::\n   :header-rows: 1\n\n   * - Verft Customer Property\n     - Tidsbanken Kunde Property\n   * - number',
        '.. list-table:\n   :header-rows: 1\n\n   * - Verft Customer Property\n     - Tidsbanken Kunde Property\n   * - number',
      ),
      11,
      'is a comment',
    ],
    [
      'no blank line before a table',
      spoiled('These properties are synchronized:\n\n', 'These properties are synchronized:\n'),
      22,
      'blank line is missing',
    ],
    ['header-rows without a number', spoiled(':header-rows: 1', ':header-rows: yes'), 12, 'takes a number'],
    [
      'an empty list-table',
      spoiled('   * - Verft Customer Property\n     - Tidsbanken Kunde Property\n   * - number\n     - Id\n', ''),
      11,
      'is empty',
    ],
    ['a grid table without end', `${GOOD}\n+--+--+\n|a |b |\n`, 37, 'no line at its end'],
    ['a grid table with a joined cell', `${GOOD}\n+--+--+\n|a  b |\n+--+--+\n`, 37, 'spans several'],
    ['a simple table without end', `${GOOD}\n==  ==\na   b\n`, 36, 'last line is missing'],
    ['a simple table with text across columns', `${GOOD}\n==  ==\naaaaaa\n==  ==\n`, 37, 'between two columns'],
    ['an open quote in a csv-table', `${GOOD}\n.. csv-table::\n\n   "a,b\n`, 38, 'never closed'],
    ['rows in another file', `${GOOD}\n.. csv-table::\n   :file: rows.csv\n`, 37, 'not read'],
    [
      'nested without end',
      `${GOOD}\n${Array.from({ length: 40 }, (_, i) => `${' '.repeat(2 * i)}- x`).join('\n')}`,
      52,
      'too deeply',
    ],
    [
      'an unknown record of Tidsbanken',
      GOOD.replaceAll('Tidsbanken Kunde', 'Tidsbanken Båt').replace(
        '----------------------------------',
        '---------------------------------',
      ),
      4,
      'not synchronised',
    ],
    ['two kinds', GOOD.replaceAll('Verft Customer', 'Verft Project'), 4, 'two kinds are not linked'],
    [
      'neither side is Tidsbanken',
      GOOD.replaceAll('Tidsbanken Kunde', 'Annet Kunde'),
      4,
      'Neither record is Tidsbanken',
    ],
    [
      'two merge rules that contradict',
      spoiled('   * - number\n     - Id\n\n', '   * - number\n     - Id\n   * - number\n     - Navn\n\n'),
      4,
      'lines 16 and 18 contradict',
    ],
    [
      'two creation rules that contradict',
      spoiled('Once linked', 'No Tidsbanken Kunde will be created from a Verft Customer.\n\nOnce linked'),
      4,
      'lines 7 and 19 contradict',
    ],
    [
      'a group whose members go different ways',
      own(
        'number,Id,string,number,id,both,Customerp,,key,,\n   name,Navn,string,name,string,both,Customerp,g,required,,\n   email,Epost,string,email,email,off,Customerp,,,,\n   phone,Telefon,string,phone,phone,to Tidsbanken,Customerp,g,,,',
      ),
      4,
      'another direction, master or condition',
    ],
    [
      'a field that the system does not have',
      own(
        'number,Id,string,number,id,both,Customerp,,key,,\n   nam,Navn,string,name,string,both,Customerp,,required,,',
      ),
      4,
      'not declared',
    ],
    [
      'an enum without values',
      own('number,Id,string,number,id,both,Customerp,,key,,\n   name,Navn,string,name,enum,both,Customerp,,,,'),
      4,
      'values of "name" are missing',
    ],
  ])('%s', (_name, text, line, words) => {
    const { outcome, flows, findings } = importDataflow(text, context);
    const reasons = findings
      .filter(({ status }) => status === 'refused')
      .map((finding) => `${String(finding.line)}: ${finding.why}`);
    expect({ outcome, flows }).toEqual({ outcome: 'refused', flows: [] });
    expect(reasons.find((reason) => reason.includes(words))?.split(':')[0]).toBe(String(line));
  });
});

describe('a bad row is refused by itself, with its line, and the other rows stand', () => {
  it.each([
    ['no such field of Tidsbanken', spoiled('     - Navn\n', '     - Nav\n'), 32, 'did you mean “Navn”'],
    [
      'no such field of Customerp',
      spoiled('   * - name\n     - Navn', '   * - note\n     - Kontaktperson'),
      32,
      'did you mean “notes”',
    ],
    ['an empty cell', spoiled('     - Navn\n', '     -\n'), 32, 'second property of the row is empty'],
    ['a list', spoiled('   * - name', '   * - names[].text'), 32, 'lies in a list'],
    [
      'a condition',
      spoiled('   * - name', '   * - name (Dependant on having AS in form)'),
      32,
      'depends on “form” being “AS”',
    ],
    [
      'a condition in other words',
      spoiled('   * - name', '   * - name (Dependent upon the weather)'),
      32,
      'depends on a condition',
    ],
    ['a vendor’s helper', spoiled('     - Navn\n', '     - sesam_navn\n'), 32, 'helper of the vendor'],
    [
      'the id of a system',
      spoiled('   * - name\n     - Navn', '   * - id\n     - Id'),
      32,
      'keeps both ids in the link',
    ],
    [
      'two rows for one field',
      spoiled('   * - name\n     - Navn', '   * - email\n     - Navn\n     - x\n   * - name\n     - Navn'),
      32,
      'belongs to the row on line 35',
    ],
    [
      'an unknown direction',
      own('name,Navn,string,name,string,sideways,Customerp,,,,'),
      26,
      'Direction: “sideways” is not understood',
    ],
    ['an unknown type', own('name,Navn,string,name,text,both,Customerp,,,,'), 26, 'type: '],
    ['an unknown rule', own('name,Navn,string,name,string,both,Customerp,,often,,'), 26, 'Rules: “often”'],
    ['broken values', own('name,Navn,string,name,enum,both,Customerp,,,,open'), 26, 'Values: “open”'],
    ['a broken length', own('name,Navn,string,name,string,both,Customerp,,,short,'), 26, 'Longest: “short”'],
    ['a broken name', own('name,Navn,string,Name 1,string,both,Customerp,,,,'), 26, 'name: '],
  ])('%s', (_name, text, line, words) => {
    const refused = importDataflow(text, context).findings.filter(({ status }) => status === 'refused');
    expect(refused[0]?.line).toBe(line);
    expect(refused[0]?.why).toContain(words);
  });
});

it.each([
  ['the national id', 'nationalId', 'Personnummer'],
  ['the bank account', 'bankAccount', 'Lonnskonto'],
])('2.2 %s is never a match key', (_name, customerp, tidsbanken) => {
  const text = spoiled('   * - number\n     - Id\n', `   * - ${customerp}\n     - ${tidsbanken}\n`)
    .replaceAll('Verft Customer', 'Verft Employee')
    .replaceAll('Tidsbanken Kunde', 'Tidsbanken Ansatt');
  const { flows, findings } = importDataflow(text, context);
  expect(flows.flatMap(({ keys }) => keys)).toEqual([]);
  expect(findings.find(({ part, line }) => part === 'merge' && line === 16)).toMatchObject({ status: 'refused' });
});

describe('repeated properties', () => {
  const phone = FieldDeclaration.parse({ json: 'string', readOnly: true });
  const withPhones = {
    ...context,
    fields: (kind: Kind) => {
      const { customerp, tidsbanken } = context.fields(kind);
      return { customerp: { ...customerp, 'phones.0.number': phone }, tidsbanken };
    },
  };
  const rows = ['phones[0].number', 'phones[1].number', 'phones[].number'].map(
    (field, at) => `   * - ${field}\n     - ${['Telefon', 'Mobil', 'Epost'][at] ?? ''}\n     - "string"\n`,
  );

  it('a place of a list that the system declares is taken, read only; others are refused by their lines', () => {
    const { findings, flows } = importDataflow(GOOD + rows.join(''), withPhones);
    expect(flows[0]?.properties.find(({ tidsbanken }) => tidsbanken === 'Telefon')).toMatchObject({
      customerp: 'phones.0.number',
      type: 'phone',
      direction: 'toTidsbanken',
    });
    expect(findings.filter(({ line }) => line > 34).map(({ line, status }) => [line, status])).toEqual([
      [35, 'adapted'],
      [38, 'refused'],
      [41, 'refused'],
    ]);
  });

  it('and comes back from its own export', () => {
    const { flows } = importDataflow(GOOD + rows.join(''), withPhones);
    const text = writeRst(writePage(flows, { ...exportAs('en'), fields: withPhones.fields }));
    expect(importDataflow(text, withPhones).flows).toEqual(flows);
  });
});

it('of a system with fields of its own, a row that names none of them is refused by itself', () => {
  const text = FieldDeclaration.parse({ json: 'string', clear: '' });
  const another = {
    ...context,
    fields: (kind: Kind) => ({
      customerp: { number: text, name: text, street: text },
      tidsbanken: context.fields(kind).tidsbanken,
    }),
  };
  const rows = '   * - street\n     - Gateadresse\n     - "string"\n   * - mail\n     - Epost\n     - "string"\n';
  const { flows, findings } = importDataflow(GOOD + rows, another);
  expect(flows[0]?.properties.map(({ customerp }) => customerp)).toEqual(['number', 'name', 'street']);
  expect(findings.filter(({ status }) => status === 'refused')).toMatchObject([
    { line: 38, why: 'Customerp has no field “mail”' },
  ]);
});

it('a contradiction in one section leaves nothing of the others: a document is not half imported', () => {
  const other = GOOD.slice(GOOD.indexOf('Verft Customer to'))
    .replaceAll('Verft Customer', 'Verft Project')
    .replaceAll('Tidsbanken Kunde', 'Tidsbanken Prosjekt')
    .replace('----------------------------------', '------------------------------------');
  expect(importDataflow(`${GOOD}\n${other}`, context).flows).toHaveLength(2);
  const bad = spoiled('Once linked', 'No Tidsbanken Kunde will be created from a Verft Customer.\n\nOnce linked');
  const { outcome, flows, findings } = importDataflow(`${bad}\n${other}`, context);
  expect({ outcome, flows }).toEqual({ outcome: 'refused', flows: [] });
  expect(findings.filter(({ status }) => status !== 'refused')).toEqual([]);
  expect(findings.at(-1)?.why).toBe('The document contradicts itself on line 4, so nothing was made of it.');
});
