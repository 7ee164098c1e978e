import type { Side } from '../../shared/domain.ts';
import type { Json } from '../../shared/json.ts';
import { canonBoolean, canonEnum, choicesOf, opposite, type Choices } from './choices.ts';
import { canonDate, canonDatetime } from './dates.ts';
import { compileExpression } from './expression.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import type { Property, ValueType } from './mapping.ts';
import { canonDecimal, canonInteger, canonIntegerKey, numberText } from './numbers.ts';
import { canonNationalId, canonOrgNo, canonPostcode } from './numbered.ts';
import { EMPTY, UNOBSERVED, invalid, observed, type Observation } from './observation.ts';
import { canonPhone } from './phone.ts';
import { canonEmail, canonText, cleanLine, cleanLines } from './text.ts';

export interface CanonOptions {
  /** The record was read whole, so a key that is absent where `omitsEmpty` is declared means empty (N3). */
  readonly fullRecord?: boolean;
  /** For type `enum`. */
  readonly choices?: Choices;
}

interface TypeRule {
  readonly clean: (text: string) => string;
  readonly canon: (text: string, declaration: FieldDeclaration, options: CanonOptions) => Observation;
}

const NO_CHOICES: Choices = new Map();
const DEFAULTS: CanonOptions = {};
const line = (rule: TypeRule['canon']): TypeRule => ({ clean: cleanLine, canon: rule });
// Compared byte for byte: composing or collapsing could make one id out of two.
const NATIVE_ID: TypeRule = { clean: (text) => text.trim(), canon: observed };

const RULES: Readonly<Record<ValueType, TypeRule>> = {
  string: line(canonText),
  multiline: { clean: cleanLines, canon: canonText },
  email: line(canonEmail),
  phone: line(canonPhone),
  postcode: line(canonPostcode),
  date: line(canonDate),
  datetime: line(canonDatetime),
  integerKey: line(canonIntegerKey),
  orgNo: line(canonOrgNo),
  nationalId: line(canonNationalId),
  integer: line(canonInteger),
  decimal: line(canonDecimal),
  boolean: line(canonBoolean),
  enum: line((text, _declaration, options) => canonEnum(text, options.choices ?? NO_CHOICES)),
  reference: NATIVE_ID,
  id: NATIVE_ID,
};

// The point or minus sign of a number is none of the separators that a phone number may have.
const isCount = (raw: number): boolean => Number.isInteger(raw) && raw >= 0;

/** The text of a plain JSON value; null for what this type cannot be read from. */
function textOf(type: ValueType, raw: Json): string | null {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number') return type === 'phone' && !isCount(raw) ? null : numberText(raw);
  return typeof raw === 'boolean' && (type === 'boolean' || type === 'enum') ? String(raw) : null;
}

const isSentinel = (text: string, declaration: FieldDeclaration): boolean =>
  declaration.emptyValues.length > 0 && declaration.emptyValues.includes(text);

/**
 * The canonical form of one raw field (sync-semantics 2.1, 2.2, N1 to N4). Pure, total and idempotent: any JSON gives
 * an observation, never an exception, and a canonical value read again is itself.
 */
export function canon(
  type: ValueType,
  raw: Json | undefined,
  declaration: FieldDeclaration,
  options: CanonOptions = DEFAULTS,
): Observation {
  if (raw === undefined) return declaration.omitsEmpty && options.fullRecord === true ? EMPTY : UNOBSERVED;
  if (raw === null) return EMPTY;
  const rule = RULES[type];
  const text = textOf(type, raw);
  if (text === null) return invalid('not a plain value that can be read without loss');
  const clean = rule.clean(text);
  if (clean === '' || isSentinel(clean, declaration)) return EMPTY;
  const seen = rule.canon(clean, declaration, options);
  // "00" may mean the same as the sentinel "0".
  return seen.state === 'value' && seen.value !== null && isSentinel(seen.value, declaration) ? EMPTY : seen;
}

/** Turns a boolean round on the Tidsbanken side of a negated property: the canonical sense is Customerp's (Q21). */
export const isTurned = (property: Property, side: Side): boolean => property.negated && side === 'tidsbanken';

/** Makes the reader of one side of a property: raw field in, observation in the property's own sense out. */
export function observerOf(
  property: Property,
  side: Side,
  declaration: FieldDeclaration,
): (raw: Json | undefined, fullRecord: boolean) => Observation {
  const choices = choicesOf(property, side);
  const partial: CanonOptions = { choices, fullRecord: false };
  const whole: CanonOptions = { choices, fullRecord: true };
  const plain = (raw: Json | undefined, fullRecord: boolean): Observation =>
    canon(property.type, raw, declaration, fullRecord ? whole : partial);
  const expression = property.convert?.[side]?.read;
  const read = expression === undefined ? plain : converted(property, declaration, { expression, plain, choices });
  if (!isTurned(property, side)) return read;
  return (raw, fullRecord) => {
    const seen = read(raw, fullRecord);
    return seen.state === 'value' && seen.value !== null ? observed(opposite(seen.value)) : seen;
  };
}

interface Converting {
  readonly expression: string;
  /** Reads the field as it is. */
  readonly plain: (raw: Json | undefined, fullRecord: boolean) => Observation;
  readonly choices: Choices;
}

/**
 * What is absent or empty in the field's own words is so without asking the expression; all else is what the expression
 * makes of it. Where it cannot be computed, only this property is invalid (N4).
 */
function converted(
  { type }: Property,
  declaration: FieldDeclaration,
  { expression, plain, choices }: Converting,
): (raw: Json | undefined, fullRecord: boolean) => Observation {
  const compute = compileExpression(expression);
  // The field's sentinels and decimal mark are spellings of the field, not of the value.
  const ofValue: FieldDeclaration = { ...declaration, emptyValues: [], decimalComma: false };
  return (raw, fullRecord) => {
    if (raw === undefined || raw === null) return plain(raw, fullRecord);
    if (typeof raw === 'object') return invalid('not a plain value that can be read without loss');
    const text = RULES[type].clean(String(raw));
    if (text === '' || isSentinel(text, declaration)) return EMPTY;
    if (!compute.ok) return invalid(`its conversion is not valid: ${compute.failure}`);
    const value = compute.value(typeof raw === 'string' ? text : raw);
    return value.ok ? canon(type, value.value, ofValue, { choices }) : invalid(value.failure);
  };
}
