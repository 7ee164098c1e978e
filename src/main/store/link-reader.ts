import type { Kind, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { ACTIVE, columnOf, SELECT_ENDS, SELECT_LINK, toLink } from './stored-link.ts';
import type { LinkEnds, LinkRow, StoredLink } from './stored-link.ts';

/** What is known of links. Nothing here writes. */
export class LinkReader {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(id: number): Promise<StoredLink | null> {
    const row = this.#db.prepare<[number], LinkRow>(`${SELECT_LINK} WHERE l.id = ?`).get(id);
    return row === undefined ? null : toLink(row);
  }

  async ends(id: number): Promise<LinkEnds | null> {
    return this.#db.prepare<[number], LinkEnds>(`${SELECT_ENDS} WHERE id = ?`).get(id) ?? null;
  }

  /** The ends of the living link of a record, if it has one. */
  async endsOf(kind: Kind, side: Side, nativeId: string): Promise<LinkEnds | null> {
    return (
      this.#db
        .prepare<[string, string], LinkEnds>(
          `${SELECT_ENDS} WHERE kind = ? AND ${columnOf(side)} = ? AND state IN ('unverified', 'active')`,
        )
        .get(kind, nativeId) ?? null
    );
  }

  /** The living link of a record, if it has one. */
  async of(kind: Kind, side: Side, nativeId: string): Promise<StoredLink | null> {
    const row = this.#db
      .prepare<[string, string], LinkRow>(
        `${SELECT_LINK} WHERE l.kind = ? AND l.${columnOf(side)} = ? AND l.state IN ('unverified', 'active')`,
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

  /** The active link of each of these records of one side, null where there is none: what one record's references become (O2). */
  async idsOf(
    side: Side,
    refs: readonly { readonly kind: Kind; readonly nativeId: string }[],
  ): Promise<(number | null)[]> {
    if (refs.length === 0) return [];
    // A record has few references: a column for each is found in a tenth of the time that a list of them takes.
    const one = `(SELECT id FROM links WHERE kind = ? AND ${columnOf(side)} = ? AND ${ACTIVE})`;
    const found = this.#db
      .prepare<string[], (number | null)[]>(`SELECT ${refs.map(() => one).join(', ')}`)
      .raw()
      .get(...refs.flatMap(({ kind, nativeId }) => [kind, nativeId]));
    return found ?? refs.map(() => null);
  }

  /** Of these links, those that have ended and whose two records are joined by an active one again: its id (O2). */
  async joinedAgain(ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const rows = this.#db
      .prepare<[string], { was: number; id: number }>(
        `SELECT o.id AS was, l.id AS id FROM json_each(?) e CROSS JOIN links o ON o.id = e.value AND o.state IN ('tombstoned', 'unlinked')
         CROSS JOIN links l ON l.kind = o.kind AND l.customerp_id = o.customerp_id AND l.tidsbanken_id = o.tidsbanken_id
           AND l.state IN ('unverified', 'active') AND l.state = 'active'`,
      )
      .all(JSON.stringify(ids));
    return new Map(rows.map(({ was, id }) => [was, id]));
  }

  /**
   * Active links that must be looked at, since a side changed or something about the link did: the next ones in the
   * order of their Customerp ids.
   * @param after the last id of the page before; "" begins
   */
  async dirty(kind: Kind, after: string, limit: number): Promise<StoredLink[]> {
    return this.#db
      .prepare<[string, string, number], LinkRow>(
        `${SELECT_LINK} WHERE l.kind = ? AND l.state = 'active' AND l.dirty = 1 AND l.customerp_id > ? ORDER BY l.customerp_id LIMIT ?`,
      )
      .all(kind, after, limit)
      .map(toLink);
  }

  async isDirty(id: number): Promise<boolean> {
    return this.#db.prepare<[number], { dirty: number }>('SELECT dirty FROM links WHERE id = ?').get(id)?.dirty === 1;
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
          `SELECT count(*) AS n FROM records r INDEXED BY records_missing JOIN links l ON l.kind = r.kind AND l.${columnOf(side)} = r.native_id AND ${ACTIVE}
           WHERE r.kind = ? AND r.side = ? AND r.missing_since IS NOT NULL`,
        )
        .get(kind, side)?.n ?? 0
    );
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

  /** Pairs whose create wrote, or met, a record that is not what was sent (K9), and about whom nothing came later. */
  async collidedPairs(kind: Kind): Promise<{ customerpId: string; tidsbankenId: string }[]> {
    return this.#db
      .prepare<[string], { customerpId: string; tidsbankenId: string }>(
        `SELECT l.customerp_id AS customerpId, l.tidsbanken_id AS tidsbankenId FROM links l
         WHERE l.kind = ? AND l.state IN ('tombstoned', 'unlinked') AND l.state = 'unlinked' AND l.origin = 'idCollision' AND NOT EXISTS (SELECT 1 FROM links n
           WHERE n.kind = l.kind AND n.id > l.id AND (n.customerp_id = l.customerp_id OR n.tidsbanken_id = l.tidsbanken_id))
         ORDER BY l.id`,
      )
      .all(kind);
  }
}
