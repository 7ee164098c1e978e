import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFlow, type CompiledFlow } from './compile.ts';
import { FieldDeclaration } from './field-declaration.ts';
import { isOutOfScope } from './filter.ts';
import type { MappingProblemKind } from './mapping-problem.ts';
import { FlowMapping, type Filter } from './mapping.ts';

const declared = (more: object = {}): FieldDeclaration =>
  FieldDeclaration.parse({ json: 'string', clear: '', ...more });
const FIELDS = {
  customerp: {
    number: declared(),
    name: declared(),
    rate: declared({ json: 'number', clear: null }),
    'address.city': declared(),
    status: declared(),
  },
  tidsbanken: {
    Id: declared(),
    Fornavn: declared({ maxLength: 20 }),
    Etternavn: declared({ maxLength: 20 }),
    Prosent: declared({ json: 'integer', clear: null }),
    Sted: declared(),
    Stengt: declared({ json: 'boolean', clear: null }),
  },
};
const NUMBER = { name: 'number', customerp: 'number', tidsbanken: 'Id', type: 'id', key: true };

const mapping = (rows: readonly object[], filter?: Filter): FlowMapping =>
  FlowMapping.parse({
    kind: 'employee',
    keys: [],
    create: { customerp: { rule: 'never' }, tidsbanken: { rule: 'every' } },
    properties: [NUMBER, ...rows],
    label: ['number'],
    ...(filter === undefined ? {} : { filter }),
  });
function flowOf(rows: readonly object[], filter?: Filter): CompiledFlow {
  const compiled = compileFlow(mapping(rows, filter), FIELDS);
  if (!compiled.ok) throw new Error(compiled.failure.map(({ what }) => what).join('\n'));
  return compiled.value;
}
const problemsOf = (rows: readonly object[], filter?: Filter): [MappingProblemKind, string | undefined][] => {
  const compiled = compileFlow(mapping(rows, filter), FIELDS);
  return compiled.ok ? [] : compiled.failure.map(({ kind, property }) => [kind, property]);
};

const FULL = { name: 'fullName', customerp: 'name', tidsbanken: 'Fornavn + Etternavn', type: 'string' };
const RATE = {
  name: 'rate',
  customerp: 'rate',
  tidsbanken: 'Prosent',
  type: 'integer',
  convert: { customerp: { read: 'value * 100.0', write: 'value / 100.0' } },
};

describe('several fields that hold one value', () => {
  const flow = flowOf([FULL]);

  it.each([
    [{ Fornavn: 'Kari Anne', Etternavn: ' Prøve ' }, 'Kari Anne Prøve'],
    [{ Fornavn: '', Etternavn: 'Prøve' }, 'Prøve'],
    [{ Fornavn: null, Etternavn: '' }, null],
  ])('%j reads as %j', (raw, value) => {
    expect(flow.read('tidsbanken', { Id: '1', ...raw }).props['fullName']).toBe(value);
  });

  it('N1, N4 one that is absent or unreadable leaves the value unobserved', () => {
    expect(flow.read('tidsbanken', { Fornavn: 'Kari' }).props).not.toHaveProperty('fullName');
    const odd = flow.read('tidsbanken', { Fornavn: 'Kari', Etternavn: ['x'] });
    expect([odd.props['fullName'], odd.invalid.map(({ property }) => property)]).toEqual([undefined, ['fullName']]);
  });

  it.each([
    [
      'Kari Anne Prøve',
      [
        ['Fornavn', 'Kari Anne'],
        ['Etternavn', 'Prøve'],
      ],
    ],
    [
      'Prøve',
      [
        ['Fornavn', ''],
        ['Etternavn', 'Prøve'],
      ],
    ],
    [
      null,
      [
        ['Fornavn', ''],
        ['Etternavn', ''],
      ],
    ],
  ])('%j is written as %j', (value, fields) => {
    expect(flow.write('tidsbanken', 'fullName', value)).toMatchObject({ kind: 'write', fields });
  });

  it('what one of them cannot hold is not sent at all, never cut', () => {
    expect(flow.write('tidsbanken', 'fullName', `${'a'.repeat(21)} b`)).toEqual({
      kind: 'leaveOut',
      reason: 'notExpressible',
    });
  });

  it('2.2 whatever is written reads back the same', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 15 }), (text) => {
        const { fullName = null } = flow.read('customerp', { name: text }).props;
        const form = flow.write('tidsbanken', 'fullName', fullName);
        if (form.kind !== 'write') return;
        const raw = Object.fromEntries(form.fields ?? []);
        expect(flow.read('tidsbanken', raw).props['fullName']).toBe(fullName);
      }),
    ));
});

describe('a conversion', () => {
  const flow = flowOf([RATE]);

  it('reads in its own sense, and writes back', () => {
    expect(flow.read('customerp', { rate: 0.8 }).props['rate']).toBe('80');
    expect(flow.write('customerp', 'rate', '80')).toEqual({ kind: 'write', json: 0.8 });
    expect(flow.write('tidsbanken', 'rate', '80')).toEqual({ kind: 'write', json: 80 });
  });

  it('N2, N4 empty is not asked; what cannot be computed is invalid, without its value', () => {
    expect(flow.read('customerp', { rate: null }).props['rate']).toBeNull();
    const { props, invalid } = flow.read('customerp', { rate: 'much' });
    expect([props['rate'], invalid]).toEqual([
      undefined,
      [{ property: 'rate', reason: 'the conversion cannot be computed for this value' }],
    ]);
  });

  it('2.2 what would not read back is not sent', () => {
    const lossy = flowOf([{ ...RATE, convert: { customerp: { read: 'value * 100.0', write: '1.0' } } }]);
    expect(lossy.write('customerp', 'rate', '80')).toEqual({ kind: 'leaveOut', reason: 'notExpressible' });
  });

  it('S5 another conversion makes other values: the base does not hold', () => {
    const other = flowOf([{ ...RATE, convert: { customerp: { read: 'value', write: 'value' } } }]);
    expect(other.shape.groups['rate']?.values).not.toBe(flow.shape.groups['rate']?.values);
    expect(other.version).not.toBe(flow.version);
  });
});

const CITY = { name: 'city', customerp: 'address.city', tidsbanken: 'Sted', type: 'string' };
describe('C7 a filter', () => {
  it.each<[Filter, object, boolean]>([
    [{ customerp: [{ property: 'city', is: ['Oslo', 'Bergen'] }] }, { address: { city: ' Oslo' } }, true],
    [{ customerp: [{ property: 'city', is: ['Oslo'] }] }, { address: { city: 'Bodø' } }, false],
    [{ customerp: [{ property: 'city', isNot: ['Oslo'] }] }, { address: { city: '' } }, true],
    [{ customerp: [{ property: 'city', startsWith: ['Os'] }] }, { address: { city: 'Oslo' } }, true],
    [{ customerp: [{ property: 'city', isEmpty: true }] }, { address: null }, true],
    [{ customerp: [{ property: 'city', isNot: ['Oslo'] }] }, {}, false], // not observed: nobody knows
    [{ customerp: [{ field: 'status', is: ['1'] }] }, { status: 1 }, true],
    [{ customerp: [{ field: 'status', is: ['true'] }] }, { status: true }, true],
    [{ customerp: [{ field: 'status', isEmpty: false }] }, { status: {} }, false],
    [{ tidsbanken: [{ property: 'city', is: ['Oslo'] }] }, { address: { city: 'Bodø' } }, true],
  ])('%j of %j', (filter, raw, takesPart) => {
    const { props } = flowOf([CITY], filter).read('customerp', { number: '1', ...raw });
    expect(isOutOfScope(props)).toBe(!takesPart);
  });

  it('only what is mapped, or what the filter looks at, is asked for', () => {
    const flow = flowOf([CITY, FULL], { customerp: [{ field: 'status', is: ['1'] }] });
    expect([...flow.fieldsToRead('customerp')].toSorted()).toEqual(['address.city', 'name', 'number', 'status']);
    expect([...flow.fieldsToRead('tidsbanken')].toSorted()).toEqual(['Etternavn', 'Fornavn', 'Id', 'Sted']);
  });
});

describe('what cannot be is told', () => {
  it.each<[string, readonly object[], Filter | undefined, [MappingProblemKind, string | undefined][]]>([
    [
      'half an expression',
      [{ ...RATE, convert: { customerp: { read: 'value *', write: 'value' } } }],
      undefined,
      [['conversion', 'rate']],
    ],
    ['no way back', [{ ...RATE, convert: { customerp: { read: 'value' } } }], undefined, [['conversion', 'rate']]],
    [
      'a key that is converted',
      [{ ...CITY, key: true, convert: { customerp: { read: 'value' } } }],
      undefined,
      [['conversion', 'city']],
    ],
    [
      'several fields on both sides',
      [{ ...FULL, customerp: 'name + status' }],
      undefined,
      [['combination', 'fullName']],
    ],
    ['several fields of another type', [{ ...FULL, type: 'email' }], undefined, [['combination', 'fullName']]],
    [
      'a part that is not declared',
      [{ ...FULL, tidsbanken: 'Fornavn + Mellomnavn' }],
      undefined,
      [['undeclaredField', 'fullName']],
    ],
    [
      'a part that another row writes',
      [FULL, { ...CITY, tidsbanken: 'Fornavn' }],
      undefined,
      [['fieldWrittenTwice', 'city']],
    ],
    [
      'a value on create of another type',
      [{ ...RATE, onCreate: { tidsbanken: 'much' } }],
      undefined,
      [['createDefault', 'rate']],
    ],
    [
      'a value on create against the direction',
      [{ ...CITY, direction: 'toCustomerp', onCreate: { tidsbanken: 'Oslo' } }],
      undefined,
      [['createDefault', 'city']],
    ],
    ['a filter on no property', [CITY], { customerp: [{ property: 'town', is: ['Oslo'] }] }, [['filter', undefined]]],
    ['a filter on no field', [CITY], { tidsbanken: [{ field: 'By', is: ['Oslo'] }] }, [['filter', undefined]]],
  ])('%s', (_name, rows, filter, problems) => {
    expect(problemsOf(rows, filter)).toEqual(problems);
  });
});

describe('a row that holds for some records only', () => {
  const TOWN = { name: 'town', customerp: 'address.city', tidsbanken: 'Sted', type: 'string' };
  const flow = flowOf([{ ...TOWN, when: { customerp: { status: ['open', 1] }, tidsbanken: { Stengt: [false] } } }]);

  it.each([
    ['customerp', { status: ' open ', address: { city: 'Bergen' } }, 'Bergen'],
    ['customerp', { status: 1, address: { city: 'Bergen' } }, 'Bergen'],
    ['customerp', { status: 'Open', address: { city: 'Bergen' } }, undefined],
    ['customerp', { status: null, address: { city: 'Bergen' } }, undefined],
    ['customerp', { address: { city: 'Bergen' } }, undefined],
    ['tidsbanken', { Stengt: false, Sted: 'Bergen' }, 'Bergen'],
    ['tidsbanken', { Stengt: true, Sted: 'Bergen' }, undefined],
  ] as const)('N1 %s %j reads as %s', (side, raw, town) => {
    expect(flow.read(side, raw).props['town']).toBe(town);
  });

  it('the field that it depends on is asked for as well, on its own side', () => {
    expect(flow.fieldsToRead('customerp')).toContain('status');
    expect(flow.fieldsToRead('tidsbanken')).not.toContain('status');
  });

  it('S5 another condition makes other values', () => {
    const other = flowOf([{ ...TOWN, when: { customerp: { status: ['open'] } } }]);
    expect(other.shape.groups['town']?.values).not.toBe(flow.shape.groups['town']?.values);
  });

  it.each<[string, object[], [MappingProblemKind, string | undefined][]]>([
    [
      'a key',
      [{ ...NUMBER, name: 'code', tidsbanken: 'Sted', when: { customerp: { status: ['1'] } } }],
      [['rowCondition', 'code']],
    ],
    [
      'a required row',
      [{ ...TOWN, required: true, when: { customerp: { status: ['1'] } } }],
      [['rowCondition', 'town']],
    ],
    ['a field that there is not', [{ ...TOWN, when: { customerp: { stat: ['1'] } } }], [['rowCondition', 'town']]],
    [
      'a field with personal data',
      [
        { ...TOWN, when: { customerp: { status: ['1'] } } },
        {
          name: 'secret',
          customerp: 'status',
          tidsbanken: 'Etternavn',
          type: 'string',
          sensitive: true,
          direction: 'off',
        },
      ],
      [['rowCondition', 'town']],
    ],
    [
      'half a group',
      [
        { ...TOWN, group: 'place' },
        {
          name: 'first',
          customerp: 'name',
          tidsbanken: 'Fornavn',
          type: 'string',
          group: 'place',
          when: { customerp: { status: ['1'] } },
        },
      ],
      [['groupDisagrees', 'first']],
    ],
  ])('%s cannot have one', (_name, rows, expected) => {
    expect(problemsOf(rows)).toEqual(expected);
  });
});
