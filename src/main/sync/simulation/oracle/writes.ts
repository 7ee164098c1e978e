import { hasNoSource, otherSide } from '../../../../shared/domain.ts';
import type { Direction, Kind, Side } from '../../../../shared/domain.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type {
  CollectRequest,
  CreateRequest,
  RawRecord,
  UpdateRequest,
  WriteResult,
} from '../../../connectors/connector.ts';
import type { CompiledProperty } from '../../../mapping/compile.ts';
import { sameValue } from '../../../mapping/equality.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { Received } from '../../testing/fake-system.ts';
import { payloadDigest } from '../../apply/payload.ts';
import { idOf, textOf } from '../values.ts';
import type { Approvals } from './approvals.ts';
import type { Check, Report } from './report.ts';
import type { Checklists } from './checklists.ts';
import type { Creation } from './creation.ts';
import type { Narrowed } from './narrowed.ts';
import type { Scope } from './scope.ts';
import type { Undos } from './undos.ts';
import { idIn, keyOf } from './view.ts';
import type { View } from './view.ts';

/** One write request, as it was known when it left. */
export interface Sent {
  readonly change: StoredChange;
  /** Tells this change from one of the same number in another store. */
  readonly changeKey: string;
  /** How many stores there had been before the one that sent it. */
  readonly epoch: number;
  /** Length of the target's history when the target was read before this write (A2). */
  readonly readSeq: number;
  readonly carried: JsonObject | null;
}

/** Who else has a say about each write. */
export interface Judges {
  readonly approvals: Approvals;
  readonly undos: Undos;
  readonly narrowed: Narrowed;
  readonly checklists: Checklists;
  readonly scope: Scope;
  readonly creation: Creation;
}

type Write = CreateRequest | UpdateRequest;

interface LastRead {
  /** How far the system's history had come: others may have edited it before the answer was here. */
  readonly seq: number;
  /** ms, monotonic. */
  readonly at: number;
}

const SEND_WITHIN_MS = 5_000;
/** J3: whoever asks for more is not waited for. */
const LONGEST_WAIT_MS = 15 * 60_000;
/** A2, and the time that waiting for a slow system may take after it. */
const SOURCE_MAX_AGE_MS = 5 * 60_000 + 60_000;

/** Judges each write at the moment before it leaves. */
export class Writes {
  readonly #view: View;
  readonly #report: Report;
  readonly #approvals: Approvals;
  readonly #undos: Undos;
  readonly #narrowed: Narrowed;
  readonly #checklists: Checklists;
  readonly #scope: Scope;
  readonly #creation: Creation;
  readonly #lastRead = new Map<string, LastRead>();
  /** When whole readings of this run began, by side and kind, oldest first. */
  readonly #walks = new Map<string, LastRead[]>();
  readonly #walking = new WeakSet<CollectRequest>();
  /** By what it carries: several are under way at once, and each system keeps what came in with the very same values. */
  readonly #sent = new WeakMap<Write['values'], Sent>();
  readonly #attempts = new Set<string>();
  readonly #lastSend = new Map<
    string,
    { readonly at: number; outcome: WriteResult['kind'] | 'pending'; notBefore?: number }
  >();
  /** Writes that have left and are not answered yet. */
  readonly #underWay = new Set<Write['values']>();
  #mode = 'manual';
  #inRun: Sent[] = [];
  #historyAtBegin = { customerp: 0, tidsbanken: 0 };

  constructor(view: View, report: Report, judges: Judges) {
    this.#view = view;
    this.#report = report;
    this.#approvals = judges.approvals;
    this.#undos = judges.undos;
    this.#narrowed = judges.narrowed;
    this.#checklists = judges.checklists;
    this.#scope = judges.scope;
    this.#creation = judges.creation;
  }

  beginRun(mode: string): void {
    const { customerp, tidsbanken } = this.#view.fakes;
    this.#mode = mode;
    this.#inRun = [];
    this.#underWay.clear();
    this.#lastRead.clear();
    this.#walks.clear();
    this.#historyAtBegin = { customerp: customerp.history.length, tidsbanken: tidsbanken.history.length };
  }

  /** Writes of the run that goes on, or was the last. */
  get inRun(): readonly Sent[] {
    return this.#inRun;
  }

  historyAtBegin(side: Side): number {
    return this.#historyAtBegin[side];
  }

  /** What is known of a request that came in. */
  sent({ values }: Received): Sent | undefined {
    return this.#sent.get(values);
  }

  afterRead(side: Side, kind: Kind, nativeId: string, record: RawRecord | null): void {
    this.#lastRead.set(keyOf(side, kind, nativeId), {
      seq: this.#view.seqOf(side, kind, record),
      at: this.#view.fakes.clock.monotonic(),
    });
  }

  /** A page came. With its first one a reading shows the collection as it is then: who comes later may not be in it. */
  pageCame(side: Side, request: CollectRequest): void {
    if (this.#walking.has(request) || request.since !== null) return;
    this.#walking.add(request);
    const key = `${side}:${request.kind}`;
    const begun = { seq: this.#view.fakes.of(side).history.length, at: this.#view.fakes.clock.monotonic() };
    this.#walks.set(key, [...(this.#walks.get(key) ?? []), begun]);
  }

  afterWrite({ values }: Write, result: WriteResult): void {
    const sent = this.#sent.get(values);
    this.#underWay.delete(values);
    const last = sent === undefined ? undefined : this.#lastSend.get(sent.changeKey);
    if (last !== undefined) last.outcome = result.kind;
    if (last !== undefined && result.kind === 'slowDown' && result.retryAfterMs <= LONGEST_WAIT_MS)
      last.notBefore = this.#view.fakes.clock.monotonic() + result.retryAfterMs;
    this.#report.marks.add(`outcome:${sent?.change.op ?? ''} ${result.kind}`);
  }

  async beforeWrite(side: Side, op: 'create' | 'update', request: Write): Promise<void> {
    this.#report.marks.add('check:write');
    // It leaves now; what others do while it is judged does not make it any older.
    const at = this.#view.fakes.clock.monotonic();
    const nativeId = 'nativeId' in request ? request.nativeId : null;
    const check = this.#report.about({ side, kind: request.kind, nativeId: nativeId ?? '(new)' });
    const change = await this.#sending(side, request, check);
    if (change === null) return;
    const read =
      nativeId === null ? await this.#lookedFor(side, change, at) : this.#lastReadOf(side, request.kind, nativeId);
    const sent: Sent = {
      change,
      changeKey: `${String(this.#view.epoch)}:${String(change.id)}`,
      epoch: this.#view.epoch,
      readSeq: read?.seq ?? this.#view.fakes.of(side).history.length,
      carried: 'current' in request ? request.current.raw : null,
    };
    this.#checkMoment(sent, at, check);
    this.#narrowed.checkWrite(change, check);
    this.#checklists.checkWrite(change, check);
    this.#creation.checkRequest(side, request, change, check);
    this.#scope.checkWrite(change, this.#readFor(change, side, sent.readSeq), check);
    this.#sent.set(request.values, sent);
    this.#inRun.push(sent);
    this.#underWay.add(request.values);
    this.#report.marks.add(`underWay:${String(this.#underWay.size)}`);
    this.#lastSend.set(sent.changeKey, { at, outcome: 'pending' });
    await this.#checkPayload(side, op, change, request, check);
    if (op === 'create') this.#checkNotThere(side, change, check);
    else await this.#checkTarget(side, change, nativeId ?? '', { read, at }, check);
    await this.#checkSource(change, check);
    await this.#undos.checkWrite(change, check);
    if (change.origin === 'undo') this.#report.marks.add('check:undo');
  }

  #lastReadOf = (side: Side, kind: Kind, nativeId: string): LastRead | undefined =>
    this.#lastRead.get(keyOf(side, kind, nativeId));

  /**
   * Who comes between the look for the chosen id and the create cannot be seen (K9); for longer, nobody may. Where there is
   * neither a point read nor a filter, the look is as old as the beginning of the walk.
   */
  async #lookedFor(side: Side, { id, kind }: StoredChange, at: number): Promise<LastRead | undefined> {
    const intent = await this.#view.fakes.store.changes.intent(id);
    const isRecent = (look: LastRead): boolean => at - look.at <= SEND_WITHIN_MS;
    const read = this.#lastReadOf(side, kind, intent?.chosenId ?? '');
    if (read !== undefined && isRecent(read)) return read;
    const { pointRead, filterByKey } = this.#view.fakes.of(side).capabilities(kind);
    return pointRead || filterByKey ? undefined : this.#walks.get(`${side}:${kind}`)?.find(isRecent);
  }

  /** How far each history had come when that side was last read for this write; what came later was not to be known. */
  #readFor({ kind, ...ids }: StoredChange, target: Side, readSeq: number): Readonly<Record<Side, number>> {
    const source = otherSide(target);
    const read = this.#lastRead.get(keyOf(source, kind, idIn(ids, source) ?? ''));
    const since = read?.seq ?? this.#seqBefore(source, SOURCE_MAX_AGE_MS + this.#view.turnedBackMs);
    return target === 'customerp'
      ? { customerp: readSeq, tidsbanken: since }
      : { customerp: since, tidsbanken: readSeq };
  }

  #seqBefore(side: Side, ms: number): number {
    const { history } = this.#view.fakes.of(side);
    const from = this.#view.fakes.clock.monotonic() - ms;
    const at = history.findIndex((deed) => deed.monotonic >= from);
    return at < 0 ? history.length : at;
  }

  /** I8: the one change that is durably `sending` just this, told in the journal. */
  async #sending(side: Side, request: Write, check: Check): Promise<StoredChange | null> {
    const op = 'nativeId' in request ? 'update' : 'create';
    const { changes } = this.#view.fakes.store;
    const all = await Promise.all((await changes.idsIn(['sending'])).map((id) => changes.get(id)));
    const found: StoredChange[] = [];
    for (const change of all) if (change !== null && (await this.#isOf(change, side, request))) found.push(change);
    // Two records without anything of their own may be made at once, each by one request.
    const [change = null, ...more] = found.toSorted((a, b) => Number(this.#hasLeft(a)) - Number(this.#hasLeft(b)));
    check(change !== null, 'I8', () => `a ${op} left, but no change is durably sending it`);
    if (change === null) return null;
    const source = idIn(change, otherSide(side));
    const isTwice = more.some((c) => op === 'update' || idIn(c, otherSide(side)) === source);
    check(!isTwice, 'I8', () => `a ${op} left, but two changes are sending it`);
    check(await this.#isTold(change), 'I8', () => `a ${op} left, but the journal does not tell of it`);
    return change;
  }

  /** An update is known by its target; a create, which has none, by what it carries and by its marker. */
  async #isOf(change: StoredChange, side: Side, request: Write): Promise<boolean> {
    if (change.target !== side || change.kind !== request.kind) return false;
    if ('nativeId' in request) return change.op !== 'create' && idIn(change, side) === request.nativeId;
    const intent = change.op === 'create' ? await this.#view.fakes.store.changes.intent(change.id) : null;
    if (intent === null) return false;
    const { markerField } = this.#view.fakes.of(side).capabilities(request.kind);
    const marker = markerField === null ? null : (request.values.get(markerField) ?? null);
    const unmarked = new Map([...request.values].filter(([path]) => path !== markerField));
    return intent.marker === marker && intent.payloadDigest === payloadDigest(unmarked);
  }

  async #isTold({ id, attempt }: StoredChange): Promise<boolean> {
    const { rows } = await this.#view.fakes.store.journal.list({ item: `change:${String(id)}` }, 0, 1_000);
    return rows.some((row) => row.event === 'sending' && row.attempt === attempt);
  }

  #attemptOf = ({ id, attempt }: StoredChange): string =>
    `${String(this.#view.epoch)}:${String(id)}:${String(attempt)}`;

  #hasLeft = (change: StoredChange): boolean => this.#attempts.has(this.#attemptOf(change));

  /** 7.4, I11, I13, I14 and V2: whether it may leave now at all. */
  #checkMoment({ change, changeKey }: Sent, at: number, check: Check): void {
    const attempt = this.#attemptOf(change);
    check(!this.#hasLeft(change), '7.4', () => `attempt ${attempt} was sent a second time`);
    this.#attempts.add(attempt);
    check(this.#mode !== 'preview', 'I11', () => `change ${String(change.id)} was written in a preview`);
    check(
      change.rail === null,
      'I13',
      () => `change ${String(change.id)} was written, and ${change.rail ?? ''} holds it`,
    );
    this.#approvals.checkWrite(change, check);
    const last = this.#lastSend.get(changeKey);
    const notBefore = last?.notBefore ?? 0;
    if (notBefore > 0 && this.#inRun.some((sent) => sent.changeKey === changeKey)) {
      this.#report.marks.add('check:Retry-After');
      check(at >= notBefore, 'J3', () => `change ${String(change.id)} left sooner than the system had asked for`);
    }
    if (last === undefined || (last.outcome !== 'unknown' && last.outcome !== 'pending')) return;
    const { settleMs } = this.#view.fakes.of(change.target).capabilities(change.kind);
    const waited = at - last.at;
    check(waited >= settleMs, '7.4', () => `sent again ${String(waited)} ms after an unknown outcome`);
  }

  /** I6, I11, I14, I15: what it carries. */
  async #checkPayload(side: Side, op: string, change: StoredChange, request: Write, check: Check): Promise<void> {
    const flow = this.#view.flow(request.kind);
    const { markerField, clientChosenId } = this.#view.fakes.of(side).capabilities(request.kind);
    const link = change.linkId === null ? null : await this.#view.fakes.store.links.get(change.linkId);
    const members = new Set(change.groups.flatMap((g) => g.members.map((m) => m.property)));
    for (const [path, json] of request.values) {
      const property = flow.properties.find((p) => p[side] === path);
      const isMarker = op === 'create' && path === markerField;
      check(property !== undefined || isMarker, 'I6', () => `writes the unmapped field ${path}`);
      if (property === undefined) continue;
      const isChosenId = op === 'create' && path === clientChosenId;
      const mayFlow = flowsTo(property.direction, side) && flowsTo(link?.direction ?? 'both', side);
      // A test value has to stand where it is to come from (7.6).
      const isTest = change.origin === 'checklist';
      check(isChosenId || mayFlow || isTest, 'I11', () => `writes ${property.name} against its direction`);
      check(op === 'create' || !property.key, 'I11', () => `writes the key ${property.name}`);
      check(members.has(property.name), 'I14', () => `writes ${property.name}, which is no part of the change`);
      await this.#checkReference(side, property, json, check);
    }
  }

  async #checkReference(side: Side, property: CompiledProperty, json: Json, check: Check): Promise<void> {
    const { reference, fields } = property;
    const id = textOf(json);
    if (reference === undefined || id === '' || fields[side].emptyValues.includes(id)) return;
    const link = await this.#view.fakes.store.links.of(reference, side, id);
    check(link?.state === 'active', 'I15', () => `refers to ${reference} ${id}, which has no active link`);
  }

  /** A2, A6 and I2: what is there now is what was approved to be overwritten, or somebody edited it after A2. */
  async #checkTarget(
    side: Side,
    change: StoredChange,
    nativeId: string,
    { read, at }: { readonly read: LastRead | undefined; readonly at: number },
    check: Check,
  ): Promise<void> {
    check(read !== undefined, 'A2', () => 'the target was not read before the write');
    const age = at - (read?.at ?? 0);
    check(age <= SEND_WITHIN_MS + 50, 'A6', () => `the target was read ${String(age)} ms ago`);
    const props = await this.#view.propsNow(side, change.kind, nativeId);
    if (props === null || this.#view.editedSince(side, change.kind, nativeId, read?.seq ?? 0)) return;
    for (const member of change.groups.filter((g) => g.approved).flatMap((g) => g.members)) {
      const now = props[member.property];
      const what = (): string =>
        `${member.property} holds ${String(now)}, and ${String(member.expected)} was approved to be overwritten`;
      check(now === member.expected, 'I2', what);
    }
  }

  /** A2, A3: the source holds what is written, or held it a short while ago. I18: `⊥` only where the source showed it. */
  async #checkSource(change: StoredChange, check: Check): Promise<void> {
    const source = otherSide(change.target);
    const id = idIn(change, source);
    if (id === null || hasNoSource(change.origin)) return;
    const props = await this.#view.propsNow(source, change.kind, id);
    if (props === null || this.#wasTouchedLately(source, change.kind, id)) return;
    for (const member of change.groups.filter((g) => g.approved).flatMap((g) => g.members)) {
      const property = this.#view.flow(change.kind).property(member.property);
      if (property === undefined || property.key || member.desired?.startsWith('open:') === true) continue;
      const now = props[member.property];
      // 7.2: what new records get where their source is empty.
      if (change.op === 'create' && now === null && member.desired === (property.onCreate?.[change.target] ?? null))
        continue;
      check(
        now !== undefined && sameValue(property, now, member.desired),
        member.desired === null ? 'I18' : 'A3',
        () => `writes ${member.property} = ${String(member.desired)}, while its source holds ${String(now)}`,
      );
    }
  }

  /** The age of what was observed is taken by the wall clock, so a clock set back makes it look younger. */
  #wasTouchedLately(side: Side, kind: Kind, nativeId: string): boolean {
    const { clock } = this.#view.fakes;
    const since = clock.monotonic() - SOURCE_MAX_AGE_MS - this.#view.turnedBackMs;
    return this.#view.heldOf(side, kind, nativeId).some(({ deed }) => deed.monotonic >= since);
  }

  /** K2: what a look finds is not made again. What came during this very run may have come after the look. */
  #checkNotThere(side: Side, change: StoredChange, check: Check): void {
    const { mapping } = this.#view.flow(change.kind);
    const wanted = new Map(change.groups.flatMap((g) => g.members).map((m) => [m.property, m.desired]));
    for (const raw of this.#view.fakes.of(side).all(change.kind)) {
      const nativeId = idOf(side, raw);
      if (this.#view.editedSince(side, change.kind, nativeId, this.#historyAtBegin[side])) continue;
      const props = this.#view.read(side, change.kind, raw);
      for (const key of mapping.keys.filter((k) => k.strength === 'strong')) {
        const held = key.properties.map((name) => props[name] ?? null);
        const isThere = held.every(
          (value, index) => value !== null && value === wanted.get(key.properties[index] ?? ''),
        );
        check(!isThere, 'K2', () => `made anew, although ${nativeId} has its ${key.name} ${held.join(' ')}`);
      }
    }
  }
}

const flowsTo = (direction: Direction, side: Side): boolean =>
  direction === 'both' || direction === (side === 'customerp' ? 'toCustomerp' : 'toTidsbanken');
