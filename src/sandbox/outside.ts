import type { Attempt } from './history.ts';
import type { System } from './http.ts';
import type { JsonObject } from './json.ts';
import { json, Refusal, type Ask } from './messages.ts';
import type { Key, Row, Store } from './store.ts';
import type { Switches } from './switches.ts';

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

export function refusal(status: number, message: string): Refusal {
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

function outside(ask: Ask): Attempt {
  return { origin: 'outside', method: ask.method, path: ask.url, fault: null };
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
