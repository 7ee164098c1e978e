import type { Migration } from './migration.ts';

/** Links are judged page by page, in the order of their ids. */
export const pageByPage: Migration = {
  version: 2,
  name: 'page by page',
  sql: `
    DROP INDEX links_dirty;
    CREATE INDEX links_dirty ON links (kind, customerp_id) WHERE dirty = 1 AND state = 'active';
  `,
};
