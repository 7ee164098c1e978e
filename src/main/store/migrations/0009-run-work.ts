import type { Migration } from './migration.ts';

/** What each stage of a run took stays with the run. */
export const runWork: Migration = {
  version: 9,
  name: 'run-work',
  sql: `ALTER TABLE runs ADD COLUMN work TEXT NOT NULL DEFAULT '[]';`,
};
