import { isAskedFor } from '../../shared/domain.ts';
import type { ChangeState, GroupChange, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { idPages } from './id-pages.ts';
import { draftedChange, DRAFTED_CHANGE, IS_OPEN, toChange } from './stored-change.ts';
import type { ChangeRow, NewChange, StoredChange } from './stored-change.ts';

/** Decisions are taken until a writer has picked the change up (section 7). */
const WAITING: ReadonlySet<ChangeState> = new Set(['planned', 'approved', 'deferred', 'manual']);
export const isWaiting = ({ state }: { readonly state: ChangeState }): boolean => WAITING.has(state);

/** Who approves, when (ms since 1970), and whether what a rail holds is let go. */
interface Approver {
  readonly by: string;
  readonly at: number;
  readonly liftRail: boolean;
}

/** The rows of changes, for use inside the transaction of whoever writes. */
export class ChangeRows {
  readonly #db: Db;
  readonly #now: () => number;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  get(id: number): ChangeRow | undefined {
    return this.#db.prepare<[number], ChangeRow>('SELECT * FROM changes WHERE id = ?').get(id);
  }

  /** Whether state, groups and rail are as they were read: whatever a decision may change. */
  isStill({ id, state, groups, rail }: StoredChange): boolean {
    return (
      this.#db
        .prepare<unknown[], { n: number }>(
          'SELECT 1 n FROM changes WHERE id = ? AND state = ? AND groups = ? AND rail IS ?',
        )
        .get(id, state, JSON.stringify(groups), rail) !== undefined
    );
  }

  openForTarget(linkId: number, target: Side): ChangeRow | undefined {
    return this.#db
      .prepare<[number, string], ChangeRow>(`SELECT * FROM changes WHERE link_id = ? AND target = ? AND ${IS_OPEN}`)
      .get(linkId, target);
  }

  /** The open change that stands where this one would. */
  openInstead({ op, kind, target, linkId, customerpId, tidsbankenId }: NewChange): ChangeRow | undefined {
    if (linkId !== null) return this.openForTarget(linkId, target);
    return this.#db
      .prepare<[object], ChangeRow>(
        `SELECT * FROM changes WHERE op = :op AND kind = :kind AND target = :target AND customerp_id IS :customerpId
           AND tidsbanken_id IS :tidsbankenId AND ${IS_OPEN}`,
      )
      .get({ op, kind, target, customerpId, tidsbankenId });
  }

  insert(planId: number, change: NewChange): number {
    const result = this.#db
      .prepare(
        `INSERT INTO changes (plan_id, ${DRAFTED_CHANGE}, rail, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(planId, ...draftedChange(change), change.rail, this.#now(), this.#now());
    return Number(result.lastInsertRowid);
  }

  /** What is left of a change lives on as one of its own. */
  insertRemainder(change: StoredChange, groups: readonly GroupChange[]): void {
    const approved = groups.every((g) => g.approved);
    this.insert(change.planId, {
      ...change,
      op: change.op === 'archive' && !groups.some((g) => g.group === 'lifecycle') ? 'update' : change.op,
      groups,
      needs: groups.some((g) => g.needs === 'review') ? 'review' : 'auto',
      fingerprint: groups.map((g) => g.fingerprint).join('+'),
      state: approved ? 'approved' : 'planned',
      approvedBy: approved ? change.approvedBy : null,
      approvedAt: approved ? change.approvedAt : null,
    });
  }

  /** A newer plan knows better, unless a person has settled it since: what has ended stays so (2.5). */
  supersede(ids: readonly number[]): void {
    const supersede = this.#db.prepare(
      `UPDATE changes SET state = 'superseded', updated_at = ? WHERE id IN (SELECT value FROM json_each(?))
       AND state IN ('planned', 'approved', 'deferred', 'manual')`,
    );
    for (const page of idPages(ids)) supersede.run(this.#now(), page);
  }

  setRail(ids: readonly number[], rail: string | null): void {
    const hold = this.#db.prepare(
      'UPDATE changes SET rail = :rail WHERE id IN (SELECT value FROM json_each(:ids)) AND rail IS NOT :rail',
    );
    for (const page of idPages(ids)) hold.run({ rail, ids: page });
  }

  /** The change while decisions on it are taken; null when it has ended or is under way. */
  openAndWaiting(id: number): StoredChange | null {
    const row = this.get(id);
    return row === undefined || !isWaiting(row) ? null : toChange(row);
  }

  /** Binds person, time and fingerprint (V1). False: it was too late. */
  approve(id: number, groups: readonly string[] | 'all', { by, at, liftRail }: Approver): boolean {
    const change = this.openAndWaiting(id);
    if (change === null) return false;
    const approved = change.groups.map((g) =>
      groups === 'all' || groups.includes(g.group) ? { ...g, approved: true } : g,
    );
    this.#db
      .prepare(
        "UPDATE changes SET groups = ?, state = 'approved', approved_by = ?, approved_at = ?, rail = ?, updated_at = ? WHERE id = ?",
      )
      .run(JSON.stringify(approved), by, at, liftRail ? null : change.rail, this.#now(), id);
    return true;
  }

  /** What is not rejected lives on as a change of its own. False: it was too late. */
  reject(id: number, groups: readonly string[] | 'all'): boolean {
    const change = this.openAndWaiting(id);
    if (change === null) return false;
    const rejected = change.groups.filter((g) => groups === 'all' || groups.includes(g.group));
    const kept = change.groups.filter((g) => !rejected.includes(g));
    this.#db
      .prepare("UPDATE changes SET state = 'rejected', groups = ?, updated_at = ? WHERE id = ?")
      .run(JSON.stringify(rejected), this.#now(), id);
    if (kept.length > 0) this.insertRemainder(change, kept);
    else if (isAskedFor(change.origin)) this.#judgeAnew(change);
    else this.#markSkipped(change);
    return true;
  }

  /** The sync's own proposals for the pair stood back until now (7.5). */
  #judgeAnew({ linkId }: StoredChange): void {
    if (linkId !== null) this.#db.prepare('UPDATE links SET dirty = 1 WHERE id = ?').run(linkId);
  }

  #markSkipped(change: StoredChange): void {
    this.#db
      .prepare(
        // As two keys: an OR would be looked for in all records of the kind.
        `UPDATE records SET bucket = 'skipped', reason = 'rejected' WHERE (kind, side, native_id) IN
         (VALUES (:kind, 'customerp', :customerp), (:kind, 'tidsbanken', :tidsbanken))`,
      )
      .run({ kind: change.kind, customerp: change.customerpId, tidsbanken: change.tidsbankenId });
  }
}
