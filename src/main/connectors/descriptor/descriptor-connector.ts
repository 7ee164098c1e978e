import { fail, ok } from '../../../shared/domain.ts';
import type { Kind, Result, Side } from '../../../shared/domain.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { Json } from '../../../shared/json.ts';
import type {
  Capabilities,
  CollectRequest,
  Connector,
  ConnectorFailure,
  CreateRequest,
  FindRequest,
  Page,
  RawRecord,
  ReadRequest,
  SystemFacts,
  Traffic,
  UpdateRequest,
  WriteResult,
} from '../connector.ts';
import type { FieldDeclaration } from '../../mapping/field-declaration.ts';
import { tell } from '../http/classify.ts';
import type { HttpDeps, HttpRequest } from '../http/exchange.ts';
import { createHttpClient } from '../http/http-client.ts';
import type { HttpClient } from '../http/http-client.ts';
import { Pace } from '../http/pace.ts';
import { createPacedClient } from '../http/paced-client.ts';
import { Places } from '../http/places.ts';
import type { PacedClient } from '../http/paced-client.ts';
import { collectPages } from './collect.ts';
import { capabilitiesOf, kindEntries } from './descriptor.ts';
import type { Descriptor, Find, KindDescriptor, SignIn } from './descriptor.ts';
import { probeSystem } from './probe.ts';
import { holds, idOf, itemsOf, memberAt, toRecord } from './records.ts';
import { answeredRecord, createBody, odataLiteral, recordPath, selectParams, updateBody } from './requests.ts';
import type { QueryParams } from './requests.ts';
import { Talker, unreadable } from './talker.ts';
import { readSchema } from '../schema/read-schema.ts';
import type { SystemSchema } from '../../mapping/lint/system-schema.ts';

export interface DescriptorConnectorOptions {
  readonly descriptor: Descriptor;
  readonly baseUrl: string;
  /** By the names that `signIn` uses; all of them must be there. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly deps: HttpDeps;
}

const MOST_FOUND = 10;

/** The connector of any system that a descriptor can describe. Reads are retried (J3); writes are sent once. */
export class DescriptorConnector implements Connector {
  readonly side: Side;
  readonly kinds: readonly Kind[];
  readonly #options: DescriptorConnectorOptions;
  readonly #descriptor: Descriptor;
  readonly #http: HttpClient;
  readonly #paced: PacedClient;
  readonly #talker: Talker;

  constructor(options: DescriptorConnectorOptions) {
    const { descriptor, baseUrl, secrets, deps } = options;
    this.#options = options;
    this.#descriptor = descriptor;
    this.side = descriptor.side;
    this.kinds = kindEntries(descriptor).map(([kind]) => kind);
    const headers = { ...descriptor.headers, ...signInHeaders(descriptor.signIn, secrets) };
    this.#http = createHttpClient({ baseUrl, headers, limits: descriptor.limits });
    const { requestsPerSecond = null, burst, parallelRequests } = descriptor.limits;
    const pace = new Pace(deps, { requestsPerSecond, burst });
    this.#paced = createPacedClient(this.#http, pace, new Places(parallelRequests), deps);
    this.#talker = new Talker(this.#paced, deps, descriptor.error, Object.values(secrets));
  }

  capabilities(kind: Kind): Capabilities {
    return capabilitiesOf(this.#kind(kind), this.#descriptor.limits);
  }

  fields(kind: Kind): Readonly<Record<string, FieldDeclaration>> {
    return this.#kind(kind).fields;
  }

  requestCount(): number {
    return this.#http.requestCount();
  }

  traffic(): Traffic {
    return this.#paced.traffic();
  }

  admit<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T | null> {
    return this.#paced.admit(signal, write);
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  probe(signal: AbortSignal): Promise<Result<SystemFacts, ConnectorFailure>> {
    const { deps, ...target } = this.#options;
    return probeSystem(this.#talker, { ...target, now: () => deps.now() }, signal);
  }

  readonly schema = (signal: AbortSignal): Promise<Result<SystemSchema, ConnectorFailure>> =>
    readSchema(this.#talker, this.#descriptor, signal);

  collect(request: CollectRequest): AsyncIterable<Result<Page, ConnectorFailure>> {
    return collectPages(this.#talker, this.#kind(request.kind), this.#descriptor.limits, request);
  }

  async read(request: ReadRequest): Promise<Result<RawRecord | null, ConnectorFailure>> {
    const kind = this.#kind(request.kind);
    if (kind.read === undefined) throw new Error(`${request.kind} has no point read`);
    if (kind.read !== 'find') return this.#readByPath(kind, kind.read, request);
    const { nativeId, fields, signal } = request;
    const found = await this.#lookUp(kind, { field: kind.id.field, value: nativeId, fields, signal }, 1);
    if (!found.ok) return found;
    const record = found.value[0] ?? null;
    // A system that compares ids without regard to case may answer with a neighbour.
    if (record !== null && record.nativeId !== nativeId) return fail(unreadable(kind.list.path, 'another record came'));
    return ok(record);
  }

  async #readByPath(
    kind: KindDescriptor,
    read: { readonly path: string; readonly query: QueryParams },
    { nativeId, fields, signal }: ReadRequest,
  ): Promise<Result<RawRecord | null, ConnectorFailure>> {
    const path = recordPath(read.path, nativeId, kind.id.json);
    if (path === null) return fail(notAsked('GET', read.path, 'this id cannot be written in an address'));
    const query = { ...read.query, ...selectParams(kind, fields) };
    const answer = await this.#talker.getRecord({ path, query, label: read.path, signal });
    if (!answer.ok) return answer;
    if (answer.value === null) return ok(null);
    const record = toRecord(kind, answer.value.json, answer.value.headers['etag'] ?? null);
    return record?.nativeId === nativeId ? ok(record) : fail(unreadable(read.path, 'another record came'));
  }

  find(request: FindRequest): Promise<Result<readonly RawRecord[], ConnectorFailure>> {
    return this.#lookUp(this.#kind(request.kind), request, MOST_FOUND);
  }

  async #lookUp(
    kind: KindDescriptor,
    wanted: { field: string; value: string; fields: readonly string[] | 'all'; signal: AbortSignal },
    most: number,
  ): Promise<Result<readonly RawRecord[], ConnectorFailure>> {
    const { path, items } = kind.list;
    const filter = findParams(kind, wanted.field, wanted.value, most);
    if (filter === null) return fail(notAsked('GET', path, `${wanted.field} cannot be looked up by this value`));
    const fields = wanted.fields === 'all' ? 'all' : [...wanted.fields, wanted.field];
    const query = { ...selectParams(kind, fields), ...filter };
    const answer = await this.#talker.get({ path, query, label: path, signal: wanted.signal });
    return answer.ok ? foundRecords(kind, answer.value.json, items, wanted, most) : answer;
  }

  async create(request: CreateRequest): Promise<WriteResult> {
    const kind = this.#kind(request.kind);
    if (kind.create === undefined) throw new Error(`${request.kind} cannot be created`);
    const { method, path } = kind.create;
    const chosen = chosenId(kind, request.values);
    if (isSystemId(kind, chosen)) return notAsked(method, path, 'this record belongs to the system');
    const answer = await this.#talker.write({
      method,
      path,
      label: path,
      body: createBody(kind, request.values),
      signal: request.signal,
    });
    if (!answer.ok) return answer.failure;
    const created = answeredRecord(answer.value.json, wrappers(kind));
    const nativeId = (created === null ? null : idOf(kind, created)) ?? chosen;
    if (nativeId !== null) return { kind: 'acked', nativeId };
    return {
      kind: 'unknown',
      detail: tell({ request: { method, label: path } }, 'the answer does not tell the new id'),
    };
  }

  async update(request: UpdateRequest): Promise<WriteResult> {
    const kind = this.#kind(request.kind);
    if (kind.update === undefined) throw new Error(`${request.kind} cannot be updated`);
    const { method, path: label } = kind.update;
    const path = recordPath(label, request.nativeId, kind.id.json);
    if (path === null) return notAsked(method, label, 'this id cannot be written in an address');
    if (isSystemId(kind, request.nativeId)) return notAsked(method, label, 'this record belongs to the system');
    const headers = writeHeaders(kind, request.current);
    if (headers === null) return notAsked(method, label, 'the record was read without a version');
    const body = updateBody(kind, { ...request, current: request.current.raw });
    const sent: HttpRequest = { method, path, label, headers, body, signal: request.signal };
    const answer = await this.#talker.write(sent);
    return answer.ok ? { kind: 'acked', nativeId: request.nativeId } : answer.failure;
  }

  #kind(kind: Kind): KindDescriptor {
    const found = this.#descriptor.kinds[kind];
    if (found === undefined) throw new Error(`${this.#descriptor.name} has no ${kind}`);
    return found;
  }
}

function signInHeaders(signIn: SignIn, secrets: Readonly<Record<string, string>>): Record<string, string> {
  const secret = (name: string): string => secrets[name] ?? '';
  switch (signIn.type) {
    case 'none':
      return {};
    case 'headers':
      return Object.fromEntries(Object.entries(signIn.headers).map(([header, name]) => [header, secret(name)]));
    case 'bearer':
      return { Authorization: `Bearer ${secret(signIn.secret)}` };
    case 'basic':
      return {
        Authorization: `Basic ${Buffer.from(`${secret(signIn.user)}:${secret(signIn.password)}`).toString('base64')}`,
      };
  }
  return signIn satisfies never;
}

/** A request that was not made, and why. Status 0: no system said so. */
const notAsked = (method: HttpRequest['method'], label: string, why: string) =>
  ({ kind: 'refused', status: 0, detail: tell({ request: { method, label } }, `not sent, ${why}`) }) as const;

const isSystemId = (kind: KindDescriptor, id: string | null): boolean =>
  id !== null && kind.capabilities.systemIds.includes(id);

function chosenId(kind: KindDescriptor, values: ReadonlyMap<string, Json>): string | null {
  const id = kind.capabilities.clientChosenId === kind.id.field ? values.get(kind.id.field) : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** `null`: the system takes conditional writes and this record came without what they need (I2). */
function writeHeaders(kind: KindDescriptor, current: RawRecord): Record<string, string> | null {
  const headers = kind.update?.headers ?? {};
  if (!kind.capabilities.conditionalWrite) return headers;
  return current.version === null ? null : { ...headers, 'If-Match': current.version };
}

const wrappers = (kind: KindDescriptor): readonly string[] =>
  typeof kind.create?.body === 'object' ? [kind.create.body.wrapped, kind.list.items] : [kind.list.items];

/** The query of a look-up; `null` when the field cannot be looked up, or cannot hold such a value. */
function findParams(kind: KindDescriptor, field: string, value: string, most: number): QueryParams | null {
  const { find } = kind;
  if (find === undefined) throw new Error(`${kind.list.path} has no look-up`);
  const filter = findFilter(find, kind.fields[field]?.json ?? 'string', field, value);
  return filter === null || find.sizeParam === undefined ? filter : { ...filter, [find.sizeParam]: String(most) };
}

function findFilter(find: Find, json: FieldDeclaration['json'], field: string, value: string): QueryParams | null {
  if (find.type === 'odata') {
    const literal = odataLiteral(value, json);
    return literal === null ? null : { [find.param]: `${field} eq ${literal}` };
  }
  const param = find.params[field];
  return param === undefined ? null : { [param]: value };
}

function foundRecords(
  kind: KindDescriptor,
  json: Json,
  items: string,
  { field, value }: { field: string; value: string },
  most: number,
): Result<readonly RawRecord[], ConnectorFailure> {
  const { path } = kind.list;
  const found = entitiesOf(kind, json, items);
  if (!found.ok) return fail(unreadable(path, found.failure));
  const records = found.value.map((item) => toRecord(kind, item, null));
  if (!records.every((record) => record !== null)) return fail(unreadable(path, 'a record without an id'));
  // A system that ignores a filter it does not know sends everything: the wrong record would pass for the right one.
  if (!records.every((record) => holds(record.raw, field, value))) {
    return fail(unreadable(path, `the look-up by ${field} was not honoured`));
  }
  return ok(records.slice(0, most));
}

/** A look-up answers with the list's shape or, for a single record, with the record itself (Q8). */
function entitiesOf(kind: KindDescriptor, json: Json, items: string): Result<readonly Json[], string> {
  const isBare = isJsonObject(json) && memberAt(json, items) === undefined && idOf(kind, json) !== null;
  return isBare ? ok([json]) : itemsOf(json, items);
}
