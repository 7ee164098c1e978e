import { isAskedFor } from '../../shared/domain.ts';
import type { Kind } from '../../shared/domain.ts';
import { ChangeReader } from './change-reader.ts';
import { isWaiting } from './change-rows.ts';
import type { ChangeRows } from './change-rows.ts';
import type { ChangeSteps, Step } from './change-steps.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Mismatches } from './mismatches.ts';
import type { SharedCommit } from './shared-commit.ts';
import { IS_OPEN, toChange } from './stored-change.ts';
import type { NewChange, StoredChange } from './stored-change.ts';

export type { ChangeFilter, OpenCreate, ReadyChange, StoredIntent } from './change-reader.ts';
export type { Step } from './change-steps.ts';
export type { NewChange, StoredChange } from './stored-change.ts';

/** Pending changes, from plan to end (2.5): reading them, deciding on them, and taking them on their way. */
export class Changes extends ChangeReader {
  readonly #db: Db;
  readonly #commits: SharedCommit;
  readonly #journal: Journal;
  readonly #mismatches: Mismatches;
  readonly #rows: ChangeRows;
  readonly #steps: ChangeSteps;
  readonly #now: () => number;

  constructor(
    db: Db,
    commits: SharedCommit,
    journal: Journal,
    mismatches: Mismatches,
    rows: ChangeRows,
    steps: ChangeSteps,
    now: () => number,
  ) {
    super(db);
    this.#db = db;
    this.#commits = commits;
    this.#journal = journal;
    this.#mismatches = mismatches;
    this.#rows = rows;
    this.#steps = steps;
    this.#now = now;
  }

  /**
   * One step of a change; steps of several changes may share one commit. What must be on disk before anybody goes on is
   * (A5, K3, K5). Of the others a power failure may take the newest: the change is then found as it was announced, and
   * looked at before anything else (Z4–Z7).
   * @param read the change as it was read, while decisions on it are still taken: one that came since stands
   * @returns false: the change is another by now, or an end of the new link has another partner; nothing was done
   */
  async advance(id: number, step: Step, read?: StoredChange): Promise<boolean> {
    let isTaken = true;
    const take = (): void => {
      isTaken = (read === undefined || this.#rows.isStill(read)) && this.#steps.isPossible(step);
      if (isTaken) this.#steps.take(id, step);
    };
    const mustLast = step.state === 'sending' || step.newLink !== undefined;
    await (mustLast ? this.#commits.durably(take) : this.#commits.run(take));
    return isTaken;
  }

  /** Marks groups as approved by a person or a rule; binds person, time and fingerprint (V1). Returns false when it is too late. */
  async approve(
    id: number,
    groups: readonly string[] | 'all',
    by: string,
    liftRail: boolean,
    journal: readonly JournalEntry[],
  ): Promise<boolean> {
    return this.#db
      .transaction(() => {
        const approved = this.#rows.approve(id, groups, { by, at: this.#now(), liftRail });
        if (approved) this.#journal.append(journal);
        return approved;
      })
      .immediate();
  }

  /** A rule's or a person's approval of many changes at once. */
  async approveMany(
    items: readonly { readonly id: number; readonly groups: readonly string[] }[],
    by: string,
    liftRails: boolean,
    journal: readonly JournalEntry[],
  ): Promise<void> {
    this.#db
      .transaction(() => {
        for (const { id, groups } of items)
          this.#rows.approve(id, groups, { by, at: this.#now(), liftRail: liftRails });
        this.#journal.append(journal);
      })
      .immediate();
  }

  async reject(id: number, groups: readonly string[] | 'all', journal: readonly JournalEntry[]): Promise<boolean> {
    return this.#db
      .transaction(() => {
        const rejected = this.#rows.reject(id, groups);
        if (rejected) this.#journal.append(journal);
        return rejected;
      })
      .immediate();
  }

  /** A link made by hand leaves nothing to create for either of the two. */
  async supersedeCreates(kind: Kind, customerpId: string, tidsbankenId: string): Promise<void> {
    this.#db
      .prepare(
        `UPDATE changes SET state = 'superseded', updated_at = ? WHERE kind = ? AND op = 'create' AND ${IS_OPEN} AND state IN ('planned', 'approved', 'deferred', 'manual')
         AND ((target = 'tidsbanken' AND customerp_id = ?) OR (target = 'customerp' AND tidsbanken_id = ?))`,
      )
      .run(this.#now(), kind, customerpId, tidsbankenId);
  }

  /**
   * What a person's decision made into a write: a group joins the open change of that target, or starts one (section 7).
   * Null: another write stands there, and nothing was added.
   */
  async addDecided(
    change: NewChange,
    mismatchId: number | null,
    journal: readonly JournalEntry[],
  ): Promise<{ readonly changeId: number } | null> {
    let added: { readonly changeId: number } | null = null;
    await this.#commits.durably(() => {
      added = null;
      const open = this.#rows.openInstead(change);
      // A create is whole. What was asked for by itself is approved or rejected by itself, and never mixed (7.5, 7.6).
      if (open !== undefined && (open.op === 'create' || !isWaiting(open) || isAskedFor(open.origin))) return;
      const changeId =
        open === undefined ? this.#rows.insert(this.#newestPlan(), change) : this.#join(toChange(open), change);
      if (mismatchId !== null) this.#mismatches.endNow([mismatchId], 'decided');
      this.#journal.append(journal);
      added = { changeId };
    });
    return added;
  }

  /** S1: many decided at once are held until a person has typed their number. */
  async hold(ids: readonly number[], rail: string, journal: readonly JournalEntry[]): Promise<void> {
    this.#db
      .transaction(() => {
        this.#rows.setRail(ids, rail);
        this.#journal.append(journal);
      })
      .immediate();
  }

  #join(open: StoredChange, change: NewChange): number {
    const names = new Set(change.groups.map((g) => g.group));
    const groups = [...open.groups.filter((g) => !names.has(g.group)), ...change.groups];
    this.#db
      .prepare(
        "UPDATE changes SET groups = ?, state = 'approved', approved_by = ?, approved_at = ?, rail = NULL, updated_at = ? WHERE id = ?",
      )
      .run(JSON.stringify(groups), change.approvedBy, change.approvedAt ?? this.#now(), this.#now(), open.id);
    return open.id;
  }

  #newestPlan(): number {
    const row = this.#db.prepare<[], { id: number }>('SELECT id FROM plans ORDER BY id DESC LIMIT 1').get();
    if (row === undefined) throw new Error('There is no plan yet.');
    return row.id;
  }
}
