import type { Kind, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { fromJson } from './json.ts';
import type { StoredKey } from './records.ts';
import { columnOf } from './stored-link.ts';

/** A record by what it may be matched by. */
export interface KeyedRecord {
  readonly id: number;
  readonly nativeId: string;
  readonly keys: readonly StoredKey[];
  /** Its living link. */
  readonly linkId: number | null;
}

export interface KeyedRecordOfSide extends KeyedRecord {
  readonly side: Side;
  readonly label: string;
}

/**
 * What matching looks at (section 4): keys of the records that are present. Linked records are filed by their keys, so
 * that who shares a value with a few free ones is found without going through all of them.
 */
export class RecordKeys {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * The next records of a kind in the order of their native ids, those with or those without a living link.
   * @param after the last id of the page before; "" begins
   */
  async page(
    kind: Kind,
    side: Side,
    who: 'linked' | 'unlinked',
    after: string,
    limit: number,
  ): Promise<readonly KeyedRecord[]> {
    return this.#db
      .prepare<[string, string, string, number], Row<KeyedRecord>>(PAGES[who][side])
      .all(kind, side, after, limit)
      .map(withKeys);
  }

  /**
   * Files the next linked records that are not filed, by their keys. Filed ones are no longer gone through; the store
   * takes them out again when their keys change or their link ends.
   * @param after where the page before ended; "" begins
   * @returns where this page ended; null: it was the last one
   */
  async file(kind: Kind, side: Side, after: string, limit: number): Promise<string | null> {
    return this.#db
      .transaction(() => {
        const page = this.#db
          .prepare<[string, string, string, number], { id: number; nativeId: string }>(
            `SELECT r.record_id AS id, r.native_id AS nativeId FROM unfiled_records r
             WHERE r.kind = ? AND r.side = ? AND r.native_id > ? AND EXISTS (${livingLink(side)}) ORDER BY r.native_id LIMIT ?`,
          )
          .all(kind, side, after, limit);
        if (page.length === 0) return null;
        this.#db
          .prepare(
            `INSERT INTO linked_keys SELECT r.kind, k.value ->> 'key' AS key, k.value ->> 'value' AS value, r.id
             FROM records r, json_each(r.keys) k WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY key, value
             ON CONFLICT DO NOTHING`,
          )
          .run(JSON.stringify(page.map(({ id }) => id)));
        this.#db
          .prepare(
            'DELETE FROM unfiled_records WHERE kind = ? AND side = ? AND native_id IN (SELECT value FROM json_each(?))',
          )
          .run(kind, side, JSON.stringify(page.map(({ nativeId }) => nativeId)));
        return page.length < limit ? null : (page.at(-1)?.nativeId ?? null);
      })
      .immediate();
  }

  /** Whether any record of the kind is filed. */
  async hasFiled(kind: Kind): Promise<boolean> {
    return this.#db.prepare('SELECT 1 FROM linked_keys WHERE kind = ? LIMIT 1').get(kind) !== undefined;
  }

  /** Row ids of the filed records that are present and hold a key value of one of these, in no order. */
  async filedHolders(ids: readonly number[]): Promise<readonly number[]> {
    return this.#db
      .prepare<[string], number>(
        `SELECT DISTINCT h.record_id FROM records r, json_each(r.keys) k
         CROSS JOIN linked_keys h ON h.kind = r.kind AND h.key = k.value ->> 'key' AND h.value = k.value ->> 'value'
         JOIN records p ON p.id = h.record_id AND p.missing_since IS NULL
         WHERE r.id IN (SELECT value FROM json_each(?))`,
      )
      .pluck()
      .all(JSON.stringify(ids));
  }

  /** These records of one kind, by row id. */
  async many(ids: readonly number[]): Promise<readonly KeyedRecordOfSide[]> {
    return this.#db
      .prepare<[string], Row<KeyedRecordOfSide>>(
        `SELECT r.id, r.side, r.native_id AS nativeId, r.keys, r.label,
           CASE r.side WHEN 'customerp' THEN (${livingLink('customerp')}) ELSE (${livingLink('tidsbanken')}) END AS linkId
         FROM records r WHERE r.id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(ids))
      .map(withKeys);
  }
}

type Row<T> = Omit<T, 'keys'> & { readonly keys: string };

const withKeys = <T>(row: T & { readonly keys: string }): Omit<T, 'keys'> & { readonly keys: StoredKey[] } => ({
  ...row,
  keys: fromJson<StoredKey[]>(row.keys),
});

/** The living link of the record that a statement calls r. */
const livingLink = (side: Side): string =>
  `SELECT l.id FROM links l WHERE l.kind = r.kind AND l.${columnOf(side)} = r.native_id AND l.state IN ('unverified', 'active')`;

const NEXT = 'ORDER BY r.native_id LIMIT ?';

const linkedPage = (side: Side): string =>
  `SELECT r.id, r.native_id AS nativeId, r.keys, (${livingLink(side)}) AS linkId FROM records r
   WHERE r.kind = ? AND r.side = ? AND r.native_id > ? AND r.missing_since IS NULL AND EXISTS (${livingLink(side)}) ${NEXT}`;

/** Whoever is filed has a link, so that nothing but the few that are not is looked at. */
const unlinkedPage = (side: Side): string =>
  `SELECT p.id, p.native_id AS nativeId, p.keys, NULL AS linkId
   FROM unfiled_records r CROSS JOIN records p ON p.id = r.record_id AND p.missing_since IS NULL
   WHERE r.kind = ? AND r.side = ? AND r.native_id > ? AND NOT EXISTS (${livingLink(side)}) ${NEXT}`;

const PAGES = {
  linked: { customerp: linkedPage('customerp'), tidsbanken: linkedPage('tidsbanken') },
  unlinked: { customerp: unlinkedPage('customerp'), tidsbanken: unlinkedPage('tidsbanken') },
};
