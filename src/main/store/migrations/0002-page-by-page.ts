import type { Migration } from './migration.ts';

/**
 * A run costs what has changed, not what there is: links are judged page by page, a record whose content is the one
 * that is known is not written again, and the figures of the flow cards are kept, not counted anew.
 */
export const pageByPage: Migration = {
  version: 2,
  name: 'page by page',
  sql: `
    DROP INDEX links_dirty;
    CREATE INDEX links_dirty ON links (kind, customerp_id) WHERE dirty = 1 AND state = 'active';

    -- A collection under way is kept in a temporary table: it dies with its process (Z1).
    DROP TABLE staged_records;
    -- Digest of what the system sent, under the mapping that read it. Null: it has to be read again.
    ALTER TABLE records ADD COLUMN content TEXT;
    -- When the last full collection began: what was in it and has not changed was observed then or later.
    ALTER TABLE watermarks ADD COLUMN full_from INTEGER;

    DROP INDEX records_by_bucket;
    DROP INDEX records_by_collection;
    CREATE INDEX records_by_collection ON records (collection_id);

    CREATE INDEX bases_by_mapping ON bases (mapping);

    -- Records that are there, by bucket; collected: by a collection, not by a single reading alone.
    CREATE TABLE record_counts (
      kind TEXT NOT NULL, side TEXT NOT NULL, bucket TEXT NOT NULL, collected INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (kind, side, bucket, collected)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO record_counts
      SELECT kind, side, bucket, collection_id IS NOT NULL, count(*) FROM records WHERE missing_since IS NULL
      GROUP BY kind, side, bucket, collection_id IS NOT NULL;
    CREATE TRIGGER records_are_counted AFTER INSERT ON records WHEN new.missing_since IS NULL BEGIN
      INSERT INTO record_counts VALUES (new.kind, new.side, new.bucket, new.collection_id IS NOT NULL, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER records_are_counted_again AFTER UPDATE OF bucket, missing_since, collection_id ON records
    WHEN old.bucket <> new.bucket OR (old.missing_since IS NULL) <> (new.missing_since IS NULL)
      OR (old.collection_id IS NULL) <> (new.collection_id IS NULL)
    BEGIN
      UPDATE record_counts SET count = count - 1 WHERE old.missing_since IS NULL
        AND kind = old.kind AND side = old.side AND bucket = old.bucket AND collected = (old.collection_id IS NOT NULL);
      INSERT INTO record_counts
        SELECT new.kind, new.side, new.bucket, new.collection_id IS NOT NULL, 1 WHERE new.missing_since IS NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
    END;

    -- A link that came to life is remembered in meta, until who refers to its records was looked at again (O2).
    CREATE TABLE link_counts (kind TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO link_counts SELECT kind, count(*) FROM links WHERE state = 'active' GROUP BY kind;
    CREATE TRIGGER links_are_counted AFTER INSERT ON links WHEN new.state = 'active' BEGIN
      INSERT INTO link_counts VALUES (new.kind, 1) ON CONFLICT DO UPDATE SET count = count + 1;
      INSERT INTO meta VALUES ('linksMade', '1') ON CONFLICT DO NOTHING;
    END;
    CREATE TRIGGER links_are_counted_again AFTER UPDATE OF state ON links WHEN (old.state = 'active') <> (new.state = 'active') BEGIN
      INSERT INTO link_counts VALUES (new.kind, iif(new.state = 'active', 1, -1))
        ON CONFLICT DO UPDATE SET count = count + iif(new.state = 'active', 1, -1);
      INSERT INTO meta SELECT 'linksMade', '1' WHERE new.state = 'active' ON CONFLICT DO NOTHING;
    END;
  `,
};
