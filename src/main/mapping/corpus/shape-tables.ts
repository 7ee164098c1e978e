import { withPath, type Json, type JsonObject } from '../../../shared/json.ts';
import {
  ABSENT,
  INVALID,
  changed,
  classOf,
  on,
  withoutPath,
  type AnswerCase,
  type CorpusClass,
  type Expected,
  type TwinCase,
} from './case.ts';
import { VALID, type CorpusKind } from './valid-records.ts';

/** For tests: the tables from which the corpus is written. Records and answers whose shape is wrong. */

const CUSTOMER = on('tidsbanken', 'customer', 'name');
const ERP_CUSTOMER = on('customerp', 'customer', 'name');
const EMPLOYEE = on('tidsbanken', 'employee', 'lastName');
const PROJECT = on('tidsbanken', 'project', 'name');
const DELIVERY = ['deliveryStreet', 'deliveryStreet2', 'deliveryPostcode', 'deliveryCity'];
const ADDRESS = ['street', 'street2', 'postcode', 'city'];

const all = (properties: readonly string[], is: Expected): Record<string, Expected> =>
  Object.fromEntries(properties.map((property) => [property, is]));
const renamed =
  (from: string, to: string) =>
  (record: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
/** Laid as an own key, also where the key is one of every object. */
const plus =
  (key: string, value: Json) =>
  (record: JsonObject): JsonObject =>
    Object.fromEntries([...Object.entries(record), [key, value]]);

const unobserved = (...properties: readonly string[]): Record<string, Expected> => all(properties, 'unobserved');

const SHAPES: readonly CorpusClass[] = [
  {
    name: 'renamed-or-missing',
    cases: [
      changed('the name is gone', CUSTOMER, (r) => withoutPath(r, 'Navn'), unobserved('name')),
      changed('another case is another key', CUSTOMER, renamed('Navn', 'navn'), unobserved('name')),
      changed('capitals', CUSTOMER, renamed('Epost', 'EPOST'), unobserved('email')),
      changed('a blank behind the key', CUSTOMER, renamed('Navn', 'Navn '), unobserved('name')),
      changed('the look-alike of another kind', CUSTOMER, renamed('Postnr', 'Postnummer'), unobserved('postcode')),
      changed('a letter of another script', CUSTOMER, renamed('Mobil', '\u041cobil'), unobserved('mobile')),
      changed('the key with a zero-width space', CUSTOMER, renamed('Url', 'Ur\u200bl'), unobserved('website')),
      changed('the id is gone', CUSTOMER, (r) => withoutPath(r, 'Id'), unobserved('number')),
      changed('an object of the path is gone', ERP_CUSTOMER, (r) => withoutPath(r, 'address'), unobserved(...ADDRESS)),
      changed(
        'one field within an object is gone',
        ERP_CUSTOMER,
        (r) => withoutPath(r, 'address.line2'),
        unobserved('street2'),
      ),
      changed('a dotted key is no path', ERP_CUSTOMER, plus('address.line1', 'x')),
      changed('a flat record', ERP_CUSTOMER, renamed('deliveryAddress', 'deliveryaddress'), unobserved(...DELIVERY)),
      changed('nothing but an id', PROJECT, (r) => ({ Id: r['Id'] ?? null }), {
        ...unobserved('name', 'customer', 'department', 'manager', 'startDate', 'started', 'endDate', 'closed'),
        ...unobserved('internal', 'orderDate', 'customerOrderNumber'),
      }),
      changed('a flag is gone: not false', EMPLOYEE, (r) => withoutPath(r, 'Aktiv'), unobserved('active')),
    ],
  },
  {
    name: 'null-fields',
    cases: [
      changed('name', CUSTOMER, (r) => withPath(r, 'Navn', null), { name: 'empty' }),
      changed('phone', CUSTOMER, (r) => withPath(r, 'Telefon', null), { phone: 'empty' }),
      changed('postcode', CUSTOMER, (r) => withPath(r, 'Postnr', null), { postcode: 'empty' }),
      changed('organisation number', CUSTOMER, (r) => withPath(r, 'Organisasjonsnummer', null), { orgNo: 'empty' }),
      changed('e-mail', CUSTOMER, (r) => withPath(r, 'Epost', null), { email: 'empty' }),
      changed('flag', EMPLOYEE, (r) => withPath(r, 'Aktiv', null), { active: 'empty' }),
      changed('date', EMPLOYEE, (r) => withPath(r, 'AnsattDato', null), { hireDate: 'empty' }),
      changed('whole number', EMPLOYEE, (r) => withPath(r, 'Stillingsprosent', null), {
        employmentPercentage: 'empty',
      }),
      changed('reference', PROJECT, (r) => withPath(r, 'KundeId', null), { customer: 'empty' }),
      changed('id', PROJECT, (r) => withPath(r, 'Id', null), { number: 'empty' }),
      changed('an object of the path', ERP_CUSTOMER, (r) => withPath(r, 'address', null), all(ADDRESS, 'empty')),
      changed('within an object', ERP_CUSTOMER, (r) => withPath(r, 'address.city', null), { city: 'empty' }),
    ],
  },
  {
    name: 'arrays-and-objects',
    cases: [
      ...classOf('', CUSTOMER, [
        ['a list for a name', ['Nordlys'], INVALID],
        ['an object for a name', { tekst: 'Nordlys' }, INVALID],
        ['a list for a phone', ['22000042'], INVALID, on('tidsbanken', 'customer', 'phone')],
        ['a list for a date', ['2025-01-06'], INVALID, on('tidsbanken', 'project', 'endDate')],
        ['an object for a date', { date: '2025-01-06' }, INVALID, on('tidsbanken', 'project', 'endDate')],
        ['a list for a flag', [true], INVALID, on('tidsbanken', 'employee', 'active')],
        ['a list for an id', ['K1'], INVALID, on('tidsbanken', 'customer', 'number')],
        ['an object for a reference', { Id: 'K1' }, INVALID, on('tidsbanken', 'project', 'customer')],
        ['an empty list for a postcode', [], INVALID, on('tidsbanken', 'customer', 'postcode')],
        ['an empty object for a number', {}, INVALID, on('tidsbanken', 'employee', 'employmentPercentage')],
        ['text for a list of one', '["Nordlys"]', '["Nordlys"]'],
        ['a missing key', undefined, ABSENT],
      ]).cases,
      changed('text in place of an object', ERP_CUSTOMER, (r) => withPath(r, 'address', 'x'), unobserved(...ADDRESS)),
      changed('a list in place of an object', ERP_CUSTOMER, (r) => withPath(r, 'address', []), unobserved(...ADDRESS)),
      changed('a list of addresses', ERP_CUSTOMER, (r) => withPath(r, 'address', [r['address'] ?? null]), {
        ...unobserved(...ADDRESS),
      }),
      changed('an empty object', ERP_CUSTOMER, (r) => withPath(r, 'address', {}), unobserved(...ADDRESS)),
      changed('an object one step deeper', ERP_CUSTOMER, (r) => withPath(r, 'address', { address: {} }), {
        ...unobserved(...ADDRESS),
      }),
      changed('an object in place of a text within', ERP_CUSTOMER, (r) => withPath(r, 'address.city', { by: 'Oslo' }), {
        city: 'invalid',
      }),
    ],
  },
  {
    name: 'words-of-every-object',
    cases: [
      changed('__proto__ as a key', CUSTOMER, plus('__proto__', { Navn: 'Forurenset', polluted: true })),
      changed('__proto__ as text', CUSTOMER, plus('__proto__', 'Forurenset')),
      changed('__proto__ as null', CUSTOMER, plus('__proto__', null)),
      changed('constructor', CUSTOMER, plus('constructor', { prototype: { polluted: true } })),
      changed('prototype', CUSTOMER, plus('prototype', { polluted: true })),
      changed('toString', CUSTOMER, plus('toString', 'Forurenset')),
      changed('valueOf', CUSTOMER, plus('valueOf', null)),
      changed('hasOwnProperty', CUSTOMER, plus('hasOwnProperty', true)),
      changed('toJSON', CUSTOMER, plus('toJSON', 'Forurenset')),
      changed('then', CUSTOMER, plus('then', 'Forurenset')),
      changed('length', CUSTOMER, plus('length', 9)),
      changed(
        '__proto__ gives no value that is missing',
        CUSTOMER,
        (r) => plus('__proto__', { Navn: 'Forurenset' })(withoutPath(r, 'Navn')),
        unobserved('name'),
      ),
      changed(
        '__proto__ on the path',
        ERP_CUSTOMER,
        (r) => withPath(r, 'address', plus('__proto__', { city: 'Forurenset' })({ line1: 'Pr\u00f8vegata 1' })),
        unobserved('street2', 'postcode', 'city'),
      ),
      changed('its name as a value', CUSTOMER, (r) => withPath(r, 'Navn', '__proto__'), {
        name: { value: '__proto__' },
      }),
      changed('its name as an id', CUSTOMER, (r) => withPath(r, 'Id', 'constructor'), {
        number: { value: 'constructor' },
      }),
    ],
  },
  {
    name: 'very-many-keys',
    cases: [100, 500, 1000].flatMap((count) => [
      changed(`${String(count)} keys more`, CUSTOMER, (r) => manyKeys(count, (i) => `Felt${String(i)}`, r)),
      changed(`${String(count)} keys more in front`, CUSTOMER, (r) => ({
        ...manyKeys(count, (i) => `Felt${String(i)}`, {}),
        ...r,
      })),
      changed(`${String(count)} numeric keys`, CUSTOMER, (r) => manyKeys(count, String, r)),
      changed(`${String(count)} keys that begin like ours`, CUSTOMER, (r) =>
        manyKeys(count, (i) => `Navn${String(i)}`, r),
      ),
    ]),
  },
];

function manyKeys(count: number, name: (i: number) => string, onto: JsonObject): JsonObject {
  const keys = Array.from({ length: count }, (_, i): [string, Json] => [name(i), i]);
  return Object.fromEntries([...Object.entries(onto), ...keys]);
}

// ---------------------------------------------------------------- twins

const twin = (rule: string, change: (record: JsonObject) => JsonObject, twinIs: TwinCase['twinIs']): TwinCase => {
  const raw = VALID.customer.tidsbanken;
  return { rule, flow: 'default', side: 'tidsbanken', kind: 'customer', raw, twin: change(raw), twinIs, expect: {} };
};

const TWINS: CorpusClass = {
  name: 'duplicate-ids',
  cases: [
    twin('the same again', (r) => ({ ...r }), 'equal'),
    twin('other order of keys', (r) => Object.fromEntries(Object.entries(r).toReversed()), 'equal'),
    twin('another spelling of the same phone', (r) => withPath(r, 'Telefon', '+47 22 00 00 42'), 'equal'),
    twin('NFD of the same name', (r) => withPath(r, 'Poststed', 'Oslo\u200b'), 'equal'),
    twin('a blank behind the name', (r) => withPath(r, 'Navn', 'Nordlys Pr\u00f8ve AS '), 'equal'),
    twin('a field more that is not mapped', (r) => withPath(r, 'Kontaktperson', 'x'), 'equal'),
    twin('another modified time', (r) => withPath(r, 'SistEndretDato', '2025-02-01T00:00:00+01:00'), 'equal'),
    twin('another name', (r) => withPath(r, 'Navn', 'Nordlys'), 'different'),
    twin('case of the name', (r) => withPath(r, 'Navn', 'NORDLYS PR\u00d8VE AS'), 'different'),
    twin('an empty phone', (r) => withPath(r, 'Telefon', ''), 'different'),
    twin('a missing phone', (r) => withoutPath(r, 'Telefon'), 'different'),
    twin('an invalid phone', (r) => withPath(r, 'Telefon', 'x'), 'different'),
    twin('empty is not invalid', (r) => withPath(r, 'Postnr', 'x'), 'different'),
  ],
};

// ---------------------------------------------------------------- answers

type Of = (text: string) => Buffer;
const utf8: Of = (text) => Buffer.from(text, 'utf8');

/** An answer with three records, the second of which is `bad` (JSON text). */
function answerOf(kind: CorpusKind, bad: string): string {
  const numbered = (id: Json): string => JSON.stringify({ ...VALID[kind].tidsbanken, Id: id });
  const [first, last] = kind === 'employee' ? [1, 3] : ['K1', 'K3'];
  return `{"@odata.count":3,"value":[${numbered(first)},${bad},${numbered(last)}]}`;
}

/** The valid record as JSON text, with one piece of text replaced. */
function textOf(kind: CorpusKind, from: string, to: string): string {
  const text = JSON.stringify(VALID[kind].tidsbanken);
  if (!text.includes(from)) throw new Error(`the valid ${kind} has no ${from}`);
  return text.replace(from, () => to);
}

interface AnswerLine {
  readonly kind?: CorpusKind;
  readonly flow?: AnswerCase['flow'];
  readonly answer?: AnswerCase['answer'];
  readonly expect?: Record<string, Expected>;
}
const fromBytes = (rule: string, bytes: Buffer, line: AnswerLine): AnswerCase => ({
  rule,
  flow: line.flow ?? 'default',
  side: 'tidsbanken',
  kind: line.kind ?? 'customer',
  expect: line.expect ?? {},
  base64: bytes.toString('base64'),
  answer: line.answer ?? 'read',
});

const swapped = (rule: string, from: string, to: string, line: AnswerLine = {}): AnswerCase =>
  fromBytes(rule, utf8(answerOf(line.kind ?? 'customer', textOf(line.kind ?? 'customer', from, to))), line);

const PLAIN = answerOf('customer', JSON.stringify(VALID.customer.tidsbanken));
const UNREADABLE: AnswerLine = { answer: 'unreadable' };
const whole = (rule: string, text: string | Buffer, line: AnswerLine = UNREADABLE): AnswerCase =>
  fromBytes(rule, typeof text === 'string' ? utf8(text) : text, line);

/** The answer with raw bytes in the middle of a name. */
function withBytes(rule: string, ...bytes: readonly number[]): AnswerCase {
  const [before = '', after = ''] = answerOf('customer', textOf('customer', 'Nordlys', 'Nord@@lys')).split('@@');
  return fromBytes(rule, Buffer.concat([utf8(before), Buffer.from(bytes), utf8(after)]), UNREADABLE);
}

const named = (value: string): AnswerLine => ({ expect: { name: { value } } });
const BUDGET = { kind: 'project', flow: 'more' } as const;
const budget = (is: Expected): AnswerLine => ({ ...BUDGET, expect: { budget: is } });
const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

const ANSWERS: readonly CorpusClass[] = [
  {
    name: 'byte-order-marks',
    cases: [
      whole('UTF-8 with BOM', `\ufeff${PLAIN}`, {}),
      whole('two BOMs', `\ufeff\ufeff${PLAIN}`),
      whole('BOM behind', `${PLAIN}\ufeff`),
      whole('BOM between', PLAIN.replace(',', ',\ufeff')),
      whole('BOM alone', '\ufeff'),
      whole('UTF-16 little endian', Buffer.from(`\ufeff${PLAIN}`, 'utf16le')),
      whole('UTF-16 little endian without BOM', Buffer.from(PLAIN, 'utf16le')),
      whole('UTF-16 big endian', Buffer.from(`\ufeff${PLAIN}`, 'utf16le').swap16()),
      whole('UTF-16 BOM, UTF-8 text', Buffer.concat([Buffer.from([0xff, 0xfe]), utf8(PLAIN)])),
      swapped('BOM in a name', 'Nordlys', '\ufeffNordlys'),
      swapped('BOM as an escape', 'Nordlys', '\\uFEFFNordlys'),
      swapped('BOM in a key', '"Navn"', '"\ufeffNavn"', { expect: unobserved('name') }),
      swapped('BOM in an id is a blank at its end', '"K10057"', '"\ufeffK10057"'),
    ],
  },
  {
    name: 'invalid-utf8',
    cases: [
      withBytes('Latin-1 \u00f8', 0xf8),
      withBytes('Latin-1 \u00e6', 0xe6),
      withBytes('code page 865 \u00f8', 0x9b),
      withBytes('a continuation byte alone', 0x80),
      withBytes('a lead byte alone', 0xc3),
      withBytes('three-byte sequence cut', 0xe2, 0x82),
      withBytes('four-byte sequence cut', 0xf0, 0x9f, 0x94),
      withBytes('overlong slash', 0xc0, 0xaf),
      withBytes('overlong NUL', 0xc0, 0x80),
      withBytes('overlong in three bytes', 0xe0, 0x80, 0xaf),
      withBytes('a surrogate encoded', 0xed, 0xa0, 0xbd),
      withBytes('both surrogates encoded', 0xed, 0xa0, 0xbd, 0xed, 0xb4, 0xa7),
      withBytes('beyond U+10FFFF', 0xf4, 0x90, 0x80, 0x80),
      withBytes('five-byte form', 0xf8, 0x88, 0x80, 0x80, 0x80),
      withBytes('FE', 0xfe),
      withBytes('FF', 0xff),
      fromBytes('the answer ends in a sequence', Buffer.concat([utf8(PLAIN), Buffer.from([0xc3])]), UNREADABLE),
    ],
  },
  {
    name: 'escapes',
    cases: [
      swapped('letters as escapes', 'Nordlys', '\\u004eordlys'),
      swapped('capitals in an escape', 'Pr\u00f8ve AS', 'Pr\\u00F8ve AS'),
      swapped('a pair as escapes', 'Nordlys', 'Nordlys\\ud83d\\udd27', named('Nordlys\u{1f527} Pr\u00f8ve AS')),
      swapped('half a pair as an escape', 'Nordlys', 'Nord\\ud83dlys', named('Nord\ufffdlys Pr\u00f8ve AS')),
      swapped('NUL as an escape', 'Nordlys', 'Nord\\u0000lys'),
      swapped('NUL raw', 'Nordlys', 'Nord\u0000lys', UNREADABLE),
      swapped('a line break raw', 'Nordlys', 'Nord\nlys', UNREADABLE),
      swapped('a tab raw', 'Nordlys', 'Nord\tlys', UNREADABLE),
      swapped('delete raw', 'Nordlys', 'Nord\u007flys'),
      swapped('line separator raw', 'Nordlys ', 'Nordlys\u2028'),
      swapped('an escape that is none', 'Nordlys', 'Nord\\xlys', UNREADABLE),
      swapped('an escape cut short', 'Nordlys', 'Nord\\u12lys', UNREADABLE),
      swapped('a solidus escaped', 'https://nordlys', 'https:\\/\\/nordlys'),
      swapped('a key as escapes', '"Navn"', '"\\u004eavn"'),
      swapped('__proto__ as escapes', '"Navn"', '"__\\u0070roto__":{"Navn":"x"},"Navn"'),
      swapped('a key twice: the last counts', '"Navn"', '"Navn":"Andre","Navn"'),
    ],
  },
  {
    name: 'numbers-of-json',
    cases: [
      swapped('an id of 2^53 + 1', '"K10057"', '9007199254740993', {
        expect: { number: { value: '9007199254740993' } },
      }),
      swapped('an id of 2^64', '"K10057"', '18446744073709551616', {
        expect: { number: { value: '18446744073709551616' } },
      }),
      swapped('an id of 30 digits', '"K10057"', '1'.repeat(30), { expect: { number: { value: '1'.repeat(30) } } }),
      swapped('an employee id of 2^53 + 1', '1042', '9007199254740993', {
        kind: 'employee',
        expect: { number: { value: '9007199254740993' } },
      }),
      swapped('a reference of 2^53 + 1', '1042', '9007199254740993', {
        kind: 'project',
        expect: { manager: { value: '9007199254740993' } },
      }),
      swapped('trailing zeros', '37.5', '37.500', BUDGET),
      swapped('zero fraction', '37.5', '25.0', budget({ value: '25' })),
      swapped('exponent', '37.5', '1E2', budget({ value: '100' })),
      swapped('minus zero', '37.5', '-0', budget({ value: '0' })),
      swapped('too large for a double', '37.5', '1e400', budget({ value: `1${'0'.repeat(400)}` })),
      swapped('too small for a double', '37.5', '1e-400', budget({ value: `0.${'0'.repeat(399)}1` })),
      swapped(
        'digits that a double loses',
        '37.5',
        '0.1234567890123456789',
        budget({ value: '0.1234567890123456789' }),
      ),
      swapped('19 digits and a fraction', '37.5', '1234567890123456789.5', budget({ value: '1234567890123456789.5' })),
      swapped('an unsafe whole number with exponent', '37.5', '1e21', budget('invalid')),
      swapped('leading zero', '37.5', '037.5', { ...BUDGET, ...UNREADABLE }),
      swapped('plus sign', '37.5', '+37.5', { ...BUDGET, ...UNREADABLE }),
      swapped('NaN', '37.5', 'NaN', { ...BUDGET, ...UNREADABLE }),
      swapped('Infinity', '37.5', '-Infinity', { ...BUDGET, ...UNREADABLE }),
      swapped('hexadecimal', '37.5', '0x25', { ...BUDGET, ...UNREADABLE }),
      swapped('no digit before the point', '37.5', '.5', { ...BUDGET, ...UNREADABLE }),
    ],
  },
  {
    name: 'deep-nesting',
    cases: [
      swapped('100 lists beside', '"Navn"', `"x":${nested(100, '[', ']')},"Navn"`),
      swapped('500 lists beside', '"Navn"', `"x":${nested(500, '[', ']')},"Navn"`),
      swapped('500 objects beside', '"Navn"', `"x":${'{"a":'.repeat(500)}1${'}'.repeat(500)},"Navn"`),
      swapped('100 lists for a name', '"Nordlys Pr\u00f8ve AS"', nested(100, '[', ']'), {
        expect: { name: 'invalid' },
      }),
      swapped('500 objects for a name', '"Nordlys Pr\u00f8ve AS"', `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`, {
        expect: { name: 'invalid' },
      }),
      swapped('500 lists for a reference', '"20"', nested(500, '[', ']'), {
        kind: 'project',
        expect: { department: 'invalid' },
      }),
      swapped('500 lists for an id', '"K10057"', nested(500, '[', ']'), { answer: 'withoutId' }),
      swapped('lists that are not closed', '"Nordlys Pr\u00f8ve AS"', '['.repeat(500), UNREADABLE),
      swapped('objects that are not closed', '"Nordlys Pr\u00f8ve AS"', '{"a":'.repeat(500), UNREADABLE),
      swapped('30 000 lists: no answer, and no crash', '"Navn"', `"x":${nested(30_000, '[', ']')},"Navn"`, UNREADABLE),
      swapped('30 000 lists not closed', '"Navn"', `"x":${'['.repeat(30_000)}`, UNREADABLE),
      swapped(
        '__proto__ in __proto__',
        '"Navn"',
        `"__proto__":${'{"__proto__":'.repeat(100)}1${'}'.repeat(100)},"Navn"`,
      ),
    ],
  },
  {
    name: 'no-usable-record',
    cases: [
      ...['null', '7', '"K10057"', 'true', '[]', '{}', '[{}]'].map((json) =>
        fromBytes(`${json} in place of a record`, utf8(answerOf('customer', json)), { answer: 'withoutId' }),
      ),
      swapped('an empty id', '"K10057"', '""', { answer: 'withoutId' }),
      swapped('a blank id', '"K10057"', '" "', { answer: 'withoutId' }),
      swapped('null for an id', '"K10057"', 'null', { answer: 'withoutId' }),
      swapped('true for an id', '"K10057"', 'true', { answer: 'withoutId' }),
      swapped('an object for an id', '"K10057"', '{}', { answer: 'withoutId' }),
      swapped('the key of the id in small letters', '"Id"', '"id"', { answer: 'withoutId' }),
      swapped('letters for an employee id', '1042', '"A1042"', { kind: 'employee', answer: 'withoutId' }),
      swapped('a fraction for an employee id', '1042', '1042.5', { kind: 'employee', answer: 'withoutId' }),
    ],
  },
  {
    name: 'no-json',
    cases: [
      whole('HTML', '<!DOCTYPE html><html><body>Logg inn</body></html>'),
      whole('XML', '<?xml version="1.0"?><feed/>'),
      whole('text', 'OK'),
      whole('nothing', ''),
      whole('blanks', ' \r\n '),
      whole('cut in the middle', PLAIN.slice(0, PLAIN.length / 2)),
      whole('cut at the last bracket', PLAIN.slice(0, -1)),
      whole('two answers', PLAIN + PLAIN),
      whole('a comma too many', PLAIN.replace(']', ',]')),
      whole('single quotes', PLAIN.replaceAll('"', "'")),
      whole('a comment', `/* ok */${PLAIN}`),
      whole('a script prefix', `)]}',\n${PLAIN}`),
      whole('no list', '{"@odata.count":0}'),
      whole('null for the list', '{"value":null}'),
      whole('an object for the list', '{"value":{}}'),
      whole('a list without its object', '[]'),
      whole('null', 'null'),
      whole('an error with 200', '{"error":{"code":"Busy"}}'),
    ],
  },
];

export const SHAPE_TABLES: readonly CorpusClass[] = [...SHAPES, TWINS, ...ANSWERS];
