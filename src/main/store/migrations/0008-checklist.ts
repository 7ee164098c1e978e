import type { Migration } from './migration.ts';

/**
 * What was ticked on the checklist of a dataflow document, and what its test values stand in place of: kept before the
 * first of them is written, so that it can be put back whatever happens in between (7.6).
 */
export const checklist: Migration = {
  version: 8,
  name: 'checklist',
  sql: `
    CREATE TABLE checklist_ticks (
      kind TEXT NOT NULL,
      item TEXT NOT NULL,
      mapping TEXT NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'notApplicable')),
      why TEXT,
      at INTEGER NOT NULL,
      run_id INTEGER NOT NULL REFERENCES runs(id),
      PRIMARY KEY (kind, item)
    ) STRICT;
    CREATE TABLE checklist_restores (
      id INTEGER PRIMARY KEY,
      link_id INTEGER NOT NULL REFERENCES links(id),
      run_id INTEGER NOT NULL REFERENCES runs(id),
      group_name TEXT NOT NULL,
      members TEXT NOT NULL,
      keys TEXT NOT NULL,
      begun_at INTEGER NOT NULL,
      ended_at INTEGER,
      outcome TEXT CHECK (outcome IN ('restored', 'kept'))
    ) STRICT;
    CREATE INDEX checklist_restores_open ON checklist_restores (id) WHERE ended_at IS NULL;
  `,
};
