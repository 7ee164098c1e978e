import type { FormField, KindDoor } from '../outside.ts';
import type { JsonObject } from '../json.ts';
import type { Row } from '../store.ts';
import { refusal } from './errors.ts';
import { COLLECTIONS, type Collection, type FieldSpec } from './schema.ts';
import { changedRow, freshRow, type WriteWorld } from './write.ts';

export function kindDoors(world: WriteWorld): KindDoor[] {
  return Object.values(COLLECTIONS).map((collection) => door(world, collection));
}

function door(world: WriteWorld, collection: Collection): KindDoor {
  return {
    name: collection.name,
    store: world.stores[collection.name],
    fields: collection.fields.flatMap(formFields),
    listed: collection.listed.map(toPath),
    toKey: (text) => text,
    made: (record) => freshRow(world, collection, withoutKept(collection, record)),
    edited: (row, patch) => edited(world, collection, row, patch),
  };
}

function toPath(dotted: string): FormField['path'] {
  const [outer = '', inner] = dotted.split('.');
  return inner === undefined ? [outer] : [outer, inner];
}

function formFields(field: FieldSpec): FormField[] {
  if (field.type === 'object')
    return field.fields.map((part) => ({ path: [field.name, part.name], type: 'text', readOnly: false }));
  const type = field.type === 'boolean' ? 'bool' : field.type === 'number' ? 'number' : 'text';
  return [{ path: [field.name], type, readOnly: field.readOnly }];
}

/** Known names only, but any value: a person may leave behind what the API would refuse. */
function checkNames(collection: Collection, record: JsonObject): void {
  const unknown = Object.keys(record).find((name) => !collection.fields.some((field) => field.name === name));
  if (unknown !== undefined) throw refusal(400, 'door', `${collection.name} has no field "${unknown}".`);
}

function withoutKept(collection: Collection, record: JsonObject): JsonObject {
  checkNames(collection, record);
  const kept = new Set(collection.fields.filter((f) => f.readOnly && f.name !== 'number').map((f) => f.name));
  return Object.fromEntries(Object.entries(record).filter(([name]) => !kept.has(name)));
}

/** Tests may set the number and the time of change by hand. */
function edited(world: WriteWorld, collection: Collection, row: Row, patch: JsonObject): Row {
  const changed = changedRow(world, collection, row, withoutKept(collection, patch));
  const { updatedAt } = patch;
  if (typeof updatedAt !== 'string' || updatedAt === row.data['updatedAt']) return changed;
  const at = Date.parse(updatedAt);
  if (Number.isNaN(at)) throw refusal(400, 'door', 'updatedAt is not a date.');
  return { ...changed, at, data: { ...changed.data, updatedAt: new Date(at).toISOString() } };
}
