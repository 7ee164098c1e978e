import type { Kind, Props, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { fromJson } from './json.ts';
import type { StoredRecord } from './records.ts';

/** What was read of one record, without what became of it. */
export type SeenRecord = Pick<StoredRecord, 'nativeId' | 'label' | 'props' | 'spellings' | 'invalid'>;

interface Row {
  native_id: string;
  label: string;
  props: string;
  spellings: string;
  invalid: string;
}

/** The next `limit` records of one side that are there, by native id: from the index, however many there are. */
export const seenRecords = (db: Db, kind: Kind, side: Side, afterId: string, limit: number): SeenRecord[] =>
  db
    .prepare<[string, string, string, number], Row>(
      `SELECT native_id, label, props, spellings, invalid FROM records
       WHERE kind = ? AND side = ? AND native_id > ? AND missing_since IS NULL ORDER BY native_id LIMIT ?`,
    )
    .all(kind, side, afterId, limit)
    .map((row) => ({
      nativeId: row.native_id,
      label: row.label,
      props: fromJson<Props>(row.props),
      spellings: fromJson(row.spellings),
      invalid: fromJson(row.invalid),
    }));
