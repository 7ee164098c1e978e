import type { Migration } from './migration.ts';

/** The first store: what was read, what is linked, what was agreed, what is planned, and what was done. */
export const firstStore: Migration = {
  version: 1,
  name: 'first store',
  sql: `
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      mode TEXT NOT NULL,
      approve TEXT,
      full INTEGER NOT NULL,
      state TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      counts TEXT NOT NULL DEFAULT '{}',
      requests TEXT NOT NULL DEFAULT '{"customerp":0,"tidsbanken":0}',
      problems TEXT NOT NULL DEFAULT '[]'
    ) STRICT;

    CREATE TABLE collections (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES runs(id),
      side TEXT NOT NULL,
      kind TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('full', 'delta')),
      state TEXT NOT NULL CHECK (state IN ('reading', 'complete', 'incomplete', 'discarded')),
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      records INTEGER NOT NULL DEFAULT 0,
      reason TEXT
    ) STRICT;

    -- One row a side and kind: where the next delta starts (T1), and when everything was last read.
    CREATE TABLE watermarks (
      side TEXT NOT NULL,
      kind TEXT NOT NULL,
      modified_at INTEGER,
      full_at INTEGER,
      full_records INTEGER,
      mapping TEXT NOT NULL,
      PRIMARY KEY (side, kind)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE records (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      side TEXT NOT NULL,
      native_id TEXT NOT NULL,
      props TEXT NOT NULL,
      spellings TEXT NOT NULL,
      invalid TEXT NOT NULL,
      keys TEXT NOT NULL,
      digest TEXT NOT NULL,
      modified_at INTEGER,
      observed_at INTEGER NOT NULL,
      -- Null: known from a single reading only, such as a record that was just created.
      collection_id INTEGER REFERENCES collections(id),
      label TEXT NOT NULL,
      number TEXT NOT NULL,
      search TEXT NOT NULL,
      -- The first complete full collection without it (5.2).
      missing_since INTEGER,
      dirty INTEGER NOT NULL DEFAULT 1,
      bucket TEXT NOT NULL DEFAULT 'skipped',
      reason TEXT DEFAULT 'notLookedAt',
      UNIQUE (kind, side, native_id)
    ) STRICT;
    CREATE INDEX records_by_collection ON records (collection_id, bucket);
    CREATE INDEX records_by_bucket ON records (kind, side, bucket) WHERE missing_since IS NULL;
    CREATE INDEX records_dirty ON records (kind, side) WHERE dirty = 1;
    CREATE INDEX records_missing ON records (kind, side) WHERE missing_since IS NOT NULL;
    CREATE INDEX records_by_label ON records (label, id);

    -- A collection under way. It becomes records in one transaction, or nothing (C5, Z1).
    CREATE TABLE staged_records (
      collection_id INTEGER NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
      native_id TEXT NOT NULL,
      props TEXT NOT NULL,
      spellings TEXT NOT NULL,
      invalid TEXT NOT NULL,
      keys TEXT NOT NULL,
      digest TEXT NOT NULL,
      modified_at INTEGER,
      label TEXT NOT NULL,
      number TEXT NOT NULL,
      search TEXT NOT NULL,
      PRIMARY KEY (collection_id, native_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE links (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      customerp_id TEXT NOT NULL,
      tidsbanken_id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('unverified', 'active', 'tombstoned', 'unlinked')),
      origin TEXT NOT NULL,
      direction TEXT NOT NULL DEFAULT 'both',
      keys TEXT NOT NULL DEFAULT '{}',
      frozen TEXT NOT NULL DEFAULT '{}',
      dirty INTEGER NOT NULL DEFAULT 1,
      made_at INTEGER NOT NULL,
      ended_at INTEGER,
      -- Sides whose record was missing when the link ended: if it is seen again, it has reappeared (M1).
      gone TEXT NOT NULL DEFAULT ''
    ) STRICT;
    -- I9: one partner a record, as long as the link lives.
    CREATE UNIQUE INDEX links_customerp ON links (kind, customerp_id) WHERE state IN ('unverified', 'active');
    CREATE UNIQUE INDEX links_tidsbanken ON links (kind, tidsbanken_id) WHERE state IN ('unverified', 'active');
    CREATE INDEX links_dirty ON links (kind) WHERE dirty = 1 AND state = 'active';
    CREATE INDEX links_ended ON links (kind, customerp_id) WHERE state IN ('tombstoned', 'unlinked');

    -- What each side held when last verified: canonical props by name. A name missing in both is base "none".
    CREATE TABLE bases (
      link_id INTEGER PRIMARY KEY REFERENCES links(id),
      customerp TEXT NOT NULL,
      tidsbanken TEXT NOT NULL,
      mapping TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE plans (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES runs(id),
      at INTEGER NOT NULL,
      versions TEXT NOT NULL,
      digest TEXT NOT NULL
    ) STRICT;

    CREATE TABLE changes (
      id INTEGER PRIMARY KEY,
      plan_id INTEGER NOT NULL REFERENCES plans(id),
      kind TEXT NOT NULL,
      op TEXT NOT NULL,
      target TEXT NOT NULL,
      link_id INTEGER REFERENCES links(id),
      customerp_id TEXT,
      tidsbanken_id TEXT,
      groups TEXT NOT NULL,
      needs TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      versions TEXT NOT NULL,
      waits_for TEXT NOT NULL DEFAULT '[]',
      label TEXT NOT NULL,
      state TEXT NOT NULL,
      origin TEXT NOT NULL DEFAULT 'plan',
      approved_by TEXT,
      approved_at INTEGER,
      rail TEXT,
      attempt INTEGER NOT NULL DEFAULT 0,
      sent_at INTEGER,
      problem TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    -- 2.5: at most one open change a target record, and one a source record for creates.
    CREATE UNIQUE INDEX changes_open_update ON changes (link_id, target)
      WHERE link_id IS NOT NULL AND state IN ('planned', 'approved', 'deferred', 'preparing', 'sending', 'acked', 'unknown', 'manual');
    CREATE UNIQUE INDEX changes_open_create ON changes (kind, target, coalesce(customerp_id, ''), coalesce(tidsbanken_id, ''))
      WHERE op = 'create' AND state IN ('planned', 'approved', 'deferred', 'preparing', 'sending', 'acked', 'unknown', 'manual');
    CREATE INDEX changes_open ON changes (state, kind, op) WHERE state IN ('planned', 'approved', 'deferred', 'preparing', 'sending', 'acked', 'unknown', 'manual');
    CREATE INDEX changes_by_link ON changes (link_id);
    CREATE INDEX changes_by_customerp ON changes (kind, customerp_id);
    CREATE INDEX changes_by_tidsbanken ON changes (kind, tidsbanken_id);

    CREATE TABLE mismatches (
      id INTEGER PRIMARY KEY,
      plan_id INTEGER NOT NULL REFERENCES plans(id),
      kind TEXT NOT NULL,
      mismatch TEXT NOT NULL,
      link_id INTEGER REFERENCES links(id),
      customerp_id TEXT,
      tidsbanken_id TEXT,
      group_name TEXT,
      detail TEXT NOT NULL,
      suggests TEXT,
      takes TEXT NOT NULL,
      candidates TEXT NOT NULL DEFAULT '[]',
      fingerprint TEXT NOT NULL,
      label TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'gone')),
      first_seen_at INTEGER NOT NULL,
      seen_count INTEGER NOT NULL DEFAULT 1,
      ended_at INTEGER
    ) STRICT;
    CREATE INDEX mismatches_open ON mismatches (kind, mismatch) WHERE state = 'open';
    CREATE INDEX mismatches_by_link ON mismatches (link_id) WHERE state = 'open';
    CREATE INDEX mismatches_by_customerp ON mismatches (kind, customerp_id) WHERE state = 'open';
    CREATE INDEX mismatches_by_tidsbanken ON mismatches (kind, tidsbanken_id) WHERE state = 'open';

    CREATE TABLE decisions (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      person TEXT NOT NULL,
      item_type TEXT NOT NULL CHECK (item_type IN ('change', 'mismatch', 'link', 'rail')),
      item_id INTEGER NOT NULL,
      fingerprint TEXT NOT NULL,
      take TEXT NOT NULL,
      group_name TEXT,
      detail TEXT NOT NULL DEFAULT '{}'
    ) STRICT;

    -- Pairs and records that a person has set aside: never proposed again until they are taken back.
    CREATE TABLE set_aside (
      kind TEXT NOT NULL,
      customerp_id TEXT NOT NULL DEFAULT '',
      tidsbanken_id TEXT NOT NULL DEFAULT '',
      why TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (kind, customerp_id, tidsbanken_id)
    ) STRICT, WITHOUT ROWID;

    -- Durable before the first byte leaves (I8).
    CREATE TABLE intents (
      id INTEGER PRIMARY KEY,
      change_id INTEGER NOT NULL UNIQUE REFERENCES changes(id),
      kind TEXT NOT NULL,
      target TEXT NOT NULL,
      op TEXT NOT NULL,
      chosen_id TEXT,
      marker TEXT,
      payload_digest TEXT NOT NULL,
      attempt INTEGER NOT NULL DEFAULT 0,
      committed_at INTEGER NOT NULL,
      sent_at INTEGER,
      native_id TEXT
    ) STRICT;
    -- K8: an id seen in any intent is never used for another record.
    CREATE INDEX intents_chosen ON intents (kind, target, chosen_id) WHERE chosen_id IS NOT NULL;

    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      run_id INTEGER REFERENCES runs(id),
      item TEXT,
      event TEXT NOT NULL,
      attempt INTEGER,
      detail TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX journal_by_run ON journal (run_id, seq);
    CREATE INDEX journal_by_item ON journal (item, seq);
    CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

    CREATE TABLE lease (
      name TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      purpose TEXT NOT NULL,
      acquired_at INTEGER NOT NULL,
      heartbeat_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
