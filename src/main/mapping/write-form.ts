import { assertNever, type Side, type Value } from '../../shared/domain.ts';
import type { Json } from '../../shared/json.ts';
import { isTurned, observerOf } from './canon.ts';
import { opposite, writtenBoolean } from './choices.ts';
import { writtenDate, writtenDatetime } from './dates.ts';
import { lengthOn } from './equality.ts';
import { spread, type FieldPart } from './field-path.ts';
import { compileExpression, type Plain } from './expression.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import type { Property } from './mapping.ts';
import { numberText } from './numbers.ts';
import { writtenPhone } from './phone.ts';
import { cut } from './text.ts';

/** Why a field is left out of a payload. */
export type LeaveOutReason =
  | 'readOnly'
  | 'emptyOnCreate' // N5: a new record starts without it
  | 'notClearable' // N5: no clear form declared, or the mapping says that it must not be emptied
  | 'notExpressible'; // the field cannot hold the value so that it reads back the same

export type WriteForm =
  | {
      readonly kind: 'write';
      /** The value of the field; of several fields together, their text. */
      readonly json: Json;
      /** What goes where, if the value stands in several fields (field-path.ts). */
      readonly fields?: readonly (readonly [string, Json])[];
    }
  | { readonly kind: 'leaveOut'; readonly reason: LeaveOutReason };

export type WriteOp = 'create' | 'update';

const leaveOut = (reason: LeaveOutReason): WriteForm => ({ kind: 'leaveOut', reason });

/**
 * Whether a side's field may be emptied (N5). `required` of a reference says that it must be linked when there is one
 * (O2), so it does not forbid to empty it.
 */
export function isClearable(property: Property, declaration: FieldDeclaration): boolean {
  const must = property.required && property.type !== 'reference';
  return property.clearable && !must && !declaration.readOnly && declaration.clear !== undefined;
}

/**
 * What to send to one side for a canonical value (N5, 2.2): in that system's style, with the other side's spelling if
 * there is one, cut to its length. What is sent always reads back as the value (up to the length), else it is left out.
 */
export function writeForm(
  property: Property,
  side: Side,
  value: Value,
  spelling: string | undefined,
  declaration: FieldDeclaration,
  op: WriteOp = 'update',
): WriteForm {
  if (declaration.readOnly) return leaveOut('readOnly');
  if (value === null) return clearForm(property, side, declaration, op);
  const length = lengthOn(property, side, declaration);
  const wanted = cut(value, length);
  const readsBack = readBack(property, side, declaration);
  // The spelling comes first; canonical text is the fallback where a cut spelling would read differently.
  for (const text of spelling === undefined ? [value] : [spelling, value]) {
    const own =
      property.convert?.[side] === undefined
        ? styled(property, side, text, declaration)
        : convertedBack(property, side, text);
    const json = own === null ? undefined : toJson(cut(own, length), declaration);
    if (json !== undefined && readsBack(json) === wanted) return { kind: 'write', json };
  }
  return leaveOut('notExpressible');
}

/**
 * A write form, shared out where the value stands in several fields of one side. What one of them cannot hold is not
 * expressible.
 */
export function combinedForm(form: WriteForm, parts: readonly FieldPart[], op: WriteOp): WriteForm {
  if (parts.length === 1 || form.kind !== 'write') return form;
  const fields = typeof form.json === 'string' ? spread(form.json, parts, op) : null;
  return fields === null ? leaveOut('notExpressible') : { ...form, fields };
}

function clearForm(property: Property, side: Side, declaration: FieldDeclaration, op: WriteOp): WriteForm {
  if (op === 'create') return leaveOut('emptyOnCreate');
  if (declaration.clear === undefined || !isClearable(property, declaration)) return leaveOut('notClearable');
  const json = declaration.json === 'string' ? declaration.clear : numeralOrSelf(declaration.clear, declaration);
  return readBack(property, side, declaration)(json) === null ? { kind: 'write', json } : leaveOut('notExpressible');
}

/** A sentinel such as "0" goes as a number into a field of numbers. */
const numeralOrSelf = (clear: string | null, declaration: FieldDeclaration): Json =>
  clear === null ? null : (toJson(clear, declaration) ?? clear);

function readBack(property: Property, side: Side, declaration: FieldDeclaration): (json: Json) => Value | undefined {
  const observe = observerOf(property, side, declaration);
  return (json) => {
    const seen = observe(json, false);
    return seen.state === 'value' ? seen.value : undefined;
  };
}

/** What the side's own expression makes of a value; null where it has none, or cannot compute it. */
function convertedBack(property: Property, side: Side, text: string): string | null {
  const compute = compileExpression(property.convert?.[side]?.write ?? '');
  if (!compute.ok) return null;
  const value = compute.value(plainOf(property, side, text));
  return value.ok && value.value !== null ? String(value.value) : null;
}

/** A canonical value as an expression sees it: numbers and truths as such, a value of a list in the side's spelling. */
function plainOf(property: Property, side: Side, text: string): Plain {
  const { type, values } = property;
  if (type === 'integer' || type === 'decimal') return Number(text);
  if (type === 'boolean') return (isTurned(property, side) ? opposite(text) : text) === 'true';
  return type === 'enum' ? (values?.[text]?.[side] ?? text) : text;
}

function styled(property: Property, side: Side, text: string, declaration: FieldDeclaration): string {
  switch (property.type) {
    case 'boolean':
      return writtenBoolean(isTurned(property, side) ? opposite(text) : text, declaration);
    case 'enum':
      return property.values?.[text]?.[side] ?? text;
    case 'date':
      return writtenDate(text, declaration);
    case 'datetime':
      return writtenDatetime(text, declaration);
    case 'phone':
      return writtenPhone(text, declaration);
    case 'decimal':
      return declaration.decimalComma && declaration.json === 'string' ? text.replace('.', ',') : text;
    case 'string':
    case 'multiline':
    case 'email':
    case 'postcode':
    case 'integerKey':
    case 'orgNo':
    case 'nationalId':
    case 'integer':
    case 'reference':
    case 'id':
      return text;
    default:
      return assertNever(property.type);
  }
}

/** The text as the JSON type of the field; undefined where that type cannot hold it. */
function toJson(text: string, declaration: FieldDeclaration): Json | undefined {
  switch (declaration.json) {
    case 'string':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'integer':
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'number':
      // A float that does not print as the same decimal would round.
      return /^-?\d+(?:\.\d+)?$/.test(text) && numberText(Number(text)) !== null ? Number(text) : undefined;
    default:
      return assertNever(declaration.json);
  }
}
