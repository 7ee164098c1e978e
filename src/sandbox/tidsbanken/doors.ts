import type { FormField, KindDoor } from '../outside.ts';
import { isObject, type JsonObject } from '../json.ts';
import { json, Refusal } from '../messages.ts';
import type { Key, Row } from '../store.ts';
import { ENTITIES, findField, toKey, type Entity, type EntityName, type Field } from './entities.ts';
import { freshRow, stamps, type WriteWorld } from './write.ts';

const LISTED: readonly (readonly [EntityName, readonly string[]])[] = [
  ['Kunde', ['Id', 'Navn', 'Organisasjonsnummer', 'Poststed', 'Telefon', 'Epost']],
  ['Ansatt', ['Id', 'Fornavn', 'Etternavn', 'Epost', 'Mobil', 'AvdelingId']],
  ['Prosjekt', ['Id', 'Navn', 'KundeId', 'AvdelingId', 'AnsvarligId']],
  ['Avdeling', ['Id', 'Navn', 'Synlig']],
  ['Prosjektlinje', ['PostId', 'ProsjektId', 'ProsjektLinjeId', 'Navn']],
];

export function kindDoors(world: WriteWorld): KindDoor[] {
  return LISTED.map(([name, listed]) => door(world, ENTITIES[name], listed));
}

function door(world: WriteWorld, entity: Entity, listed: readonly string[]): KindDoor {
  return {
    name: entity.name,
    store: world.stores[entity.name],
    fields: entity.fields.map((field) => formField(entity, field)),
    listed: listed.map((name) => [name]),
    toKey: (text) => toKey(entity, text),
    made: (record) =>
      restamped(freshRow(world, entity, newKey(world, entity, record), changesOf(entity, record)), record),
    edited: (row, patch) => edited(world, entity, row, patch),
  };
}

function formField(entity: Entity, field: Field): FormField {
  const number = field.type === 'int' || field.type === 'decimal';
  return {
    path: [field.name],
    type: field.type === 'bool' ? 'bool' : number ? 'number' : 'text',
    readOnly: field.served || field.name === entity.key,
  };
}

function newKey(world: WriteWorld, entity: Entity, record: JsonObject): Key {
  const given = record[entity.key];
  if (typeof given === 'number' && entity.keyType === 'int') return given;
  if (typeof given === 'string' && given !== '' && entity.keyType === 'text') return given;
  if (entity.name === 'Prosjektlinje') return world.nextPostId();
  if (entity.name === 'Prosjekt') return world.nextProjectNumber();
  const key = typeof given === 'string' ? toKey(entity, given) : null;
  if (key === null || key === '') throw refused(`${entity.key} is missing.`);
  return key;
}

function refused(message: string): Refusal {
  return new Refusal(json(400, { error: { code: 'door', message } }));
}

function edited(world: WriteWorld, entity: Entity, row: Row, patch: JsonObject): Row {
  const at = world.clock.now();
  const data = { ...row.data, ...changesOf(entity, patch), [entity.key]: row.key, ...stamps(entity, at, false) };
  return restamped({ key: row.key, at, data }, patch);
}

/** Known names only, but any value: a person may leave behind what the API would refuse. */
function changesOf(entity: Entity, record: JsonObject): JsonObject {
  const changes: JsonObject = {};
  for (const [name, value] of Object.entries(record)) {
    const field = findField(entity, name);
    if (field === undefined || isObject(value)) throw refused(`${entity.name} has no plain property "${name}".`);
    if (field.type !== 'stamp') changes[field.name] = value === null && field.type === 'text' ? '' : value;
  }
  return changes;
}

/** Tests may set the time of change by hand; null makes the row one that was never stamped (Q16). */
function restamped(row: Row, record: JsonObject): Row {
  const stamp = record['SistEndretDato'];
  if (stamp !== null && typeof stamp !== 'string') return row;
  const at = stamp === null ? null : Date.parse(stamp);
  if (Number.isNaN(at)) throw refused('SistEndretDato is not a date.');
  return { ...row, at, data: { ...row.data, SistEndretDato: at === null ? null : new Date(at).toISOString() } };
}
