import type { Kind, Side, Take } from '../../shared/domain.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { keepSeenTime } from './meta.ts';
import type { SharedCommit } from './shared-commit.ts';

export interface NewDecision {
  readonly person: string;
  readonly itemType: 'change' | 'mismatch' | 'link' | 'rail';
  readonly itemId: number;
  readonly fingerprint: string;
  readonly take: Take;
  readonly group: string | null;
}

/** A person's word on one change as a whole, or on some of its groups. */
export interface ChangeDecision {
  readonly id: number;
  readonly fingerprint: string;
  readonly take: 'approve' | 'reject' | 'later';
  readonly groups: readonly string[] | 'all';
  /** As it is remembered: the one group that was named, if one was. */
  readonly group: string | null;
  readonly journal: JournalEntry;
}

/** As two keys: an OR would be looked for in all records of the kind. */
const OF_EITHER =
  "(kind, side, native_id) IN (VALUES (:kind, 'customerp', :customerpId), (:kind, 'tidsbanken', :tidsbankenId))";

/** What persons chose, and what they set aside for good. */
export class Decisions {
  readonly #db: Db;
  readonly #commits: SharedCommit;
  readonly #journal: Journal;
  readonly #rows: ChangeRows;
  readonly #now: () => number;

  constructor(db: Db, commits: SharedCommit, journal: Journal, rows: ChangeRows, now: () => number) {
    this.#db = db;
    this.#commits = commits;
    this.#journal = journal;
    this.#rows = rows;
    this.#now = now;
  }

  async add(decision: NewDecision): Promise<void> {
    await this.#commits.durably(() => this.addNow(decision));
  }

  /**
   * Carries out decisions on changes in one transaction, each with its journal row. False at its place: the change had
   * ended or was under way, and nothing was done about it. What a rail holds is let go by an approval.
   */
  async onChanges(decisions: readonly ChangeDecision[], person: string): Promise<boolean[]> {
    return this.#db
      .transaction(() => {
        const taken = decisions.map((decision) => this.#take(decision, person));
        this.#journal.append(decisions.filter((_, index) => taken[index] === true).map(({ journal }) => journal));
        return taken;
      })
      .immediate();
  }

  #take({ id, fingerprint, take, groups, group }: ChangeDecision, person: string): boolean {
    if (take === 'approve' && !this.#rows.approve(id, groups, { by: person, at: this.#now(), liftRail: true }))
      return false;
    if (take === 'reject' && !this.#rows.reject(id, groups)) return false;
    this.addNow({ person, itemType: 'change', itemId: id, fingerprint, take, group });
    return true;
  }

  /** For use inside another repository's transaction. */
  addNow(decision: NewDecision): void {
    keepSeenTime(this.#db, this.#now());
    this.#db
      .prepare(
        'INSERT INTO decisions (at, person, item_type, item_id, fingerprint, take, group_name) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        this.#now(),
        decision.person,
        decision.itemType,
        decision.itemId,
        decision.fingerprint,
        decision.take,
        decision.group,
      );
  }

  /** With both ids: never link these two. With one: this record needs no counterpart. */
  async setAside(
    kind: Kind,
    customerpId: string | null,
    tidsbankenId: string | null,
    why: string,
    journal: JournalEntry,
  ): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db
          .prepare(
            'INSERT OR REPLACE INTO set_aside (kind, customerp_id, tidsbanken_id, why, at) VALUES (?, ?, ?, ?, ?)',
          )
          .run(kind, customerpId ?? '', tidsbankenId ?? '', why, this.#now());
        this.#db
          .prepare(
            `UPDATE records SET dirty = 1, bucket = iif(:alone, 'skipped', bucket), reason = iif(:alone, 'setAside', reason) WHERE ${OF_EITHER}`,
          )
          .run({ kind, customerpId, tidsbankenId, alone: Number(customerpId === null || tidsbankenId === null) });
        this.#journal.append([journal]);
      })
      .immediate();
  }

  async takeBack(
    kind: Kind,
    customerpId: string | null,
    tidsbankenId: string | null,
    journal: JournalEntry,
  ): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db
          .prepare('DELETE FROM set_aside WHERE kind = ? AND customerp_id = ? AND tidsbanken_id = ?')
          .run(kind, customerpId ?? '', tidsbankenId ?? '');
        this.#db
          .prepare(
            `UPDATE records SET dirty = 1, reason = iif(reason = 'setAside', 'notLookedAt', reason) WHERE ${OF_EITHER}`,
          )
          .run({ kind, customerpId, tidsbankenId });
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** Records that a person ignores, on one side. */
  async ignoredIds(kind: Kind, side: Side): Promise<ReadonlySet<string>> {
    const [own, other] = side === 'customerp' ? ['customerp_id', 'tidsbanken_id'] : ['tidsbanken_id', 'customerp_id'];
    const rows = this.#db
      .prepare<[string], { id: string }>(
        `SELECT ${own} AS id FROM set_aside WHERE kind = ? AND ${own} <> '' AND ${other} = ''`,
      )
      .all(kind);
    return new Set(rows.map((row) => row.id));
  }

  /** Whether a person ignores this one. */
  async isIgnored(kind: Kind, side: Side, nativeId: string): Promise<boolean> {
    const [customerpId, tidsbankenId] = side === 'customerp' ? [nativeId, ''] : ['', nativeId];
    return (
      this.#db
        .prepare<[string, string, string], { n: number }>(
          'SELECT 1 n FROM set_aside WHERE kind = ? AND customerp_id = ? AND tidsbanken_id = ?',
        )
        .get(kind, customerpId, tidsbankenId) !== undefined
    );
  }

  async neverLinked(kind: Kind): Promise<{ customerpId: string; tidsbankenId: string }[]> {
    return this.#db
      .prepare<[string], { customerpId: string; tidsbankenId: string }>(
        "SELECT customerp_id AS customerpId, tidsbanken_id AS tidsbankenId FROM set_aside WHERE kind = ? AND customerp_id <> '' AND tidsbanken_id <> ''",
      )
      .all(kind);
  }
}
