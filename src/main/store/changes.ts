import { OPEN_CHANGE_STATES } from '../../shared/domain.ts';
import type { ChangeOp, ChangeState, GroupChange, Kind, Problem, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import type { BaseMove, Links, NewLink, UnverifiedEnd } from './links.ts';
import type { SharedCommit } from './shared-commit.ts';
import type { Mismatches, NewMismatch } from './mismatches.ts';

export interface StoredChange {
  readonly id: number;
  readonly planId: number;
  readonly kind: Kind;
  readonly op: ChangeOp;
  readonly target: Side;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly groups: readonly GroupChange[];
  readonly needs: 'auto' | 'review';
  readonly fingerprint: string;
  readonly versions: { readonly mapping: string; readonly policy: string; readonly tenant: string };
  readonly waitsFor: readonly { readonly side: Side; readonly kind: Kind; readonly nativeId: string }[];
  readonly label: string;
  readonly state: ChangeState;
  readonly origin: string;
  readonly approvedBy: string | null;
  readonly approvedAt: number | null;
  readonly rail: string | null;
  readonly attempt: number;
  readonly sentAt: number | null;
  readonly problem: Problem | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewChange = Omit<
  StoredChange,
  'id' | 'planId' | 'attempt' | 'sentAt' | 'problem' | 'createdAt' | 'updatedAt'
>;

export interface StoredIntent {
  readonly id: number;
  readonly changeId: number;
  readonly chosenId: string | null;
  readonly marker: string | null;
  readonly payloadDigest: string;
  readonly attempt: number;
  readonly sentAt: number | null;
  readonly nativeId: string | null;
}

/** One step of one change, in one transaction with its consequences and its journal rows. */
export interface Step {
  readonly state: ChangeState;
  readonly attempt?: number;
  readonly sentAt?: number | null;
  readonly problem?: Problem | null;
  readonly groups?: readonly GroupChange[];
  readonly intent?: {
    readonly chosenId: string | null;
    readonly marker: string | null;
    readonly payloadDigest: string;
  };
  /** The native id a create came to; with `newLink` the link is made: unverified until it was read back (K5), or active. */
  readonly nativeId?: string;
  readonly newLink?: NewLink & { readonly state: 'unverified' | 'active' };
  readonly activateLink?: number;
  /** A link that never became active, since its new record is not there or not ours. Told of by the finding. */
  readonly endLink?: { readonly linkId: number; readonly why: UnverifiedEnd };
  readonly base?: BaseMove;
  readonly freeze?: {
    readonly linkId: number;
    readonly groups: readonly string[];
    readonly why: 'transformed' | 'notPersisted' | 'flapping';
  };
  readonly mismatch?: NewMismatch;
  /** Groups that nobody has approved live on as a change of their own. */
  readonly remainder?: readonly GroupChange[];
  readonly dirtyLink?: number;
  readonly journal: readonly JournalEntry[];
}

export interface ChangeFilter {
  readonly kind?: Kind | undefined;
  readonly target?: Side | undefined;
  readonly op?: ChangeOp | undefined;
  readonly show?: 'waiting' | 'approved' | 'open' | undefined;
  readonly find?: string | undefined;
}

interface Row {
  id: number;
  plan_id: number;
  kind: Kind;
  op: ChangeOp;
  target: Side;
  link_id: number | null;
  customerp_id: string | null;
  tidsbanken_id: string | null;
  groups: string;
  needs: 'auto' | 'review';
  fingerprint: string;
  versions: string;
  waits_for: string;
  label: string;
  state: ChangeState;
  origin: string;
  approved_by: string | null;
  approved_at: number | null;
  rail: string | null;
  attempt: number;
  sent_at: number | null;
  problem: string | null;
  created_at: number;
  updated_at: number;
}

const OPEN = OPEN_CHANGE_STATES.map((state) => `'${state}'`).join(', ');

/** O1: creates and updates kind by kind, then archives from the referring end. */
const ORDER = `CASE op WHEN 'archive' THEN 1 ELSE 0 END,
  CASE kind WHEN 'department' THEN 0 WHEN 'customer' THEN 1 WHEN 'employee' THEN 2 ELSE 3 END * CASE op WHEN 'archive' THEN -1 ELSE 1 END,
  CASE op WHEN 'create' THEN 0 ELSE 1 END, id`;

const SHOWN: Record<NonNullable<ChangeFilter['show']>, string> = {
  waiting: "state IN ('planned', 'manual', 'unknown')",
  approved: "state IN ('approved', 'deferred', 'preparing', 'sending', 'acked')",
  open: `state IN (${OPEN})`,
};

/** Pending changes, from plan to end (2.5). */
export class Changes {
  readonly #db: Db;
  readonly #commits: SharedCommit;
  readonly #journal: Journal;
  readonly #links: Links;
  readonly #mismatches: Mismatches;
  readonly #now: () => number;

  constructor(
    db: Db,
    commits: SharedCommit,
    journal: Journal,
    links: Links,
    mismatches: Mismatches,
    now: () => number,
  ) {
    this.#db = db;
    this.#commits = commits;
    this.#journal = journal;
    this.#links = links;
    this.#mismatches = mismatches;
    this.#now = now;
  }

  async get(id: number): Promise<StoredChange | null> {
    const row = this.#db.prepare<[number], Row>('SELECT * FROM changes WHERE id = ?').get(id);
    return row === undefined ? null : toChange(row);
  }

  async open(kind: Kind): Promise<StoredChange[]> {
    return this.#db
      .prepare<[string], Row>(`SELECT * FROM changes WHERE kind = ? AND state IN (${OPEN}) ORDER BY id`)
      .all(kind)
      .map(toChange);
  }

  /** Whether anything that waits was planned under other versions than these: its approval counts no more (V2). */
  async hasOfOtherVersions(kind: Kind, { mapping, policy, tenant }: StoredChange['versions']): Promise<boolean> {
    return (
      this.#db
        .prepare<[object], { n: number }>(
          `SELECT 1 n FROM changes WHERE kind = :kind AND state IN ('planned', 'approved', 'deferred')
           AND (versions ->> 'mapping', versions ->> 'policy', versions ->> 'tenant') <> (:mapping, :policy, :tenant) LIMIT 1`,
        )
        .get({ kind, mapping, policy, tenant }) !== undefined
    );
  }

  /** The records whose counterpart is to be created: what others may wait for (O3). */
  async openCreates(kind: Kind): Promise<{ target: Side; sourceId: string }[]> {
    return this.#db
      .prepare<[string], { target: Side; sourceId: string }>(
        `SELECT target, CASE target WHEN 'customerp' THEN tidsbanken_id ELSE customerp_id END AS sourceId
         FROM changes WHERE kind = ? AND op = 'create' AND state IN (${OPEN}) AND sourceId IS NOT NULL`,
      )
      .all(kind);
  }

  async openOfLinks(linkIds: readonly number[]): Promise<StoredChange[]> {
    return this.#db
      .prepare<[string], Row>(
        `SELECT * FROM changes WHERE link_id IN (SELECT value FROM json_each(?)) AND state IN (${OPEN}) ORDER BY id`,
      )
      .all(JSON.stringify(linkIds))
      .map(toChange);
  }

  async openOfLink(linkId: number): Promise<StoredChange[]> {
    return this.#db
      .prepare<[number], Row>(`SELECT * FROM changes WHERE link_id = ? AND state IN (${OPEN}) ORDER BY id`)
      .all(linkId)
      .map(toChange);
  }

  async openOfRecord(kind: Kind, side: Side, nativeId: string): Promise<StoredChange[]> {
    const column = side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';
    return this.#db
      .prepare<[string, string], Row>(
        `SELECT * FROM changes WHERE kind = ? AND ${column} = ? AND state IN (${OPEN}) ORDER BY id`,
      )
      .all(kind, nativeId)
      .map(toChange);
  }

  /** Verified writes to a pair since that time, oldest first; restores and checklist writes are no edits (W6). */
  async verifiedOfLink(linkId: number, since: number): Promise<StoredChange[]> {
    return this.#db
      .prepare<[number, number], Row>(
        "SELECT * FROM changes WHERE link_id = ? AND state = 'verified' AND op <> 'create' AND origin NOT IN ('restore', 'checklist') AND updated_at >= ? ORDER BY updated_at, id",
      )
      .all(linkId, since)
      .map(toChange);
  }

  /** What a person has refused stays refused as long as it would be the very same change. */
  async rejectedFingerprints(kind: Kind): Promise<ReadonlySet<string>> {
    const rows = this.#db
      .prepare<[string], { groups: string }>("SELECT groups FROM changes WHERE kind = ? AND state = 'rejected'")
      .all(kind);
    return new Set(rows.flatMap((row) => fromJson<GroupChange[]>(row.groups).map((group) => group.fingerprint)));
  }

  /** Approved and free to go, in the order of O1. */
  async readyIds(kinds: readonly Kind[]): Promise<number[]> {
    return this.#db
      .prepare<[string], { id: number }>(
        `SELECT id FROM changes WHERE state IN ('approved', 'deferred') AND rail IS NULL AND kind IN (SELECT value FROM json_each(?)) ORDER BY ${ORDER}`,
      )
      .all(JSON.stringify(kinds))
      .map((row) => row.id);
  }

  async idsIn(states: readonly ChangeState[]): Promise<number[]> {
    return this.#db
      .prepare<[string], { id: number }>(
        `SELECT id FROM changes WHERE state IN (SELECT value FROM json_each(?)) ORDER BY ${ORDER}`,
      )
      .all(JSON.stringify(states))
      .map((row) => row.id);
  }

  async countByState(): Promise<{ kind: Kind; state: ChangeState; count: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; state: ChangeState; count: number }>(
        `SELECT kind, state, count(*) AS count FROM changes WHERE state IN (${OPEN}) GROUP BY kind, state`,
      )
      .all();
  }

  async list(filter: ChangeFilter, offset: number, limit: number): Promise<{ total: number; rows: StoredChange[] }> {
    const { where, args } = this.#where(filter);
    const total =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM changes WHERE ${where}`).get(args)?.n ?? 0;
    const rows = this.#db
      .prepare<[object], Row>(`SELECT * FROM changes WHERE ${where} ORDER BY ${ORDER} LIMIT :limit OFFSET :offset`)
      .all({ ...args, offset, limit });
    return { total, rows: rows.map(toChange) };
  }

  /** Counts of a filter by kind, target and op, and the rails that hold some of them (V3). */
  async summary(
    filter: ChangeFilter,
  ): Promise<{ kind: Kind; target: Side; op: ChangeOp; count: number; review: number; rail: string | null }[]> {
    const { where, args } = this.#where(filter);
    return this.#db
      .prepare<
        [object],
        { kind: Kind; target: Side; op: ChangeOp; count: number; review: number; rail: string | null }
      >(
        `SELECT kind, target, op, rail, count(*) AS count, sum(needs = 'review') AS review FROM changes WHERE ${where}
         GROUP BY kind, target, op, rail ORDER BY kind, target, op`,
      )
      .all(args);
  }

  async idsOf(filter: ChangeFilter): Promise<number[]> {
    const { where, args } = this.#where(filter);
    return this.#db
      .prepare<[object], { id: number }>(`SELECT id FROM changes WHERE ${where} ORDER BY ${ORDER}`)
      .all(args)
      .map((row) => row.id);
  }

  async intent(changeId: number): Promise<StoredIntent | null> {
    const row = this.#db
      .prepare<
        [number],
        {
          id: number;
          change_id: number;
          chosen_id: string | null;
          marker: string | null;
          payload_digest: string;
          attempt: number;
          sent_at: number | null;
          native_id: string | null;
        }
      >(
        'SELECT id, change_id, chosen_id, marker, payload_digest, attempt, sent_at, native_id FROM intents WHERE change_id = ?',
      )
      .get(changeId);
    return row === undefined
      ? null
      : {
          id: row.id,
          changeId: row.change_id,
          chosenId: row.chosen_id,
          marker: row.marker,
          payloadDigest: row.payload_digest,
          attempt: row.attempt,
          sentAt: row.sent_at,
          nativeId: row.native_id,
        };
  }

  /** Ids that any intent has chosen on that side, with the source record each was chosen for (K8). */
  async chosenIds(kind: Kind, target: Side): Promise<ReadonlyMap<string, string>> {
    const source = target === 'customerp' ? 'tidsbanken_id' : 'customerp_id';
    const rows = this.#db
      .prepare<[string, string], { chosen: string; source: string }>(
        `SELECT i.chosen_id AS chosen, coalesce(c.${source}, '') AS source FROM intents i JOIN changes c ON c.id = i.change_id
         WHERE i.kind = ? AND i.target = ? AND i.chosen_id IS NOT NULL`,
      )
      .all(kind, target);
    return new Map(rows.map((row) => [row.chosen, row.source]));
  }

  /** Source records whose newest create came to no record (7.2): a person says what is to become of them. */
  async notPersistedSources(kind: Kind, target: Side): Promise<ReadonlySet<string>> {
    const source = target === 'customerp' ? 'tidsbanken_id' : 'customerp_id';
    const rows = this.#db
      .prepare<[object], { source: string }>(
        `SELECT c.${source} AS source FROM changes c WHERE c.kind = :kind AND c.target = :target AND c.op = 'create'
         AND c.state = 'notPersisted' AND c.${source} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes n
           WHERE n.kind = c.kind AND n.target = c.target AND n.op = 'create' AND n.${source} = c.${source} AND n.id > c.id)`,
      )
      .all({ kind, target });
    return new Set(rows.map((row) => row.source));
  }

  /** One durable step of a change; steps of several changes may share one commit. */
  async advance(id: number, step: Step): Promise<void> {
    await this.#commits.run(() => this.#advance(id, step));
  }

  /** Marks groups as approved by a person or a rule; binds person, time and fingerprint (V1). Returns false when it is too late. */
  async approve(
    id: number,
    groups: readonly string[] | 'all',
    by: string,
    liftRail: boolean,
    journal: readonly JournalEntry[],
  ): Promise<boolean> {
    return this.#db
      .transaction(() => {
        const approved = this.#approve(id, groups, by, liftRail);
        if (approved) this.#journal.append(journal);
        return approved;
      })
      .immediate();
  }

  /** A rule's or a person's approval of many changes at once. */
  async approveMany(
    items: readonly { readonly id: number; readonly groups: readonly string[] }[],
    by: string,
    liftRails: boolean,
    journal: readonly JournalEntry[],
  ): Promise<void> {
    this.#db
      .transaction(() => {
        for (const { id, groups } of items) this.#approve(id, groups, by, liftRails);
        this.#journal.append(journal);
      })
      .immediate();
  }

  async reject(id: number, groups: readonly string[] | 'all', journal: readonly JournalEntry[]): Promise<boolean> {
    return this.#db
      .transaction(() => {
        const change = this.#openAndWaiting(id);
        if (change === null) return false;
        const rejected = change.groups.filter((g) => groups === 'all' || groups.includes(g.group));
        const kept = change.groups.filter((g) => !rejected.includes(g));
        this.#db
          .prepare("UPDATE changes SET state = 'rejected', groups = ?, updated_at = ? WHERE id = ?")
          .run(JSON.stringify(rejected), this.#now(), id);
        if (kept.length > 0) this.#insertRemainder(change, kept);
        else this.#markSkipped(change);
        this.#journal.append(journal);
        return true;
      })
      .immediate();
  }

  /** A link made by hand leaves nothing to create for either of the two. */
  async supersedeCreates(kind: Kind, customerpId: string, tidsbankenId: string): Promise<void> {
    this.#db
      .prepare(
        `UPDATE changes SET state = 'superseded', updated_at = ? WHERE kind = ? AND op = 'create' AND state IN ('planned', 'approved', 'deferred', 'manual')
         AND ((target = 'tidsbanken' AND customerp_id = ?) OR (target = 'customerp' AND tidsbanken_id = ?))`,
      )
      .run(this.#now(), kind, customerpId, tidsbankenId);
  }

  /** A group that a person's decision made into a write: joins the open change of that target, or starts one (section 7). */
  async addDecided(
    change: NewChange,
    mismatchId: number | null,
    journal: readonly JournalEntry[],
  ): Promise<{ readonly changeId: number } | null> {
    return this.#db
      .transaction(() => {
        const open = change.linkId === null ? undefined : this.#openForTarget(change.linkId, change.target);
        if (open !== undefined && !WAITING.has(open.state)) return null;
        const changeId = open === undefined ? this.insert(this.newestPlan(), change) : this.#join(open, change);
        if (mismatchId !== null) this.#mismatches.endNow(mismatchId, 'decided');
        this.#journal.append(journal);
        return { changeId };
      })
      .immediate();
  }

  /** S1: many decided at once are held until a person has typed their number. */
  async hold(ids: readonly number[], rail: string, journal: readonly JournalEntry[]): Promise<void> {
    this.#db
      .transaction(() => {
        for (const id of ids) this.setRail(id, rail);
        this.#journal.append(journal);
      })
      .immediate();
  }

  /** For use inside another repository's transaction. */
  insert(planId: number, change: NewChange): number {
    const result = this.#db
      .prepare(
        `INSERT INTO changes (plan_id, kind, op, target, link_id, customerp_id, tidsbanken_id, groups, needs, fingerprint, versions, waits_for, label,
           state, origin, approved_by, approved_at, rail, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        planId,
        change.kind,
        change.op,
        change.target,
        change.linkId,
        change.customerpId,
        change.tidsbankenId,
        JSON.stringify(change.groups),
        change.needs,
        change.fingerprint,
        JSON.stringify(change.versions),
        JSON.stringify(change.waitsFor),
        change.label,
        change.state,
        change.origin,
        change.approvedBy,
        change.approvedAt,
        change.rail,
        this.#now(),
        this.#now(),
      );
    return Number(result.lastInsertRowid);
  }

  /** For use inside another repository's transaction. */
  setState(id: number, state: ChangeState): void {
    this.#db.prepare('UPDATE changes SET state = ?, updated_at = ? WHERE id = ?').run(state, this.#now(), id);
  }

  /** For use inside another repository's transaction. */
  setRail(id: number, rail: string | null): void {
    this.#db.prepare('UPDATE changes SET rail = ? WHERE id = ?').run(rail, id);
  }

  newestPlan(): number {
    const row = this.#db.prepare<[], { id: number }>('SELECT id FROM plans ORDER BY id DESC LIMIT 1').get();
    if (row === undefined) throw new Error('There is no plan yet.');
    return row.id;
  }

  #advance(id: number, step: Step): void {
    const change = this.#db.prepare<[number], Row>('SELECT * FROM changes WHERE id = ?').get(id);
    if (change === undefined) throw new Error(`Change ${String(id)} does not exist.`);
    if (step.endLink !== undefined) this.#links.endUnverified(step.endLink.linkId, step.endLink.why);
    const newLinkId =
      step.newLink === undefined
        ? null
        : this.#links.insert(step.newLink, step.newLink.state, (link, linkId) => ({
            event: 'linkMade',
            item: `link:${String(linkId)}`,
            detail: {
              kind: link.kind,
              customerpId: link.customerpId,
              tidsbankenId: link.tidsbankenId,
              origin: link.origin,
            },
          }));
    this.#db
      .prepare(
        `UPDATE changes SET state = :state, attempt = coalesce(:attempt, attempt), sent_at = coalesce(:sentAt, sent_at), groups = coalesce(:groups, groups),
           problem = :problem, link_id = coalesce(:link, link_id),
           customerp_id = CASE WHEN target = 'customerp' THEN coalesce(:nativeId, customerp_id) ELSE customerp_id END,
           tidsbanken_id = CASE WHEN target = 'tidsbanken' THEN coalesce(:nativeId, tidsbanken_id) ELSE tidsbanken_id END,
           updated_at = :now WHERE id = :id`,
      )
      .run({
        id,
        state: step.state,
        attempt: step.attempt ?? null,
        sentAt: step.sentAt ?? null,
        groups: step.groups === undefined ? null : JSON.stringify(step.groups),
        problem: step.problem === undefined || step.problem === null ? null : JSON.stringify(step.problem),
        link: newLinkId,
        nativeId: step.nativeId ?? null,
        now: this.#now(),
      });
    this.#recordIntent(id, change, step);
    if (step.activateLink !== undefined)
      this.#db.prepare("UPDATE links SET state = 'active', dirty = 1 WHERE id = ?").run(step.activateLink);
    if (step.base !== undefined) this.#links.moveBase(step.base);
    const writtenId = change.target === 'customerp' ? change.customerp_id : change.tidsbanken_id;
    if (WAS_SENT.has(step.state) && change.link_id !== null && writtenId !== null)
      this.#links.markWritten(change.link_id, change.kind, change.target, writtenId);
    if (step.freeze !== undefined) {
      const { linkId, groups, why } = step.freeze;
      for (const group of groups) this.#links.setFrozen(linkId, group, why);
    }
    if (step.dirtyLink !== undefined) this.#db.prepare('UPDATE links SET dirty = 1 WHERE id = ?').run(step.dirtyLink);
    if (change.op === 'create' && COMES_TO_NOTHING.has(step.state)) this.#markSourceDirty(change);
    if (step.mismatch !== undefined) this.#mismatches.insert(change.plan_id, step.mismatch);
    if (step.remainder !== undefined && step.remainder.length > 0)
      this.#insertRemainder(toChange(change), step.remainder);
    this.#journal.append(step.journal);
  }

  /** In the transaction of the step itself: a crash right after it must not leave the source unjudged (I16). */
  #markSourceDirty(change: Row): void {
    const [side, nativeId] =
      change.target === 'tidsbanken' ? ['customerp', change.customerp_id] : ['tidsbanken', change.tidsbanken_id];
    this.#db
      .prepare('UPDATE records SET dirty = 1 WHERE kind = ? AND side = ? AND native_id = ?')
      .run(change.kind, side, nativeId);
  }

  /** Intents are durable before the first byte leaves (I8); each attempt is counted on the same intent, id and marker. */
  #recordIntent(id: number, change: Row, step: Step): void {
    if (step.intent !== undefined) {
      this.#db
        .prepare(
          `INSERT INTO intents (change_id, kind, target, op, chosen_id, marker, payload_digest, committed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (change_id) DO UPDATE SET payload_digest = excluded.payload_digest`,
        )
        .run(
          id,
          change.kind,
          change.target,
          change.op,
          step.intent.chosenId,
          step.intent.marker,
          step.intent.payloadDigest,
          this.#now(),
        );
    }
    if (step.state === 'sending')
      this.#db
        .prepare('UPDATE intents SET attempt = ?, sent_at = ? WHERE change_id = ?')
        .run(step.attempt ?? 1, step.sentAt ?? null, id);
    if (step.nativeId !== undefined)
      this.#db.prepare('UPDATE intents SET native_id = ? WHERE change_id = ?').run(step.nativeId, id);
  }

  #join(open: StoredChange, change: NewChange): number {
    const names = new Set(change.groups.map((g) => g.group));
    const groups = [...open.groups.filter((g) => !names.has(g.group)), ...change.groups];
    this.#db
      .prepare(
        "UPDATE changes SET groups = ?, state = 'approved', approved_by = ?, approved_at = ?, rail = NULL, updated_at = ? WHERE id = ?",
      )
      .run(JSON.stringify(groups), change.approvedBy, this.#now(), this.#now(), open.id);
    return open.id;
  }

  #approve(id: number, groups: readonly string[] | 'all', by: string, liftRail: boolean): boolean {
    const change = this.#openAndWaiting(id);
    if (change === null) return false;
    const approved = change.groups.map((g) =>
      groups === 'all' || groups.includes(g.group) ? { ...g, approved: true } : g,
    );
    this.#db
      .prepare(
        "UPDATE changes SET groups = ?, state = 'approved', approved_by = ?, approved_at = ?, rail = ?, updated_at = ? WHERE id = ?",
      )
      .run(JSON.stringify(approved), by, this.#now(), liftRail ? null : change.rail, this.#now(), id);
    return true;
  }

  #insertRemainder(change: StoredChange, groups: readonly GroupChange[]): void {
    const approved = groups.every((g) => g.approved);
    this.insert(change.planId, {
      ...change,
      op: change.op === 'archive' && !groups.some((g) => g.group === 'lifecycle') ? 'update' : change.op,
      groups,
      needs: groups.some((g) => g.needs === 'review') ? 'review' : 'auto',
      fingerprint: groups.map((g) => g.fingerprint).join('+'),
      state: approved ? 'approved' : 'planned',
      approvedBy: approved ? change.approvedBy : null,
      approvedAt: approved ? change.approvedAt : null,
    });
  }

  #markSkipped(change: StoredChange): void {
    this.#db
      .prepare(
        `UPDATE records SET bucket = 'skipped', reason = 'rejected' WHERE kind = :kind AND
         ((side = 'customerp' AND native_id = :customerp) OR (side = 'tidsbanken' AND native_id = :tidsbanken))`,
      )
      .run({ kind: change.kind, customerp: change.customerpId, tidsbanken: change.tidsbankenId });
  }

  #openAndWaiting(id: number): StoredChange | null {
    const row = this.#db.prepare<[number], Row>('SELECT * FROM changes WHERE id = ?').get(id);
    return row === undefined || !WAITING.has(row.state) ? null : toChange(row);
  }

  #openForTarget(linkId: number, target: Side): StoredChange | undefined {
    const row = this.#db
      .prepare<[number, string], Row>(`SELECT * FROM changes WHERE link_id = ? AND target = ? AND state IN (${OPEN})`)
      .get(linkId, target);
    return row === undefined ? undefined : toChange(row);
  }

  #where(filter: ChangeFilter): { where: string; args: Record<string, string | null> } {
    const find = filter.find?.trim() ?? '';
    return {
      where: `${SHOWN[filter.show ?? 'open']} AND (:kind IS NULL OR kind = :kind) AND (:target IS NULL OR target = :target) AND (:op IS NULL OR op = :op)
        AND (:find IS NULL OR instr(lower(label || ' ' || coalesce(customerp_id, '') || ' ' || coalesce(tidsbanken_id, '')), :find) > 0)`,
      args: {
        kind: filter.kind ?? null,
        target: filter.target ?? null,
        op: filter.op ?? null,
        find: find === '' ? null : find.toLowerCase(),
      },
    };
  }
}

/** What a create that made no record ends or waits in: its source is judged anew. */
/** States in which a write of ours was read back: the time that the record bears is its time (D4). */
const WAS_SENT: ReadonlySet<ChangeState> = new Set(['verified', 'transformed', 'notPersisted']);
const COMES_TO_NOTHING: ReadonlySet<ChangeState> = new Set(['failed', 'stale', 'unknown', 'manual', 'notPersisted']);

/** Decisions are taken until a writer has picked the change up (section 7). */
const WAITING: ReadonlySet<ChangeState> = new Set(['planned', 'approved', 'deferred', 'manual']);

const toChange = (row: Row): StoredChange => ({
  id: row.id,
  planId: row.plan_id,
  kind: row.kind,
  op: row.op,
  target: row.target,
  linkId: row.link_id,
  customerpId: row.customerp_id,
  tidsbankenId: row.tidsbanken_id,
  groups: fromJson(row.groups),
  needs: row.needs,
  fingerprint: row.fingerprint,
  versions: fromJson(row.versions),
  waitsFor: fromJson(row.waits_for),
  label: row.label,
  state: row.state,
  origin: row.origin,
  approvedBy: row.approved_by,
  approvedAt: row.approved_at,
  rail: row.rail,
  attempt: row.attempt,
  sentAt: row.sent_at,
  problem: row.problem === null ? null : fromJson(row.problem),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
