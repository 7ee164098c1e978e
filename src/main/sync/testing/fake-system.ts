import { ok, fail } from '../../../shared/domain.ts';
import type { Kind, Result, Side } from '../../../shared/domain.ts';
import { atPath, isJsonObject, withPath } from '../../../shared/json.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
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
} from '../../connectors/connector.ts';
import type { FieldDeclaration } from '../../mapping/field-declaration.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How one kind of a fake is made; the shape of a descriptor's kind fits. */
export interface FakeKind {
  readonly id: { readonly field: string; readonly json: 'string' | 'integer' };
  readonly modifiedField: string | null;
  readonly capabilities: Capabilities;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
}

/** Every observation of section 8, as the sender sees it. */
export type Answer = WriteResult['kind'] | 'ackedWithoutId';

/** What happens to one coming write. `acts`: whether it lands; `afterMs`: how much later, when nobody waits for it. */
export interface Scripted {
  readonly answer: Answer;
  readonly acts?: boolean;
  readonly afterMs?: number;
  readonly retryAfterMs?: number;
  /** What the system keeps instead of what was sent (W3). */
  readonly keeps?: (raw: JsonObject) => JsonObject;
}

/** One thing that really happened to a record. `us`: by a write of the engine. */
export interface Deed {
  readonly at: number;
  /** The same by the clock that nobody sets back, ms. */
  readonly monotonic: number;
  readonly by: 'us' | 'outside';
  readonly op: 'create' | 'update' | 'remove';
  readonly kind: Kind;
  readonly nativeId: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** The record's version after it; what was shown of that version has this content. */
  readonly version: number;
  /** Which of the requests in `received` did it; null when somebody else did. */
  readonly request: number | null;
}

/** One write request as it came in, whether or not it did anything. */
export interface Received {
  readonly op: 'create' | 'update';
  readonly kind: Kind;
  readonly nativeId: string | null;
  readonly values: ReadonlyMap<string, Json>;
  readonly answer: Answer;
  /** The system keeps something else than what was sent (W3). */
  readonly altered: boolean;
}

/** What one pass over a kind answers: the pages as they are in, what the test makes of them out. */
export type PageScript = (pages: readonly Page[]) => readonly Result<Page, ConnectorFailure>[];

interface Row {
  readonly raw: JsonObject;
  readonly modifiedAt: number;
  readonly version: number;
}

/** Each request takes a moment, so that no two edits bear the same time by accident. */
const REQUEST_MS = 1;
const MOST_FOUND = 10;

/**
 * A system in memory behind the engine's port. It keeps what it declares (`can` switches a capability), remembers every
 * write that landed in `history` and every one that came in in `received`, and misbehaves only where it was told to.
 */
export class FakeSystem implements Connector {
  readonly side: Side;
  readonly kinds: readonly Kind[];
  readonly history: Deed[] = [];
  readonly received: Received[] = [];
  pageSize = 100;
  facts: SystemFacts;
  readonly #clock: VirtualClock;
  readonly #shapes: ReadonlyMap<Kind, FakeKind>;
  readonly #switched = new Map<Kind, Partial<Capabilities>>();
  readonly #rows = new Map<Kind, Map<string, Row>>();
  readonly #late: { readonly at: number; readonly act: () => void }[] = [];
  readonly #scripted: Scripted[] = [];
  readonly #readFailures: ConnectorFailure[] = [];
  readonly #pageScripts: { readonly kind: Kind; readonly script: PageScript }[] = [];
  /** Page scripts that wait until a quiet time is over. */
  #putOff: readonly { readonly kind: Kind; readonly script: PageScript }[] = [];
  readonly #withheld = new Map<Kind, Set<string>>();
  #requests = 0;
  #nextId = 1;

  constructor(side: Side, shapes: ReadonlyMap<Kind, FakeKind>, clock: VirtualClock) {
    this.side = side;
    this.#shapes = shapes;
    this.#clock = clock;
    this.kinds = [...shapes.keys()];
    for (const kind of this.kinds) this.#rows.set(kind, new Map());
    const baseUrl = `https://${side}.example`;
    this.facts = { tenant: baseUrl, baseUrl, keyDigest: 'key-1', notes: [], clockSkewMs: 0 };
  }

  // What a test arranges and looks at.

  /** Switches capabilities of one kind. */
  can(kind: Kind, switched: Partial<Capabilities>): this {
    this.#switched.set(kind, { ...this.#switched.get(kind), ...switched });
    return this;
  }

  /** What becomes of the coming writes, one each; after these all go well. */
  answer(...next: readonly Scripted[]): void {
    this.#scripted.push(...next);
  }

  /** The coming point reads and look-ups fail, one each. */
  failReads(...failures: readonly ConnectorFailure[]): void {
    this.#readFailures.push(...failures);
  }

  /** The coming passes over a kind answer with what the scripts make of the pages, one pass each. */
  nextPages(kind: Kind, ...scripts: readonly PageScript[]): void {
    this.#pageScripts.push(...scripts.map((script) => ({ kind, script })));
  }

  /** Some of them still wait for a reading. */
  hasPageTrick = (kind: Kind): boolean =>
    [...this.#pageScripts, ...this.#putOff].some((script) => script.kind === kind);

  /** A field comes with no record any more, or does again. What is in it stays there. */
  withhold(kind: Kind, path: string, isWithheld: boolean): void {
    const paths = this.#withheld.get(kind) ?? new Set<string>();
    this.#withheld.set(kind, paths);
    if (isWithheld) paths.add(path);
    else paths.delete(path);
  }

  withheldOf(kind: Kind): ReadonlySet<string> {
    return this.#withheld.get(kind) ?? new Set();
  }

  /** From here on everything goes well again. What is on its way still lands. */
  heal(): void {
    this.#scripted.length = 0;
    this.#readFailures.length = 0;
    this.#pageScripts.length = 0;
    this.#withheld.clear();
  }

  /** Everything goes well while `act` lasts; what was arranged waits until after it. */
  async quietly<T>(act: () => Promise<T>): Promise<T> {
    const scripted = this.#scripted.splice(0);
    const failures = this.#readFailures.splice(0);
    const pages = this.#pageScripts.splice(0);
    this.#putOff = pages;
    try {
      return await act();
    } finally {
      this.#putOff = [];
      this.#scripted.push(...scripted);
      this.#readFailures.push(...failures);
      this.#pageScripts.push(...pages);
    }
  }

  /** A record of somebody else's making. Returns its id; without one in `values` the system numbers it. */
  put(kind: Kind, values: Readonly<Record<string, Json>>): string {
    const raw = this.#filledIn(kind, new Map(Object.entries(values)));
    return this.#create(kind, raw, null);
  }

  /** An edit by somebody else. */
  edit(kind: Kind, nativeId: string, values: Readonly<Record<string, Json>>): void {
    this.#settle();
    this.#clock.advance(REQUEST_MS);
    this.#replace(kind, nativeId, lay(this.raw(kind, nativeId), Object.entries(values)), null);
  }

  /** Somebody else deletes a record. The engine has no request for that (I12). */
  remove(kind: Kind, nativeId: string): void {
    this.#tell(kind, nativeId, 'remove', null, this.raw(kind, nativeId), null);
    this.#rowsOf(kind).delete(nativeId);
  }

  raw(kind: Kind, nativeId: string): JsonObject {
    this.#settle();
    const row = this.#rowsOf(kind).get(nativeId);
    if (row === undefined) throw new Error(`${this.side} has no ${kind} ${nativeId}.`);
    return row.raw;
  }

  /** As `raw`; null when there is no such record. */
  peek(kind: Kind, nativeId: string): JsonObject | null {
    this.#settle();
    return this.#rowsOf(kind).get(nativeId)?.raw ?? null;
  }

  all(kind: Kind): readonly JsonObject[] {
    this.#settle();
    return [...this.#rowsOf(kind).values()].map((row) => row.raw);
  }

  /** Writes of the engine that landed. */
  get ourDeeds(): readonly Deed[] {
    this.#settle();
    return this.history.filter((deed) => deed.by === 'us');
  }

  // The port.

  capabilities(kind: Kind): Capabilities {
    return { ...this.#shape(kind).capabilities, ...this.#switched.get(kind) };
  }

  fields(kind: Kind): Readonly<Record<string, FieldDeclaration>> {
    return this.#shape(kind).fields;
  }

  requestCount(): number {
    return this.#requests;
  }

  traffic(): Traffic {
    return {
      bytesSent: 0,
      bytesReceived: 0,
      answeringMs: this.#requests * REQUEST_MS,
      waits: 0,
      waitedMs: 0,
      refused: 0,
    };
  }

  admit: Connector['admit'] = (_signal, write) => write();

  async close(): Promise<void> {
    // Nothing is open.
  }

  async probe(): Promise<Result<SystemFacts, ConnectorFailure>> {
    this.#begin();
    return ok(this.facts);
  }

  async *collect(request: CollectRequest): AsyncGenerator<Result<Page, ConnectorFailure>, void, void> {
    this.#begin();
    const pages = this.#pages(request);
    const at = this.#pageScripts.findIndex(({ kind }) => kind === request.kind);
    const [scripted] = at < 0 ? [] : this.#pageScripts.splice(at, 1);
    for (const page of scripted?.script(pages) ?? pages.map((whole) => ok(whole))) {
      yield page;
      if (!page.ok) return;
    }
  }

  async read(request: ReadRequest): Promise<Result<RawRecord | null, ConnectorFailure>> {
    this.#begin();
    if (!this.capabilities(request.kind).pointRead) return fail(notOffered('point read'));
    const failure = this.#readFailures.shift();
    if (failure !== undefined) return fail(failure);
    const row = this.#rowsOf(request.kind).get(request.nativeId);
    return ok(row === undefined ? null : this.#show(request.kind, request.nativeId, row, request.fields));
  }

  async find(request: FindRequest): Promise<Result<readonly RawRecord[], ConnectorFailure>> {
    const { kind, field, value, fields } = request;
    this.#begin();
    if (!this.capabilities(kind).filterByKey) return fail(notOffered('filter'));
    const failure = this.#readFailures.shift();
    if (failure !== undefined) return fail(failure);
    const hits = [...this.#rowsOf(kind)].filter(([, row]) => idText(atPath(row.raw, field)) === value);
    return ok(hits.slice(0, MOST_FOUND).map(([id, row]) => this.#show(kind, id, row, fields)));
  }

  async create(request: CreateRequest): Promise<WriteResult> {
    const { kind, values } = request;
    this.#begin();
    const scripted = this.#scripted.shift() ?? { answer: 'acked' };
    const { id } = this.#shape(kind);
    const chosenId = idText(values.get(id.field));
    const receipt = this.#receive({ op: 'create', kind, nativeId: chosenId, values }, scripted);
    const exists = chosenId !== null && this.#rowsOf(kind).has(chosenId);
    if (exists && lands(scripted) && this.capabilities(kind).createOnExisting !== 'upserts')
      return { kind: 'conflict', status: 409, detail: 'exists' };
    const acted = this.#act(scripted, () => {
      const raw = keep(scripted, this.#filledIn(kind, values));
      if (chosenId === null || !this.#rowsOf(kind).has(chosenId)) return this.#create(kind, raw, receipt);
      // A late one may find that somebody else has taken the id meanwhile.
      if (this.capabilities(kind).createOnExisting === 'upserts')
        this.#replace(kind, chosenId, lay(this.raw(kind, chosenId), [...values]), receipt);
      return chosenId;
    });
    return resultOf(scripted, acted ?? chosenId);
  }

  async update(request: UpdateRequest): Promise<WriteResult> {
    const { kind, nativeId, values, current } = request;
    this.#begin();
    const scripted = this.#scripted.shift() ?? { answer: 'acked' };
    const receipt = this.#receive({ op: 'update', kind, nativeId, values }, scripted);
    const row = this.#rowsOf(kind).get(nativeId);
    if (row === undefined) return { kind: 'refused', status: 404, detail: 'not found' };
    const isOld = this.capabilities(kind).conditionalWrite && current.version !== String(row.version);
    if (isOld && lands(scripted)) return { kind: 'conflict', status: 412, detail: 'changed' };
    // What the sender was not shown is not theirs to leave out, however late the request lands.
    const unseen = new Set(this.withheldOf(kind));
    this.#act(scripted, () => {
      if (!this.#rowsOf(kind).has(nativeId)) return nativeId;
      const body = lay(this.#bodyBelow(kind, this.raw(kind, nativeId), current.raw, unseen), [...values]);
      this.#replace(kind, nativeId, keep(scripted, body), receipt);
      return nativeId;
    });
    return resultOf(scripted, nativeId);
  }

  /** What an update is laid on: the record itself, or, where the object is replaced, what the request carried of it (A4). */
  #bodyBelow(kind: Kind, now: JsonObject, carried: JsonObject, unseen: ReadonlySet<string>): JsonObject {
    const { partialUpdate, putMerges } = this.capabilities(kind);
    if (partialUpdate || putMerges === true) return now;
    const kept = Object.entries(this.fields(kind)).flatMap(([path, field]): [string, Json][] => {
      const isKept = field.readOnly || unseen.has(path);
      const value = isKept ? atPath(now, path) : undefined;
      return value === undefined ? [] : [[path, value]];
    });
    return lay(carried, kept);
  }

  #receive(what: Omit<Received, 'answer' | 'altered'>, { answer, keeps }: Scripted): number {
    return this.received.push({ ...what, answer, altered: keeps !== undefined }) - 1;
  }

  #begin(): void {
    this.#requests += 1;
    this.#clock.advance(REQUEST_MS);
    this.#settle();
  }

  /** Late commits whose time has come. */
  #settle(): void {
    for (let due = this.#dueIndex(); due >= 0; due = this.#dueIndex()) this.#late.splice(due, 1)[0]?.act();
  }

  #dueIndex(): number {
    return this.#late.findIndex(({ at }) => at <= this.#clock.monotonic());
  }

  #act(scripted: Scripted, act: () => string): string | null {
    if (!lands(scripted)) return null;
    if (scripted.afterMs === undefined) return act();
    this.#late.push({ at: this.#clock.monotonic() + scripted.afterMs, act: () => void act() });
    return null;
  }

  #create(kind: Kind, raw: JsonObject, request: number | null): string {
    const { id } = this.#shape(kind);
    const given = idText(raw[id.field]);
    const nativeId = given ?? `${this.side[0] ?? ''}${String(this.#nextId++)}`;
    if (this.#rowsOf(kind).has(nativeId)) throw new Error(`${this.side} has ${kind} ${nativeId} already.`);
    this.#store(kind, nativeId, given === null ? { ...raw, [id.field]: nativeId } : raw, 1);
    this.#tell(kind, nativeId, 'create', request, null, this.#rowsOf(kind).get(nativeId)?.raw ?? null);
    return nativeId;
  }

  #replace(kind: Kind, nativeId: string, raw: JsonObject, request: number | null): void {
    const before = this.#rowsOf(kind).get(nativeId);
    this.#store(kind, nativeId, raw, (before?.version ?? 0) + 1);
    this.#tell(kind, nativeId, 'update', request, before?.raw ?? null, this.#rowsOf(kind).get(nativeId)?.raw ?? null);
  }

  #store(kind: Kind, nativeId: string, raw: JsonObject, version: number): void {
    const { modifiedField } = this.#shape(kind);
    const modifiedAt = this.#clock.now();
    const stamped = modifiedField === null ? raw : { ...raw, [modifiedField]: new Date(modifiedAt).toISOString() };
    this.#rowsOf(kind).set(nativeId, { raw: stamped, modifiedAt, version });
  }

  #tell(
    kind: Kind,
    nativeId: string,
    op: Deed['op'],
    request: number | null,
    before: JsonObject | null,
    after: JsonObject | null,
  ): void {
    const by = request === null ? 'outside' : 'us';
    const version = this.#rowsOf(kind).get(nativeId)?.version ?? 0;
    const monotonic = this.#clock.monotonic();
    this.history.push({ at: this.#clock.now(), monotonic, by, op, kind, nativeId, before, after, version, request });
  }

  /** A new record shows every declared field: what was not given is empty in the system's own way. */
  #filledIn(kind: Kind, values: ReadonlyMap<string, Json>): JsonObject {
    const empty = Object.entries(this.fields(kind)).flatMap(([path, field]): [string, Json][] =>
      field.clear === undefined || field.readOnly ? [] : [[path, clearForm(field)]],
    );
    return lay({}, [...empty, ...values]);
  }

  #pages({ kind, fields, since }: CollectRequest): Page[] {
    const rows = [...this.#rowsOf(kind)]
      .filter(([, row]) => since === null || row.modifiedAt >= since)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const total = this.capabilities(kind).count ? rows.length : null;
    const pages: Page[] = [];
    for (let from = 0; from === 0 || from < rows.length; from += this.pageSize) {
      const records = rows.slice(from, from + this.pageSize).map(([id, row]) => this.#show(kind, id, row, fields));
      pages.push({ records, withoutId: [], total });
    }
    return pages;
  }

  /** The record as asked for: chosen fields, id and modified time. */
  #show(kind: Kind, nativeId: string, row: Row, fields: readonly string[] | 'all'): RawRecord {
    const { id } = this.#shape(kind);
    const paths = fields === 'all' ? null : [id.field, ...fields];
    const picked = paths?.flatMap((path): [string, Json][] => {
      const value = this.#isWithheld(kind, path) ? undefined : atPath(row.raw, path);
      return value === undefined ? [] : [[path, value]];
    });
    const whole = [...this.withheldOf(kind)].reduce(withoutPath, row.raw);
    const raw = picked === undefined ? whole : lay({}, picked);
    return { nativeId, modifiedAt: row.modifiedAt, version: String(row.version), raw };
  }

  #isWithheld(kind: Kind, path: string): boolean {
    return this.withheldOf(kind).has(path);
  }

  #rowsOf(kind: Kind): Map<string, Row> {
    const rows = this.#rows.get(kind);
    if (rows === undefined) throw new Error(`${this.side} has no ${kind}.`);
    return rows;
  }

  #shape(kind: Kind): FakeKind {
    const shape = this.#shapes.get(kind);
    if (shape === undefined) throw new Error(`${this.side} has no ${kind}.`);
    return shape;
  }
}

/** What a system answers to a request that it does not know (2.4). */
const notOffered = (what: string): ConnectorFailure => ({ kind: 'refused', status: 405, detail: `no ${what}` });

const idText = (id: Json | undefined): string | null =>
  typeof id === 'string' || typeof id === 'number' ? String(id) : null;

const lands = (scripted: Scripted): boolean =>
  scripted.acts ?? (scripted.answer === 'acked' || scripted.answer === 'ackedWithoutId');

const keep = (scripted: Scripted, raw: JsonObject): JsonObject => scripted.keeps?.(raw) ?? raw;

const lay = (below: JsonObject, values: readonly (readonly [string, Json])[]): JsonObject =>
  values.reduce((raw, [path, value]) => withPath(raw, path, value), below);

function withoutPath(raw: JsonObject, path: string): JsonObject {
  const [first = '', ...rest] = path.split('.');
  const inner = raw[first];
  if (rest.length > 0 && isJsonObject(inner)) return { ...raw, [first]: withoutPath(inner, rest.join('.')) };
  return Object.fromEntries(Object.entries(raw).filter(([name]) => name !== first));
}

const clearForm = ({ json, clear }: FieldDeclaration): Json =>
  clear === undefined || clear === null || json === 'string' ? (clear ?? null) : Number(clear);

function resultOf({ answer, retryAfterMs = 1_000 }: Scripted, nativeId: string | null): WriteResult {
  const detail = 'as the test says';
  switch (answer) {
    case 'acked':
      return { kind: 'acked', nativeId };
    case 'ackedWithoutId':
      return { kind: 'acked', nativeId: null };
    case 'notSent':
    case 'unknown':
      return { kind: answer, detail };
    case 'slowDown':
      return { kind: 'slowDown', retryAfterMs, detail };
    case 'conflict':
      return { kind: 'conflict', status: 409, detail };
    case 'signInNeeded':
      return { kind: 'signInNeeded', status: 401, detail };
    case 'refused':
      return { kind: 'refused', status: 400, detail };
  }
  return answer satisfies never;
}
