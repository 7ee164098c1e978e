import { isObject, type JsonObject } from '../json.ts';
import type { Store } from '../store.ts';
import type { Detail } from './errors.ts';
import type { CollectionName, FieldSpec } from './schema.ts';

export type Stores = Readonly<Record<CollectionName, Store>>;

/** Everything that is wrong with the values sent, so that a caller learns it all at once. */
export function problemsIn(fields: readonly FieldSpec[], sent: JsonObject, stores: Stores, prefix = ''): Detail[] {
  return Object.entries(sent).flatMap(([name, value]) => {
    const field = fields.find((known) => known.name === name);
    const path = prefix + name;
    if (field === undefined) return [{ field: path, message: 'unknown property' }];
    return valueProblems(field, value, stores, path);
  });
}

function valueProblems(field: FieldSpec, value: unknown, stores: Stores, path: string): Detail[] {
  if (field.type === 'object') {
    if (value === null) return [];
    return isObject(value)
      ? problemsIn(field.fields, value, stores, `${path}.`)
      : [{ field: path, message: 'must be an object' }];
  }
  const message = value === null ? nullProblem(field) : CHECKS[field.type](value, field, stores);
  return message === null ? [] : [{ field: path, message }];
}

function nullProblem(field: FieldSpec): string | null {
  if (field.required) return 'is required';
  return field.nullable ? null : 'cannot be null';
}

type Check = (value: unknown, field: FieldSpec, stores: Stores) => string | null;

const CHECKS: Readonly<Record<FieldSpec['type'], Check>> = {
  string: (value, field, stores) =>
    typeof value === 'string' ? textProblem(field, value, stores) : 'must be a string',
  number: (value) => (typeof value === 'number' ? null : 'must be a number'),
  boolean: (value) => (typeof value === 'boolean' ? null : 'must be true or false'),
  date: (value) => (typeof value === 'string' && isDate(value) ? null : 'must be a date, YYYY-MM-DD'),
  dateTime: (value) =>
    typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? null : 'must be a date and time',
  object: () => null,
};

function textProblem(field: FieldSpec, value: string, stores: Stores): string | null {
  if (field.required && value.trim() === '') return 'is required';
  if (value.length > field.maxLength) return `must be at most ${field.maxLength} characters`;
  if (field.refersTo !== null && stores[field.refersTo].get(value) === undefined)
    return `names no record of ${field.refersTo}`;
  return null;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
