import type { Migration } from './migration.ts';

/**
 * What is searched begins with the label in small letters, so one narrow index both finds and orders; the label beside
 * it made each search read half as much again.
 */
export const searchOrder: Migration = {
  version: 11,
  name: 'search-order',
  sql: `
    DROP INDEX records_by_label;
    CREATE INDEX records_by_search ON records (search, id, kind, side, native_id);
  `,
};
