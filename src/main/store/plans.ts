import type { Kind } from '../../shared/domain.ts';
import type { Bases } from './bases.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import { idPages } from './id-pages.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Mismatches } from './mismatches.ts';
import type { HeldRun, PlanDrafts } from './plan-drafts.ts';
import type { BucketOfMany, BucketOfNative } from './records.ts';

/**
 * Everything that one run found out about one kind, to be kept in one transaction (Z2); but for bases and for what it
 * proposes and has found, which wait for it.
 */
export interface PlanPart {
  readonly kind: Kind;
  /** The rails that hold the changes that wait for the plan: all of them, in their order. */
  readonly held: readonly HeldRun[];
  /** How many findings wait for it. */
  readonly mismatches: number;
  /** Open changes that no longer hold. */
  readonly supersede: readonly number[];
  /** Rails that now hold, or no longer hold, open changes. */
  readonly rails: readonly { readonly rail: string | null; readonly changeIds: readonly number[] }[];
  readonly seenAgain: readonly number[];
  readonly gone: readonly number[];
  readonly buckets: readonly BucketOfNative[];
  /** Records of linked pairs, by the bucket in which they ended. */
  readonly pairBuckets: readonly BucketOfMany[];
  /** Its unlinked records were matched: none of those that got a bucket has to be matched again. */
  readonly matched: boolean;
  /** Links that were looked at and need no second look. */
  readonly cleanLinks: readonly number[];
  /** What has to be told of how it was found. */
  readonly journal: readonly JournalEntry[];
}

export interface NewPlan {
  readonly runId: number;
  readonly at: number;
  readonly versions: unknown;
  readonly digest: string;
  readonly parts: readonly PlanPart[];
}

/** Plans: the immutable list of what one run found and proposes (V1). */
export class Plans {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #bases: Bases;
  readonly #drafts: PlanDrafts;
  readonly #changes: ChangeRows;
  readonly #mismatches: Mismatches;

  constructor(db: Db, journal: Journal, bases: Bases, drafts: PlanDrafts, changes: ChangeRows, mismatches: Mismatches) {
    this.#db = db;
    this.#journal = journal;
    this.#bases = bases;
    this.#drafts = drafts;
    this.#changes = changes;
    this.#mismatches = mismatches;
  }

  /** Stores a plan, and with it the drafts and the moves of bases that wait for it. */
  async save(plan: NewPlan, journal: readonly JournalEntry[]): Promise<number> {
    return this.#db
      .transaction(() => {
        const result = this.#db
          .prepare('INSERT INTO plans (run_id, at, versions, digest) VALUES (?, ?, ?, ?)')
          .run(plan.runId, plan.at, JSON.stringify(plan.versions), plan.digest);
        const planId = Number(result.lastInsertRowid);
        const taken = { changes: 0, mismatches: 0 };
        for (const part of plan.parts) {
          taken.changes += this.#savePart(planId, part);
          taken.mismatches += part.mismatches;
        }
        this.#drafts.end(taken);
        this.#bases.takeOverStaged();
        this.#journal.append([...journal, ...plan.parts.flatMap((part) => part.journal)]);
        return planId;
      })
      .immediate();
  }

  /** Whether a run came to a plan. */
  async isMadeBy(runId: number): Promise<boolean> {
    return (
      this.#db.prepare<[number], { id: number }>('SELECT id FROM plans WHERE run_id = ? LIMIT 1').get(runId) !==
      undefined
    );
  }

  /** @returns how many changes it proposes */
  #savePart(planId: number, part: PlanPart): number {
    this.#changes.supersede(part.supersede);
    const changes = this.#drafts.takeOverChanges(planId, part.kind, part.held);
    for (const { rail, changeIds } of part.rails) this.#changes.setRail(changeIds, rail);
    this.#mismatches.endNow(part.gone, 'gone');
    this.#mismatches.seenAgain(part.seenAgain, planId);
    this.#drafts.takeOverMismatches(planId, part.kind, part.mismatches);
    const mark = this.#db.prepare(
      `UPDATE records SET bucket = :bucket, reason = :reason, dirty = dirty AND NOT :matched
       WHERE kind = :kind AND side = :side AND native_id IN (SELECT value FROM json_each(:ids))
       AND (bucket <> :bucket OR reason IS NOT :reason OR (dirty AND :matched))`,
    );
    const about = { kind: part.kind, matched: Number(part.matched) };
    for (const { nativeIds, ...bucket } of part.buckets)
      for (const ids of idPages(nativeIds)) mark.run({ ...bucket, ids, ...about });
    const markMany = this.#db.prepare(
      `UPDATE records SET bucket = :bucket, reason = :reason, dirty = dirty AND NOT :matched
       WHERE id IN (SELECT value FROM json_each(:ids)) AND (bucket <> :bucket OR reason IS NOT :reason OR (dirty AND :matched))`,
    );
    for (const { bucket, reason, recordIds } of part.pairBuckets)
      for (const ids of idPages(recordIds)) markMany.run({ bucket, reason, ids, matched: about.matched });
    const clean = this.#db.prepare('UPDATE links SET dirty = 0 WHERE id IN (SELECT value FROM json_each(?))');
    for (const ids of idPages(part.cleanLinks)) clean.run(ids);
    return changes;
  }
}
