import { Clock } from '../clock.ts';
import { openDoors } from '../doors.ts';
import { Faults } from '../faults.ts';
import { History, type Attempt } from '../history.ts';
import { Counts, type Pace, type System, type Target } from '../http.ts';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import { json, type Answer, type Ask } from '../messages.ts';
import type { Doors, KindDoor } from '../outside.ts';
import { Store, type Row } from '../store.ts';
import { PageTexts, pageBody } from '../page-texts.ts';
import { RequestLog } from '../request-log.ts';
import { Switches } from '../switches.ts';
import { kindDoors } from './doors.ts';
import { refusal } from './errors.ts';
import { listPage } from './list.ts';
import { openApi } from './openapi.ts';
import { COLLECTIONS, findCollection, type Collection, type CollectionName } from './schema.ts';
import { customerpSwitches, type CustomerpSwitches } from './switches.ts';
import type { Stores } from './validate.ts';
import { createRow, Numbering, patchRow, type WriteWorld } from './write.ts';

export const API_KEY = 'demo-customerp-key';
export const COMPANY = { id: 'demo-company', name: 'Fjordbygg Demo AS' };

/** A plausible ERP: cursor pages, merge patches, entity tags. */
export class Customerp implements System, WriteWorld {
  readonly clock: Clock;
  readonly history: History;
  readonly faults = new Faults();
  readonly counts = new Counts();
  readonly requests = new RequestLog();
  readonly settings = new Switches<CustomerpSwitches>(customerpSwitches);
  readonly stores: Stores = {
    customers: new Store(),
    employees: new Store(),
    projects: new Store(),
    departments: new Store(),
  };
  readonly numbering: Numbering;
  readonly #doors: Doors;
  readonly #pages = new PageTexts();

  constructor(clock: Clock = new Clock()) {
    this.clock = clock;
    this.history = new History(clock);
    this.numbering = new Numbering(this.stores, clock);
    this.#doors = { title: 'Customerp', system: this, settings: this.settings, kinds: kindDoors(this) };
  }

  get pace(): Pace {
    return this.settings.values;
  }

  get kinds(): readonly KindDoor[] {
    return this.#doors.kinds;
  }

  load(name: CollectionName, rows: Iterable<Row>): void {
    this.stores[name].load(rows);
    this.numbering.learn(COLLECTIONS[name]);
  }

  open(ask: Ask): Answer | null {
    return openDoors(this.#doors, ask);
  }

  tooMany(retryAfterSeconds: number): Answer {
    const { answer } = refusal(429, 'tooManyRequests', 'Too many requests.');
    return { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
  }

  target({ segments: [, , name = '', id] }: Ask): Target {
    const collection = findCollection(name);
    return { kind: collection?.name ?? null, id: collection === undefined ? null : (id ?? null) };
  }

  handle(ask: Ask, attempt: Attempt): Answer {
    if (ask.headers.authorization !== `Bearer ${API_KEY}`)
      throw refusal(401, 'unauthorized', 'The key is missing or wrong.');
    const [api, version, name = '', id, ...more] = ask.segments;
    if (api !== 'api' || version !== 'v1' || more.length > 0) throw notFound();
    if (id === undefined && ask.method === 'GET' && name === 'company') return json(200, COMPANY);
    if (id === undefined && ask.method === 'GET' && name === 'openapi.json') return json(200, openApi());
    const collection = findCollection(name);
    if (collection === undefined) throw notFound();
    return id === undefined
      ? this.#onCollection(ask, collection, attempt)
      : this.#onRecord(ask, collection, id, attempt);
  }

  #onCollection(ask: Ask, collection: Collection, attempt: Attempt): Answer {
    if (ask.method === 'GET') return this.#list(ask, collection);
    if (ask.method !== 'POST') throw notAllowed();
    const row = createRow(this, collection, this.#readBody(ask));
    this.stores[collection.name].put(row);
    this.history.add(attempt, { kind: collection.name, id: row.key, status: 201, before: null, after: row.data });
    return shown(201, row, { location: `/api/v1/${collection.name}/${row.key}` });
  }

  #list(ask: Ask, collection: Collection): Answer {
    const { rows, write, nextCursor, total } = listPage(collection, this.stores[collection.name], ask);
    const items = this.#pages.list(`${collection.name}\n${ask.query.get('fields') ?? ''}`, rows, write);
    return {
      status: 200,
      body: pageBody({}, 'items', items, { nextCursor, total }),
    };
  }

  #onRecord(ask: Ask, collection: Collection, id: string, attempt: Attempt): Answer {
    const store = this.stores[collection.name];
    const row = store.get(id);
    if (ask.method !== 'GET' && ask.method !== 'PATCH') throw notAllowed();
    if (row === undefined) throw notFound();
    if (ask.method === 'GET') return shown(200, row);
    this.#checkIfMatch(ask, row);
    const changed = patchRow(this, collection, row, this.#readBody(ask));
    if (changed !== row) store.put(changed);
    this.history.add(attempt, { kind: collection.name, id, status: 200, before: row.data, after: changed.data });
    return shown(200, changed);
  }

  #checkIfMatch({ headers }: Ask, row: Row): void {
    const wanted = headers['if-match'];
    if (wanted === undefined) {
      if (this.settings.values.requireIfMatch) throw refusal(428, 'ifMatchRequired', 'If-Match is required.');
      return;
    }
    const tags = wanted.split(',').map((tag) => tag.trim());
    if (!tags.includes('*') && !tags.includes(etag(row)))
      throw refusal(412, 'stale', 'The record has changed since it was read.');
  }

  #readBody({ body }: Ask): JsonObject {
    let value: unknown;
    try {
      value = parseJson(body);
    } catch {
      throw refusal(400, 'badJson', 'The body is not valid JSON.');
    }
    if (!isObject(value)) throw refusal(400, 'badJson', 'The body must be a JSON object.');
    const { textLimit } = this.settings.values;
    return textLimit > 0 ? cutTexts(value, textLimit) : value;
  }
}

function cutTexts(record: JsonObject, limit: number): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (isObject(value)) return [name, cutTexts(value, limit)];
      return [name, typeof value === 'string' ? value.slice(0, limit) : value];
    }),
  );
}

function etag({ data }: Row): string {
  return `"${String(data['version'])}"`;
}

function shown(status: number, row: Row, headers: Record<string, string> = {}): Answer {
  return json(status, row.data, { etag: etag(row), ...headers });
}

function notFound(): Error {
  return refusal(404, 'notFound', 'There is nothing here.');
}

function notAllowed(): Error {
  return refusal(405, 'methodNotAllowed', 'This method is not allowed here.');
}
