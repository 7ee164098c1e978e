import type { Migration } from './migration.ts';

/** A run looks at what is open and at what it did itself; years of changes, runs and readings cost it nothing. */
export const past: Migration = {
  version: 15,
  name: 'past',
  sql: `
    -- Of all that is over, a plan asks for these only: what a person has refused, and creates that came to no record.
    CREATE INDEX changes_rejected ON changes (kind) WHERE state = 'rejected';
    CREATE INDEX changes_not_persisted ON changes (kind, target) WHERE state = 'notPersisted';

    CREATE INDEX runs_running ON runs (id) WHERE state = 'running';
    CREATE INDEX collections_reading ON collections (id) WHERE state = 'reading';
    CREATE INDEX collections_by_run ON collections (run_id);
  `,
};
