import { atPath, isJsonObject } from '../../../shared/json.ts';
import { pathToAskFor } from '../../mapping/field-path.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import { asReceived, integerJson } from '../http/lossless-json.ts';
import type { Body, KindDescriptor } from './descriptor.ts';
import { withoutOffset } from './zone-time.ts';

export type QueryParams = Readonly<Record<string, string>>;

/** `path?query`, every value percent-encoded: `+` as %2B, since it would arrive as a space (Q14). `$` of names stays. */
export function address(path: string, query: QueryParams): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name).replaceAll('%24', '$')}=${encode(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

const encode = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

/**
 * The path of one record. `null` when the id cannot be written in a path: `.` and `..` would name another place, also
 * percent-encoded, and an empty one the whole collection.
 */
export function recordPath(template: string, id: string, json: 'string' | 'integer'): string | null {
  if (!/\{(id|odataKey)\}/.test(template)) return template;
  const literal = odataLiteral(id, json);
  if (literal === null || /^\.{0,2}$/.test(id) || !id.isWellFormed()) return null;
  // Functions as replacements: "$&" in an id must stay "$&".
  return template.replaceAll('{id}', () => encode(id)).replaceAll('{odataKey}', () => encode(literal));
}

/** A value in an OData filter: text quoted, with apostrophes doubled; numbers bare (Q10). `null`: not a value of that type. */
export function odataLiteral(value: string, json: 'string' | 'integer' | 'number' | 'boolean'): string | null {
  switch (json) {
    case 'string':
      return `'${value.replaceAll("'", "''")}'`;
    case 'integer':
      return /^-?\d+$/.test(value) ? BigInt(value).toString() : null;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value) ? value : null;
    case 'boolean':
      return value === 'true' || value === 'false' ? value : null;
  }
  return json satisfies never;
}

/** The select parameter: the wanted fields, with those that a record cannot do without. */
export function selectParams(kind: KindDescriptor, fields: readonly string[] | 'all'): QueryParams {
  const { select } = kind.list;
  if (select === undefined) return {};
  if (fields === 'all') return select.all === undefined ? {} : { [select.param]: select.all };
  const version = typeof kind.version === 'object' ? [kind.version.field] : [];
  const always = [kind.id.field, ...(kind.modified === null ? [] : [kind.modified.field]), ...version];
  return { [select.param]: [...new Set([...always, ...fields.map(pathToAskFor)])].join(',') };
}

type Draft = Record<string, unknown>;

/** The JSON text of a create. Nulls are left out where the system refuses them (Q1, N5). */
export function createBody(kind: KindDescriptor, values: ReadonlyMap<string, Json>): string {
  const strip = kind.create?.nulls !== 'send';
  const draft: Draft = {};
  for (const [path, value] of values) if (value !== null || !strip) lay(draft, path, toWire(kind, path, value));
  leaveOutReadOnly(draft, kind);
  return JSON.stringify(shaped(draft, kind.create?.body ?? 'object'));
}

/**
 * The JSON text of an update (A4): the touched fields alone where the system allows it, else the record as read with
 * the touched fields laid over it and everything unknown verbatim.
 */
export function updateBody(
  kind: KindDescriptor,
  update: { readonly nativeId: string; readonly values: ReadonlyMap<string, Json>; readonly current: JsonObject },
): string {
  const { partialUpdate, putMerges } = kind.capabilities;
  const draft = partialUpdate || putMerges === true ? {} : wholeRecord(kind, update.current);
  for (const [path, value] of update.values) lay(draft, path, toWire(kind, path, value));
  leaveOutReadOnly(draft, kind);
  if (kind.update?.idInBody === true) lay(draft, kind.id.field, idJson(kind, update.nativeId));
  else remove(draft, kind.id.field);
  return JSON.stringify(shaped(draft, kind.update?.body ?? 'object'));
}

function wholeRecord(kind: KindDescriptor, current: JsonObject): Draft {
  const draft = withoutAnnotations(asReceived(current));
  // Untouched dates too: the offset that the system glues on would move them to another day (Q13).
  for (const path of fieldsOf(kind).wallClock) {
    const value = atPath(current, path);
    if (value !== undefined && value !== null) lay(draft, path, toWire(kind, path, value));
  }
  return draft;
}

function withoutAnnotations(value: unknown): Draft {
  if (!isDraft(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.includes('@odata.')));
}

/** An integer of too many digits for a double is text in our hands (`parseLossless`); it goes out as the number it was. */
function toWire(kind: KindDescriptor, path: string, value: Json): unknown {
  const field = kind.fields[path];
  if (typeof value !== 'string' || field === undefined) return value;
  const isLargeInteger = /^-?\d+$/.test(value) && !Number.isSafeInteger(Number(value));
  if (field.json === 'integer' && isLargeInteger) return integerJson(value);
  return field.dateStyle === 'wallClock' ? withoutOffset(value) : value;
}

const idJson = (kind: KindDescriptor, id: string): unknown =>
  kind.id.json === 'integer' && /^-?\d+$/.test(id) ? integerJson(id) : id;

function leaveOutReadOnly(draft: Draft, kind: KindDescriptor): void {
  for (const path of fieldsOf(kind).readOnly) remove(draft, path);
}

interface FieldsByUse {
  readonly wallClock: readonly string[];
  readonly readOnly: readonly string[];
}

/** By kind, since each write asks. */
const known = new WeakMap<KindDescriptor, FieldsByUse>();

function fieldsOf(kind: KindDescriptor): FieldsByUse {
  const found = known.get(kind);
  if (found !== undefined) return found;
  const fields = Object.entries(kind.fields);
  const made = {
    wallClock: fields.flatMap(([path, field]) => (field.dateStyle === 'wallClock' ? [path] : [])),
    readOnly: fields.flatMap(([path, field]) => (field.readOnly ? [path] : [])),
  };
  known.set(kind, made);
  return made;
}

function shaped(draft: Draft, body: Body): unknown {
  if (body === 'object') return draft;
  return body === 'array' ? [draft] : { [body.wrapped]: draft };
}

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function lay(draft: Draft, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? path;
  let at = draft;
  for (const step of steps) {
    const next = at[step];
    at = isDraft(next) ? next : (at[step] = {} as Draft);
  }
  at[last] = value;
}

function remove(draft: Draft, path: string): void {
  const steps = path.split('.');
  const last = steps.pop() ?? path;
  let at: unknown = draft;
  for (const step of steps) at = isDraft(at) ? at[step] : undefined;
  if (isDraft(at)) delete at[last];
}

/** The record inside an answer to a create, whichever way the system wraps it. */
export function answeredRecord(json: Json | null, wrappers: readonly string[]): JsonObject | null {
  if (Array.isArray(json)) return answeredRecord((json as readonly Json[])[0] ?? null, wrappers);
  if (json === null || !isJsonObject(json)) return null;
  const wrapper = wrappers.find((name) => name !== '' && typeof json[name] === 'object');
  return wrapper === undefined ? json : answeredRecord(json[wrapper] ?? null, []);
}
