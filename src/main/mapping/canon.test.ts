import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../shared/json.ts';
import { canon, type CanonOptions } from './canon.ts';
import { FieldDeclaration } from './field-declaration.ts';
import { anyJsonValue } from './json.arbitrary.ts';
import { VALUE_TYPES, type ValueType } from './mapping.ts';

type Declared = Partial<FieldDeclaration>;
const declare = (extra: Declared = {}): FieldDeclaration => FieldDeclaration.parse({ json: 'string', ...extra });

const INVALID = Symbol('invalid');
type Is = string | null | typeof INVALID;
type Row = readonly [rule: string, raw: Json, is: Is, declared?: Declared];

function seen(
  type: ValueType,
  raw: Json | undefined,
  declared: Declared = {},
  options: CanonOptions = {},
): Is | undefined {
  const observation = canon(type, raw, declare(declared), options);
  if (observation.state === 'value') return observation.value;
  return observation.state === 'invalid' ? INVALID : undefined;
}

const STATUS = new Map([
  ['A', 'open'],
  ['B', 'shut'],
  ['7', 'paused'],
  ['true', 'kept'],
]);

const TABLES: Readonly<Record<ValueType, Row[]>> = {
  string: [
    ['2.2 kept as it is', 'Nordlys Rør og Varme AS', 'Nordlys Rør og Varme AS'],
    ['2.2 case is significant', 'OSLO', 'OSLO'],
    ['2.2 composed to NFC', 'Bja\u030Alk', 'Bj\u00E5lk'],
    ['2.2 composed across a zero-width space', 'Bja\u200B\u030Alk', 'Bj\u00E5lk'],
    ['2.2 trimmed', '  Havnegata 12 ', 'Havnegata 12'],
    ['2.2 runs of blanks collapsed', 'Havnegata   12', 'Havnegata 12'],
    ['2.2 no-break and narrow spaces are blanks', 'Havnegata\u00A0\u202F12', 'Havnegata 12'],
    ['2.2 line breaks of a single line are blanks', 'Havnegata\r\n12', 'Havnegata 12'],
    ['2.2 tabs are blanks', 'Havnegata\t12', 'Havnegata 12'],
    ['2.2 zero-width characters removed', '\uFEFFHavne\u200Bga\u2060ta', 'Havnegata'],
    ['2.2 control characters removed', 'Havne\u0000ga\u0007ta', 'Havnegata'],
    ['2.2 half a surrogate pair cannot be sent', 'a\uD800b', 'a\uFFFDb'],
    ['2.1 empty text is empty', '', null],
    ['2.1 blanks only are empty', ' \t\u00A0\u200B', null],
    ['2.1 null is empty', null, null],
    ['2.1 a declared sentinel is empty', ' - ', null, { emptyValues: ['-'] }],
    ['2.2 a number is read as its text', 365, '365'],
    ['N4 a list is invalid', ['a'], INVALID],
    ['N4 a boolean is invalid', true, INVALID],
  ],
  multiline: [
    ['2.2 CRLF and CR become LF', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['2.2 inner blanks kept', 'one  two', 'one  two'],
    ['2.2 empty lines kept inside', 'one\n\ntwo', 'one\n\ntwo'],
    ['2.2 trimmed as a whole', '\n one \n', 'one'],
    ['2.2 composed to NFC', 'o\u0308', '\u00F6'],
    ['2.2 no-break space is a blank', 'a\u00A0b', 'a b'],
    ['2.2 zero-width removed', 'a\u200Bb', 'ab'],
    ['2.2 control removed', 'a\u0001b', 'ab'],
    ['2.1 line breaks only are empty', '\r\n\n', null],
    ['N4 an object is invalid', { text: 'a' }, INVALID],
  ],
  email: [
    ['2.2 lower-cased', 'Post@NordlysRor.Example', 'post@nordlysror.example'],
    ['2.2 trimmed', ' post@a.example ', 'post@a.example'],
    ['2.2 zero-width removed', 'post\u200B@a.example', 'post@a.example'],
    ['2.2 not judged', 'no address', 'no address'],
    ['2.2 Norwegian letters lower-cased', 'ØYVOR@A.EXAMPLE', 'øyvor@a.example'],
    ['2.1 empty', '', null],
    ['2.1 blanks', '   ', null],
    ['2.1 null', null, null],
    ['2.1 sentinel', 'ingen', null, { emptyValues: ['ingen'] }],
    ['2.1 sentinel after lower-casing', 'INGEN', null, { emptyValues: ['ingen'] }],
    ['N4 a boolean is invalid', false, INVALID],
  ],
  phone: [
    ['2.2 8 digits are Norwegian', '90000042', '+4790000042'],
    ['2.2 grouped', '900 00 042', '+4790000042'],
    ['2.2 with country', '+47 900 00 042', '+4790000042'],
    ['2.2 00 is +', '0047 90000042', '+4790000042'],
    ['2.2 brackets, dots and dashes', '(+47) 900.00-042', '+4790000042'],
    ['2.2 no-break spaces', '77\u00A000\u00A000\u00A057', '+4777000057'],
    ['2.2 foreign', '+46 8 123 456 78', '+46812345678'],
    ['2.2 8 digits with + are foreign', '+12345678', '+12345678'],
    ['2.2 a JSON number', 90000042, '+4790000042'],
    ['2.2 10 digits without + stay', '4790000042', '4790000042'],
    ['N4 7 digits', '1234567', INVALID],
    ['N4 a fraction is no number with a point in it', 22000042.5, INVALID],
    ['N4 a negative number', -22000042, INVALID],
    ['N4 16 digits', '1234567890123456', INVALID],
    ['N4 two numbers in one field', '90000042 / 90000043', INVALID],
    ['N4 an extension would make another number', '900 00 042 ext 5', INVALID],
    ['N4 + in the middle', '900+00042', INVALID],
    ['2.1 sentinel', '0', null, { emptyValues: ['0'] }],
    ['2.1 empty', '', null],
  ],
  postcode: [
    ['2.2 4 digits', '9008', '9008'],
    ['2.2 padded', '489', '0489'],
    ['2.2 a number is padded', 489, '0489'],
    ['2.2 one digit', '1', '0001'],
    ['2.2 blanks removed', ' 90 08 ', '9008'],
    ['2.2 longer foreign codes stay', '114 55', '11455'],
    ['N4 letters', 'SW1A 1AA', INVALID],
    ['N4 prefix', 'N-9008', INVALID],
    ['N4 fraction', 48.9, INVALID],
    ['2.1 empty', '', null],
    ['2.1 sentinel that is padded', '0', null, { emptyValues: ['0000'] }],
  ],
  date: [
    ['2.2 written date', '2025-01-06', '2025-01-06'],
    ['2.2 wall clock without offset: written date', '2025-01-06T23:30:00', '2025-01-06'],
    ['2.2 midnight with offset: written date (Q13)', '2025-06-30T00:00:00+02:00', '2025-06-30'],
    ['2.2 midnight UTC: written date', '1988-04-17T00:00:00Z', '1988-04-17'],
    ['2.2 an instant in winter is a day in Oslo', '2025-01-05T23:00:00Z', '2025-01-06'],
    ['2.2 an instant in summer is a day in Oslo', '2025-06-29T22:00:00Z', '2025-06-30'],
    ['2.2 an hour earlier in summer is the day before', '2025-06-29T21:59:59Z', '2025-06-29'],
    ['2.2 fractions (Q12)', '2025-01-06T08:12:33.45Z', '2025-01-06'],
    ['2.2 blank instead of T', '2025-01-06 08:12', '2025-01-06'],
    ['2.2 offset without colon', '2025-01-05T23:30:00+0000', '2025-01-06'],
    ['2.2 leap day', '2024-02-29', '2024-02-29'],
    ['2.1 sentinel of .NET', '0001-01-01T00:00:00Z', null],
    ['2.1 sentinel of SQL Server', '1753-01-01', null],
    ['2.1 sentinel of COM', '1899-12-30T00:00:00', null],
    ['2.1 sentinel of the end of time, with a clock', '9999-12-31T23:59:59Z', null],
    ['2.1 declared sentinel', '1900-01-01', null, { emptyValues: ['1900-01-01'] }],
    ['N4 no such leap day', '2025-02-29', INVALID],
    ['N4 month 13', '2025-13-01', INVALID],
    ['N4 hour 24', '2025-01-06T24:00:00Z', INVALID],
    ['N4 offset of 24 hours', '2025-01-06T12:00:00+24:00', INVALID],
    ['N4 offset of 60 minutes', '2025-01-06T12:00:00+01:60', INVALID],
    ['N4 Norwegian order', '06.01.2025', INVALID],
    ['N4 a number', 20250106, INVALID],
    ['2.1 null', null, null],
  ],
  datetime: [
    ['2.2 UTC with milliseconds', '2025-01-14T08:12:33.45Z', '2025-01-14T08:12:33.450Z'],
    ['2.2 without fraction', '2025-01-14T08:12:33Z', '2025-01-14T08:12:33.000Z'],
    ['2.2 offset', '2025-01-14T09:12:33+01:00', '2025-01-14T08:12:33.000Z'],
    ['2.2 finer than milliseconds is cut', '2025-01-14T08:12:33.9999999Z', '2025-01-14T08:12:33.999Z'],
    ['T3 winter time of the declared zone', '2025-01-14T09:12:33', '2025-01-14T08:12:33.000Z'],
    ['T3 summer time of the declared zone', '2025-07-14T09:12:33', '2025-07-14T07:12:33.000Z'],
    ['T3 repeated autumn hour: the earlier', '2025-10-26T02:30:00', '2025-10-26T00:30:00.000Z'],
    ['T3 skipped spring hour', '2025-03-30T02:30:00', '2025-03-30T01:30:00.000Z'],
    ['T3 another zone', '2025-01-14T09:00', '2025-01-14T14:00:00.000Z', { zone: 'America/New_York' }],
    ['2.2 date alone is midnight there', '2025-01-14', '2025-01-13T23:00:00.000Z'],
    ['2.1 sentinel', '0001-01-01T00:00:00', null],
    ['N4 unknown zone', '2025-01-14T09:00', INVALID, { zone: 'Europe/Nowhere' }],
    ['N4 text', 'yesterday', INVALID],
    ['N4 minute 60', '2025-01-14T09:60:00Z', INVALID],
  ],
  integerKey: [
    ['2.2 leading zeros dropped', '0042', '42'],
    ['2.2 digits', '1042', '1042'],
    ['2.2 JSON number', 1042, '1042'],
    ['2.2 zero', '000', '0'],
    ['2.2 above 2^53 as text', '9007199254740993', '9007199254740993'],
    ['2.2 trimmed', ' 42 ', '42'],
    ['N4 above 2^53 as a number has lost digits', 2 ** 53, INVALID],
    ['N4 letters', 'A42', INVALID],
    ['N4 sign', '-42', INVALID],
    ['N4 fraction', '42.0', INVALID],
    ['N4 inner blank', '4 2', INVALID],
    ['2.1 sentinel however many zeros', '00', null, { emptyValues: ['0'] }],
    ['2.1 empty', '', null],
  ],
  orgNo: [
    ['2.2 9 digits', '310123404', '310123404'],
    ['2.2 grouped', '310 123 404', '310123404'],
    ['2.2 no-break spaces', '310\u00A0123\u00A0404', '310123404'],
    ['2.2 NO and MVA', 'NO310123404MVA', '310123404'],
    ['2.2 NO and MVA apart, lower case', 'no 310 123 404 mva', '310123404'],
    ['2.2 JSON number', 310123404, '310123404'],
    ['2.2 a wrong check digit does not block', '310123405', '310123405'],
    ['N4 8 digits', '31012340', INVALID],
    ['N4 10 digits', '3101234040', INVALID],
    ['N4 another country', 'SE556123456701', INVALID],
    ['2.1 empty', ' ', null],
  ],
  nationalId: [
    ['2.2 11 digits', '01818012345', '01818012345'],
    ['2.2 grouped', '018180 12345', '01818012345'],
    ['2.2 D-number', '41818012345', '41818012345'],
    ['2.2 check digits are no condition', '01818099999', '01818099999'],
    ['2.2 JSON number of 11 digits', 31818012345, '31818012345'],
    ['N4 a number that lost its zero', 1818012345, INVALID],
    ['N4 10 digits', '0181801234', INVALID],
    ['N4 12 digits', '018180123456', INVALID],
    ['N4 masked', '018180*****', INVALID],
    ['2.1 empty', '', null],
    ['2.1 null', null, null],
  ],
  integer: [
    ['2.2 JSON number', 100, '100'],
    ['2.2 numeric text', '80', '80'],
    ['2.2 zero fraction', '80.0', '80'],
    ['2.2 leading zeros', '0080', '80'],
    ['2.2 plus sign', '+80', '80'],
    ['2.2 negative', '-5', '-5'],
    ['2.2 minus zero', -0, '0'],
    ['2.2 exponent', '8e1', '80'],
    ['2.2 above 2^53 as text', '12345678901234567890', '12345678901234567890'],
    ['N4 above 2^53 as a number', 1e21, INVALID],
    ['N4 fraction', 37.5, INVALID],
    ['N4 comma not declared', '80,0', INVALID],
    ['2.2 comma declared', '80,0', '80', { decimalComma: true }],
    ['N4 NaN', 'NaN', INVALID],
    ['2.1 empty', '', null],
  ],
  decimal: [
    ['2.2 JSON number', 37.5, '37.5'],
    ['2.2 trailing zeros', '37.500', '37.5'],
    ['2.2 whole', '25.0', '25'],
    ['2.2 no float on the way', '0.10000000000000000001', '0.10000000000000000001'],
    ['2.2 float as printed', 0.1, '0.1'],
    ['2.2 tiny', 1e-7, '0.0000001'],
    ['2.2 exponent', '1.25E3', '1250'],
    ['2.2 no digit before the point', '.5', '0.5'],
    ['2.2 minus zero', '-0.00', '0'],
    ['2.2 comma declared', '37,5', '37.5', { decimalComma: true }],
    ['N4 comma not declared', '37,5', INVALID],
    ['N4 thousands', '1.234,5', INVALID, { decimalComma: true }],
    ['N4 Infinity', 'Infinity', INVALID],
    ['N4 exponent out of reason', '1e99999', INVALID],
    ['N4 point alone', '.', INVALID],
    ['2.1 null', null, null],
  ],
  boolean: [
    ['2.2 true', true, 'true'],
    ['2.2 false', false, 'false'],
    ['2.2 as text', 'true', 'true'],
    ['2.2 declared true', 'Ja', 'true', { trueValues: ['Ja'] }],
    ['2.2 declared false', 'Nei', 'false', { falseValues: ['Nei'] }],
    ['2.2 declared number', 1, 'true', { trueValues: ['1'] }],
    ['N4 number not declared', 1, INVALID],
    ['N4 other case', 'TRUE', INVALID],
    ['N4 text', 'yes', INVALID],
    ['2.1 null', null, null],
    ['2.1 empty', '', null],
    ['2.1 sentinel', '?', null, { emptyValues: ['?'] }],
  ],
  enum: [
    ['2.2 declared', 'A', 'open'],
    ['2.2 another', 'B', 'shut'],
    ['2.2 number', 7, 'paused'],
    ['2.2 boolean', true, 'kept'],
    ['2.2 trimmed', ' A ', 'open'],
    ['N4 case is significant', 'a', INVALID],
    ['N4 not declared', 'C', INVALID],
    ['N4 list', [], INVALID],
    ['2.1 null', null, null],
    ['2.1 empty', '', null],
    ['2.1 sentinel', '0', null, { emptyValues: ['0'] }],
  ],
  reference: [
    ['2.2 native id text', 'K10057', 'K10057'],
    ['2.2 integer', 1042, '1042'],
    ['2.2 leading zeros kept', '007', '007'],
    ['2.2 trimmed', ' 20 ', '20'],
    ['2.1 "0" is no project', '0', null, { emptyValues: ['0'] }],
    ['2.1 the number 0 too', 0, null, { emptyValues: ['0'] }],
    ['2.2 "0" without such a sentinel is an id', '0', '0'],
    ['N4 above 2^53', 2 ** 60, INVALID],
    ['N4 object', { id: '20' }, INVALID],
    ['2.1 empty', '', null],
    ['2.1 null', null, null],
  ],
  id: [
    ['2.2 byte-exact', 'K10057', 'K10057'],
    ['2.2 leading zeros significant (Q10)', '007', '007'],
    ['2.2 case significant', 'p-1', 'p-1'],
    ['2.2 trimmed', ' 7 ', '7'],
    ['2.2 inner blanks kept', 'P  1', 'P  1'],
    ['2.2 not composed', 'a\u030A', 'a\u030A'],
    ['2.2 integer', 7, '7'],
    ['2.2 above 2^53 as text', '9007199254740993', '9007199254740993'],
    ['N4 above 2^53 as a number', 9007199254740992, INVALID],
    ['N4 boolean', true, INVALID],
    ['2.1 blanks', '  ', null],
  ],
};

describe.each(VALUE_TYPES)('%s', (type) => {
  it.each(TABLES[type].map((row) => ({ rule: row[0], raw: row[1], is: row[2], declared: row[3] })))(
    '$rule: $raw',
    (row) => {
      expect(seen(type, row.raw, row.declared, { choices: STATUS })).toBe(row.is);
    },
  );
});

describe('the three states', () => {
  it.each([
    { rule: 'N3 an absent key is unobserved', omitsEmpty: false, fullRecord: true, is: undefined },
    { rule: 'N3 omitsEmpty counts in a full record', omitsEmpty: true, fullRecord: true, is: null },
    { rule: 'N3 omitsEmpty does not count in a partial one', omitsEmpty: true, fullRecord: false, is: undefined },
  ])('$rule', ({ omitsEmpty, fullRecord, is }) => {
    for (const type of VALUE_TYPES) expect(seen(type, undefined, { omitsEmpty }, { fullRecord })).toBe(is);
  });
});

describe('what is written is the spelling, not the canonical form', () => {
  it.each([
    ['email', 'Post@A.example', 'Post@A.example'],
    ['email', ' Post@A.example\u200B', 'Post@A.example'],
    ['email', 'post@a.example', undefined],
    ['string', ' Havnegata  12', undefined],
  ] as const)('%s %j', (type, raw, spelling) => {
    const observation = canon(type, raw, declare());
    expect(observation.state === 'value' ? observation.spelling : observation).toBe(spelling);
  });
});

it('2.2 orgNo: only a wrong check digit warns', () => {
  expect(canon('orgNo', '310123405', declare())).toHaveProperty('warning');
  expect(canon('orgNo', '310123404', declare())).not.toHaveProperty('warning');
});

it('I19: a reason never repeats the value', () => {
  for (const type of VALUE_TYPES) {
    expect(JSON.stringify(canon(type, 'Zq9!x*', declare(), { choices: STATUS }))).not.toMatch(
      type === 'string' || type === 'multiline' || type === 'email' || type === 'id' || type === 'reference'
        ? /^$/
        : /Zq9/,
    );
  }
});

const anyType = fc.constantFrom(...VALUE_TYPES);
const likely = fc.constantFrom(...VALUE_TYPES.flatMap((type) => TABLES[type].map(([, raw]) => raw)));
const dirty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('0', '1', '9', '-', ':', 'T', 'Z', '+', '.', ',', ' ', 'e') }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);
const anyJson = fc.oneof(likely, dirty, fc.double(), fc.integer(), anyJsonValue);
const anyDeclaration = fc
  .record({
    emptyValues: fc.array(fc.constantFrom('0', '-', '+4700000000', '1900-01-01', 'ingen', 'open')),
    decimalComma: fc.boolean(),
    zone: fc.constantFrom('Europe/Oslo', 'America/New_York', 'Australia/Lord_Howe'),
    trueValues: fc.constant<string[]>(['Ja', '1']),
    falseValues: fc.constant<string[]>(['Nei', '0']),
  })
  .map((declared): FieldDeclaration => declare(declared));

describe('for any JSON', () => {
  it('canon is total: an observation, never an exception', () => {
    fc.assert(
      fc.property(anyType, anyJson, anyDeclaration, (type, raw, declaration) => {
        expect(['value', 'invalid']).toContain(canon(type, raw, declaration, { choices: STATUS }).state);
      }),
      { numRuns: 3000 },
    );
  });

  it('canon is idempotent', () => {
    const choices = new Map([...STATUS, ...[...STATUS.values()].map((name) => [name, name] as const)]);
    fc.assert(
      fc.property(anyType, anyJson, anyDeclaration, (type, raw, declaration) => {
        const once = canon(type, raw, declaration, { choices });
        fc.pre(once.state === 'value');
        expect(canon(type, once.value, declaration, { choices })).toMatchObject({ state: 'value', value: once.value });
        // A spelling is another way to write the same value.
        expect(canon(type, once.spelling ?? once.value, declaration, { choices })).toMatchObject({ value: once.value });
      }),
      { numRuns: 5000 },
    );
  });

  it('N4: what is not empty and fails its type never becomes empty', () => {
    fc.assert(
      fc.property(anyType, anyJson, (type, raw) => {
        const observation = canon(type, raw, declare(), { choices: STATUS });
        fc.pre(observation.state === 'value' && observation.value === null);
        const text = typeof raw === 'string' ? raw : '';
        const isBlank = text.replace(/[\s\p{Cc}\u200b\u2060\ufeff]/gu, '') === '';
        const isNoDate = /^ *(?:0001-01-01|1753-01-01|1899-12-30|9999-12-31)/.test(text);
        expect(raw === null || (typeof raw === 'string' && (isBlank || isNoDate))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
