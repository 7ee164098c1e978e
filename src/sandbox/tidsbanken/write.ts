import { certain } from '../certain.ts';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { Refusal } from '../messages.ts';
import type { Attempt, History } from '../history.ts';
import type { Clock } from '../clock.ts';
import type { Data, Key, Row, Store } from '../store.ts';
import { findField, type Entity, type EntityName, type Field } from './entities.ts';
import { badRequest, odataError } from './errors.ts';
import type { TidsbankenSwitches } from './switches.ts';
import { incomingDigits } from './time.ts';

/** Writes through the API are stamped as done by the super user. */
const API_USER = 100;
const INT_MAX = 2_147_483_647;

export interface WriteWorld {
  readonly stores: Readonly<Record<EntityName, Store>>;
  readonly switches: TidsbankenSwitches;
  readonly clock: Clock;
  readonly history: History;
  nextPostId(): number;
  nextProjectNumber(): string;
}

type Changes = Record<string, unknown>;

/** The records in a body, whichever of the two shapes the operation wants (Q2, Q3). */
export function readRecords(body: string, wantsArray: boolean, switches: TidsbankenSwitches): JsonObject[] {
  const value = parseBody(body);
  if (Array.isArray(value) !== wantsArray && switches.wrongShape === 'refuse') {
    throw badRequest(wantsArray ? 'The body must be a JSON array.' : 'The body must be a single JSON object.');
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw badRequest('The body holds no record.');
  if (list.length > 1 && !switches.bulk) throw badRequest('Only one record at a time.');
  return list.map((item) => (isObject(item) ? item : refuse('A record must be a JSON object.')));
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    throw badRequest('The body is not valid JSON.');
  }
}

function refuse(message: string): never {
  throw badRequest(message);
}

/** All of them or none: every record is checked before the first is stored. */
export function insertAll(world: WriteWorld, entity: Entity, records: readonly JsonObject[], attempt: Attempt): Row[] {
  const rows = records.map((record) => prepareInsert(world, entity, record));
  const keys = new Set(rows.map(({ key }) => key));
  if (keys.size < rows.length) throw duplicateKey(world, entity);
  for (const row of rows) {
    world.stores[entity.name].put(row);
    const status = world.switches.insertStatus;
    world.history.add(attempt, { kind: entity.name, id: row.key, status, before: null, after: row.data });
  }
  return rows;
}

function duplicateKey({ switches }: WriteWorld, entity: Entity): Refusal {
  return new Refusal(
    odataError(switches.duplicateKeyStatus, 'DuplicateKey', `${entity.name} with this key exists already.`),
  );
}

function prepareInsert(world: WriteWorld, entity: Entity, record: JsonObject): Row {
  const { switches, stores } = world;
  const nulls = Object.entries(record).filter(([, value]) => value === null);
  if (nulls[0] !== undefined && switches.insertNull === 'refuse') {
    throw badRequest(`The property '${nulls[0][0]}' cannot be null on insert.`);
  }
  const changes = readChanges(world, entity, record);
  const key = keyForInsert(world, entity, record);
  if (stores[entity.name].get(key) !== undefined) throw duplicateKey(world, entity);
  checkReferences(world, entity, changes);
  return freshRow(world, entity, key, changes);
}

/** Kunde, Ansatt and Avdeling must bring their key; Prosjekt may be numbered; Prosjektlinje always is (Q4). */
function keyForInsert(world: WriteWorld, entity: Entity, record: JsonObject): Key {
  if (entity.name === 'Prosjektlinje') return world.nextPostId();
  const given = keyIn(world, entity, record);
  if (given !== null && given !== '') return given;
  if (entity.name === 'Prosjekt' && world.switches.projectAutoNumber) return world.nextProjectNumber();
  throw badRequest(`The key '${entity.key}' is missing.`);
}

function keyIn({ switches }: WriteWorld, entity: Entity, record: JsonObject): Key | null {
  const found = Object.entries(record).find(([name]) => name.toLowerCase() === entity.key.toLowerCase());
  if (found === undefined || found[1] === null) return null;
  const field = certain(findField(entity, entity.key));
  const key = asKey(convert(field, found[1], entity, switches));
  return entity.name === 'Ansatt' && Number(key) <= 0 ? refuse('Id must be a positive number.') : key;
}

function asKey(value: unknown): Key {
  return typeof value === 'number' || typeof value === 'string' ? value : refuse('The key must be a number or a text.');
}

/** A new row with everything the service fills in by itself. */
export function freshRow(world: WriteWorld, entity: Entity, key: Key, changes: Changes): Row {
  const at = world.clock.now();
  const data = { ...initialData(world, entity, key), ...changes, [entity.key]: key, ...stamps(entity, at, true) };
  return { key, at, data };
}

function initialData(world: WriteWorld, entity: Entity, key: Key): Changes {
  const data: Changes = Object.fromEntries(entity.fields.map((field) => [field.name, field.initial]));
  if (entity.name === 'Prosjekt') data['PostId'] = world.nextPostId();
  if (entity.name === 'Ansatt') data['Identifikator'] = String(key);
  return data;
}

export function stamps(entity: Entity, at: number, created: boolean): Changes {
  const iso = new Date(at).toISOString();
  const all: Changes = { SistEndretDato: iso, SistEndretAvId: API_USER };
  if (created) Object.assign(all, { OpprettetDato: iso, OpprettetAvId: API_USER });
  return Object.fromEntries(Object.entries(all).filter(([name]) => findField(entity, name) !== undefined));
}

export function updateAll(world: WriteWorld, entity: Entity, records: readonly JsonObject[], attempt: Attempt): Row[] {
  const steps = records.map((record) => prepareUpdate(world, entity, record));
  for (const { before, row } of steps) storeUpdate(world, entity, before, row, attempt);
  return steps.map(({ row }) => row);
}

/** PATCH of one record whose key stands in the path (Q7). */
export function patchOne(world: WriteWorld, entity: Entity, key: Key, record: JsonObject, attempt: Attempt): Row {
  const named = keyIn(world, entity, record);
  if (named !== null && named !== key) throw badRequest(`The key '${entity.key}' cannot be changed.`);
  const before = world.stores[entity.name].get(key);
  if (before === undefined) throw notFound(entity);
  const row = updated(world, entity, before, readChanges(world, entity, record));
  storeUpdate(world, entity, before, row, attempt);
  return row;
}

function notFound(entity: Entity): Refusal {
  return new Refusal(odataError(404, 'NotFound', `${entity.name} was not found.`));
}

function storeUpdate(world: WriteWorld, entity: Entity, before: Row | null, row: Row, attempt: Attempt): void {
  world.stores[entity.name].put(row);
  const status = before === null ? world.switches.insertStatus : world.switches.updateStatus;
  world.history.add(attempt, { kind: entity.name, id: row.key, status, before: before?.data ?? null, after: row.data });
}

function prepareUpdate(world: WriteWorld, entity: Entity, record: JsonObject): { before: Row | null; row: Row } {
  const key = keyIn(world, entity, record) ?? refuse(`The key '${entity.key}' is missing.`);
  const before = world.stores[entity.name].get(key) ?? null;
  if (before === null && world.switches.putMissing === 'notFound') throw notFound(entity);
  const changes = readChanges(world, entity, record);
  if (before === null) return { before, row: freshRow(world, entity, key, changes) };
  return { before, row: updated(world, entity, before, changes) };
}

function updated(world: WriteWorld, entity: Entity, before: Row, changes: Changes): Row {
  checkReferences(world, entity, changes);
  const at = world.clock.now();
  const kept = world.switches.putMerges ? before.data : emptied(entity, before.data);
  return { key: before.key, at, data: { ...kept, ...changes, ...stamps(entity, at, false) } };
}

/** What a full replace leaves of a record before the new values go in. */
function emptied(entity: Entity, data: Data): Data {
  const keeps = (field: Field): boolean => field.served || field.name === entity.key;
  return Object.fromEntries(
    entity.fields.map((field) => [field.name, keeps(field) ? data[field.name] : field.initial]),
  );
}

/** The body's properties under their true names with values as stored; the key is left to the caller. */
function readChanges({ switches }: WriteWorld, entity: Entity, record: JsonObject): Changes {
  const changes: Changes = {};
  for (const [name, value] of Object.entries(record)) {
    if (name.includes('@')) continue;
    const field = findField(entity, name);
    if (field?.name === entity.key) continue;
    if (field === undefined || field.served) {
      if (switches.unknownProperties === 'strict') throw badRequest(`The property '${name}' cannot be written.`);
      continue;
    }
    if (value === null && !switches.nullClears) continue;
    changes[field.name] = convert(field, value, entity, switches);
  }
  return changes;
}

/** Text is cleared to an empty string, everything else to null (Q15). */
function convert(field: Field, value: unknown, entity: Entity, switches: TidsbankenSwitches): unknown {
  if (value === null) return field.nullable ? cleared(field) : refuse(`The property '${field.name}' cannot be null.`);
  const converted = converters[field.type](value, entity, switches);
  if (converted === undefined) throw badRequest(`Cannot convert the value of '${field.name}' to ${field.type}.`);
  return typeof converted === 'string' && field.type === 'text' ? limited(field, converted, switches) : converted;
}

function cleared(field: Field): unknown {
  if (field.type === 'text') return '';
  return field.type === 'bool' ? false : null;
}

function limited(field: Field, text: string, { textLimit, textLimitAction }: TidsbankenSwitches): string {
  if (textLimit === 0 || text.length <= textLimit) return text;
  if (textLimitAction === 'truncate') return text.slice(0, textLimit);
  throw badRequest(`The property '${field.name}' holds at most ${textLimit} characters.`);
}

type Converter = (value: unknown, entity: Entity, switches: TidsbankenSwitches) => unknown;

const converters: Readonly<Record<Field['type'], Converter>> = {
  text: (value, _entity, { types }) => {
    if (typeof value === 'string') return value;
    return types === 'lenient' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : undefined;
  },
  int: (value, _entity, switches) => {
    const number = toNumber(value, switches);
    return number !== undefined && Number.isInteger(number) && Math.abs(number) <= INT_MAX ? number : undefined;
  },
  decimal: (value, _entity, switches) => toNumber(value, switches),
  bool: (value, _entity, { types }) => {
    if (typeof value === 'boolean') return value;
    return types === 'lenient' && (value === 'true' || value === 'false') ? value === 'true' : undefined;
  },
  wall: (value, entity, { incomingOffset }) => {
    if (typeof value !== 'string') return undefined;
    return incomingDigits(value, !entity.wallOffset || incomingOffset === 'utcDigits');
  },
  stamp: () => undefined,
};

function toNumber(value: unknown, { types }: TidsbankenSwitches): number | undefined {
  if (typeof value === 'number') return value;
  const numeric = types === 'lenient' && typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(numeric) ? undefined : numeric;
}

function checkReferences({ switches, stores }: WriteWorld, entity: Entity, changes: Changes): void {
  if (switches.danglingReferences !== 'strict') return;
  for (const [name, target] of Object.entries(entity.references)) {
    const value = changes[name];
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '') continue;
    if (stores[target].get(value) === undefined) throw badRequest(`${name} '${value}' does not exist.`);
  }
}
