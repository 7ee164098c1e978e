import type { ChangeState, GroupChange, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { OPEN } from './stored-change.ts';
import type { ChangeRow, NewChange, StoredChange } from './stored-change.ts';

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

  openForTarget(linkId: number, target: Side): ChangeRow | undefined {
    return this.#db
      .prepare<[number, string], ChangeRow>(
        `SELECT * FROM changes WHERE link_id = ? AND target = ? AND state IN (${OPEN})`,
      )
      .get(linkId, target);
  }

  insert(planId: number, change: NewChange): number {
    const result = this.#db
      .prepare(
        `INSERT INTO changes (plan_id, kind, op, target, link_id, customerp_id, tidsbanken_id, groups, needs, fingerprint, versions, waits_for, label,
           state, origin, approved_by, approved_at, rail, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        planId,
        change.kind,
        change.op,
        change.target,
        change.linkId,
        change.customerpId,
        change.tidsbankenId,
        JSON.stringify(change.groups),
        change.needs,
        change.fingerprint,
        JSON.stringify(change.versions),
        JSON.stringify(change.waitsFor),
        change.label,
        change.state,
        change.origin,
        change.approvedBy,
        change.approvedAt,
        change.rail,
        this.#now(),
        this.#now(),
      );
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

  setState(id: number, state: ChangeState): void {
    this.#db.prepare('UPDATE changes SET state = ?, updated_at = ? WHERE id = ?').run(state, this.#now(), id);
  }

  setRail(id: number, rail: string | null): void {
    this.#db.prepare('UPDATE changes SET rail = ? WHERE id = ?').run(rail, id);
  }
}
