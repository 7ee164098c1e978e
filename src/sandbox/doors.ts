import { editPages } from './edit-page.ts';
import type { System } from './http.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { json, Refusal, type Answer, type Ask } from './messages.ts';
import type { Attempt } from './history.ts';
import type { Key, Row, Store } from './store.ts';
import { SwitchError, type Switches } from './switches.ts';

export interface FormField {
  /** One name, or two for a field inside an address. */
  readonly path: readonly [string] | readonly [string, string];
  readonly type: 'text' | 'number' | 'bool';
  readonly readOnly: boolean;
}

/** What the doors and the edit page need of one kind of record. */
export interface KindDoor {
  readonly name: string;
  readonly store: Store;
  readonly fields: readonly FormField[];
  /** Columns of the list on the edit page. */
  readonly listed: readonly FormField['path'][];
  toKey(text: string): Key | null;
  /** Makes the row; storing it and telling the history is the door's part. Throws a Refusal. */
  made(record: JsonObject): Row;
  edited(row: Row, patch: JsonObject): Row;
}

export interface Doors {
  readonly title: string;
  readonly system: System;
  readonly settings: Switches<object>;
  readonly kinds: readonly KindDoor[];
}

type Handler = (ask: Ask, rest: readonly string[]) => Answer;

/** Answers what belongs to the doors or the pages; null leaves the request to the system itself. */
export function openDoors(doors: Doors, ask: Ask): Answer | null {
  if (ask.path === '/') return editPages(doors, ask, []);
  const [first, name = '', ...rest] = ask.segments;
  if (first !== '_sandbox') return null;
  const handler = handlersOf(doors)[`${ask.method} ${name}`];
  return handler === undefined ? refusal(404, 'There is no such door.').answer : handler(ask, rest);
}

function handlersOf(doors: Doors): Record<string, Handler | undefined> {
  const { system } = doors;
  return {
    'GET records': (ask, rest) => readRecords(doors, ask, rest),
    'POST records': (ask, [kind]) => addRecord(doors, ask, findKind(doors, kind)),
    'PATCH records': (ask, [kind, id]) => changeRecord(doors, ask, findKind(doors, kind), id),
    'DELETE records': (ask, [kind, id]) => removeRecord(doors, ask, findKind(doors, kind), id),
    'GET history': (ask) => json(200, system.history.since(Number(ask.query.get('since') ?? 0))),
    'GET counts': () => json(200, system.counts.report()),
    'POST counts': () => (system.counts.reset(), json(200, system.counts.report())),
    'GET faults': () => json(200, system.faults.list()),
    'PUT faults': (ask) => setFaults(doors, ask),
    'DELETE faults': () => (system.faults.clear(), json(200, [])),
    'GET clock': () => clockReport(doors),
    'POST clock': (ask) => setClock(doors, ask),
    'GET switches': () => json(200, doors.settings.values),
    'POST switches': (ask) => setSwitches(doors, ask),
    'GET edit': (ask, rest) => editPages(doors, ask, rest),
    'POST edit': (ask, rest) => editPages(doors, ask, rest),
  };
}

function refusal(status: number, message: string): Refusal {
  return new Refusal(json(status, { error: { code: 'door', message } }));
}

export function findKind({ kinds }: Doors, name = ''): KindDoor {
  const kind = kinds.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (kind === undefined)
    throw refusal(404, `No kind is named "${name}"; there are ${kinds.map((k) => k.name).join(', ')}.`);
  return kind;
}

export function findRow(kind: KindDoor, id = ''): Row {
  const key = kind.toKey(id);
  const row = key === null ? undefined : kind.store.get(key);
  if (row === undefined) throw refusal(404, `${kind.name} has no record "${id}".`);
  return row;
}

function readRecords(doors: Doors, ask: Ask, [name, id]: readonly string[]): Answer {
  const kind = findKind(doors, name);
  if (id !== undefined) return json(200, findRow(kind, id).data);
  const offset = Number(ask.query.get('offset') ?? 0);
  const limit = Number(ask.query.get('limit') ?? Infinity);
  return json(
    200,
    kind.store.slice(offset, limit).map(({ data }) => data),
  );
}

function bodyObject({ body }: Ask): JsonObject {
  const value = tryJson(body);
  if (!isObject(value)) throw refusal(400, 'Expected a JSON object.');
  return value;
}

function tryJson(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    throw refusal(400, 'The body is not valid JSON.');
  }
}

function outside(ask: Ask): Attempt {
  return { origin: 'outside', method: ask.method, path: ask.url, fault: null };
}

function addRecord(doors: Doors, ask: Ask, kind: KindDoor): Answer {
  return json(201, addOutside(doors, ask, kind, bodyObject(ask)).data);
}

function changeRecord(doors: Doors, ask: Ask, kind: KindDoor, id: string | undefined): Answer {
  return json(200, changeOutside(doors, ask, kind, findRow(kind, id), bodyObject(ask)).data);
}

function removeRecord(doors: Doors, ask: Ask, kind: KindDoor, id: string | undefined): Answer {
  removeOutside(doors, ask, kind, findRow(kind, id));
  return { status: 204 };
}

/** A person at the system itself adds a record. */
export function addOutside({ system }: Doors, ask: Ask, kind: KindDoor, record: JsonObject): Row {
  const row = kind.made(record);
  if (kind.store.get(row.key) !== undefined) throw refusal(409, `${kind.name} has a record "${row.key}" already.`);
  kind.store.put(row);
  system.history.add(outside(ask), { kind: kind.name, id: row.key, status: 201, before: null, after: row.data });
  return row;
}

export function changeOutside({ system }: Doors, ask: Ask, kind: KindDoor, old: Row, patch: JsonObject): Row {
  const row = kind.edited(old, patch);
  kind.store.put(row);
  system.history.add(outside(ask), { kind: kind.name, id: row.key, status: 200, before: old.data, after: row.data });
  return row;
}

export function removeOutside({ system }: Doors, ask: Ask, kind: KindDoor, row: Row): void {
  kind.store.remove(row.key);
  system.history.add(outside(ask), { kind: kind.name, id: row.key, status: 204, before: row.data, after: null });
}

function setFaults({ system }: Doors, ask: Ask): Answer {
  const plan = tryJson(ask.body);
  try {
    system.faults.set(plan);
  } catch (error) {
    throw refusal(400, error instanceof Error ? error.message : 'Not a fault plan.');
  }
  return json(200, system.faults.list());
}

function setClock(doors: Doors, ask: Ask): Answer {
  const { shiftMs } = bodyObject(ask) as { shiftMs?: unknown };
  if (typeof shiftMs !== 'number' || !Number.isFinite(shiftMs)) throw refusal(400, 'shiftMs must be a number.');
  doors.system.clock.shift(shiftMs);
  return clockReport(doors);
}

function clockReport({ system: { clock } }: Doors): Answer {
  return json(200, { shiftMs: clock.shiftMs, now: new Date(clock.now()).toISOString() });
}

function setSwitches({ settings }: Doors, ask: Ask): Answer {
  const wanted = bodyObject(ask);
  try {
    settings.setAll(wanted);
  } catch (error) {
    if (error instanceof SwitchError) throw refusal(400, error.message);
    throw error;
  }
  return json(200, settings.values);
}
