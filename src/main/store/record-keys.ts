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

/** What matching looks at (section 4): keys of the records that are present, page by page. Nothing here writes. */
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
    const linkId = who === 'linked' ? `(${livingLink(side)})` : 'NULL';
    // As a rule nearly all are linked: told apart within two indexes, those need not be read.
    const index = who === 'linked' ? '' : 'INDEXED BY records_by_content';
    return this.#db
      .prepare<[string, string, string, number], Omit<KeyedRecord, 'keys'> & { keys: string }>(
        `SELECT r.id, r.native_id AS nativeId, r.keys, ${linkId} AS linkId FROM records r ${index}
         WHERE r.kind = ? AND r.side = ? AND r.native_id > ?
           AND r.missing_since IS NULL AND ${who === 'linked' ? '' : 'NOT'} EXISTS (${livingLink(side)})
         ORDER BY r.native_id LIMIT ?`,
      )
      .all(kind, side, after, limit)
      .map((row) => ({ ...row, keys: fromJson<StoredKey[]>(row.keys) }));
  }

  /** These records of one kind, by row id. */
  async many(ids: readonly number[]): Promise<readonly KeyedRecordOfSide[]> {
    return this.#db
      .prepare<[string], Omit<KeyedRecordOfSide, 'keys'> & { keys: string }>(
        `SELECT r.id, r.side, r.native_id AS nativeId, r.keys, r.label,
           CASE r.side WHEN 'customerp' THEN (${livingLink('customerp')}) ELSE (${livingLink('tidsbanken')}) END AS linkId
         FROM records r WHERE r.id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(ids))
      .map((row) => ({ ...row, keys: fromJson<StoredKey[]>(row.keys) }));
  }
}

const livingLink = (side: Side): string =>
  `SELECT l.id FROM links l WHERE l.kind = r.kind AND l.${columnOf(side)} = r.native_id AND l.state IN ('unverified', 'active')`;
