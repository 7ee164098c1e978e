import { isObject } from '../json.ts';
import type { Ask } from '../messages.ts';
import type { Data, Row, Store } from '../store.ts';
import { refusal } from './errors.ts';
import type { Collection, FieldSpec } from './schema.ts';

const FILTERS = ['number', 'externalReference', 'organizationNumber', 'email'] as const;
const ALWAYS: readonly string[] = ['id', 'updatedAt'];
const KNOWN: ReadonlySet<string> = new Set(['limit', 'cursor', 'updatedSince', 'fields', ...FILTERS]);

export interface Page {
  readonly rows: readonly Row[];
  /** The rows as JSON, with the fields asked for. */
  readonly write: (rows: readonly Row[]) => string;
  readonly nextCursor: string | null;
  readonly total: number;
}

/** One page in id order. The cursor names the last id served, so rows that come or go elsewhere move nothing. */
export function listPage(collection: Collection, store: Store, { query }: Ask): Page {
  for (const name of query.keys()) {
    if (!KNOWN.has(name)) throw refusal(400, 'unknownParameter', `The parameter "${name}" is not known.`);
  }
  const limit = readLimit(query.get('limit'));
  const show = projection(collection, query.get('fields'));
  const after = readCursor(query.get('cursor'));
  const rows = matching(collection, store, query);
  const { items, total } = rows === null ? wholeStore(store, after, limit) : partOf(rows, after, limit);
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown,
    write: (some) => JSON.stringify(some.map((row) => show(row.data))),
    nextCursor: items.length > limit && last !== undefined ? makeCursor(String(last.key)) : null,
    total,
  };
}

interface Part {
  /** One more than asked for when there is more. */
  readonly items: readonly Row[];
  readonly total: number;
}

function wholeStore(store: Store, after: string, limit: number): Part {
  return { items: store.slice(positionAfter(store, after), limit + 1), total: store.size };
}

function positionAfter(store: Store, after: string): number {
  if (after === '') return 0;
  const position = store.position(after);
  return store.get(after) === undefined ? position : position + 1;
}

function partOf(rows: readonly Row[], after: string, limit: number): Part {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (String(rows[middle]?.key) <= after) low = middle + 1;
    else high = middle;
  }
  return { items: rows.slice(low, low + limit + 1), total: rows.length };
}

/** The rows that pass every filter, or null when there is none to pass. */
function matching(collection: Collection, store: Store, query: URLSearchParams): readonly Row[] | null {
  let rows = changedSince(store, query.get('updatedSince'));
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value === null) continue;
    if (!collection.fields.some((field) => field.name === name)) {
      throw refusal(400, 'unknownParameter', `${collection.name} cannot be filtered by "${name}".`);
    }
    rows = rows === null ? store.having(name, value) : rows.filter((row) => row.data[name] === value);
  }
  return rows;
}

function changedSince(store: Store, text: string | null): readonly Row[] | null {
  if (text === null) return null;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw refusal(400, 'badParameter', 'updatedSince must be an ISO date and time.');
  return store.changedSince(at);
}

function readLimit(text: string | null): number {
  const limit = text === null ? 100 : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw refusal(400, 'badParameter', 'limit must be 1 to 1000.');
  return limit;
}

function makeCursor(id: string): string {
  return Buffer.from(`after:${id}`).toString('base64url');
}

function readCursor(text: string | null): string {
  if (text === null) return '';
  const plain = Buffer.from(text, 'base64url').toString();
  if (!plain.startsWith('after:')) throw refusal(400, 'badCursor', 'The cursor is not one of ours.');
  return plain.slice('after:'.length);
}

/** Chooses fields by name, or by dotted name inside an address. */
function projection(collection: Collection, text: string | null): (data: Data) => Data {
  if (text === null) return (data) => data;
  const wanted = new Set([...ALWAYS, ...text.split(',').map((name) => name.trim())].filter(Boolean));
  const columns = collection.fields.map((field) => column(field, wanted)).filter((found) => found !== null);
  for (const name of wanted) {
    if (!isField(collection, name)) throw refusal(400, 'unknownField', `${collection.name} has no field "${name}".`);
  }
  return (data) => Object.fromEntries(columns.map(({ name, pick }) => [name, pick(data[name])]));
}

function column(
  field: FieldSpec,
  wanted: ReadonlySet<string>,
): { name: string; pick: (value: unknown) => unknown } | null {
  const { name } = field;
  if (wanted.has(name)) return { name, pick: (value) => value };
  const inner = field.fields.filter((part) => wanted.has(`${name}.${part.name}`)).map((part) => part.name);
  if (inner.length === 0) return null;
  const part = (value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(inner.map((key) => [key, value[key]])) : null;
  return { name, pick: part };
}

function isField({ fields }: Collection, name: string): boolean {
  const [outer, inner] = name.split('.');
  const field = fields.find((known) => known.name === outer);
  return field !== undefined && (inner === undefined || field.fields.some((part) => part.name === inner));
}
