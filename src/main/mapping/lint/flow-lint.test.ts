import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Props, Side } from '../../../shared/domain.ts';
import { FieldDeclaration } from '../field-declaration.ts';
import { FlowMapping } from '../mapping.ts';
import type { Fields } from '../mapping-problem.ts';
import { EXAMPLES } from './finding.ts';
import { FlowLint } from './flow-lint.ts';
import type { LintRecord } from './linted-row.ts';
import type { KindSchema } from './system-schema.ts';

const text = { json: 'string', clear: '' };
const FIELDS = {
  customerp: {
    no: { json: 'string' },
    name: text,
    zip: { ...text },
    status: text,
    rate: { json: 'number', clear: null },
    since: text,
    code: text,
    own: { json: 'string', clear: '' },
  },
  tidsbanken: {
    Id: { json: 'string' },
    Navn: text,
    Postnr: text,
    Status: text,
    Sats: { json: 'number', clear: null },
    Heltall: { json: 'integer', clear: null },
    Fra: text,
    Kode: { ...text, emptyValues: ['0'] },
    Egen: { json: 'string' },
  },
};
const declared = (fields: object): Fields['customerp'] =>
  Object.fromEntries(Object.entries(fields).map(([path, field]) => [path, FieldDeclaration.parse(field)]));
const FACTS = {
  fields: { customerp: declared(FIELDS.customerp), tidsbanken: declared(FIELDS.tidsbanken) },
  canConceal: true,
  chosenId: { customerp: null, tidsbanken: 'Id' },
};

const NUMBER = { name: 'number', customerp: 'no', tidsbanken: 'Id', type: 'id', key: true };
const NAME = { name: 'name', customerp: 'name', tidsbanken: 'Navn', type: 'string', required: true };
const never = { rule: 'never' };
const EVERY_IN_TIDSBANKEN = { customerp: never, tidsbanken: { rule: 'every' } };

const mappingOf = (rows: readonly object[], create: object = EVERY_IN_TIDSBANKEN, keys: object = NUMBER): FlowMapping =>
  FlowMapping.parse({ kind: 'customer', keys: [], create, properties: [keys, ...rows], label: ['name'] });
const record = (props: Props, more: Partial<LintRecord> = {}): LintRecord => ({
  nativeId: '7',
  label: 'Nordlys Bakeri',
  props,
  spellings: {},
  invalid: [],
  ...more,
});

function lint(mapping: FlowMapping, records: readonly (readonly [Side, LintRecord])[] = []) {
  const flow = new FlowLint(mapping, { customerp: mapping, tidsbanken: mapping }, FACTS);
  for (const [side, one] of records) flow.add(side, one);
  return flow.report();
}
const told = (mapping: FlowMapping, records?: readonly (readonly [Side, LintRecord])[]) =>
  lint(mapping, records).findings.map(({ kind, effect, property, side }) => ({ kind, effect, property, side }));

const row = (name: string, customerp: string, tidsbanken: string, type: string, more: object = {}) => ({
  name,
  customerp,
  tidsbanken,
  type,
  ...more,
});

describe('faults of the mapping itself', () => {
  it.each([
    {
      fault: 'a field that nobody declares',
      rows: [NAME, row('postcode', 'zip', 'PostNr2', 'postcode')],
      is: { kind: 'undeclaredField', effect: 'stops', property: 'postcode', side: 'tidsbanken' },
    },
    {
      fault: 'two rows that write one field',
      rows: [NAME, row('a', 'zip', 'Postnr', 'string'), row('b', 'code', 'Postnr', 'string')],
      is: { kind: 'fieldWrittenTwice', effect: 'stops', property: 'a', side: 'tidsbanken' },
      also: { kind: 'fieldWrittenTwice', effect: 'stops', property: 'b', side: 'tidsbanken' },
    },
    {
      fault: 'a type that the field cannot hold',
      rows: [NAME, row('since', 'since', 'Heltall', 'date')],
      is: { kind: 'typeMisfit', effect: 'swings', property: 'since', side: 'tidsbanken' },
    },
    {
      fault: 'a required value that never flows to where records are created',
      rows: [{ ...NAME, direction: 'toCustomerp' }],
      is: { kind: 'requiredNotSent', effect: 'stops', property: 'name', side: 'tidsbanken' },
    },
    {
      fault: 'a number that nothing sends',
      rows: [NAME],
      keys: { ...NUMBER, tidsbanken: 'Egen' },
      is: { kind: 'idNotSent', effect: 'stops', property: undefined, side: 'tidsbanken' },
    },
  ])('$fault', ({ rows, keys, is, also }) =>
    expect(told(mappingOf(rows, undefined, keys))).toEqual(also === undefined ? [is] : [is, also]),
  );

  it('a misspelt field is told with the one that was meant', () => {
    const [finding] = lint(mappingOf([NAME, row('postcode', 'zip', 'Postnrr', 'postcode')])).findings;
    expect(finding?.todo).toContain('“Postnr”');
  });

  it('a mapping in order has nothing to say', () => {
    const rows = [NAME, row('postcode', 'zip', 'Postnr', 'postcode'), row('rate', 'rate', 'Sats', 'decimal')];
    const props = { number: '7', name: 'Nordlys', postcode: '0150', rate: '12.5' };
    expect(
      told(
        mappingOf(rows),
        SIDES.map((side) => [side, record(props)]),
      ),
    ).toEqual([]);
  });
});

const STATUS = {
  open: { customerp: 'Open', tidsbanken: 'Åpen' },
  held: { customerp: 'Held', tidsbanken: 'Åpen' },
};

describe('round trip A to B to A over what was collected', () => {
  it.each([
    {
      fault: 'the other field is shorter',
      row: row('postcode', 'zip', 'Postnr', 'string', { maxLength: { tidsbanken: 5 } }),
      value: 'Nordlys Bakeri',
      is: { kind: 'cut', effect: 'loses', example: { there: 'Nordl', back: 'Nordl' } },
    },
    {
      fault: 'decimals into whole numbers',
      row: row('rate', 'rate', 'Heltall', 'decimal'),
      value: '12.5',
      is: { kind: 'decimals', effect: 'swings', example: {} },
      alsoStatic: 'typeMisfit',
    },
    {
      fault: 'leading zeros into whole numbers',
      row: row('code', 'code', 'Heltall', 'id'),
      value: '007',
      is: { kind: 'leadingZeros', effect: 'swings', example: {} },
    },
    {
      fault: 'a value that means empty there',
      row: row('code', 'code', 'Kode', 'string'),
      value: '0',
      is: { kind: 'takenForEmpty', effect: 'swings', example: {} },
    },
    {
      fault: 'a conversion whose way back is another one',
      row: row('rate', 'rate', 'Sats', 'decimal', {
        convert: { tidsbanken: { read: 'value * 100.0', write: 'value / 10.0' } },
      }),
      value: '12.5',
      is: { kind: 'altered', effect: 'swings', example: {} },
    },
    {
      fault: 'a value map in which two values share a spelling',
      row: row('status', 'status', 'Status', 'enum', { values: STATUS }),
      value: 'open',
      is: { kind: 'twoSpellings', effect: 'swings', example: {} },
      alsoStatic: 'enumValues',
    },
  ])('$fault', ({ row: faulty, value, is, alsoStatic }) => {
    const { findings } = lint(mappingOf([NAME, faulty]), [
      ['customerp', record({ number: '7', name: 'Nordlys', [faulty.name]: value })],
    ]);
    const found = findings.filter(({ property }) => property === faulty.name);
    const kinds = [is.kind, ...(alsoStatic === undefined ? [] : [alsoStatic])];
    expect(found.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
    expect(found.find(({ kind }) => kind === is.kind)).toMatchObject({
      effect: is.effect,
      side: 'customerp',
      count: 1,
      examples: [{ nativeId: '7', value, ...is.example }],
    });
  });
});

describe('what records tell of a row', () => {
  it('N4: values that fail their type, and those that no value map has, are counted', () => {
    const rows = [
      NAME,
      row('since', 'since', 'Fra', 'date'),
      row('status', 'status', 'Status', 'enum', { values: { open: { customerp: 'O', tidsbanken: 'Å' } } }),
    ];
    const bad = record({ number: '7', name: 'Nordlys' }, { invalid: [{ property: 'since' }, { property: 'status' }] });
    expect(told(mappingOf(rows), [['customerp', bad]])).toEqual([
      { kind: 'unreadable', effect: 'waits', property: 'since', side: 'customerp' },
      { kind: 'unmappedValue', effect: 'waits', property: 'status', side: 'customerp' },
    ]);
  });

  it('a field that no record shows is told once for all of them', () => {
    const mapping = mappingOf([NAME, row('postcode', 'zip', 'Postnr', 'postcode')]);
    const { findings } = lint(mapping, [
      ['customerp', record({ number: '7', name: 'Nordlys' })],
      ['customerp', record({ number: '8', name: 'Fjord' })],
    ]);
    expect(findings).toMatchObject([{ kind: 'neverSeen', property: 'postcode', side: 'customerp', count: 2 }]);
  });

  it('M5: a required value that is empty keeps a counterpart from being created', () => {
    expect(told(mappingOf([NAME]), [['customerp', record({ number: '7', name: null })]])).toEqual([
      { kind: 'requiredEmpty', effect: 'waits', property: 'name', side: 'customerp' },
    ]);
  });

  it('J1: of a sensitive row nothing makes the round trip, and no value is told', () => {
    const rows = [NAME, row('account', 'code', 'Heltall', 'string', { sensitive: true })];
    const { findings, checked } = lint(mappingOf(rows), [
      ['customerp', record({ number: '7', name: 'Nordlys', account: 'mac:0123456789abcdef0123456789abcdef:••••••' })],
    ]);
    expect(checked['account']).toBe(0);
    expect(JSON.stringify(findings)).not.toContain('mac:');
  });

  it('O2: a reference is another id on the other side, and makes no round trip', () => {
    const rows = [NAME, row('manager', 'code', 'Heltall', 'reference', { reference: 'employee' })];
    expect(told(mappingOf(rows), [['customerp', record({ number: '7', name: 'N', manager: 'e-007' })]])).toEqual([]);
  });

  it('what is kept does not grow with the records', () => {
    const mapping = mappingOf([NAME, row('postcode', 'zip', 'Postnr', 'string', { maxLength: { tidsbanken: 3 } })]);
    const many = Array.from(
      { length: 50 },
      (_, i) => ['customerp', record({ number: '7', name: 'N', postcode: 'abcdef' }, { nativeId: String(i) })] as const,
    );
    const [finding] = lint(mapping, many).findings;
    expect(finding).toMatchObject({ kind: 'cut', count: 50 });
    expect(finding?.examples.map(({ nativeId }) => nativeId)).toEqual(['0', '1', '2']);
    expect(finding?.examples).toHaveLength(EXAMPLES);
  });
});

describe('a draft over records that were read by another mapping', () => {
  const was = mappingOf([NAME, row('status', 'status', 'Status', 'string')]);
  const draft = mappingOf([
    NAME,
    row('state', 'status', 'Status', 'enum', { values: { open: { customerp: 'Open', tidsbanken: 'Åpen' } } }),
    row('postcode', 'zip', 'Postnr', 'postcode'),
  ]);
  const look = (status: string) => {
    const flow = new FlowLint(draft, { customerp: was, tidsbanken: null }, FACTS);
    flow.add('customerp', record({ number: '7', name: 'Nordlys', status }));
    return flow.report();
  };

  it('a field is known by its path, and its value is read by the new row', () => {
    expect(look('Open').findings).toEqual([]);
    expect(look('Open').checked['state']).toBe(1);
    expect(look('Closed').findings).toMatchObject([{ kind: 'unmappedValue', property: 'state', count: 1 }]);
  });

  it('of a field that was not read so far nothing is said', () => {
    expect(look('Open').checked['postcode']).toBe(0);
  });
});

it('2.2: what fits both fields comes back as it left, whatever it holds', () => {
  const rows = [
    NAME,
    row('postcode', 'zip', 'Postnr', 'postcode'),
    row('rate', 'rate', 'Sats', 'decimal'),
    row('since', 'since', 'Fra', 'date'),
  ];
  const mapping = mappingOf(rows);
  const props = fc.record({
    number: fc.constant('7'),
    name: fc.string({ minLength: 1 }).map((s) => `N ${s.normalize('NFC').replaceAll(/[^\p{L}\p{N}]/gu, '')}`.trim()),
    postcode: fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0')),
    rate: fc.integer({ min: -9999, max: 9999 }).map((n) => String(n / 4)),
    since: fc
      .date({ min: new Date('1950-01-01'), max: new Date('2050-01-01'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10)),
  });
  fc.assert(
    fc.property(props, fc.constantFrom(...SIDES), (values, side) => {
      const both = [side, otherSide(side)].map((one) => [one, record(values)] as const);
      expect(told(mapping, both)).toEqual([]);
    }),
  );
});

const schema = (fields: KindSchema['fields'], more: Partial<KindSchema> = {}): KindSchema => ({
  document: '$metadata',
  closed: true,
  ignoresCase: true,
  fields: { Id: { json: 'string' }, NAVN: { json: 'string' }, ...fields },
  ...more,
});
function by(tidsbanken: KindSchema, rows: readonly object[], records: readonly LintRecord[] = []) {
  const mapping = mappingOf([NAME, ...rows]);
  const facts = { ...FACTS, schemas: { customerp: null, tidsbanken } };
  const flow = new FlowLint(mapping, { customerp: mapping, tidsbanken: mapping }, facts);
  for (const one of records) flow.add('customerp', one);
  return flow.report().findings.map(({ kind, effect, property, source }) => ({ kind, effect, property, source }));
}

describe('what a system itself says of its fields', () => {
  const TOWN = row('town', 'status', 'Status', 'string');
  const RATE = row('rate', 'rate', 'Heltall', 'decimal');

  it('names are found in any case, and nothing is told where all is there', () => {
    expect(by(schema({ Status: {} }), [TOWN])).toEqual([]);
  });
  it('a field that it does not have cannot work; where others may exist, it waits', () => {
    const missing = { kind: 'notInSchema', property: 'town', source: 'schema' };
    expect(by(schema({}), [TOWN])).toEqual([{ ...missing, effect: 'stops' }]);
    expect(by(schema({}, { closed: false }), [TOWN])).toEqual([{ ...missing, effect: 'waits' }]);
  });
  it('a type that the descriptor has otherwise, once and by its source', () => {
    const misfit = { kind: 'typeMisfit', property: 'town', effect: 'swings' };
    expect(by(schema({ Status: { json: 'boolean' } }), [TOWN])).toEqual([{ ...misfit, source: 'schema' }]);
    expect(by(schema({ Heltall: { json: 'integer' } }), [RATE])).toEqual([
      { ...misfit, property: 'rate', source: 'descriptor' },
    ]);
  });
  it('a shorter length judges the records that were read', () => {
    const long = record({ number: '7', name: 'Nordlys', town: 'Hammerfest' });
    expect(by(schema({ Status: { maxLength: 4 } }), [TOWN], [long])).toEqual([
      { kind: 'cut', property: 'town', effect: expect.any(String) as unknown, source: 'records' },
    ]);
    expect(by(schema({ Status: { maxLength: 40 } }), [TOWN], [long])).toEqual([]);
  });
});
