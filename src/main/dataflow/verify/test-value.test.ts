import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIDES, type Pair, type Value } from '../../../shared/domain.ts';
import { compileFlow, type CompiledFlow, type CompiledProperty } from '../../mapping/compile.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import { FieldDeclaration } from '../../mapping/field-declaration.ts';
import { FlowMapping, Property, VALUE_TYPES, type ValueType } from '../../mapping/mapping.ts';
import { sameAcross } from '../../sync/verify/verify.ts';
import { fieldsOf } from '../dataflow.fixture.ts';
import { canPutBack, spoiltValue, testValue } from './test-value.ts';

const compiled = (mapping: FlowMapping, fields = fieldsOf(mapping.kind)): CompiledFlow => {
  const flow = compileFlow(mapping, fields);
  if (!flow.ok) throw new Error(JSON.stringify(flow.failure));
  return flow.value;
};
const FLOWS = defaultMapping().map((mapping) => compiled(mapping));
const PROPERTIES = FLOWS.flatMap((flow) =>
  flow.properties.filter((p) => !p.key).map((property) => ({ name: `${flow.kind}.${property.name}`, flow, property })),
);
const REFERENCES = ['link:1', 'link:2', 'link:3'];

const salts = fc.nat({ max: 10_000_000 });
const anyProperty = fc.constantFrom(...PROPERTIES);

/** One property of that type by itself, on two fields as declared. */
function alone(type: ValueType, field: Partial<FieldDeclaration>, extra: Partial<Property> = {}) {
  const declared = FieldDeclaration.parse({ json: 'string', clear: '', ...field });
  const property = { name: 'it', customerp: 'it', tidsbanken: 'It', type, ...extra };
  const mapping = FlowMapping.parse({
    kind: 'customer',
    keys: [],
    create: { customerp: { rule: 'never' }, tidsbanken: { rule: 'never' } },
    properties: [{ name: 'name', customerp: 'name', tidsbanken: 'Navn', type: 'string' }, property],
    label: ['name'],
  });
  const name = FieldDeclaration.parse({ json: 'string' });
  const flow = compiled(mapping, { customerp: { name, it: declared }, tidsbanken: { Navn: name, It: declared } });
  const [, tested] = flow.properties;
  if (tested === undefined) throw new Error('it is mapped');
  return { flow, property: tested };
}

/** A canonical value that the property may hold: one that the generator itself made for some other salt, or empty. */
function holding(flow: CompiledFlow, property: CompiledProperty, salt: number | null): Value {
  if (salt === null) return null;
  const made = testValue({ flow, property, current: NOTHING, references: REFERENCES, salt });
  return made.ok ? made.value : null;
}
const NOTHING: Pair<Value> = { customerp: null, tidsbanken: null };

describe('7.6: the value that a checklist writes', () => {
  it.each(PROPERTIES)('$name has one, whatever its two sides hold', ({ flow, property }) => {
    fc.assert(
      fc.property(salts, fc.option(salts), fc.option(salts), (salt, e, t) => {
        const current = { customerp: holding(flow, property, e), tidsbanken: holding(flow, property, t) };
        const made = testValue({ flow, property, current, references: REFERENCES, salt });
        // The two sides may hold true and false: then there is no third.
        if (property.type === 'boolean' && current.customerp !== current.tidsbanken && !made.ok) return;
        expect(made.ok).toBe(true);
      }),
    );
  });

  it('is another one than either side holds, also where texts are compared cut (2.2)', () => {
    fc.assert(
      fc.property(anyProperty, salts, salts, ({ flow, property }, salt, before) => {
        const value = holding(flow, property, before);
        const made = testValue({
          flow,
          property,
          current: { customerp: value, tidsbanken: value },
          references: REFERENCES,
          salt,
        });
        if (!made.ok) throw new Error(made.why);
        expect(sameAcross(flow, property.name, value, made.value)).toBe(false);
      }),
    );
  });

  it('can be written to both sides and reads back as itself on each (2.2)', () => {
    fc.assert(
      fc.property(anyProperty, salts, ({ flow, property }, salt) => {
        const made = testValue({ flow, property, current: NOTHING, references: REFERENCES, salt });
        if (!made.ok || property.type === 'reference') return;
        for (const side of SIDES) {
          const form = flow.write(side, property.name, made.value);
          if (form.kind !== 'write') throw new Error(form.reason);
          const raw = property[side].split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), form.json);
          expect(flow.read(side, raw as never).props[property.name]).toBe(made.value);
        }
      }),
    );
  });

  it('is the same for the same facts', () => {
    fc.assert(
      fc.property(anyProperty, salts, ({ flow, property }, salt) => {
        const facts = { flow, property, current: NOTHING, references: REFERENCES, salt };
        expect(testValue(facts)).toEqual(testValue(facts));
      }),
    );
  });

  it.each(VALUE_TYPES.filter((type) => type !== 'reference'))('type %s: any longest length is kept to', (type) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), salts, (maxLength, salt) => {
        const values = { a: { customerp: 'A', tidsbanken: '1' }, b: { customerp: 'B', tidsbanken: '2' } };
        const { flow, property } = alone(type, { maxLength }, type === 'enum' ? { values } : {});
        const made = testValue({ flow, property, current: NOTHING, references: [], salt });
        if (property.comparedLength === null || !made.ok) return;
        expect(Array.from(made.value).length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });

  it.each([
    { what: 'a text field for one character', type: 'string', field: { maxLength: 1 }, is: /^.$/u },
    {
      what: 'a number is close to what is there',
      type: 'integer',
      field: { json: 'integer' },
      current: '100',
      is: /^99$/,
    },
    { what: 'a share of nothing goes up', type: 'integer', field: { json: 'integer' }, current: '0', is: /^1$/ },
    { what: 'a date is close to what is there', type: 'date', field: {}, current: '2024-03-01', is: /^2024-02-27$/ },
    { what: 'a flag is turned', type: 'boolean', field: { json: 'boolean' }, current: 'true', is: /^false$/ },
    { what: 'nobody has such a telephone number', type: 'phone', field: {}, is: /^\+47000\d{5}$/ },
    { what: 'a national id is synthetic', type: 'nationalId', field: {}, is: /^0181\d{7}$/ },
  ] as const)('$what', ({ type, field, is, ...given }) => {
    const { flow, property } = alone(type, field);
    const value = 'current' in given ? given.current : null;
    const made = testValue({
      flow,
      property,
      current: { customerp: value, tidsbanken: value },
      references: [],
      salt: 7,
    });
    expect(made.ok ? made.value : made.why).toMatch(is);
  });

  it('a list with one value has no other', () => {
    const { flow, property } = alone('enum', {}, { values: { a: { customerp: 'A', tidsbanken: '1' } } });
    const facts = { flow, property, references: [], salt: 1, current: { customerp: 'a', tidsbanken: 'a' } };
    expect(testValue(facts)).toEqual({ ok: false, why: 'noOtherValue' });
  });

  it('a reference needs another record to point to', () => {
    const { flow, property } = alone('reference', {}, { reference: 'department' });
    const facts = { flow, property, salt: 1, current: { customerp: 'link:1', tidsbanken: 'link:1' } };
    expect(testValue({ ...facts, references: ['link:1'] })).toEqual({ ok: false, why: 'noOtherRecord' });
    expect(testValue({ ...facts, references: ['link:1', 'link:9'] })).toEqual({ ok: true, value: 'link:9' });
  });
});

describe('7.6: only what can be put back is written', () => {
  it.each([
    { what: 'a value', field: {}, was: 'Oslo', is: true },
    { what: 'a text that is as long as may be', field: { maxLength: 4 }, was: 'Oslo', is: true },
    { what: 'a text that would be cut', field: { maxLength: 3 }, was: 'Oslo', is: false },
    { what: 'empty, where the field can be emptied (N5)', field: { clear: '' }, was: null, is: true },
    { what: 'empty, where it cannot', field: { clear: undefined }, was: null, is: false },
  ])('$what', ({ field, was, is }) => {
    const { flow, property } = alone('string', field);
    expect(canPutBack(flow, property, 'customerp', was)).toBe(is);
  });
});

const spoilt = (convert: NonNullable<Property['convert']>, held: Value) => {
  const { flow, property } = alone('string', {}, { convert });
  return spoiltValue({ flow, property, current: { customerp: held, tidsbanken: held }, references: [], salt: 7 });
};

describe('7.6: a conversion that does not give back what it is given is found', () => {
  it.each([
    { what: 'cuts what is there', read: 'value', write: 'value.substring(0, 2)', held: 'Murer', value: 'Murer' },
    { what: 'adds to it at each reading', read: 'value + "x"', write: 'value', held: 'Murer', value: 'Murer' },
    { what: 'spoils letters', read: 'value', write: 'value.replace("æ", "ae")', held: 'Murer', value: 'Sjekk æøå 007' },
    { what: 'gives everything back', read: 'value.substring(3)', write: '"N: " + value', held: 'Murer', value: null },
    {
      what: 'knows a list only',
      read: 'value == "1" ? "Ja" : "Nei"',
      write: 'value == "Ja" ? "1" : "0"',
      held: 'Ja',
      value: null,
    },
  ])('one that $what', ({ read, write, held, value }) =>
    expect(spoilt({ tidsbanken: { read, write } }, held)).toEqual(
      value === null ? null : { side: 'tidsbanken', value },
    ),
  );

  it('without a conversion there is none', () => expect(spoilt({}, 'Murer')).toBeNull());
});
