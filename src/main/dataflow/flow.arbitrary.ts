import * as fc from 'fast-check';
import { DIRECTIONS, KINDS, SIDES } from '../../shared/domain.ts';
import { FlowMapping, VALUE_TYPES, type CreationRule } from '../mapping/mapping.ts';

/** Names as systems have them, and now and then any text at all: quotes, marks of the format, breaks, blanks, nothing. */
const wild = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      'none',
      'ingen',
      'a, b',
      '"',
      '\\',
      '``x``',
      '*x*',
      '|x|',
      'x_',
      '_x',
      'a  b',
      '\n',
      '::',
      '-',
      'e\u0301',
      '\u2028',
      '\uFFFD',
      'Once. Twice: Thrice! So',
      'sesam_kundeId',
      'x (Dependant on having NO in y)',
      'lines[].id',
      '- a',
      '1.',
    ),
  },
);
const tame = fc.constantFrom('name', 'address.line1', 'Gateadresse', 'Økonomi', 'a_b', 'x-1');
const text = fc.oneof(tame, wild);
const textNotEmpty = text.filter((one) => one !== '');
/** JavaScript gives this one a meaning of its own. */
const key = text.filter((one) => one !== '__proto__');
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(
    value.map((one) => ({ [name]: one })),
    { nil: {} },
  );
const length = fc.integer({ min: -1, max: 5_000 });

const conversion = fc.record({ read: textNotEmpty, write: textNotEmpty }, { requiredKeys: ['read'] });

const holds = fc.dictionary(
  key.filter((one) => one !== ''),
  fc.array(text, { minLength: 1, maxLength: 3 }),
  { minKeys: 1, maxKeys: 2 },
);
const when = fc
  .record({ customerp: holds, tidsbanken: holds }, { requiredKeys: [] })
  .filter((one) => Object.keys(one).length > 0);

const property = fc
  .tuple(
    fc.record({
      name: fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/),
      customerp: textNotEmpty,
      tidsbanken: textNotEmpty,
      type: fc.constantFrom(...VALUE_TYPES),
      direction: fc.constantFrom(...DIRECTIONS),
      master: fc.constantFrom(...SIDES),
      required: fc.boolean(),
      sensitive: fc.boolean(),
      clearable: fc.boolean(),
      deferred: fc.boolean(),
      key: fc.boolean(),
      negated: fc.boolean(),
      maxLength: fc.record({ customerp: length, tidsbanken: length }, { requiredKeys: [] }),
    }),
    optional('group', text),
    optional('reference', fc.constantFrom(...KINDS)),
    optional('onCreate', fc.record({ customerp: text, tidsbanken: text }, { requiredKeys: [] })),
    optional('convert', fc.record({ customerp: conversion, tidsbanken: conversion }, { requiredKeys: [] })),
    optional('when', when),
    optional('values', fc.dictionary(key, fc.record({ customerp: text, tidsbanken: text }), { maxKeys: 3 })),
  )
  .map((parts): object => parts.reduce<object>((all, part) => ({ ...all, ...part }), {}));

const matchKey = fc.record({
  name: text,
  properties: fc.array(text, { minLength: 1, maxLength: 3 }),
  strength: fc.constantFrom('strong', 'weak'),
  placeholders: fc.array(text, { maxLength: 3 }),
});
const numeral = fc.integer({ min: 1, max: 10_000 });
const range = fc.tuple(numeral, numeral).map(([from, more]) => ({ from, to: from + more }));
const creationRule: fc.Arbitrary<CreationRule> = fc.oneof(
  fc.record({ rule: fc.constantFrom('every', 'never'), automatic: fc.boolean() }),
  fc.record({
    rule: fc.constant('ifReferredTo' as const),
    referredToBy: fc.subarray([...KINDS], { minLength: 1 }),
    automatic: fc.boolean(),
  }),
);

const creation = fc
  .tuple(creationRule, optional('numbers', range))
  .map(([rule, more]): CreationRule => ({ ...rule, ...more }));

const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/);
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const condition = fc
  .tuple(
    fc.oneof(fc.record({ property: name }), fc.record({ field: textNotEmpty })),
    fc.oneof(
      fc.record({ is: texts }),
      fc.record({ isNot: texts }),
      fc.record({ startsWith: texts }),
      fc.record({ isEmpty: fc.boolean() }),
    ),
  )
  .map(([of, test]) => ({ ...of, ...test }));
const conditions = fc.array(condition, { minLength: 1, maxLength: 3 });
const filter = fc
  .record({ customerp: conditions, tidsbanken: conditions }, { requiredKeys: [] })
  .filter((one) => Object.keys(one).length > 0);
const lifecycle = fc
  .tuple(fc.record({ property: text, inactive: text }), optional('joinsWhenInactive', fc.array(text, { maxLength: 2 })))
  .map(([own, more]) => ({ ...own, ...more }));

const mapping = fc
  .tuple(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      enabled: fc.boolean(),
      keys: fc.array(matchKey, { maxLength: 3 }),
      create: fc.record({ customerp: creation, tidsbanken: creation }),
      properties: fc.array(property, { maxLength: 5 }),
      label: fc.array(text, { minLength: 1, maxLength: 3 }),
    }),
    optional('lifecycle', lifecycle),
    optional('filter', filter),
  )
  .map(([own, ...more]) => FlowMapping.parse(Object.assign(own, ...more)));

/** Any flow that the schema allows, whether it makes sense or not: a document must lose nothing of it. */
export const anyFlow: fc.Arbitrary<FlowMapping> = mapping;

/** Flows of a workspace: at most one of a kind, in the order of O1. */
export const anyFlows: fc.Arbitrary<FlowMapping[]> = fc
  .uniqueArray(anyFlow, { minLength: 1, maxLength: 4, selector: (flow) => flow.kind })
  .map((flows) => flows.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)));
