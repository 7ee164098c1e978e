import { SIDES } from '../../shared/domain.ts';
import type { Direction, Kind, Side } from '../../shared/domain.ts';
import type { BaseMove, Bases } from './bases.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import { LinkReader } from './link-reader.ts';
import type { SharedCommit } from './shared-commit.ts';
import { columnOf } from './stored-link.ts';
import type { NewLink, UnverifiedEnd } from './stored-link.ts';

export type { NewLink, StoredLink, UnverifiedEnd } from './stored-link.ts';

const linkOf = (side: Side): string =>
  `SELECT 1 FROM links WHERE kind = :kind AND ${columnOf(side)} = :${side} AND state IN ('unverified', 'active') AND id IS NOT :ending`;

/** Whether either end has a living link: one after the other, as an OR would look through all links of the kind. */
export const LINK_OF_EITHER = `${linkOf('customerp')} UNION ALL ${linkOf('tidsbanken')}`;

/** Links: reading them, making and ending them, and what is marked on them. */
export class Links extends LinkReader {
  readonly #db: Db;
  readonly #commits: SharedCommit;
  readonly #journal: Journal;
  readonly #bases: Bases;
  readonly #now: () => number;

  constructor(db: Db, commits: SharedCommit, journal: Journal, bases: Bases, now: () => number) {
    super(db);
    this.#db = db;
    this.#commits = commits;
    this.#journal = journal;
    this.#bases = bases;
    this.#now = now;
  }

  /** A new link starts with base none (M7). */
  async make(links: readonly NewLink[], journal: (link: NewLink, id: number) => JournalEntry): Promise<number[]> {
    if (links.length === 0) return [];
    return this.#db
      .transaction(() => {
        const ids = this.#addMany(links);
        this.#journal.append(links.map((link, index) => journal(link, ids[index] ?? 0)));
        return ids;
      })
      .immediate();
  }

  /** For use inside another repository's transaction. */
  insert(link: NewLink, state: 'unverified' | 'active', journal: (link: NewLink, id: number) => JournalEntry): number {
    const id = this.#add(link, state);
    this.#journal.append([journal(link, id)]);
    return id;
  }

  /** For use inside another repository's transaction: neither end of it is linked, save by the link that ends with this step (I9). */
  isFree({ kind, customerpId, tidsbankenId }: NewLink, ending: number | null): boolean {
    const holder = this.#db
      .prepare(LINK_OF_EITHER)
      .get({ kind, customerp: customerpId, tidsbanken: tidsbankenId, ending });
    return holder === undefined;
  }

  #add(link: NewLink, state: 'unverified' | 'active'): number {
    const added = this.#db
      .prepare(
        'INSERT INTO links (kind, customerp_id, tidsbanken_id, state, origin, keys, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(link.kind, link.customerpId, link.tidsbankenId, state, link.origin, JSON.stringify(link.keys), this.#now());
    return Number(added.lastInsertRowid);
  }

  /** All of them in one statement, as active links; their ids, in that order. */
  #addMany(links: readonly NewLink[]): number[] {
    const last = this.#db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM links').pluck().get() ?? 0;
    const rows = links.map((link, at) => [
      last + 1 + at,
      link.kind,
      link.customerpId,
      link.tidsbankenId,
      link.origin,
      link.keys,
    ]);
    this.#db
      .prepare(
        `INSERT INTO links (id, kind, customerp_id, tidsbanken_id, state, origin, keys, made_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 'active', value ->> 4, value -> 5, ? FROM json_each(?)`,
      )
      .run(this.#now(), JSON.stringify(rows));
    return links.map((_link, at) => last + 1 + at);
  }

  async end(id: number, state: 'tombstoned' | 'unlinked', journal: JournalEntry): Promise<void> {
    this.#db.transaction(() => this.#endNow(id, state, journal)).immediate();
  }

  /** A person says that one of two linked records belongs to another one: no moment sees it without a partner. */
  async replace(
    id: number,
    ended: JournalEntry,
    link: NewLink,
    made: (link: NewLink, id: number) => JournalEntry,
  ): Promise<number> {
    return this.#db
      .transaction(() => {
        this.#endNow(id, 'unlinked', ended);
        return this.insert(link, 'active', made);
      })
      .immediate();
  }

  #endNow(id: number, state: 'tombstoned' | 'unlinked', journal: JournalEntry): void {
    this.#db
      .prepare(
        `UPDATE links SET state = ?, ended_at = ?, dirty = 0, gone = coalesce((SELECT group_concat(r.side) FROM records r
           WHERE r.missing_since IS NOT NULL AND (r.kind, r.side, r.native_id) IN
             (VALUES (links.kind, 'customerp', links.customerp_id), (links.kind, 'tidsbanken', links.tidsbanken_id))), '')
         WHERE id = ?`,
      )
      .run(state, this.#now(), id);
    this.#db
      .prepare("UPDATE mismatches SET state = 'gone', ended_at = ? WHERE link_id = ? AND state = 'open'")
      .run(this.#now(), id);
    this.#db
      .prepare(
        "UPDATE changes SET state = 'superseded', updated_at = ? WHERE link_id = ? AND state IN ('planned', 'approved', 'deferred', 'manual')",
      )
      .run(this.#now(), id);
    for (const side of SIDES)
      this.#db
        .prepare(
          `UPDATE records SET dirty = 1, bucket = 'skipped', reason = ?
           WHERE side = ? AND (kind, native_id) = (SELECT kind, ${columnOf(side)} FROM links WHERE id = ?)`,
        )
        .run(state, side, id);
    this.#journal.append([journal]);
  }

  /** For use inside another repository's transaction: a link that was never verified (K5) ends, and its records are judged anew. */
  endUnverified(id: number, why: UnverifiedEnd): void {
    this.#db
      .prepare("UPDATE links SET state = 'unlinked', origin = ?, ended_at = ?, dirty = 0 WHERE id = ?")
      .run(why, this.#now(), id);
    for (const side of ['customerp', 'tidsbanken'] as const)
      this.#db
        .prepare(
          `UPDATE records SET dirty = 1 WHERE side = ? AND (kind, native_id) = (SELECT kind, ${columnOf(side)} FROM links WHERE id = ?)`,
        )
        .run(side, id);
  }

  async setDirection(id: number, direction: Direction, journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db.prepare('UPDATE links SET direction = ?, dirty = 1 WHERE id = ?').run(direction, id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  async setKeys(id: number, keys: NewLink['keys'], journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db.prepare('UPDATE links SET keys = ?, dirty = 1 WHERE id = ?').run(JSON.stringify(keys), id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** For use inside another repository's transaction: keys of one side that a write of ours has set (M6). */
  takeKeys(id: number, side: Side, values: Readonly<Record<string, string | null>>): void {
    const row = this.#db.prepare<[number], { keys: string }>('SELECT keys FROM links WHERE id = ?').get(id);
    const keys = fromJson<NewLink['keys']>(row?.keys ?? '{}');
    const taken = Object.entries(keys).map(([name, pair]) => [
      name,
      name in values ? { ...pair, [side]: values[name] ?? null } : pair,
    ]);
    this.#db.prepare('UPDATE links SET keys = ? WHERE id = ?').run(JSON.stringify(Object.fromEntries(taken)), id);
  }

  /** From now on the group is judged and written again (W3). */
  async unfreeze(id: number, group: string): Promise<void> {
    this.setFrozen(id, group, null);
  }

  /** For use inside another repository's transaction. Null: the group is no longer frozen. */
  setFrozen(id: number, group: string, why: 'transformed' | 'notPersisted' | 'flapping' | null): void {
    const row = this.#db.prepare<[number], { frozen: string }>('SELECT frozen FROM links WHERE id = ?').get(id);
    const frozen = { ...fromJson<Record<string, string>>(row?.frozen ?? '{}') };
    if (why === null && frozen[group] === undefined) return;
    if (why === null) delete frozen[group];
    else frozen[group] = why;
    this.#db.prepare('UPDATE links SET frozen = ?, dirty = 1 WHERE id = ?').run(JSON.stringify(frozen), id);
  }

  /** A person accepts a pair of values as it is: base, finding and freeze in one transaction (D5, W3). */
  async acceptPair(move: BaseMove, group: string | null, mismatchId: number, journal: JournalEntry): Promise<void> {
    await this.#commits.durably(() => {
      this.#bases.move(move);
      if (group !== null) this.setFrozen(move.linkId, group, null);
      this.#db
        .prepare("UPDATE mismatches SET state = 'decided', ended_at = ? WHERE id = ?")
        .run(this.#now(), mismatchId);
      this.#settleBuckets(move.linkId);
      this.#journal.append([journal]);
    });
  }

  /** Nothing about the pair is open any more: it is in step, without being judged again. */
  #settleBuckets(linkId: number): void {
    // Side by side: a join on either of two keys would look through all records of the kind.
    for (const side of SIDES)
      this.#db
        .prepare(
          `UPDATE records SET bucket = 'inStep', reason = NULL WHERE id = (
             SELECT r.id FROM links l JOIN records r ON r.kind = l.kind AND r.side = :side AND r.native_id = l.${columnOf(side)}
             WHERE l.id = :link
               AND NOT EXISTS (SELECT 1 FROM mismatches m WHERE m.link_id = l.id AND m.state = 'open')
               AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.link_id = l.id
                 AND c.state IN ('planned', 'approved', 'deferred', 'preparing', 'sending', 'acked', 'unknown', 'manual')))`,
        )
        .run({ link: linkId, side });
  }

  /**
   * References compare by link (O2). A link that came to life may be what an unlinked reference waits for, and one that
   * ended is another value for whoever refers to its records: they are judged anew. Asked for once a plan, not once a link.
   */
  async wakeReferrers(references: readonly Reference[]): Promise<void> {
    this.#db
      .transaction(() => {
        this.#wakeWaiting();
        this.#wakeLeft(references);
      })
      .immediate();
  }

  #wakeWaiting(): void {
    if (this.#db.prepare("DELETE FROM meta WHERE key = 'linksMade'").run().changes === 0) return;
    const waiting = "FROM mismatches WHERE state = 'open' AND mismatch = 'unlinkedReference'";
    this.#db.exec(
      `UPDATE links SET dirty = 1 WHERE dirty = 0 AND id IN (SELECT link_id ${waiting} AND link_id IS NOT NULL)`,
    );
    for (const side of SIDES)
      this.#db
        .prepare(
          `UPDATE records SET dirty = 1 WHERE dirty = 0 AND side = ? AND (kind, native_id) IN
           (SELECT kind, ${columnOf(side)} ${waiting} AND link_id IS NULL AND ${columnOf(side)} IS NOT NULL)`,
        )
        .run(side);
  }

  #wakeLeft(references: readonly Reference[]): void {
    if (this.#db.prepare('SELECT 1 FROM ended_links LIMIT 1').get() === undefined) return;
    for (const { kind, property, to } of references)
      for (const side of SIDES) {
        const of = { kind, side, property, to };
        const referring = `kind = :kind AND side = :side AND props ->> :property IN
          (SELECT e.${columnOf(side)} FROM ended_links JOIN links e ON e.id = link_id WHERE e.kind = :to)`;
        this.#db.prepare(`UPDATE records SET dirty = 1 WHERE dirty = 0 AND ${referring}`).run(of);
        this.#db
          .prepare(
            `UPDATE links SET dirty = 1 WHERE dirty = 0 AND state = 'active' AND kind = :kind
             AND ${columnOf(side)} IN (SELECT native_id FROM records WHERE ${referring})`,
          )
          .run(of);
      }
    this.#db.prepare('DELETE FROM ended_links').run();
  }

  /** The link is judged anew by the next plan, whether or not anything has changed. */
  async wake(id: number): Promise<void> {
    this.#db.prepare("UPDATE links SET dirty = 1 WHERE id = ? AND state = 'active'").run(id);
  }

  /** Every link of the kind is judged anew by the next plan. */
  async wakeAll(kind: Kind): Promise<void> {
    this.#db.prepare("UPDATE links SET dirty = 1 WHERE kind = ? AND state = 'active' AND dirty = 0").run(kind);
  }

  /** Links with something open are judged anew: another policy may have settled it (V2). */
  async markOpenDirty(kind: Kind): Promise<void> {
    this.#db
      .prepare(
        `UPDATE links SET dirty = 1 WHERE kind = ? AND state = 'active' AND dirty = 0 AND (
           EXISTS (SELECT 1 FROM mismatches m WHERE m.link_id = links.id AND m.state = 'open')
           OR EXISTS (SELECT 1 FROM changes c WHERE c.link_id = links.id AND c.state IN ('planned', 'approved', 'deferred')))`,
      )
      .run(kind);
  }

  /**
   * For use inside another repository's transaction: what a step of a change means for its link. The record as just read
   * back bears the time of our own write (D4).
   */
  mark(id: number, { isActivated, isDirty, writtenTo }: LinkMarks): void {
    const sets = [
      ...(isActivated ? ["state = 'active'"] : []),
      ...(isDirty ? ['dirty = 1'] : []),
      ...(writtenTo === null ? [] : [WRITTEN[writtenTo]]),
    ];
    if (sets.length > 0) this.#db.prepare(`UPDATE links SET ${sets.join(', ')} WHERE id = ?`).run(id);
  }
}

/** A property by which records of one kind refer to those of another. */
export interface Reference {
  readonly kind: Kind;
  readonly property: string;
  readonly to: Kind;
}

/** The side written to, if one was. */
interface LinkMarks {
  readonly isActivated: boolean;
  readonly isDirty: boolean;
  readonly writtenTo: Side | null;
}

const writtenAt = (side: Side): string =>
  `written_${side} = coalesce((SELECT r.modified_at FROM records r
     WHERE r.kind = links.kind AND r.side = '${side}' AND r.native_id = links.${columnOf(side)}), -1)`;
const WRITTEN = { customerp: writtenAt('customerp'), tidsbanken: writtenAt('tidsbanken') } as const;
