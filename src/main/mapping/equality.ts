import type { Pair, Side, Value } from '../../shared/domain.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import type { Property, ValueType } from './mapping.ts';
import { cut } from './text.ts';

/** Only text may be cut: half an organisation number is another number. */
export const isCuttable = (type: ValueType): boolean => type === 'string' || type === 'multiline' || type === 'email';

const shorter = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** The most code points a side holds: the mapping's and the descriptor's word both count. Null: no limit known. */
export function lengthOn(property: Property, side: Side, declaration: FieldDeclaration): number | null {
  if (!isCuttable(property.type)) return null;
  return shorter(property.maxLength[side] ?? null, declaration.maxLength ?? null);
}

/** Whether nothing is cut off a value that is written to that side: it can be given back what it held before. */
export const holdsWhole = (
  property: Property & { readonly fields: Pair<FieldDeclaration> },
  side: Side,
  value: Value,
): boolean => value === null || cut(value, lengthOn(property, side, property.fields[side])) === value;

/** The length up to which the two sides are compared: the shorter of what they hold. */
export const comparedLength = (property: Property, fields: Pair<FieldDeclaration>): number | null =>
  shorter(lengthOn(property, 'customerp', fields.customerp), lengthOn(property, 'tidsbanken', fields.tidsbanken));

/**
 * Whether two canonical values of *different sides* are equal (2.2, `maxLen`). Drift compares a side with its own
 * base and is plain `===`, uncut. References are compared by link, elsewhere (O2).
 */
export function sameValue(property: { readonly comparedLength: number | null }, a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || property.comparedLength === null) return false;
  return cut(a, property.comparedLength) === cut(b, property.comparedLength);
}
