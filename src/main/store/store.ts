import type { Kind, Problem, Result, Side } from '../../shared/domain.ts';
import { ok } from '../../shared/domain.ts';
import { backUp } from './backup.ts';
import { Bases } from './bases.ts';
import { BroughtBack } from './brought-back.ts';
import { ChangeRows } from './change-rows.ts';
import { ChangeSteps } from './change-steps.ts';
import { Changes } from './changes.ts';
import { Checklists } from './checklists.ts';
import { Collections } from './collections.ts';
import { openChecked, openDatabase, openToLook } from './database.ts';
import type { Db } from './db.ts';
import { Decisions } from './decisions.ts';
import { DiskFlush } from './disk-flush.ts';
import { Journal } from './journal.ts';
import { Links } from './links.ts';
import type { StoredLink } from './links.ts';
import { Meta } from './meta.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { Mismatches } from './mismatches.ts';
import { PlanDrafts } from './plan-drafts.ts';
import { Plans } from './plans.ts';
import { RecordKeys } from './record-keys.ts';
import { Records } from './records.ts';
import { Runs } from './runs.ts';
import { seenRecords } from './seen-records.ts';
import type { SeenRecord } from './seen-records.ts';
import { SharedCommit } from './shared-commit.ts';
import { statementsOf } from './statement-count.ts';
import { Undos } from './undos.ts';

/**
 * The link store. Its methods are asynchronous at this border, so that another engine can take SQLite's place; each is
 * one transaction, with its journal rows inside.
 */
export interface Store {
  readonly meta: Meta;
  readonly runs: Runs;
  readonly collections: Collections;
  readonly records: Records;
  readonly keys: RecordKeys;
  readonly links: Links;
  readonly bases: Bases;
  readonly drafts: PlanDrafts;
  readonly plans: Plans;
  readonly changes: Changes;
  readonly mismatches: Mismatches;
  readonly decisions: Decisions;
  readonly checklists: Checklists;
  readonly broughtBack: BroughtBack;
  readonly undos: Undos;
  readonly journal: Journal;
  /** Appends journal rows that tell of something outside the store. */
  tell(entries: Parameters<Journal['append']>[0]): Promise<void>;
  /** Active links of a kind in the order of their ids, page by page. */
  linksAfter(kind: Kind, afterId: number, limit: number): Promise<StoredLink[]>;
  /** Records of one side that are there, in the order of their native ids, page by page. */
  recordsAfter(kind: Kind, side: Side, afterId: string, limit: number): Promise<SeenRecord[]>;
  /** Reads the whole store: `integrity` is "ok" or what is wrong; `brokenRow` the first journal row out of the chain (I22). */
  check(): Promise<{ integrity: string; brokenRow: number | null }>;
  /** Statements carried out since the store was opened. */
  statements(): number;
  backUp(target: string): Promise<Result<{ path: string }, Problem>>;
  close(): void;
}

/**
 * @param flush `inCommit`: nothing goes on in another thread, so that what is told by a clock of its own goes the same
 * way each time (decision 8)
 */
export function openStore(
  path: string,
  now: () => number,
  flush: 'beside' | 'inCommit' = 'beside',
): Result<Store, Problem> {
  const opened = openDatabase(path, MIGRATIONS, now);
  return opened.ok ? ok(storeOn(opened.value, now, flush)) : opened;
}

/** For looking only, while its pages are checked beside; any method that writes throws. */
export function openStoreToLook(path: string, now: () => number): Result<Store, Problem> {
  const opened = openToLook(path);
  return opened.ok ? ok(storeOn(opened.value, now)) : opened;
}

/** For a store whose pages have just been checked beside. */
export function openCheckedStore(path: string, now: () => number): Result<Store, Problem> {
  const opened = openChecked(path);
  return opened.ok ? ok(storeOn(opened.value, now)) : opened;
}

function storeOn(db: Db, now: () => number, flush: 'beside' | 'inCommit' = 'beside'): Store {
  const disk = new DiskFlush(flush === 'beside' && !db.memory ? `${db.name}-wal` : null);
  const commits = new SharedCommit(db, disk);
  const journal = new Journal(db, now);
  const records = new Records(db, commits);
  const bases = new Bases(db, journal, now);
  const links = new Links(db, commits, journal, bases, now);
  const mismatches = new Mismatches(db, journal, now);
  const drafts = new PlanDrafts(db, now);
  const changeRows = new ChangeRows(db, now);
  const decisions = new Decisions(db, commits, journal, changeRows, now);
  const changeSteps = new ChangeSteps(db, changeRows, journal, records, links, bases, mismatches, now);
  return {
    meta: new Meta(db),
    runs: new Runs(db, now),
    collections: new Collections(db, journal),
    records,
    keys: new RecordKeys(db),
    links,
    bases,
    drafts,
    plans: new Plans(db, journal, bases, drafts, changeRows, mismatches),
    changes: new Changes(db, commits, journal, mismatches, changeRows, changeSteps, now),
    mismatches,
    decisions,
    checklists: new Checklists(db, journal, now),
    broughtBack: new BroughtBack(db, journal, changeRows, decisions, now),
    undos: new Undos(db, journal, changeRows, now),
    journal,
    tell: async (entries) => db.transaction(() => journal.append(entries)).immediate(),
    linksAfter: async (kind, afterId, limit) => {
      const ids = db
        .prepare<[string, number, number], { id: number }>(
          "SELECT id FROM links WHERE kind = ? AND state = 'active' AND id > ? ORDER BY id LIMIT ?",
        )
        .all(kind, afterId, limit);
      return (await Promise.all(ids.map(({ id }) => links.get(id)))).filter((link) => link !== null);
    },
    recordsAfter: async (kind, side, afterId, limit) => seenRecords(db, kind, side, afterId, limit),
    check: async () => ({
      integrity: String(db.pragma('integrity_check(1)', { simple: true })),
      brokenRow: await journal.firstBrokenRow(),
    }),
    statements: () => statementsOf(db),
    backUp: (target) => backUp(db, target),
    close: () => {
      disk.close();
      db.close();
    },
  };
}
