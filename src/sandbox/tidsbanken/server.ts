import { isObject, parseJson } from '../json.ts';
import { Clock } from '../clock.ts';
import { openDoors } from '../doors.ts';
import { Faults } from '../faults.ts';
import { History, type Attempt } from '../history.ts';
import { Counts, type Pace, type System, type Target } from '../http.ts';
import { Refusal, type Answer, type Ask } from '../messages.ts';
import type { Doors, KindDoor } from '../outside.ts';
import { Store, type Row } from '../store.ts';
import { PageTexts, pageBody } from '../page-texts.ts';
import { RequestLog } from '../request-log.ts';
import { Switches } from '../switches.ts';
import { kindDoors } from './doors.ts';
import { ENTITIES, findEntity, toKey, type Entity, type EntityName } from './entities.ts';
import { gatewayError, badRequest, odataError } from './errors.ts';
import { metadataXml } from './metadata.ts';
import { readQuery, runQuery, type Query } from './odata/query.ts';
import { contextUrl, internalUrl, renderer, toJsonText } from './render.ts';
import { tidsbankenSwitches, type TidsbankenSwitches } from './switches.ts';
import { insertAll, patchOne, readRecords, updateAll, type WriteWorld } from './write.ts';

export const TB_KEY = 'demo-tb-key';
export const SUBSCRIPTION_KEY = 'demo-subscription-key';

interface Path {
  readonly area: Entity['area'];
  readonly entity: Entity;
  /** The name was the plural one that only Ansatt inserts use. */
  readonly plural: boolean;
  /** What stood in parentheses, or null. */
  readonly inParentheses: string | null;
  /** A key as a path segment of its own, or null. */
  readonly segment: string | null;
}

/** The simulated service: the fact sheet's behaviour over stores in memory. */
export class Tidsbanken implements System, WriteWorld {
  readonly clock: Clock;
  readonly history: History;
  readonly faults = new Faults();
  readonly counts = new Counts();
  readonly requests = new RequestLog();
  readonly settings = new Switches<TidsbankenSwitches>(tidsbankenSwitches);
  readonly stores = emptyStores();
  readonly #doors: Doors;
  readonly #pages = new PageTexts();
  #lastPostId = 0;
  #lastProjectNumber = 0;

  constructor(clock: Clock = new Clock()) {
    this.clock = clock;
    this.history = new History(clock);
    this.#doors = { title: 'Tidsbanken', system: this, settings: this.settings, kinds: kindDoors(this) };
  }

  get switches(): TidsbankenSwitches {
    return this.settings.values;
  }

  get pace(): Pace {
    return this.settings.values;
  }

  get kinds(): readonly KindDoor[] {
    return this.#doors.kinds;
  }

  load(name: EntityName, rows: Iterable<Row>): void {
    this.stores[name].load(rows);
    if (name !== 'Prosjekt' && name !== 'Prosjektlinje') return;
    for (const { data } of this.stores[name].all()) {
      const postId = data['PostId'];
      if (typeof postId === 'number' && postId > this.#lastPostId) this.#lastPostId = postId;
    }
  }

  nextPostId(): number {
    return ++this.#lastPostId;
  }

  nextProjectNumber(): string {
    do this.#lastProjectNumber++;
    while (this.stores.Prosjekt.get(String(this.#lastProjectNumber)) !== undefined);
    return String(this.#lastProjectNumber);
  }

  open(ask: Ask): Answer | null {
    return openDoors(this.#doors, ask);
  }

  tooMany(retryAfterSeconds: number): Answer {
    const answer = gatewayError(429, `Rate limit is exceeded. Try again in ${retryAfterSeconds} seconds.`);
    return { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
  }

  target(ask: Ask): Target {
    const path = readPath(ask.segments);
    if (path === null) return { kind: null, id: null };
    const text = path.segment ?? (path.inParentheses === null ? null : unquote(path.inParentheses));
    const id = text === null ? keyInBody(ask.body, path.entity) : toKey(path.entity, text);
    return { kind: path.entity.name, id };
  }

  handle(ask: Ask, attempt: Attempt): Answer {
    this.#checkHeaders(ask);
    const [area = '', name = '', ...rest] = ask.segments;
    const lower = area.toLowerCase();
    if (name.toLowerCase() === '$metadata' && rest.length === 0 && (lower === 'ansatt' || lower === 'prosjekt')) {
      return { status: 200, type: 'application/xml', body: metadataXml(lower) };
    }
    const path = readPath(ask.segments);
    if (path === null) throw unknownOperation();
    return this.#operate(ask, path, attempt);
  }

  /** The gateway looks at the subscription first; the service behind it at the rest. */
  #checkHeaders({ headers }: Ask): void {
    const subscription = headers['ocp-apim-subscription-key'];
    if (subscription === undefined) {
      throw new Refusal(
        gatewayError(
          401,
          'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
        ),
      );
    }
    if (subscription !== SUBSCRIPTION_KEY) {
      throw new Refusal(
        gatewayError(
          401,
          'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
        ),
      );
    }
    if (headers['tb-key'] !== TB_KEY) {
      throw new Refusal(gatewayError(this.switches.tbKeyStatus, 'The tb-key is missing or invalid.'));
    }
    if (headers['x-api-version'] !== '3.0') throw badRequest('x-api-version must be 3.0.', 'UnsupportedApiVersion');
  }

  #operate(ask: Ask, path: Path, attempt: Attempt): Answer {
    const { entity, plural, inParentheses, segment } = path;
    const plain = inParentheses === null && segment === null;
    if (ask.method === 'DELETE') throw new Refusal(gatewayError(405, 'DELETE is not allowed.'));
    if (ask.method === 'GET' && !plural && segment === null) {
      return inParentheses === null ? this.#list(ask, entity) : this.#lookUp(ask, entity, inParentheses);
    }
    if (ask.method === 'POST' && plain && entity.insert !== null && plural === (entity.insert.path === 'ansatte')) {
      return this.#insert(ask, entity, entity.insert.array, attempt);
    }
    if (ask.method === 'PUT' && plain && !plural && entity.update === 'put') {
      return this.#update(entity, updateAll(this, entity, readRecords(ask.body, true, this.switches), attempt), true);
    }
    if (ask.method === 'PATCH' && segment !== null && !plural && entity.update === 'patch') {
      const [record] = readRecords(ask.body, false, this.switches);
      return this.#update(entity, [patchOne(this, entity, segment, record ?? {}, attempt)], false);
    }
    throw unknownOperation();
  }

  #list(ask: Ask, entity: Entity): Answer {
    const query = readQuery(ask.query);
    const { defaultPageSize, maxPageSize, nextLink } = this.switches;
    const wanted = query.top ?? defaultPageSize;
    const limit = maxPageSize > 0 ? Math.min(wanted, maxPageSize) : wanted;
    const { rows, total, more } = runQuery(
      this.stores[entity.name],
      query,
      { entity, stamps: this.switches.filterClock },
      limit,
    );
    const head: Record<string, unknown> = { '@odata.context': contextUrl(entity, query.select) };
    if (total !== null) head['@odata.count'] = total;
    const capped = query.top === null || limit < wanted;
    const tail = nextLink && more && capped ? { '@odata.nextLink': nextPage(ask, entity, query, limit) } : {};
    return { status: 200, body: pageBody(head, 'value', this.#rowsText(entity, query, rows), tail) };
  }

  /** What an expansion shows changes with another kind's rows, so such a page is made anew. */
  #rowsText(entity: Entity, query: Query, rows: readonly Row[]): Buffer {
    const write = (some: readonly Row[]): string => toJsonText(some.map(this.#renderer(entity, query)));
    if (query.expand.length > 0) return Buffer.from(write(rows));
    return this.#pages.list(`${entity.name}\n${query.select.join()}\n${JSON.stringify(this.switches)}`, rows, write);
  }

  #renderer(
    entity: Entity,
    { select, expand }: Pick<Query, 'select' | 'expand'>,
  ): (row: Row) => Record<string, unknown> {
    return renderer(entity, select, expand, this.switches, this.stores);
  }

  /** The form in parentheses differs by entity (Q8, Q9). */
  #lookUp(ask: Ask, entity: Entity, inParentheses: string): Answer {
    const query = readQuery(ask.query);
    const row = this.stores[entity.name].get(readKey(entity, inParentheses));
    const bare = this.#looksUpBare(entity);
    if (bare === null || (bare && row === undefined))
      throw new Refusal(odataError(404, 'NotFound', `${entity.name} was not found.`));
    const context = contextUrl(entity, query.select);
    const found = row === undefined ? [] : [this.#renderer(entity, query)(row)];
    const body = bare
      ? { '@odata.context': `${context}/$entity`, ...found[0] }
      : { '@odata.context': context, value: found };
    return { status: 200, body: toJsonText(body) };
  }

  /** true: a bare entity; false: a value array; null: this form is not offered. */
  #looksUpBare(entity: Entity): boolean | null {
    if (entity.name === 'Kunde') return this.switches.kundeByKey === 'entity';
    if (entity.name === 'Prosjekt') return this.switches.prosjektByKey === 'entity' ? true : null;
    return entity.name === 'Prosjektlinje';
  }

  #insert(ask: Ask, entity: Entity, array: boolean, attempt: Attempt): Answer {
    const rows = insertAll(this, entity, readRecords(ask.body, array, this.switches), attempt);
    return this.#written(this.switches.insertStatus, entity, rows, array);
  }

  #update(entity: Entity, rows: readonly Row[], array: boolean): Answer {
    return this.#written(this.switches.updateStatus, entity, rows, array);
  }

  #written(status: number, entity: Entity, rows: readonly Row[], array: boolean): Answer {
    if (status === 204) return { status };
    const shown = rows.map(this.#renderer(entity, { select: [], expand: [] }));
    const context = contextUrl(entity, []);
    const body = array
      ? { '@odata.context': context, value: shown }
      : { '@odata.context': `${context}/$entity`, ...shown[0] };
    return { status, body: toJsonText(body) };
  }
}

function emptyStores(): Readonly<Record<EntityName, Store>> {
  return {
    Ansatt: new Store(),
    Ansattgruppe: new Store(),
    Avdeling: new Store(),
    Kunde: new Store(),
    Prosjekt: new Store(),
    Prosjektlinje: new Store(),
  };
}

function unknownOperation(): Refusal {
  return new Refusal(gatewayError(404, 'Resource not found'));
}

function readPath(segments: readonly string[]): Path | null {
  const [area = '', last = '', segment = null, ...more] = segments;
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(last);
  if (match === null || more.length > 0) return null;
  const name = match[1] ?? '';
  const plural = name.toLowerCase() === 'ansatte';
  const entity = plural && area.toLowerCase() === 'ansatt' ? ENTITIES.Ansatt : findEntity(area, name);
  if (entity === undefined) return null;
  return { area: entity.area, entity, plural, inParentheses: match[2] ?? null, segment };
}

function unquote(text: string): string {
  return /^'.*'$/s.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** Text keys are quoted, number keys are not (Q10). */
function readKey(entity: Entity, inParentheses: string): string | number {
  const quoted = /^'(?:[^']|'')*'$/.test(inParentheses);
  const key = quoted === (entity.keyType === 'text') ? toKey(entity, unquote(inParentheses)) : null;
  if (key === null) throw badRequest(`The key '${inParentheses}' is not valid for ${entity.name}.`);
  return key;
}

function keyInBody(body: string, entity: Entity): string | number | null {
  try {
    const value = parseJson(body);
    const record: unknown = Array.isArray(value) ? value[0] : value;
    const key = isObject(record) ? record[entity.key] : null;
    return typeof key === 'string' || typeof key === 'number' ? key : null;
  } catch {
    return null;
  }
}

function nextPage(ask: Ask, entity: Entity, query: Query, limit: number): string {
  const rest = new URLSearchParams(ask.query);
  rest.set('$skip', String(query.skip + limit));
  if (query.top !== null) rest.set('$top', String(query.top - limit));
  return internalUrl(entity, rest.toString());
}
