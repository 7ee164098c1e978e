import type { Migration } from './migration.ts';

/**
 * Matching looks at what is free and at who holds its values, not at all that is linked: a linked record is filed by its
 * keys (RecordKeys.file), and only what is not filed is gone through. A record whose keys change, or whose link ends, is
 * taken out of the file here, whoever does it.
 */
export const linkedKeys: Migration = {
  version: 14,
  name: 'linked keys',
  sql: `
    CREATE TABLE unfiled_records (
      kind TEXT NOT NULL, side TEXT NOT NULL, native_id TEXT NOT NULL, record_id INTEGER NOT NULL,
      PRIMARY KEY (kind, side, native_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE linked_keys (
      kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, record_id INTEGER NOT NULL,
      PRIMARY KEY (kind, key, value, record_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO unfiled_records SELECT kind, side, native_id, id FROM records;

    CREATE TRIGGER records_begin_unfiled AFTER INSERT ON records BEGIN
      INSERT INTO unfiled_records VALUES (new.kind, new.side, new.native_id, new.id);
    END;
    CREATE TRIGGER records_with_other_keys_are_unfiled AFTER UPDATE OF keys ON records WHEN old.keys <> new.keys BEGIN
      DELETE FROM linked_keys WHERE kind = old.kind AND record_id = old.id
        AND (key, value) IN (SELECT k.value ->> 'key', k.value ->> 'value' FROM json_each(old.keys) k);
      INSERT INTO unfiled_records VALUES (new.kind, new.side, new.native_id, new.id) ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER records_of_links_that_end_are_unfiled AFTER UPDATE OF state ON links
    WHEN old.state IN ('unverified', 'active') AND new.state NOT IN ('unverified', 'active') BEGIN
      DELETE FROM linked_keys WHERE kind = new.kind AND (key, value, record_id) IN (
        SELECT k.value ->> 'key', k.value ->> 'value', r.id FROM records r, json_each(r.keys) k
        WHERE (r.kind, r.side, r.native_id)
          IN (VALUES (new.kind, 'customerp', new.customerp_id), (new.kind, 'tidsbanken', new.tidsbanken_id)));
      INSERT INTO unfiled_records SELECT kind, side, native_id, id FROM records
        WHERE (kind, side, native_id)
          IN (VALUES (new.kind, 'customerp', new.customerp_id), (new.kind, 'tidsbanken', new.tidsbanken_id))
        ON CONFLICT DO NOTHING;
    END;
  `,
};
