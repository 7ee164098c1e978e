import type { Kind, Side, Take } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { keepSeenTime } from './meta.ts';

export interface NewDecision {
  readonly person: string;
  readonly itemType: 'change' | 'mismatch' | 'link' | 'rail';
  readonly itemId: number;
  readonly fingerprint: string;
  readonly take: Take;
  readonly group: string | null;
}

const OF_EITHER = `kind = :kind AND ((side = 'customerp' AND native_id = :customerpId) OR (side = 'tidsbanken' AND native_id = :tidsbankenId))`;

/** What persons chose, and what they set aside for good. */
export class Decisions {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#now = now;
  }

  async add(decision: NewDecision): Promise<void> {
    this.addNow(decision);
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
