import type { Migration } from './migration.ts';

/**
 * A first sync writes less for each record and link: which mappings bases go by is noted once and not in an index of all
 * bases, a base of two equal sides is kept once, and what a collection brings anew is counted all at once.
 */
export const leanBases: Migration = {
  version: 12,
  name: 'lean bases',
  sql: `
    CREATE TABLE base_mappings (kind TEXT NOT NULL, mapping TEXT NOT NULL, PRIMARY KEY (mapping, kind)) STRICT, WITHOUT ROWID;
    INSERT INTO base_mappings SELECT DISTINCT l.kind, b.mapping FROM bases b JOIN links l ON l.id = b.link_id;
    DROP INDEX bases_by_mapping;
    CREATE TRIGGER base_mappings_are_noted AFTER INSERT ON bases
    WHEN NOT EXISTS (SELECT 1 FROM base_mappings WHERE mapping = new.mapping) BEGIN
      INSERT INTO base_mappings SELECT kind, new.mapping FROM links WHERE id = new.link_id;
    END;
    CREATE TRIGGER base_mappings_are_noted_again AFTER UPDATE OF mapping ON bases
    WHEN NOT EXISTS (SELECT 1 FROM base_mappings WHERE mapping = new.mapping) BEGIN
      INSERT INTO base_mappings SELECT kind, new.mapping FROM links WHERE id = new.link_id;
    END;

    -- Tidsbanken's half of a base may be null from now on: the same as Customerp's.
    UPDATE bases SET tidsbanken = 'null' WHERE tidsbanken = customerp;

    -- Whoever takes over a collection counts what is new in it; one reading alone is counted here.
    DROP TRIGGER records_are_counted;
    CREATE TRIGGER records_are_counted AFTER INSERT ON records WHEN new.missing_since IS NULL AND new.collection_id IS NULL BEGIN
      INSERT INTO record_counts VALUES (new.kind, new.side, new.bucket, 0, 1) ON CONFLICT DO UPDATE SET count = count + 1;
    END;
  `,
};
