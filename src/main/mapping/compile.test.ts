import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind, Side } from '../../shared/domain.ts';
import type { JsonObject } from '../../shared/json.ts';
import { compileFlow, groupsFor, type CompiledFlow } from './compile.ts';
import { concealerOf } from './conceal.ts';
import { defaultMapping } from './default-mapping.ts';
import { FieldDeclaration } from './field-declaration.ts';
import type { Fields, MappingProblemKind } from './mapping-problem.ts';
import { anyJsonValue } from './json.arbitrary.ts';
import { FlowMapping, Property } from './mapping.ts';

const declare = (extra: Partial<FieldDeclaration> = {}): FieldDeclaration =>
  FieldDeclaration.parse({ json: 'string', clear: '', ...extra });
const mappingOf = (kind: Kind): FlowMapping => {
  const found = defaultMapping().find((mapping) => mapping.kind === kind);
  if (found === undefined) throw new Error(`no default mapping for ${kind}`);
  return found;
};

/** Every mapped field, declared alike; `special` overrides some by path. */
function fieldsOf(mapping: FlowMapping, special: Record<string, Partial<FieldDeclaration>> = {}): Fields {
  const on = (side: Side): Record<string, FieldDeclaration> =>
    Object.fromEntries(
      mapping.properties.map((property) => [
        property[side],
        declare({ json: property.type === 'boolean' ? 'boolean' : 'string', ...special[property[side]] }),
      ]),
    );
  return { customerp: on('customerp'), tidsbanken: on('tidsbanken') };
}

const CONCEALER = concealerOf(new Uint8Array(32).fill(7));

function compiled(mapping: FlowMapping, fields: Fields = fieldsOf(mapping)): CompiledFlow {
  const result = compileFlow(mapping, fields, CONCEALER);
  if (!result.ok) throw new Error(result.failure.map((problem) => problem.what).join('\n'));
  return result.value;
}

const changed = (kind: Kind, name: string, extra: Partial<Property>): FlowMapping => {
  const mapping = mappingOf(kind);
  const properties = mapping.properties.map((property) =>
    property.name === name ? { ...property, ...extra } : property,
  );
  return { ...mapping, properties };
};

describe('a mapping that cannot be used says why', () => {
  const customer = mappingOf('customer');
  const without = (side: Side, path: string): Fields => {
    const fields = fieldsOf(customer);
    return { ...fields, [side]: Object.fromEntries(Object.entries(fields[side]).filter(([field]) => field !== path)) };
  };
  const status = { open: { customerp: 'A', tidsbanken: 'A' }, shut: { customerp: 'A', tidsbanken: 'B' } };

  it.each<{ rule: string; mapping: FlowMapping; fields?: Fields; is: [MappingProblemKind, string][] }>([
    {
      rule: 'undeclared at Customerp',
      mapping: customer,
      fields: without('customerp', 'phone'),
      is: [['undeclaredField', 'phone']],
    },
    {
      rule: 'undeclared at Tidsbanken',
      mapping: customer,
      fields: without('tidsbanken', 'Epost'),
      is: [['undeclaredField', 'email']],
    },
    {
      rule: 'a path of the prototype is not declared',
      mapping: changed('customer', 'phone', { customerp: 'toString' }),
      fields: fieldsOf(customer),
      is: [['undeclaredField', 'phone']],
    },
    {
      rule: 'A4 written where read-only',
      mapping: customer,
      fields: fieldsOf(customer, { Url: { readOnly: true } }),
      is: [['readOnlyField', 'website']],
    },
    {
      rule: 'two properties write one field',
      mapping: changed('customer', 'mobile', { tidsbanken: 'Telefon' }),
      is: [['fieldWrittenTwice', 'mobile']],
    },
    {
      rule: 'a group goes two ways',
      mapping: changed('customer', 'city', { direction: 'toTidsbanken' }),
      is: [['groupDisagrees', 'city']],
    },
    {
      rule: 'a group has two masters',
      mapping: changed('customer', 'city', { master: 'tidsbanken' }),
      is: [['groupDisagrees', 'city']],
    },
    {
      rule: '2.3 the end date goes another way than the closing',
      mapping: changed('project', 'endDate', { direction: 'toTidsbanken' }),
      is: [['groupDisagrees', 'closed']],
    },
    {
      rule: 'twice the same name',
      mapping: {
        ...customer,
        properties: [
          ...customer.properties,
          Property.parse({ name: 'name', customerp: 'website', tidsbanken: 'Url', type: 'string', direction: 'off' }),
        ],
      },
      is: [['duplicateProperty', 'name']],
    },
    {
      rule: 'a match key on what is off',
      mapping: changed('customer', 'orgNo', { direction: 'off' }),
      is: [['unknownProperty', 'orgNo']],
    },
    {
      rule: 'a label that is not there',
      mapping: { ...customer, label: ['title'] },
      is: [['unknownProperty', 'title']],
    },
    {
      rule: 'an enum without values',
      mapping: changed('customer', 'website', { type: 'enum' }),
      is: [['enumValues', 'website']],
    },
    {
      rule: 'one spelling for two values',
      mapping: changed('customer', 'website', { type: 'enum', values: status }),
      is: [['enumValues', 'website']],
    },
    {
      rule: 'negated text',
      mapping: changed('customer', 'website', { negated: true }),
      is: [['negatedNotBoolean', 'website']],
    },
    {
      rule: 'a reference to nothing',
      mapping: changed('customer', 'website', { type: 'reference' }),
      is: [['referenceKind', 'website']],
    },
    {
      rule: 'T3 unknown zone',
      mapping: changed('customer', 'website', { type: 'datetime' }),
      fields: fieldsOf(customer, { Url: { zone: 'Norway/Nowhere' } }),
      is: [['unknownZone', 'website']],
    },
  ])('$rule', ({ mapping, fields, is }) => {
    const result = compileFlow(mapping, fields ?? fieldsOf(mapping));
    expect(result.ok ? [] : result.failure.map((problem) => [problem.kind, problem.property])).toEqual(is);
  });

  it('does not care about fields of properties that are off', () => {
    const employee = mappingOf('employee');
    const { Personnummer: _, ...tidsbanken } = fieldsOf(employee).tidsbanken;
    expect(compileFlow(employee, { ...fieldsOf(employee), tidsbanken }).ok).toBe(true);
  });
});

const reversed = <T extends object>(value: T): T =>
  // The same keys and values, so the same type; TypeScript cannot see it through fromEntries.
  Object.fromEntries(Object.entries(value).toReversed()) as T;

describe('the version', () => {
  const mapping = mappingOf('project');

  it('is a SHA-256 and does not depend on the order of keys', () => {
    const fields = fieldsOf(mapping);
    const other = compiled(
      { ...reversed(mapping), properties: mapping.properties.map(reversed) },
      reversed({ customerp: reversed(fields.customerp), tidsbanken: reversed(fields.tidsbanken) }),
    );
    expect(other.version).toBe(compiled(mapping).version);
    expect(other.version).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { rule: 'S5 a changed property', flow: () => compiled(changed('project', 'internal', { master: 'tidsbanken' })) },
    { rule: 'S5 a changed declaration', flow: () => compiled(mapping, fieldsOf(mapping, { Navn: { maxLength: 30 } })) },
  ])('changes with $rule', ({ flow }) => expect(flow().version).not.toBe(compiled(mapping).version));
  it('S5: stays with another creation rule, which changes no value', () => {
    const create = {
      customerp: { rule: 'every', automatic: true },
      tidsbanken: { rule: 'never', automatic: false },
    } as const;
    expect(compiled({ ...mapping, create, enabled: false }).version).toBe(compiled(mapping).version);
  });

  it('stays when a field that nobody maps is declared', () => {
    const fields = fieldsOf(mapping);
    const more = { ...fields, customerp: { ...fields.customerp, other: declare() } };
    expect(compiled(mapping, more).version).toBe(compiled(mapping).version);
  });
});

describe('reading a record', () => {
  const flow = compiled(mappingOf('customer'));
  const raw: JsonObject = {
    number: '007',
    name: ' Nordlys  Rør AS ',
    organizationNumber: '310 123 405',
    address: { line1: 'Havnegata 12', postalCode: 'SW1A', city: null },
    deliveryAddress: null,
    phone: '900 00 042',
    email: 'Post@Nordlys.example',
  };
  const read = flow.read('customerp', raw);

  it('2.2 gives canonical values by property name', () => {
    expect(read.props).toMatchObject({
      number: '007',
      name: 'Nordlys Rør AS',
      street: 'Havnegata 12',
      phone: '+4790000042',
    });
  });
  it('N3 leaves out what is absent', () => expect(read.props).not.toHaveProperty('website'));
  it('N2 shows what is null, also inside an object that is null', () =>
    expect(read.props).toMatchObject({ city: null, deliveryStreet: null, deliveryCity: null }));
  it('N4 lists what is invalid and shows no value', () => {
    expect(read.invalid.map(({ property }) => property)).toEqual(['postcode']);
    expect(read.props).not.toHaveProperty('postcode');
  });
  it('keeps spellings and warnings', () => {
    expect(read.spellings).toEqual({ email: 'Post@Nordlys.example' });
    expect(read.warnings.map(({ property }) => property)).toEqual(['orgNo']);
  });
  it('N3 omitsEmpty makes an absent key empty in a full record only', () => {
    const omitting = compiled(
      mappingOf('customer'),
      fieldsOf(mappingOf('customer'), { website: { omitsEmpty: true } }),
    );
    expect(omitting.read('customerp', raw, { fullRecord: true }).props).toHaveProperty('website', null);
    expect(omitting.read('customerp', raw).props).not.toHaveProperty('website');
  });
  it('takes nothing from the prototype', () => {
    const odd = compiled(changed('customer', 'website', { customerp: 'constructor' }));
    expect(odd.read('customerp', {})).toEqual({ props: {}, spellings: {}, invalid: [], warnings: [] });
  });
  it('Q21 turns a negated boolean on the Tidsbanken side', () => {
    const negated = compiled(changed('project', 'closed', { negated: true }));
    expect(negated.read('tidsbanken', { Avsluttet: true }).props).toEqual({ closed: 'false' });
    expect(negated.read('customerp', { closed: true }).props).toEqual({ closed: 'true' });
  });
  it('is total: any object gives a record', () => {
    const anything = fc.dictionary(fc.constantFrom('name', 'address', 'email', 'phone', 'number'), anyJsonValue);
    fc.assert(
      fc.property(anything, (record) => {
        const { props, invalid } = flow.read('customerp', record);
        for (const { property } of invalid) expect(props).not.toHaveProperty(property);
      }),
    );
  });
});

describe('what is asked of a system', () => {
  const flow = compiled(mappingOf('employee'));
  it('keys and active properties, once each', () => {
    expect(flow.fieldsToRead('tidsbanken')).toEqual(expect.arrayContaining(['Id', 'Fornavn', 'Aktiv', 'SluttetDato']));
    expect(new Set(flow.fieldsToRead('tidsbanken')).size).toBe(flow.fieldsToRead('tidsbanken').length);
  });
  it('nothing sensitive that is off, not even to look', () => {
    expect(flow.fieldsToRead('tidsbanken')).not.toEqual(expect.arrayContaining(['Personnummer']));
    expect(flow.read('tidsbanken', { Id: 7, Fodt: '1988-04-17', Personnummer: '01818012345' }).props).toEqual({
      number: '7',
    });
  });
});

const names = (flow: CompiledFlow): Record<string, string[]> =>
  Object.fromEntries(flow.groups.map((group) => [group.name, group.properties.map(({ name }) => name)]));

describe('groups', () => {
  it('hold what belongs together, keys excluded', () => {
    expect(names(compiled(mappingOf('customer')))).toMatchObject({
      name: ['name'],
      address: ['street', 'street2', 'postcode', 'city'],
      delivery: ['deliveryStreet', 'deliveryStreet2', 'deliveryPostcode', 'deliveryCity'],
    });
    expect(names(compiled(mappingOf('customer')))).not.toHaveProperty('number');
    expect(names(compiled(mappingOf('employee')))).toMatchObject({
      lifecycle: ['active', 'terminated', 'terminationDate'],
    });
  });

  it('D3 lifecycle and sensitive groups always need a person', () => {
    const flow = compiled(changed('employee', 'birthDate', { direction: 'both' }));
    const review = flow.groups.filter((group) => group.needsReview).map((group) => group.name);
    expect(review).toEqual(['birthDate', 'lifecycle']);
  });

  it('R9, R10 a group is clearable on a side only if all of it is', () => {
    const mapping = mappingOf('customer');
    const fields = fieldsOf(mapping);
    const { clear: _, ...fixed } = declare();
    const flow = compiled(mapping, { ...fields, tidsbanken: { ...fields.tidsbanken, Poststed: fixed } });
    const clearable = (name: string): unknown => flow.groups.find((group) => group.name === name)?.clearable;
    expect(clearable('address')).toEqual({ customerp: true, tidsbanken: false });
    expect(clearable('delivery')).toEqual({ customerp: true, tidsbanken: true });
    expect(clearable('name')).toEqual({ customerp: false, tidsbanken: false }); // required
  });

  describe('2.3 the end date of a project', () => {
    const flow = compiled(mappingOf('project'));
    it.each([
      { rule: 'is a group of its own while open', customerp: 'false', tidsbanken: 'false', is: ['endDate'] },
      {
        rule: 'is in the lifecycle once Customerp closed',
        customerp: 'true',
        tidsbanken: 'false',
        is: ['endDate', 'closed'],
      },
      {
        rule: 'is in the lifecycle once Tidsbanken closed',
        customerp: 'false',
        tidsbanken: 'true',
        is: ['endDate', 'closed'],
      },
    ])('$rule', ({ customerp, tidsbanken, is }) => {
      const groups = groupsFor(flow, { closed: customerp }, { closed: tidsbanken });
      const group = groups.find(({ properties }) => properties.some(({ name }) => name === 'endDate'));
      expect(group?.properties.map(({ name }) => name)).toEqual(is);
      expect(group?.lifecycle).toBe(is.includes('closed'));
      expect(groups.flatMap(({ properties }) => properties).length).toBe(flow.properties.length - 1); // all but the key
    });
  });
});

describe('match keys', () => {
  const customer = compiled(mappingOf('customer'));
  const keys = (props: Record<string, string | null>): Record<string, string> =>
    Object.fromEntries(customer.keyValues(props).map(({ key, value }) => [key, value]));

  it('M3 strong and weak', () => {
    const found = customer.keyValues({
      number: 'K1',
      orgNo: '310123404',
      name: 'Nordlys AS',
      postcode: '9008',
      email: null,
    });
    expect(found.map(({ key, strength }) => [key, strength])).toEqual([
      ['orgNo', 'strong'],
      ['number', 'strong'],
      ['nameAndPostcode', 'weak'],
    ]);
  });
  it('M3 a weak key forgives the case of a name, a strong one nothing', () => {
    expect(keys({ name: 'NORDLYS as', postcode: '9008' })).toEqual(keys({ name: 'Nordlys AS', postcode: '9008' }));
    expect(keys({ number: 'k1' })).not.toEqual(keys({ number: 'K1' }));
  });
  it('M2 placeholders, empty and unobserved values are no keys', () => {
    expect(keys({ orgNo: '000000000', number: '0', name: 'Nordlys', postcode: null })).toEqual({});
  });
  it('M2 members do not run together', () => {
    expect(keys({ name: 'a1', postcode: '1111' })).not.toEqual(keys({ name: 'a', postcode: '11111' }));
  });
  it('M3 project name with *linked* customer: a reference counts only through its link', () => {
    const project = compiled(mappingOf('project'));
    const props = { name: 'Storgata 5', customer: 'K1' };
    expect(project.keyValues(props)).toEqual([]);
    expect(project.keyValues(props, () => null)).toEqual([]);
    expect(project.keyValues(props, (property, id) => `${property.reference}:${id}`)).toEqual([
      { key: 'nameAndCustomer', strength: 'weak', value: 'storgata 5\u001fcustomer:k1' },
    ]);
  });
});

it('labels a record by what it has', () => {
  const employee = compiled(mappingOf('employee'));
  expect(employee.label({ firstName: 'Ingrid', lastName: 'Solbakken' })).toBe('Ingrid Solbakken');
  expect(employee.label({ firstName: null, lastName: 'Solbakken' })).toBe('Solbakken');
  expect(employee.label({})).toBe('');
});

it('writes by property name and refuses names that are not in use', () => {
  const flow = compiled(
    mappingOf('employee'),
    fieldsOf(mappingOf('employee'), { Stillingsprosent: { json: 'integer' } }),
  );
  expect(flow.write('tidsbanken', 'employmentPercentage', '80')).toEqual({ kind: 'write', json: 80 });
  expect(() => flow.write('tidsbanken', 'birthDate', '1988-04-17')).toThrow('birthDate');
});
