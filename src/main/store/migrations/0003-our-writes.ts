import type { Migration } from './migration.ts';

/**
 * The modified time that our own last write gave each record, as read back: a time that is ours says nothing about
 * people (D4). Null: never written by us. -1: written, and the time is not known.
 */
export const ourWrites: Migration = {
  version: 3,
  name: 'our writes',
  sql: `
    ALTER TABLE links ADD COLUMN written_customerp INTEGER;
    ALTER TABLE links ADD COLUMN written_tidsbanken INTEGER;
    UPDATE links SET
      written_customerp = (SELECT -1 FROM changes c WHERE c.link_id = links.id AND c.target = 'customerp'
        AND c.state IN ('verified', 'transformed', 'notPersisted') LIMIT 1),
      written_tidsbanken = (SELECT -1 FROM changes c WHERE c.link_id = links.id AND c.target = 'tidsbanken'
        AND c.state IN ('verified', 'transformed', 'notPersisted') LIMIT 1);
  `,
};
