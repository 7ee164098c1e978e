import type { Kind } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { draftedMismatch, DRAFTED_MISMATCH } from './mismatches.ts';
import type { NewMismatch } from './mismatches.ts';
import { draftedChange, DRAFTED_CHANGE } from './stored-change.ts';
import type { NewChange } from './stored-change.ts';

/** What a plan under way proposes and has found since the page before; all of one kind. */
export interface DraftPage {
  /** The place of the first one of each among all drafts of the kind, from 0. */
  readonly from: { readonly changes: number; readonly mismatches: number };
  readonly changes: readonly NewChange[];
  readonly mismatches: readonly NewMismatch[];
}

/** Neighbours among the drafted changes of a kind that one rail holds, or none. */
export interface HeldRun {
  readonly rail: string | null;
  readonly count: number;
}

/** Without the rules of the real tables: those are kept when the drafts come there. */
const DRAFTS = `
  CREATE TEMP TABLE IF NOT EXISTS drafted_changes (at INTEGER NOT NULL, kind TEXT NOT NULL, op TEXT, target TEXT,
    link_id INTEGER, customerp_id TEXT, tidsbanken_id TEXT, groups TEXT, needs TEXT, fingerprint TEXT, versions TEXT,
    waits_for TEXT, label TEXT, state TEXT, origin TEXT, approved_by TEXT, approved_at INTEGER) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS temp.drafted_changes_in_order ON drafted_changes (kind, at);
  CREATE TEMP TABLE IF NOT EXISTS drafted_mismatches (at INTEGER NOT NULL, kind TEXT NOT NULL, mismatch TEXT,
    link_id INTEGER, customerp_id TEXT, tidsbanken_id TEXT, group_name TEXT, detail TEXT, suggests TEXT, takes TEXT,
    candidates TEXT, fingerprint TEXT, label TEXT) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS temp.drafted_mismatches_in_order ON drafted_mismatches (kind, at);`;

/**
 * Drafts of a plan under way wait here page by page, beside the store: they are kept with the plan, or not at all (Z2).
 */
export class PlanDrafts {
  readonly #db: Db;
  readonly #now: () => number;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
    db.exec(DRAFTS);
    // Written and read in order: 2 MB do, and no more of it stays in memory.
    db.pragma('temp.cache_size = -2048');
  }

  async stage({ from, changes, mismatches }: DraftPage): Promise<void> {
    const change = this.#db.prepare(
      `INSERT INTO drafted_changes (at, ${DRAFTED_CHANGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const mismatch = this.#db.prepare(
      `INSERT INTO drafted_mismatches (at, ${DRAFTED_MISMATCH}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#db.transaction(() => {
      for (const [index, draft] of changes.entries()) change.run(from.changes + index, ...draftedChange(draft));
      for (const [index, draft] of mismatches.entries())
        mismatch.run(from.mismatches + index, ...draftedMismatch(draft));
    })();
  }

  /** What a plan that was never stored has left waiting. */
  async discardStaged(): Promise<void> {
    this.#db.exec('DELETE FROM drafted_changes; DELETE FROM drafted_mismatches');
  }

  /** For use inside another repository's transaction: so many were taken over, and none waits any more. */
  end(taken: { readonly changes: number; readonly mismatches: number }): void {
    const { changes, mismatches } = taken;
    const isAll =
      (changes === 0 || this.#db.prepare('DELETE FROM drafted_changes').run().changes === changes) &&
      (mismatches === 0 || this.#db.prepare('DELETE FROM drafted_mismatches').run().changes === mismatches);
    if (!isAll) throw new Error('There are drafts that belong to no kind of the plan.');
  }

  /**
   * For use inside another repository's transaction: the changes of a kind, in the order in which they were drafted.
   * @returns how many they are
   */
  takeOverChanges(planId: number, kind: Kind, held: readonly HeldRun[]): number {
    const take = this.#db.prepare(
      `INSERT INTO changes (plan_id, ${DRAFTED_CHANGE}, rail, created_at, updated_at)
       SELECT :planId, ${DRAFTED_CHANGE}, :rail, :now, :now FROM drafted_changes
       WHERE kind = :kind AND at >= :from AND at < :to ORDER BY at`,
    );
    let from = 0;
    for (const { rail, count } of held) {
      const to = from + count;
      const taken = take.run({ planId, kind, rail, from, to, now: this.#now() }).changes;
      if (taken !== count) throw new Error(`Of ${String(count)} changes drafted of ${kind}, ${String(taken)} wait.`);
      from = to;
    }
    return from;
  }

  /** For use inside another repository's transaction: the findings of a kind, in order. */
  takeOverMismatches(planId: number, kind: Kind, count: number): void {
    if (count === 0) return;
    const taken = this.#db
      .prepare(
        `INSERT INTO mismatches (plan_id, ${DRAFTED_MISMATCH}, first_seen_at)
         SELECT ?, ${DRAFTED_MISMATCH}, ? FROM drafted_mismatches WHERE kind = ? ORDER BY at`,
      )
      .run(planId, this.#now(), kind).changes;
    if (taken !== count) throw new Error(`Of ${String(count)} findings drafted of ${kind}, ${String(taken)} wait.`);
  }
}
