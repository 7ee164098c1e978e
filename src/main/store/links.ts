import { SIDES } from '../../shared/domain.ts';
import type { Direction, Kind, LinkState, Pair, Props, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';

export type Frozen = Readonly<Record<string, 'transformed' | 'notPersisted' | 'flapping'>>;

/** A 1:1 pair (I9) with what each side held when last verified. */
export interface StoredLink {
  readonly id: number;
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly state: LinkState;
  readonly origin: string;
  readonly direction: Direction;
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
  readonly frozen: Frozen;
  readonly madeAt: number;
  readonly base: Pair<Props>;
  readonly baseMapping: string | null;
  /** The modified time that our last write left on each record, ms; null: none; -1: not known (D4). */
  readonly written: Pair<number | null>;
}

export interface NewLink {
  readonly kind: Kind;
  readonly customerpId: string;
  readonly tidsbankenId: string;
  readonly origin: string;
  readonly keys: Readonly<Record<string, Pair<string | null>>>;
}

/** Why the link of a create never became active; kept as the ended link's origin. */
export type UnverifiedEnd = 'notPersisted' | 'idCollision';

/** Properties whose base moves: written over the old base, the others stay. */
export interface BaseMove {
  readonly linkId: number;
  readonly base: Pair<Props>;
  readonly mapping: string;
}

interface Row {
  id: number;
  kind: Kind;
  customerp_id: string;
  tidsbanken_id: string;
  state: LinkState;
  origin: string;
  direction: Direction;
  keys: string;
  frozen: string;
  made_at: number;
  base_customerp: string | null;
  base_tidsbanken: string | null;
  base_mapping: string | null;
  written_customerp: number | null;
  written_tidsbanken: number | null;
}

const SELECT = `SELECT l.*, b.customerp AS base_customerp, b.tidsbanken AS base_tidsbanken, b.mapping AS base_mapping
  FROM links l LEFT JOIN bases b ON b.link_id = l.id`;

/** In the words of the unique indexes as well: SQLite uses a partial index only where a statement says the same. */
export const ACTIVE = "state IN ('unverified', 'active') AND state = 'active'";

const columnOf = (side: Side): 'customerp_id' | 'tidsbanken_id' =>
  side === 'customerp' ? 'customerp_id' : 'tidsbanken_id';

const WRITTEN = { customerp: 'written_customerp', tidsbanken: 'written_tidsbanken' } as const;

/** Links and their bases. */
export class Links {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#now = now;
  }

  async get(id: number): Promise<StoredLink | null> {
    const row = this.#db.prepare<[number], Row>(`${SELECT} WHERE l.id = ?`).get(id);
    return row === undefined ? null : toLink(row);
  }

  /** The living link of a record, if it has one. */
  async of(kind: Kind, side: Side, nativeId: string): Promise<StoredLink | null> {
    const row = this.#db
      .prepare<[string, string], Row>(
        `${SELECT} WHERE l.kind = ? AND l.${columnOf(side)} = ? AND l.state IN ('unverified', 'active')`,
      )
      .get(kind, nativeId);
    return row === undefined ? null : toLink(row);
  }

  /** The living links of these records, native id to link id: what references are resolved with (O2). */
  async idsByNative(kind: Kind, side: Side, nativeIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = this.#db
      .prepare<[string, string], { native: string; id: number }>(
        `SELECT ${columnOf(side)} AS native, id FROM links
         WHERE kind = ? AND ${columnOf(side)} IN (SELECT value FROM json_each(?)) AND ${ACTIVE}`,
      )
      .all(kind, JSON.stringify(nativeIds));
    return new Map(rows.map((row) => [row.native, row.id]));
  }

  /**
   * Active links that must be looked at, since a side changed or something about the link did: the next ones in the
   * order of their Customerp ids.
   * @param after the last id of the page before; "" begins
   */
  async dirty(kind: Kind, after: string, limit: number): Promise<StoredLink[]> {
    return this.#db
      .prepare<[string, string, number], Row>(
        `${SELECT} WHERE l.kind = ? AND l.state = 'active' AND l.dirty = 1 AND l.customerp_id > ? ORDER BY l.customerp_id LIMIT ?`,
      )
      .all(kind, after, limit)
      .map(toLink);
  }

  async countDirty(kind: Kind): Promise<number> {
    return (
      this.#db
        .prepare<[string], { n: number }>(
          "SELECT count(*) n FROM links WHERE kind = ? AND state = 'active' AND dirty = 1",
        )
        .get(kind)?.n ?? 0
    );
  }

  /** Active links. */
  async count(kind: Kind): Promise<number> {
    return (
      this.#db.prepare<[string], { count: number }>('SELECT count FROM link_counts WHERE kind = ?').get(kind)?.count ??
      0
    );
  }

  async countEver(): Promise<number> {
    return this.#db.prepare<[], { n: number }>('SELECT count(*) n FROM links').get()?.n ?? 0;
  }

  /** Active links whose record on that side is missing from the last complete full collection (S3). */
  async countMissing(kind: Kind, side: Side): Promise<number> {
    return (
      this.#db
        .prepare<[string, string], { n: number }>(
          `SELECT count(*) AS n FROM records r JOIN links l ON l.kind = r.kind AND l.${columnOf(side)} = r.native_id AND ${ACTIVE}
           WHERE r.kind = ? AND r.side = ? AND r.missing_since IS NOT NULL`,
        )
        .get(kind, side)?.n ?? 0
    );
  }

  /**
   * A link that came to life may be what an unlinked reference waits for (O2): whoever has one is looked at again.
   * Asked for once a plan, not once a link.
   */
  async wakeReferrers(): Promise<void> {
    this.#db
      .transaction(() => {
        if (this.#db.prepare("DELETE FROM meta WHERE key = 'linksMade'").run().changes === 0) return;
        const waiting = "FROM mismatches WHERE state = 'open' AND mismatch = 'unlinkedReference'";
        this.#db.exec(
          `UPDATE links SET dirty = 1 WHERE dirty = 0 AND id IN (SELECT link_id ${waiting} AND link_id IS NOT NULL)`,
        );
        for (const side of SIDES)
          this.#db
            .prepare(
              `UPDATE records SET dirty = 1 WHERE dirty = 0 AND side = ? AND (kind, native_id) IN
               (SELECT kind, ${columnOf(side)} ${waiting} AND link_id IS NULL AND ${columnOf(side)} IS NOT NULL)`,
            )
            .run(side);
      })
      .immediate();
  }

  /** Records whose link was ended by hand or by a tombstone: they do not match by themselves (M1). */
  async endedIds(kind: Kind, side: Side): Promise<ReadonlySet<string>> {
    const rows = this.#db
      .prepare<[string], { native: string }>(
        `SELECT DISTINCT ${columnOf(side)} AS native FROM links WHERE kind = ? AND state IN ('tombstoned', 'unlinked') AND origin <> 'notPersisted'`,
      )
      .all(kind);
    return new Set(rows.map((row) => row.native));
  }

  /** Of these, the records that were gone when their link ended. Seen now, they have come back (M1, X2). */
  async goneIds(kind: Kind, side: Side): Promise<ReadonlySet<string>> {
    const rows = this.#db
      .prepare<[string, string], { native: string }>(
        `SELECT DISTINCT ${columnOf(side)} AS native FROM links WHERE kind = ? AND state IN ('tombstoned', 'unlinked') AND instr(gone, ?) > 0`,
      )
      .all(kind, side);
    return new Set(rows.map((row) => row.native));
  }

  /** A new link starts with base none (M7). */
  async make(links: readonly NewLink[], journal: (link: NewLink, id: number) => JournalEntry): Promise<number[]> {
    if (links.length === 0) return [];
    return this.#db
      .transaction(() => {
        const ids = links.map((link) => this.#add(link, 'active'));
        this.#journal.append(links.map((link, index) => journal(link, ids[index] ?? 0)));
        return ids;
      })
      .immediate();
  }

  /** For use inside another repository's transaction. */
  insert(link: NewLink, state: 'unverified' | 'active', journal: (link: NewLink, id: number) => JournalEntry): number {
    const id = this.#add(link, state);
    this.#journal.append([journal(link, id)]);
    return id;
  }

  #add(link: NewLink, state: 'unverified' | 'active'): number {
    const added = this.#db
      .prepare(
        'INSERT INTO links (kind, customerp_id, tidsbanken_id, state, origin, keys, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(link.kind, link.customerpId, link.tidsbankenId, state, link.origin, JSON.stringify(link.keys), this.#now());
    return Number(added.lastInsertRowid);
  }

  async end(id: number, state: 'tombstoned' | 'unlinked', journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db
          .prepare(
            `UPDATE links SET state = ?, ended_at = ?, dirty = 0, gone = coalesce((SELECT group_concat(r.side) FROM records r
               WHERE r.kind = links.kind AND r.missing_since IS NOT NULL
                 AND ((r.side = 'customerp' AND r.native_id = links.customerp_id) OR (r.side = 'tidsbanken' AND r.native_id = links.tidsbanken_id))), '')
             WHERE id = ?`,
          )
          .run(state, this.#now(), id);
        this.#db
          .prepare("UPDATE mismatches SET state = 'gone', ended_at = ? WHERE link_id = ? AND state = 'open'")
          .run(this.#now(), id);
        this.#db
          .prepare(
            "UPDATE changes SET state = 'superseded', updated_at = ? WHERE link_id = ? AND state IN ('planned', 'approved', 'deferred', 'manual')",
          )
          .run(this.#now(), id);
        this.#db
          .prepare(
            `UPDATE records SET dirty = 1, bucket = 'skipped', reason = ? WHERE EXISTS (SELECT 1 FROM links l WHERE l.id = ? AND l.kind = records.kind
           AND ((records.side = 'customerp' AND records.native_id = l.customerp_id) OR (records.side = 'tidsbanken' AND records.native_id = l.tidsbanken_id)))`,
          )
          .run(state, id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** Pairs whose create wrote, or met, a record that is not what was sent (K9), and about whom nothing came later. */
  async collidedPairs(kind: Kind): Promise<{ customerpId: string; tidsbankenId: string }[]> {
    return this.#db
      .prepare<[string], { customerpId: string; tidsbankenId: string }>(
        `SELECT l.customerp_id AS customerpId, l.tidsbanken_id AS tidsbankenId FROM links l
         WHERE l.kind = ? AND l.state = 'unlinked' AND l.origin = 'idCollision' AND NOT EXISTS (SELECT 1 FROM links n
           WHERE n.kind = l.kind AND n.id > l.id AND (n.customerp_id = l.customerp_id OR n.tidsbanken_id = l.tidsbanken_id))
         ORDER BY l.id`,
      )
      .all(kind);
  }

  /** For use inside another repository's transaction: a link that was never verified (K5) ends, and its records are judged anew. */
  endUnverified(id: number, why: UnverifiedEnd): void {
    this.#db
      .prepare("UPDATE links SET state = 'unlinked', origin = ?, ended_at = ?, dirty = 0 WHERE id = ?")
      .run(why, this.#now(), id);
    for (const side of ['customerp', 'tidsbanken'] as const)
      this.#db
        .prepare(
          `UPDATE records SET dirty = 1 WHERE side = ? AND (kind, native_id) = (SELECT kind, ${columnOf(side)} FROM links WHERE id = ?)`,
        )
        .run(side, id);
  }

  async setDirection(id: number, direction: Direction, journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db.prepare('UPDATE links SET direction = ?, dirty = 1 WHERE id = ?').run(direction, id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  async freeze(id: number, group: string, why: 'transformed' | 'notPersisted' | 'flapping' | null): Promise<void> {
    this.setFrozen(id, group, why);
  }

  /** For use inside another repository's transaction. */
  setFrozen(id: number, group: string, why: 'transformed' | 'notPersisted' | 'flapping' | null): void {
    const row = this.#db.prepare<[number], { frozen: string }>('SELECT frozen FROM links WHERE id = ?').get(id);
    const frozen = { ...fromJson<Record<string, string>>(row?.frozen ?? '{}') };
    if (why === null && frozen[group] === undefined) return;
    if (why === null) delete frozen[group];
    else frozen[group] = why;
    this.#db.prepare('UPDATE links SET frozen = ?, dirty = 1 WHERE id = ?').run(JSON.stringify(frozen), id);
  }

  async isDirty(id: number): Promise<boolean> {
    return this.#db.prepare<[number], { dirty: number }>('SELECT dirty FROM links WHERE id = ?').get(id)?.dirty === 1;
  }

  /** A person accepts a pair of values as it is: base, finding and freeze in one transaction (D5, W3). */
  async acceptPair(move: BaseMove, group: string | null, mismatchId: number, journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.moveBase(move);
        if (group !== null) this.setFrozen(move.linkId, group, null);
        this.#db
          .prepare("UPDATE mismatches SET state = 'decided', ended_at = ? WHERE id = ?")
          .run(this.#now(), mismatchId);
        this.#settleBuckets(move.linkId);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  async setKeys(id: number, keys: NewLink['keys'], journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db.prepare('UPDATE links SET keys = ?, dirty = 1 WHERE id = ?').run(JSON.stringify(keys), id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** The versions of mappings that the bases of a kind go by. */
  async baseMappings(kind: Kind): Promise<string[]> {
    return this.#db
      .prepare<[string], { mapping: string }>(
        // From one mapping to the next, since a SELECT DISTINCT would walk through all bases. Each kind has mappings of its own.
        `WITH RECURSIVE steps(mapping) AS (SELECT min(mapping) FROM bases UNION ALL
           SELECT (SELECT min(b.mapping) FROM bases b WHERE b.mapping > steps.mapping) FROM steps WHERE steps.mapping IS NOT NULL)
         SELECT mapping FROM steps WHERE mapping IS NOT NULL
           AND (SELECT l.kind FROM bases b JOIN links l ON l.id = b.link_id WHERE b.mapping = steps.mapping LIMIT 1) = ?
         ORDER BY mapping`,
      )
      .all(kind)
      .map((row) => row.mapping);
  }

  /** S5: bases of the former mapping lose these properties, and go by the new one from now on. Every link is judged anew. */
  async rebase(
    kind: Kind,
    { from, to }: { readonly from: string; readonly to: string },
    dropped: readonly string[] | 'all',
    journal: JournalEntry,
  ): Promise<void> {
    const ofKind = 'mapping = ? AND link_id IN (SELECT id FROM links WHERE kind = ?)';
    this.#db
      .transaction(() => {
        if (dropped === 'all') this.#db.prepare(`DELETE FROM bases WHERE ${ofKind}`).run(from, kind);
        else {
          const drop = this.#db.prepare(
            `UPDATE bases SET customerp = json_remove(customerp, ?), tidsbanken = json_remove(tidsbanken, ?) WHERE ${ofKind}`,
          );
          for (const path of dropped.map((name) => `$."${name}"`)) drop.run(path, path, from, kind);
        }
        this.#db.prepare(`UPDATE bases SET mapping = ? WHERE ${ofKind}`).run(to, from, kind);
        this.#db.prepare("UPDATE links SET dirty = 1 WHERE kind = ? AND state = 'active'").run(kind);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** Links with something open are judged anew: another policy may have settled it (V2). */
  async markOpenDirty(kind: Kind): Promise<void> {
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = ? AND state = 'active' AND dirty = 0 AND (
           EXISTS (SELECT 1 FROM mismatches m WHERE m.link_id = links.id AND m.state = 'open')
           OR EXISTS (SELECT 1 FROM changes c WHERE c.link_id = links.id AND c.state IN ('planned', 'approved', 'deferred')))`,
      )
      .run(kind);
  }

  /** For use inside another repository's transaction: the record as just read back bears the time of our own write (D4). */
  markWritten(id: number, kind: Kind, side: Side, nativeId: string): void {
    this.#db
      .prepare(
        `UPDATE links SET ${WRITTEN[side]} = coalesce((SELECT modified_at FROM records WHERE kind = ? AND side = ? AND native_id = ?), -1) WHERE id = ?`,
      )
      .run(kind, side, nativeId, id);
  }

  /**
   * For use inside another repository's transaction: lays the moved properties over the base (I7). A base that goes by a
   * former mapping stays so, and what is laid over it with it, until the next plan has looked what holds (S5).
   */
  moveBase(move: BaseMove): void {
    const row = this.#db
      .prepare<[number], { customerp: string; tidsbanken: string }>(
        'SELECT customerp, tidsbanken FROM bases WHERE link_id = ?',
      )
      .get(move.linkId);
    const customerp = { ...fromJson<Props>(row?.customerp ?? '{}'), ...move.base.customerp };
    const tidsbanken = { ...fromJson<Props>(row?.tidsbanken ?? '{}'), ...move.base.tidsbanken };
    this.#db
      .prepare(
        `INSERT INTO bases (link_id, customerp, tidsbanken, mapping, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (link_id) DO UPDATE SET customerp = excluded.customerp, tidsbanken = excluded.tidsbanken, at = excluded.at`,
      )
      .run(move.linkId, JSON.stringify(customerp), JSON.stringify(tidsbanken), move.mapping, this.#now());
  }

  /** Nothing about the pair is open any more: it is in step, without being judged again. */
  #settleBuckets(linkId: number): void {
    this.#db
      .prepare(
        `UPDATE records SET bucket = 'inStep', reason = NULL WHERE id IN (
           SELECT r.id FROM links l JOIN records r ON r.kind = l.kind
             AND ((r.side = 'customerp' AND r.native_id = l.customerp_id) OR (r.side = 'tidsbanken' AND r.native_id = l.tidsbanken_id))
           WHERE l.id = :link
             AND NOT EXISTS (SELECT 1 FROM mismatches m WHERE m.link_id = l.id AND m.state = 'open')
             AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.link_id = l.id
               AND c.state IN ('planned', 'approved', 'deferred', 'preparing', 'sending', 'acked', 'unknown', 'manual')))`,
      )
      .run({ link: linkId });
  }
}

const toLink = (row: Row): StoredLink => ({
  id: row.id,
  kind: row.kind,
  customerpId: row.customerp_id,
  tidsbankenId: row.tidsbanken_id,
  state: row.state,
  origin: row.origin,
  direction: row.direction,
  keys: fromJson(row.keys),
  frozen: fromJson(row.frozen),
  madeAt: row.made_at,
  base: {
    customerp: fromJson<Props>(row.base_customerp ?? '{}'),
    tidsbanken: fromJson<Props>(row.base_tidsbanken ?? '{}'),
  },
  baseMapping: row.base_mapping,
  written: { customerp: row.written_customerp, tidsbanken: row.written_tidsbanken },
});
