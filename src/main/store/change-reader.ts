import { isOpen, otherSide } from '../../shared/domain.ts';
import type { ChangeOp, ChangeState, GroupChange, Kind, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { fromJson } from './json.ts';
import { IS_OPEN, toChange } from './stored-change.ts';
import type { ChangeRow, StoredChange } from './stored-change.ts';
import { columnOf } from './stored-link.ts';

/** What is durable of a write before its first byte leaves (I8). */
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

/** Where a change is to be written. Nothing of it changes while the change is open. */
export type ReadyChange = Pick<StoredChange, 'id' | 'kind' | 'op' | 'target' | 'linkId'>;

/** A record whose counterpart is to be created, and the change that would do it. */
export interface OpenCreate extends Pick<StoredChange, 'id' | 'target' | 'state'> {
  readonly sourceId: string;
}

/** What a person looks for in the list of changes; without `show`: all that is open. */
export interface ChangeFilter {
  readonly kind?: Kind | undefined;
  readonly target?: Side | undefined;
  readonly op?: ChangeOp | undefined;
  readonly show?: 'waiting' | 'approved' | 'held' | 'open' | undefined;
  readonly find?: string | undefined;
}

/** O1: creates and updates kind by kind, then archives from the referring end. */
const ORDER = `CASE op WHEN 'archive' THEN 1 ELSE 0 END,
  CASE kind WHEN 'department' THEN 0 WHEN 'customer' THEN 1 WHEN 'employee' THEN 2 ELSE 3 END * CASE op WHEN 'archive' THEN -1 ELSE 1 END,
  CASE op WHEN 'create' THEN 0 ELSE 1 END, id`;

/** S1, S7: approved, and not written before a person has typed how many there are. */
const HELD = "(state IN ('approved', 'deferred') AND rail GLOB 'S[17]*')";

/**
 * Approved in part: the state is that of what may be written. The text is what `JSON.stringify` makes of a flag; inside a
 * value its quotes would be escaped, so no value reads like it, and nothing has to be parsed for a list.
 */
const PARTLY = `(state IN ('approved', 'deferred') AND instr(groups, '"approved":false') > 0)`;

/** Waits with all of its groups. */
const AS_A_WHOLE = "state IN ('planned', 'manual', 'unknown')";

/** What each list shows of all that is open. */
const SHOWN: Record<NonNullable<ChangeFilter['show']>, string> = {
  waiting: `(${AS_A_WHOLE} OR ${HELD} OR ${PARTLY})`,
  approved: "state IN ('approved', 'deferred', 'preparing', 'sending', 'acked')",
  held: HELD,
  open: 'TRUE',
};

/** The sync's own change `c` that was approved for a checklist and for nobody else (7.6). */
const CARRIED = "SELECT 1 FROM journal WHERE item = 'change:' || c.id AND event = 'approvedForChecklist'";

/** What is known of pending changes. Nothing here writes. */
export class ChangeReader {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: number): Promise<StoredChange | null> {
    const row = this.#db.prepare<[number], ChangeRow>('SELECT * FROM changes WHERE id = ?').get(id);
    return row === undefined ? null : toChange(row);
  }

  /** Ids of all that are open of a kind, in order. */
  async openIds(kind: Kind): Promise<number[]> {
    return this.#db
      .prepare<[string], { id: number }>(`SELECT id FROM changes WHERE kind = ? AND ${IS_OPEN} ORDER BY id`)
      .all(kind)
      .map(({ id }) => id);
  }

  /** These changes, open or not, in the order of their ids. */
  async many(ids: readonly number[]): Promise<StoredChange[]> {
    return this.#db
      .prepare<[string], ChangeRow>('SELECT * FROM changes WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id')
      .all(JSON.stringify(ids))
      .map(toChange);
  }

  /** Whether anything that waits was planned under other versions than these: its approval counts no more (V2). */
  async hasOfOtherVersions(kind: Kind, { mapping, policy, tenant }: StoredChange['versions']): Promise<boolean> {
    return (
      this.#db
        .prepare<[object], { n: number }>(
          `SELECT 1 n FROM changes WHERE kind = :kind AND ${IS_OPEN} AND state IN ('planned', 'approved', 'deferred')
           AND (versions ->> 'mapping', versions ->> 'policy', versions ->> 'tenant') <> (:mapping, :policy, :tenant) LIMIT 1`,
        )
        .get({ kind, mapping, policy, tenant }) !== undefined
    );
  }

  /** The records whose counterpart is to be created: what others may wait for (O3). */
  async openCreates(kind: Kind): Promise<OpenCreate[]> {
    return this.#db
      .prepare<[string], OpenCreate>(
        `SELECT id, target, state, CASE target WHEN 'customerp' THEN tidsbanken_id ELSE customerp_id END AS sourceId
         FROM changes WHERE kind = ? AND op = 'create' AND ${IS_OPEN} AND sourceId IS NOT NULL ORDER BY id`,
      )
      .all(kind);
  }

  async openOfLinks(linkIds: readonly number[]): Promise<StoredChange[]> {
    return this.#db
      .prepare<[string], ChangeRow>(
        `SELECT * FROM changes INDEXED BY changes_open_update
         WHERE link_id IN (SELECT value FROM json_each(?)) AND link_id IS NOT NULL AND ${IS_OPEN} ORDER BY id`,
      )
      .all(JSON.stringify(linkIds))
      .map(toChange);
  }

  async openOfLink(linkId: number): Promise<StoredChange[]> {
    return this.#db
      .prepare<[number], ChangeRow>(`SELECT * FROM changes WHERE link_id = ? AND ${IS_OPEN} ORDER BY id`)
      .all(linkId)
      .map(toChange);
  }

  async openOfRecord(kind: Kind, side: Side, nativeId: string): Promise<StoredChange[]> {
    const column = columnOf(side);
    return this.#db
      .prepare<[string, string], ChangeRow>(
        `SELECT * FROM changes WHERE kind = ? AND ${column} = ? AND ${IS_OPEN} ORDER BY id`,
      )
      .all(kind, nativeId)
      .map(toChange);
  }

  /** Verified writes to a pair since that time, oldest first; restores and what a checklist wrote are no edits (W6). */
  async verifiedOfLink(linkId: number, since: number): Promise<StoredChange[]> {
    return this.#db
      .prepare<[number, number], ChangeRow>(
        `SELECT * FROM changes c WHERE link_id = ? AND state = 'verified' AND op <> 'create'
         AND origin NOT IN ('undo', 'checklist') AND updated_at >= ? AND NOT EXISTS (${CARRIED}) ORDER BY updated_at, id`,
      )
      .all(linkId, since)
      .map(toChange);
  }

  /** Whether the sync carried this change over for a checklist and for nobody else (7.6). */
  async isCarriedForChecklist(id: number): Promise<boolean> {
    return (
      this.#db
        .prepare<[number], { n: number }>(`SELECT 1 n FROM changes c WHERE id = ? AND EXISTS (${CARRIED})`)
        .get(id) !== undefined
    );
  }

  /** What a person has refused stays refused as long as it would be the very same change. */
  async rejectedFingerprints(kind: Kind): Promise<ReadonlySet<string>> {
    const rows = this.#db
      .prepare<[string], { groups: string }>("SELECT groups FROM changes WHERE kind = ? AND state = 'rejected'")
      .all(kind);
    return new Set(rows.flatMap((row) => fromJson<GroupChange[]>(row.groups).map((group) => group.fingerprint)));
  }

  /** Approved and free to go, in the order of O1. */
  async ready(kinds: readonly Kind[]): Promise<ReadyChange[]> {
    return this.#db
      .prepare<[string], ReadyChange>(
        `SELECT id, kind, op, target, link_id AS linkId FROM changes
         WHERE ${IS_OPEN} AND state IN ('approved', 'deferred') AND rail IS NULL AND kind IN (SELECT value FROM json_each(?)) ORDER BY ${ORDER}`,
      )
      .all(JSON.stringify(kinds));
  }

  /** Changes of one origin that no writer has picked up yet. */
  async waitingOf(origin: StoredChange['origin']): Promise<number[]> {
    return this.#db
      .prepare<[string], { id: number }>(
        `SELECT id FROM changes WHERE ${IS_OPEN} AND state IN ('planned', 'approved', 'deferred', 'manual') AND origin = ? ORDER BY id`,
      )
      .all(origin)
      .map((row) => row.id);
  }

  /** Looks through what is open only, where nothing else is asked about. */
  async idsIn(states: readonly ChangeState[]): Promise<number[]> {
    const among = states.every((state) => isOpen({ state })) ? IS_OPEN : 'TRUE';
    return this.#db
      .prepare<[string], { id: number }>(
        `SELECT id FROM changes WHERE ${among} AND state IN (SELECT value FROM json_each(?)) ORDER BY ${ORDER}`,
      )
      .all(JSON.stringify(states))
      .map((row) => row.id);
  }

  async countByState(): Promise<{ kind: Kind; state: ChangeState; count: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; state: ChangeState; count: number }>(
        `SELECT kind, state, count(*) AS count FROM changes WHERE ${IS_OPEN} GROUP BY kind, state`,
      )
      .all();
  }

  /**
   * How many of each kind stand in each list. What is approved in part stands in two; what is held is not counted as approved.
   * Counted in an index; only what is approved is read, to see whether it is held or in part.
   */
  async countShown(): Promise<{ kind: Kind; waiting: number; approved: number; held: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; waiting: number; approved: number; held: number }>(
        `SELECT kind, total(waiting) AS waiting, total(approved) AS approved, total(held) AS held FROM (
           SELECT kind, count(*) * (${AS_A_WHOLE}) AS waiting, count(*) * (${SHOWN.approved}) AS approved, 0 AS held
           FROM changes WHERE ${IS_OPEN} GROUP BY state, kind
           UNION ALL
           SELECT kind, total(${HELD} OR ${PARTLY}), -total(${HELD}), total(${HELD})
           FROM changes WHERE ${IS_OPEN} AND state IN ('approved', 'deferred') GROUP BY state, kind
         ) GROUP BY kind`,
      )
      .all();
  }

  async list(filter: ChangeFilter, offset: number, limit: number): Promise<{ total: number; rows: StoredChange[] }> {
    const { sql, args } = where(filter);
    // Counted and put in order in one go, by what is short; contents are read for the rows that are shown only.
    const rows = this.#db
      .prepare<[object], ChangeRow & { total: number }>(
        `WITH shown AS (SELECT id, count(*) OVER () AS total FROM changes WHERE ${sql} ORDER BY ${ORDER} LIMIT :limit OFFSET :offset)
         SELECT changes.*, shown.total FROM changes JOIN shown USING (id) ORDER BY ${ORDER}`,
      )
      .all({ ...args, offset, limit });
    return { total: rows[0]?.total ?? (offset === 0 ? 0 : this.#count(filter)), rows: rows.map(toChange) };
  }

  #count(filter: ChangeFilter): number {
    const { sql, args } = where(filter);
    return this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM changes WHERE ${sql}`).get(args)?.n ?? 0;
  }

  /** Counts of a filter by kind, target and op, and the rails that hold some of them (V3). */
  async summary(
    filter: ChangeFilter,
  ): Promise<{ kind: Kind; target: Side; op: ChangeOp; count: number; review: number; rail: string | null }[]> {
    const { sql, args } = where(filter);
    return this.#db
      .prepare<
        [object],
        { kind: Kind; target: Side; op: ChangeOp; count: number; review: number; rail: string | null }
      >(
        `SELECT kind, target, op, rail, count(*) AS count, sum(needs = 'review') AS review FROM changes WHERE ${sql}
         GROUP BY kind, target, op, rail ORDER BY kind, target, op`,
      )
      .all(args);
  }

  async idsOf(filter: ChangeFilter): Promise<number[]> {
    const { sql, args } = where(filter);
    return this.#db
      .prepare<[object], { id: number }>(`SELECT id FROM changes WHERE ${sql} ORDER BY ${ORDER}`)
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
    const source = columnOf(otherSide(target));
    const rows = this.#db
      .prepare<[string, string], { chosen: string; source: string }>(
        `SELECT i.chosen_id AS chosen, coalesce(c.${source}, '') AS source FROM intents i JOIN changes c ON c.id = i.change_id
         WHERE i.kind = ? AND i.target = ? AND i.chosen_id IS NOT NULL`,
      )
      .all(kind, target);
    return new Map(rows.map((row) => [row.chosen, row.source]));
  }

  /** Of these ids, those that any intent has chosen on that side, with the source record each was chosen for (K8). */
  async chosenAmong(kind: Kind, target: Side, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = this.#db
      .prepare<[object], { chosen: string; source: string }>(
        `SELECT i.chosen_id AS chosen, coalesce(c.${columnOf(otherSide(target))}, '') AS source
         FROM intents i JOIN changes c ON c.id = i.change_id
         WHERE i.kind = :kind AND i.target = :target AND i.chosen_id IN (SELECT value FROM json_each(:ids))`,
      )
      .all({ kind, target, ids: JSON.stringify(ids) });
    return new Map(rows.map((row) => [row.chosen, row.source]));
  }

  /** Whether a creation of another record has committed to this id of the same kind and side before this change did (K8). */
  async isChosenBefore(changeId: number, chosenId: string): Promise<boolean> {
    const row = this.#db
      .prepare<[object], { n: number }>(
        `SELECT 1 AS n FROM intents mine JOIN changes me ON me.id = mine.change_id
         JOIN intents i ON i.kind = mine.kind AND i.target = mine.target AND i.chosen_id = :chosenId AND i.id < mine.id
         JOIN changes c ON c.id = i.change_id
         WHERE mine.change_id = :changeId
           AND iif(me.target = 'customerp', c.tidsbanken_id IS NOT me.tidsbanken_id, c.customerp_id IS NOT me.customerp_id)
         LIMIT 1`,
      )
      .get({ changeId, chosenId });
    return row !== undefined;
  }

  /** Numbers of the operator's range that open creates have, with the source record that each is for (K8). */
  async numbersPlanned(kind: Kind, target: Side, property: string): Promise<ReadonlyMap<string, string>> {
    const source = columnOf(otherSide(target));
    const rows = this.#db
      .prepare<[object], { number: string; source: string }>(
        `SELECT json_extract(m.value, '$.desired') AS number, c.${source} AS source
         FROM changes c, json_each(c.groups) g, json_each(g.value, '$.members') m
         WHERE c.kind = :kind AND c.target = :target AND c.op = 'create' AND c.${source} IS NOT NULL
           AND c.${IS_OPEN}
           AND json_extract(m.value, '$.property') = :property AND json_type(m.value, '$.instead') IS NOT NULL`,
      )
      .all({ kind, target, property });
    return new Map(rows.map((row) => [row.number, row.source]));
  }

  /** Source records whose newest create came to no record (7.2): a person says what is to become of them. */
  async notPersistedSources(kind: Kind, target: Side): Promise<ReadonlySet<string>> {
    const source = columnOf(otherSide(target));
    const rows = this.#db
      .prepare<[object], { source: string }>(
        `SELECT c.${source} AS source FROM changes c INDEXED BY changes_not_persisted
         WHERE c.kind = :kind AND c.target = :target AND c.op = 'create' AND c.state = 'notPersisted' AND c.${source} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes n
           WHERE n.kind = c.kind AND n.target = c.target AND n.op = 'create' AND n.${source} = c.${source} AND n.id > c.id)`,
      )
      .all({ kind, target });
    return new Set(rows.map((row) => row.source));
  }

  /** Source records for which a person wants a counterpart that is not written yet. */
  async decidedCreateSources(kind: Kind, target: Side): Promise<ReadonlySet<string>> {
    const source = columnOf(otherSide(target));
    const rows = this.#db
      .prepare<[object], { source: string }>(
        `SELECT ${source} AS source FROM changes WHERE kind = :kind AND target = :target AND op = 'create'
         AND origin = 'decision' AND ${IS_OPEN} AND state IN ('planned', 'approved', 'deferred') AND ${source} IS NOT NULL`,
      )
      .all({ kind, target });
    return new Set(rows.map((row) => row.source));
  }
}

function where(filter: ChangeFilter): { sql: string; args: Record<string, string | null> } {
  const find = filter.find?.trim() ?? '';
  return {
    sql: `${IS_OPEN} AND ${SHOWN[filter.show ?? 'open']} AND (:kind IS NULL OR kind = :kind) AND (:target IS NULL OR target = :target) AND (:op IS NULL OR op = :op)
      AND (:find IS NULL OR instr(lower(label || ' ' || coalesce(customerp_id, '') || ' ' || coalesce(tidsbanken_id, '')), :find) > 0)`,
    args: {
      kind: filter.kind ?? null,
      target: filter.target ?? null,
      op: filter.op ?? null,
      find: find === '' ? null : find.toLowerCase(),
    },
  };
}
