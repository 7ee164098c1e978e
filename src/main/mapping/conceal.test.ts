import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFlow } from './compile.ts';
import type { CompiledFlow } from './compile.ts';
import { concealerOf, isConcealed, shownText } from './conceal.ts';
import { defaultMapping } from './default-mapping.ts';
import { FieldDeclaration } from './field-declaration.ts';
import type { Property } from './mapping.ts';

const KEY = new Uint8Array(32).fill(1);
const OTHER_KEY = new Uint8Array(32).fill(2);
const concealer = concealerOf(KEY);
const SENSITIVE = ['birthDate', 'nationalId', 'bankAccount'];

/** The flow of employees with its sensitive properties switched on. */
function employees(extra: Partial<Property> = {}, conceal = concealer): CompiledFlow {
  const mapping = defaultMapping().find(({ kind }) => kind === 'employee');
  if (mapping === undefined) throw new Error('no employees');
  const properties = mapping.properties.map((p) =>
    SENSITIVE.includes(p.name) ? { ...p, direction: 'both' as const, ...extra } : p,
  );
  const declared = FieldDeclaration.parse({ json: 'string', clear: null });
  const fields = (side: 'customerp' | 'tidsbanken') =>
    Object.fromEntries(
      properties.map((p) => [p[side], p.type === 'boolean' ? FieldDeclaration.parse({ json: 'boolean' }) : declared]),
    );
  const compiled = compileFlow(
    { ...mapping, properties },
    { customerp: fields('customerp'), tidsbanken: fields('tidsbanken') },
    conceal,
  );
  if (!compiled.ok) throw new Error(compiled.failure.map(({ what }) => what).join('\n'));
  return compiled.value;
}

const kinds = (compiled: ReturnType<typeof compileFlow>): string[] =>
  compiled.ok ? [] : compiled.failure.map(({ kind }) => kind);

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));

describe('J1 what stands for a sensitive value', () => {
  it.each([
    { name: 'nationalId', type: 'nationalId', value: '01889012345', shown: '••••••45' },
    { name: 'birthDate', type: 'date', value: '1990-08-01', shown: '••.••.1990' },
    { name: 'bankAccount', type: 'string', value: '12345678903', shown: '••••••8903' },
    { name: 'a short text', type: 'string', value: '1234567', shown: '••••••' },
    { name: 'another type', type: 'integer', value: '1234567890', shown: '••••••' },
  ] as const)('shows of $name: $shown', ({ name, type, value, shown }) => {
    const concealed = concealer.conceal({ name, type }, value);
    expect(concealed).toMatch(/^mac:[0-9a-f]{32}:/);
    expect(isConcealed(concealed)).toBe(true);
    expect(shownText(concealed)).toBe(shown);
  });

  it('is equal exactly where property and value are, under one key', () => {
    const property = { name: 'nationalId', type: 'nationalId' } as const;
    fc.assert(
      fc.property(digits(11), digits(11), (a, b) => {
        expect(concealer.conceal(property, a) === concealer.conceal(property, b)).toBe(a === b);
        expect(concealerOf(OTHER_KEY).conceal(property, a)).not.toBe(concealer.conceal(property, a));
        expect(concealer.conceal({ ...property, name: 'other' }, a)).not.toBe(concealer.conceal(property, a));
      }),
    );
    expect(concealerOf(OTHER_KEY).id).not.toBe(concealer.id);
  });

  it('text that only looks a little like it is shown as it is', () => {
    expect(shownText('mac: and cheese')).toBe('mac: and cheese');
  });
});

describe('2.2 canonical form first, then the MAC', () => {
  const flow = employees();
  it('two spellings of one value stand as one, and neither value nor spelling is in what is read (I19)', () => {
    fc.assert(
      fc.property(digits(6), digits(5), digits(11), (day, rest, account) => {
        const e = flow.read('customerp', { nationalId: `${day} ${rest}`, bankAccount: ` ${account}` });
        const t = flow.read('tidsbanken', { Personnummer: `${day}${rest}`, Lonnskonto: account });
        expect(e.props['nationalId']).toBe(t.props['nationalId']);
        expect(e.props['bankAccount']).toBe(t.props['bankAccount']);
        for (const text of [JSON.stringify(e), JSON.stringify(t)]) {
          expect(text).not.toContain(`${day}${rest}`);
          expect(text).not.toContain(`${day} ${rest}`);
          expect(text).not.toContain(account);
        }
      }),
    );
  });

  it('N2 empty stays empty, N4 what fails its type is unobserved', () => {
    const read = flow.read('customerp', { nationalId: '123', bankAccount: null });
    expect(read.props).toEqual({ bankAccount: null });
    expect(read.invalid).toEqual([{ property: 'nationalId', reason: 'a national id of 11 digits is expected' }]);
  });

  it('2.2 maxLen: both sides are cut to the shorter length before', () => {
    const cut = employees({ maxLength: { tidsbanken: 8 } });
    const [e] = [cut.read('customerp', { bankAccount: '1234567890' }).props];
    expect(e['bankAccount']).toBe(cut.read('tidsbanken', { Lonnskonto: '12345678' }).props['bankAccount']);
  });

  it('A4 the value itself is there for a payload, with what stands for it', () => {
    const raw = { nationalId: '018890 12345', birthDate: null, firstName: 'Prøve' };
    const { nationalId, ...others } = flow.open('customerp', raw);
    expect(nationalId?.value).toBe('01889012345');
    expect(nationalId?.concealed).toBe(flow.read('customerp', raw).props['nationalId']);
    expect(others).toEqual({});
  });

  it('S5 another key is another version of the sensitive groups, and of no other', () => {
    const other = employees({}, concealerOf(OTHER_KEY));
    expect(other.version).not.toBe(flow.version);
    const touched = Object.keys(flow.shape.groups).filter(
      (name) => flow.shape.groups[name]?.values !== other.shape.groups[name]?.values,
    );
    expect(touched.toSorted()).toEqual(SENSITIVE.toSorted());
  });
});

describe('a mapping that would give a sensitive value away is refused', () => {
  const mapping = defaultMapping().find(({ kind }) => kind === 'employee');
  if (mapping === undefined) throw new Error('no employees');
  const on = (names: readonly string[]) =>
    mapping.properties.map((p) => (names.includes(p.name) ? { ...p, direction: 'both' as const } : p));
  const fields = (side: 'customerp' | 'tidsbanken') =>
    Object.fromEntries(mapping.properties.map((p) => [p[side], FieldDeclaration.parse({ json: 'string' })]));
  const both = { customerp: fields('customerp'), tidsbanken: fields('tidsbanken') };
  it('J1 without a key', () => {
    expect(kinds(compileFlow({ ...mapping, properties: on(['nationalId']) }, both))).toEqual(['sensitiveWithoutKey']);
  });
  it('2.2 as a match key, I19 or as a label', () => {
    const keys = [
      ...mapping.keys,
      { name: 'nationalId', properties: ['nationalId'], strength: 'strong' as const, placeholders: [] },
    ];
    const properties = on(['nationalId', 'birthDate']);
    const odd = { ...mapping, properties, keys, label: ['lastName', 'birthDate'] };
    expect(kinds(compileFlow(odd, both, concealer))).toEqual(['sensitiveNames', 'sensitiveNames']);
  });
});
