import type { Kind, Pair, Props } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';

/** Properties whose base moves: written over the old base, the others stay. */
export interface BaseMove {
  readonly linkId: number;
  readonly base: Pair<Props>;
  readonly mapping: string;
}

/** Not a foreign key: a temporary table refers to none. */
const MOVED = `CREATE TEMP TABLE IF NOT EXISTS moved_bases (
  link_id INTEGER PRIMARY KEY, customerp TEXT NOT NULL, tidsbanken TEXT NOT NULL, mapping TEXT NOT NULL) STRICT`;

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
      .prepare<[string], { mapping: string }>(
        // From one mapping to the next, since a SELECT DISTINCT would walk through all bases. Each kind has mappings of its own.
        `WITH RECURSIVE steps(mapping) AS (SELECT min(mapping) FROM bases UNION ALL
           SELECT (SELECT min(b.mapping) FROM bases b WHERE b.mapping > steps.mapping) FROM steps WHERE steps.mapping IS NOT NULL)
         SELECT mapping FROM steps WHERE mapping IS NOT NULL
           AND (SELECT l.kind FROM bases b JOIN links l ON l.id = b.link_id WHERE b.mapping = steps.mapping LIMIT 1) = ?
         ORDER BY mapping`,
      )
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
      for (const { linkId, base, mapping } of moves)
        insert.run(linkId, JSON.stringify(base.customerp), JSON.stringify(base.tidsbanken), mapping);
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
        base: { customerp: fromJson(row.customerp), tidsbanken: fromJson(row.tidsbanken) },
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
    const customerp = { ...fromJson<Props>(row?.customerp ?? '{}'), ...move.base.customerp };
    const tidsbanken = { ...fromJson<Props>(row?.tidsbanken ?? '{}'), ...move.base.tidsbanken };
    this.#db
      .prepare(
        `INSERT INTO bases (link_id, customerp, tidsbanken, mapping, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (link_id) DO UPDATE SET customerp = excluded.customerp, tidsbanken = excluded.tidsbanken, at = excluded.at`,
      )
      .run(move.linkId, JSON.stringify(customerp), JSON.stringify(tidsbanken), move.mapping, this.#now());
  }
}
