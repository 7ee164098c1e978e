import { editPages } from './edit-page.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { json, type Answer, type Ask } from './messages.ts';
import {
  addOutside,
  changeOutside,
  findKind,
  findRow,
  refusal,
  removeOutside,
  type Doors,
  type KindDoor,
} from './outside.ts';
import { SwitchError } from './switches.ts';

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
    'GET requests': () => json(200, system.requests.list()),
    'PUT requests': () => (system.requests.open(), json(200, [])),
    'DELETE requests': () => (system.requests.shut(), json(200, [])),
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
