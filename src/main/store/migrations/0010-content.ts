import type { Migration } from './migration.ts';

/** A page that was read is held against what is known within one index, without looking at the records themselves. */
export const content: Migration = {
  version: 10,
  name: 'content',
  sql: `
    CREATE INDEX records_by_content ON records (kind, side, native_id, content, collection_id, missing_since);
  `,
};
