import type { Migration } from './migration.ts';

/** What a run wrote can be found again, to be reversed (7.5): each change remembers the run that last sent it. */
export const undo: Migration = {
  version: 6,
  name: 'undo',
  sql: `
    ALTER TABLE changes ADD COLUMN sent_run INTEGER REFERENCES runs(id);
    UPDATE changes SET sent_run = (SELECT max(j.run_id) FROM journal j
      WHERE j.item = 'change:' || changes.id AND j.event = 'sending') WHERE sent_at IS NOT NULL;
    CREATE INDEX changes_by_sent_run ON changes (sent_run, id) WHERE sent_run IS NOT NULL;
  `,
};
