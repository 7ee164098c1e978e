import type { Kind, Pair, Props } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { basePropsOf, SAME_AS_CUSTOMERP } from './stored-link.ts';

/** Properties whose base moves: written over the old base, the others stay. */
export interface BaseMove {
  readonly linkId: number;
  readonly base: Pair<Props>;
  readonly mapping: string;
}

/** Not a foreign key: a temporary table refers to none. */
const MOVED = `CREATE TEMP TABLE IF NOT EXISTS moved_bases (
  link_id INTEGER PRIMARY KEY, customerp TEXT NOT NULL, tidsbanken TEXT NOT NULL, mapping TEXT NOT NULL) STRICT`;

/** The two texts of a base: most pairs hold the same, which is kept once. */
function textsOf({ customerp, tidsbanken }: Pair<Props>): readonly [string, string] {
  const text = JSON.stringify(customerp);
  const other = JSON.stringify(tidsbanken);
  return [text, other === text ? SAME_AS_CUSTOMERP : other];
}

/** Bases of links: what each side held when both were last verified (I7), and the mapping that they go by. */
export class Bases {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#now = now;
    db.exec(MOVED);
  }

  /** The versions of mappings that the bases of a kind go by. */
  async mappings(kind: Kind): Promise<string[]> {
    return this.#db
      .prepare<[string], { mapping: string }>('SELECT mapping FROM base_mappings WHERE kind = ? ORDER BY mapping')
      .all(kind)
      .map((row) => row.mapping);
  }

  /** S5: bases of the former mapping lose these properties, and go by the new one from now on. Every link is judged anew. */
  async rebase(
    kind: Kind,
    { from, to }: { readonly from: string; readonly to: string },
    dropped: readonly string[] | 'all',
    journal: JournalEntry,
  ): Promise<void> {
    const ofKind = 'mapping = ? AND link_id IN (SELECT id FROM links WHERE kind = ?)';
    this.#db
      .transaction(() => {
        if (dropped === 'all') this.#db.prepare(`DELETE FROM bases WHERE ${ofKind}`).run(from, kind);
        else {
          const drop = this.#db.prepare(
            `UPDATE bases SET customerp = json_remove(customerp, ?), tidsbanken = json_remove(tidsbanken, ?) WHERE ${ofKind}`,
          );
          for (const path of dropped.map((name) => `$."${name}"`)) drop.run(path, path, from, kind);
        }
        this.#db.prepare(`UPDATE bases SET mapping = ? WHERE ${ofKind}`).run(to, from, kind);
        // The trigger has noted the new one, if there is a base that goes by it.
        this.#db.prepare('DELETE FROM base_mappings WHERE kind = ? AND mapping = ?').run(kind, from);
        this.#db.prepare("UPDATE links SET dirty = 1 WHERE kind = ? AND state = 'active'").run(kind);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** Moves of a plan under way wait page by page: they become bases with the plan, or not at all (Z2). */
  async stage(moves: readonly BaseMove[]): Promise<void> {
    if (moves.length === 0) return;
    const insert = this.#db.prepare('INSERT OR REPLACE INTO moved_bases VALUES (?, ?, ?, ?)');
    this.#db.transaction(() => {
      for (const { linkId, base, mapping } of moves) insert.run(linkId, ...textsOf(base), mapping);
    })();
  }

  /** What a plan that was never stored has left waiting. */
  async discardStaged(): Promise<void> {
    this.#db.exec('DELETE FROM moved_bases');
  }

  /** For use inside another repository's transaction: all moves that wait. First bases are taken over as they are. */
  takeOverStaged(): void {
    const later = this.#db
      .prepare<[], { link_id: number; customerp: string; tidsbanken: string; mapping: string }>(
        'SELECT m.* FROM moved_bases m CROSS JOIN bases b ON b.link_id = m.link_id',
      )
      .all();
    this.#db
      .prepare(
        `INSERT INTO bases (link_id, customerp, tidsbanken, mapping, at)
         SELECT link_id, customerp, tidsbanken, mapping, ? FROM moved_bases WHERE true ON CONFLICT DO NOTHING`,
      )
      .run(this.#now());
    for (const row of later)
      this.move({
        linkId: row.link_id,
        base: basePropsOf(row.customerp, row.tidsbanken),
        mapping: row.mapping,
      });
    this.#db.exec('DELETE FROM moved_bases');
  }

  /**
   * For use inside another repository's transaction: lays the moved properties over the base (I7). A base that goes by a
   * former mapping stays so, and what is laid over it with it, until the next plan has looked what holds (S5).
   */
  move(move: BaseMove): void {
    const row = this.#db
      .prepare<[number], { customerp: string; tidsbanken: string }>(
        'SELECT customerp, tidsbanken FROM bases WHERE link_id = ?',
      )
      .get(move.linkId);
    const before = basePropsOf(row?.customerp ?? null, row?.tidsbanken ?? null);
    const after = {
      customerp: { ...before.customerp, ...move.base.customerp },
      tidsbanken: { ...before.tidsbanken, ...move.base.tidsbanken },
    };
    this.#db
      .prepare(
        `INSERT INTO bases (link_id, customerp, tidsbanken, mapping, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (link_id) DO UPDATE SET customerp = excluded.customerp, tidsbanken = excluded.tidsbanken, at = excluded.at`,
      )
      .run(move.linkId, ...textsOf(after), move.mapping, this.#now());
  }
}
