import type { Migration } from './migration.ts';

/**
 * What became of each decision that was taken elsewhere, in a portable review, and brought back. `used`: it was carried
 * out here once, and never is again (V1).
 */
export const broughtBack: Migration = {
  version: 7,
  name: 'brought back',
  sql: `
    CREATE TABLE brought_back (
      id INTEGER PRIMARY KEY,
      review TEXT NOT NULL,
      -- As it was exported: change:12, mismatch:7.
      item TEXT NOT NULL,
      take TEXT NOT NULL,
      -- The item here that it was or would have been carried out on.
      here TEXT,
      kind TEXT NOT NULL,
      what TEXT NOT NULL,
      label TEXT NOT NULL,
      person TEXT NOT NULL,
      installation TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      merged_at INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      why TEXT,
      used INTEGER NOT NULL,
      UNIQUE (review, item, take)
    ) STRICT;
    CREATE INDEX brought_back_by_outcome ON brought_back (review, outcome, id);
  `,
};
