export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a dotted path, or `undefined` when a step is missing: absent is not the same as null (N3). */
export function atPath(record: JsonObject, path: string): Json | undefined {
  // Most paths are one step, and each record of each page is asked for some.
  if (!path.includes('.')) return Object.hasOwn(record, path) ? record[path] : undefined;
  let at: Json | undefined = record;
  for (const step of path.split('.')) {
    if (!isJsonObject(at)) return undefined;
    at = Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** A copy of the record with the value laid at a dotted path; objects on the way are made where missing. */
export function withPath(record: JsonObject, path: string, value: Json): JsonObject {
  const dot = path.indexOf('.');
  if (dot === -1) return { ...record, [path]: value };
  const step = path.slice(0, dot);
  const inner = record[step];
  return { ...record, [step]: withPath(isJsonObject(inner) ? inner : {}, path.slice(dot + 1), value) };
}
