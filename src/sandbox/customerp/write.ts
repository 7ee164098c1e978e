import type { Clock } from '../clock.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Data, Row } from '../store.ts';
import { invalid, refusal, type Detail } from './errors.ts';
import type { Collection, CollectionName, FieldSpec } from './schema.ts';
import { problemsIn, type Stores } from './validate.ts';

export interface WriteWorld {
  readonly clock: Clock;
  readonly stores: Stores;
  readonly numbering: Numbering;
  readonly settings: { readonly values: { readonly uniqueNumbers: boolean } };
}

/** Ids and numbers given out by the server: each next one is free. */
export class Numbering {
  readonly #lastId = new Map<CollectionName, number>();
  readonly #lastNumber = new Map<CollectionName, number>();
  readonly #stores: Stores;
  readonly #clock: Clock;

  constructor(stores: Stores, clock: Clock) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /** Learns where the loaded data left off, so that a removed record's id never comes back. */
  learn({ name, idPrefix }: Collection): void {
    let lastId = 0;
    let lastNumber = name === 'customers' ? 10_000 : name === 'employees' ? 1000 : 0;
    for (const { key, data } of this.#stores[name].all()) {
      lastId = Math.max(lastId, Number(String(key).slice(idPrefix.length)) || 0);
      const digits = /(\d+)$/.exec(String(data['number']));
      if (digits !== null) lastNumber = Math.max(lastNumber, Number(digits[1]));
    }
    this.#lastId.set(name, lastId);
    this.#lastNumber.set(name, lastNumber);
  }

  nextId({ name, idPrefix, idDigits }: Collection): string {
    const next = (this.#lastId.get(name) ?? 0) + 1;
    this.#lastId.set(name, next);
    return idPrefix + String(next).padStart(idDigits, '0');
  }

  nextNumber({ name }: Collection): string {
    let number: string;
    do {
      const next = (this.#lastNumber.get(name) ?? 0) + 1;
      this.#lastNumber.set(name, next);
      number = this.#spell(name, next);
    } while (this.#stores[name].having('number', number).length > 0);
    return number;
  }

  #spell(name: CollectionName, next: number): string {
    if (name !== 'projects') return String(next);
    return `P${new Date(this.#clock.now()).getUTCFullYear()}-${String(next).padStart(4, '0')}`;
  }
}

/** A record made through the API: checked, numbered, stamped. */
export function createRow(world: WriteWorld, collection: Collection, sent: JsonObject): Row {
  const details = [
    ...collection.fields
      .filter((f) => f.required && sent[f.name] === undefined)
      .map((f) => ({ field: f.name, message: 'is required' })),
    ...problemsIn(collection.fields, sent, world.stores),
    ...collection.fields.filter((f) => f.readOnly && f.name !== 'number' && sent[f.name] !== undefined).map(serverKept),
  ];
  if (details.length > 0) throw invalid(details);
  return freshRow(world, collection, sent);
}

function serverKept({ name }: FieldSpec): Detail {
  return { field: name, message: 'is kept by the server' };
}

/** The same without the checks, for an outside edit; a number that is taken is refused even then. */
export function freshRow(world: WriteWorld, collection: Collection, sent: JsonObject): Row {
  const { number } = sent;
  const wanted = typeof number === 'string' && number !== '' ? number : null;
  const { uniqueNumbers } = world.settings.values;
  if (uniqueNumbers && wanted !== null && world.stores[collection.name].having('number', wanted).length > 0) {
    throw refusal(409, 'duplicateNumber', `The number "${wanted}" is taken.`);
  }
  const at = world.clock.now();
  const iso = new Date(at).toISOString();
  const initial = Object.fromEntries(collection.fields.map((field) => [field.name, field.initial]));
  const data: Record<string, unknown> = { ...merged(collection.fields, initial, sent), version: 1, updatedAt: iso };
  if ('createdAt' in data) data['createdAt'] = iso;
  const key = world.numbering.nextId(collection);
  data['id'] = key;
  data['number'] = wanted ?? world.numbering.nextNumber(collection);
  return { key, at, data };
}

export function patchRow(world: WriteWorld, collection: Collection, row: Row, sent: JsonObject): Row {
  const details = [
    ...problemsIn(collection.fields, sent, world.stores),
    ...collection.fields
      .filter((f) => f.readOnly && f.name in sent && sent[f.name] !== row.data[f.name])
      .map(serverKept),
  ];
  if (details.length > 0) throw invalid(details);
  return changedRow(world, collection, row, sent);
}

/** A patch that changes nothing leaves version and time alone. */
export function changedRow({ clock }: WriteWorld, collection: Collection, row: Row, sent: JsonObject): Row {
  const data = merged(collection.fields, row.data, sent);
  if (JSON.stringify(data) === JSON.stringify(row.data)) return row;
  const at = clock.now();
  const version = Number(row.data['version']) + 1;
  return { key: row.key, at, data: { ...data, version, updatedAt: new Date(at).toISOString() } };
}

/** RFC 7396, but a cleared member stays as null: every record shows every field. */
function merged(fields: readonly FieldSpec[], old: Data, sent: JsonObject): Data {
  const data: Record<string, unknown> = { ...old };
  for (const field of fields) {
    const value = sent[field.name];
    if (value === undefined) continue;
    const inner = old[field.name];
    if (field.type === 'object' && isObject(value))
      data[field.name] = merged(field.fields, isObject(inner) ? inner : {}, value);
    else data[field.name] = field.type === 'object' && value === null ? field.initial : value;
  }
  return data;
}
