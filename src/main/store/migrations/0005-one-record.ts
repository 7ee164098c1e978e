import type { Migration } from './migration.ts';

/**
 * A run may be narrowed to one record, and tells which. The story of a record is found in the journal by its native id on
 * either side, without walking through all that was ever told.
 */
export const oneRecord: Migration = {
  version: 5,
  name: 'one record',
  sql: `
    ALTER TABLE runs ADD COLUMN record TEXT;
    CREATE INDEX journal_by_customerp ON journal (detail ->> 'customerpId', seq) WHERE detail ->> 'customerpId' IS NOT NULL;
    CREATE INDEX journal_by_tidsbanken ON journal (detail ->> 'tidsbankenId', seq) WHERE detail ->> 'tidsbankenId' IS NOT NULL;
  `,
};
