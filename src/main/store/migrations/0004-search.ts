import type { Migration } from './migration.ts';

/** Records are searched and put in order within one index, without looking at their contents. */
export const search: Migration = {
  version: 4,
  name: 'search',
  sql: `
    DROP INDEX records_by_label;
    CREATE INDEX records_by_label ON records (label, id, kind, side, native_id, search);
  `,
};
