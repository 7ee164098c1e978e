import type { Kind } from '../../shared/domain.ts';
import type { Bases } from './bases.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Mismatches, NewMismatch } from './mismatches.ts';
import type { BucketMark, BucketOfMany } from './records.ts';
import type { NewChange } from './stored-change.ts';

/** Everything that one run found out about one kind, but for bases, to be kept in one transaction (Z2). */
export interface PlanPart {
  readonly kind: Kind;
  readonly changes: readonly NewChange[];
  /** Open changes that no longer hold. */
  readonly supersede: readonly number[];
  /** Rails that now hold, or no longer hold, an open change. */
  readonly rails: readonly { readonly changeId: number; readonly rail: string | null }[];
  readonly mismatches: readonly NewMismatch[];
  readonly seenAgain: readonly number[];
  readonly gone: readonly number[];
  readonly buckets: readonly BucketMark[];
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
  readonly #changes: ChangeRows;
  readonly #mismatches: Mismatches;

  constructor(db: Db, journal: Journal, bases: Bases, changes: ChangeRows, mismatches: Mismatches) {
    this.#db = db;
    this.#journal = journal;
    this.#bases = bases;
    this.#changes = changes;
    this.#mismatches = mismatches;
  }

  /** Stores a plan, and with it the moves of bases that wait for it. */
  async save(plan: NewPlan, journal: readonly JournalEntry[]): Promise<number> {
    return this.#db
      .transaction(() => {
        const result = this.#db
          .prepare('INSERT INTO plans (run_id, at, versions, digest) VALUES (?, ?, ?, ?)')
          .run(plan.runId, plan.at, JSON.stringify(plan.versions), plan.digest);
        const planId = Number(result.lastInsertRowid);
        for (const part of plan.parts) this.#savePart(planId, part);
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

  #savePart(planId: number, part: PlanPart): void {
    for (const id of part.supersede) this.#changes.supersede(id);
    for (const change of part.changes) this.#changes.insert(planId, change);
    for (const { changeId, rail } of part.rails) this.#changes.setRail(changeId, rail);
    for (const id of part.gone) this.#mismatches.endNow(id, 'gone');
    for (const id of part.seenAgain) this.#mismatches.seenAgain(id, planId);
    for (const mismatch of part.mismatches) this.#mismatches.insert(planId, mismatch);
    const mark = this.#db.prepare(
      `UPDATE records SET bucket = :bucket, reason = :reason, dirty = dirty AND NOT :matched
       WHERE kind = :kind AND side = :side AND native_id = :nativeId
       AND (bucket <> :bucket OR reason IS NOT :reason OR (dirty AND :matched))`,
    );
    const about = { kind: part.kind, matched: Number(part.matched) };
    for (const bucket of part.buckets) mark.run({ ...bucket, ...about });
    const markMany = this.#db.prepare(
      `UPDATE records SET bucket = :bucket, reason = :reason, dirty = dirty AND NOT :matched
       WHERE id IN (SELECT value FROM json_each(:ids)) AND (bucket <> :bucket OR reason IS NOT :reason OR (dirty AND :matched))`,
    );
    for (const { bucket, reason, recordIds } of part.pairBuckets)
      for (const ids of inPages(recordIds)) markMany.run({ bucket, reason, ids, matched: about.matched });
    const clean = this.#db.prepare('UPDATE links SET dirty = 0 WHERE id IN (SELECT value FROM json_each(?))');
    for (const ids of inPages(part.cleanLinks)) clean.run(ids);
  }
}

const PAGE = 10_000;

/** Row ids as JSON texts of bounded length. */
function* inPages(ids: readonly number[]): Generator<string> {
  for (let at = 0; at < ids.length; at += PAGE) yield JSON.stringify(ids.slice(at, at + PAGE));
}
