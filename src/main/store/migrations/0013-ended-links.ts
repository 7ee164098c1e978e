import type { Migration } from './migration.ts';

/** Links that ended since a plan last looked who refers to their records: those compare otherwise from then on (O2). */
export const endedLinks: Migration = {
  version: 13,
  name: 'ended links',
  sql: `
    CREATE TABLE ended_links (link_id INTEGER PRIMARY KEY REFERENCES links(id)) STRICT;
    CREATE TRIGGER links_that_end_are_noted AFTER UPDATE OF state ON links WHEN old.state = 'active' AND new.state <> 'active' BEGIN
      INSERT INTO ended_links VALUES (new.id) ON CONFLICT DO NOTHING;
    END;
  `,
};
