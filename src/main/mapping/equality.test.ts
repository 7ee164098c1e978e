import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../shared/domain.ts';
import { comparedLength, sameValue } from './equality.ts';
import { FieldDeclaration } from './field-declaration.ts';
import { Property, type ValueType } from './mapping.ts';

const property = (type: ValueType, maxLength: Property['maxLength'] = {}): Property =>
  Property.parse({ name: 'it', customerp: 'it', tidsbanken: 'It', type, maxLength });
const field = (maxLength?: number): FieldDeclaration =>
  FieldDeclaration.parse({ json: 'string', ...(maxLength === undefined ? {} : { maxLength }) });

describe('2.2 equality between sides', () => {
  it.each([
    { rule: 'same text', length: null, a: 'a', b: 'a', is: true },
    { rule: 'case is significant', length: null, a: 'a', b: 'A', is: false },
    { rule: 'empty is empty', length: null, a: null, b: null, is: true },
    { rule: 'N2 empty is no value', length: 3, a: null, b: 'abc', is: false },
    { rule: 'no limit, no cut', length: null, a: 'abcdef', b: 'abc', is: false },
    { rule: 'the rest was cut by a side', length: 3, a: 'abcdef', b: 'abc', is: true },
    { rule: 'both are cut', length: 3, a: 'abcdef', b: 'abcxyz', is: true },
    { rule: 'different before the cut', length: 3, a: 'abxdef', b: 'abc', is: false },
    { rule: 'right-trimmed after the cut', length: 8, a: 'Nordlys AS', b: 'Nordlys', is: true },
    { rule: 'counted in code points', length: 2, a: '😀😀😀', b: '😀😀', is: true },
    { rule: 'shorter than the limit', length: 10, a: 'ab', b: 'abc', is: false },
  ])('$rule', ({ length, a, b, is }) => expect(sameValue({ comparedLength: length }, a, b)).toBe(is));
});

describe('2.2 the shorter limit counts, wherever it is declared', () => {
  it.each([
    { rule: 'none', mapping: {}, customerp: undefined, tidsbanken: undefined, is: null },
    { rule: 'one descriptor', mapping: {}, customerp: 30, tidsbanken: undefined, is: 30 },
    { rule: 'both descriptors', mapping: {}, customerp: 30, tidsbanken: 20, is: 20 },
    { rule: 'the mapping', mapping: { tidsbanken: 10 }, customerp: 30, tidsbanken: 20, is: 10 },
    { rule: 'a longer one in the mapping', mapping: { customerp: 99 }, customerp: 30, tidsbanken: undefined, is: 30 },
  ])('$rule', ({ mapping, customerp, tidsbanken, is }) => {
    const fields = { customerp: field(customerp), tidsbanken: field(tidsbanken) };
    expect(comparedLength(property('string', mapping), fields)).toBe(is);
    expect(comparedLength(property('orgNo', mapping), fields)).toBeNull(); // half a number is another number
  });
});

it('D2: equality is mirror-symmetric and reflexive, and a limit never parts what is equal without one', () => {
  const text: fc.Arbitrary<Value> = fc.option(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '😀'), maxLength: 6 }));
  fc.assert(
    fc.property(text, text, fc.option(fc.integer({ min: 1, max: 5 })), (a, b, length) => {
      const limit = { comparedLength: length };
      expect(sameValue(limit, a, b)).toBe(sameValue(limit, b, a));
      expect(sameValue(limit, a, a)).toBe(true);
      expect(sameValue(limit, a, b) || !sameValue({ comparedLength: null }, a, b)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
