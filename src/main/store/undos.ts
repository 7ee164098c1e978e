import type { UndoRow } from '../../shared/contract/views.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import { toChange } from './stored-change.ts';
import type { ChangeRow, NewChange, StoredChange } from './stored-change.ts';

/** What is to be undone: all that one run sent, or one change. */
export type UndoScope = { readonly run: number } | { readonly change: number };

/** An undo to be proposed; null as answer: meanwhile another change of the record is open. */
export interface NewUndo {
  readonly change: NewChange;
  readonly journal: JournalEntry;
}

/** Changes that were sent, however it ended: only there something may have been written. */
const SENT = "state IN ('verified', 'transformed', 'notPersisted', 'sending', 'acked', 'unknown', 'manual')";

/** What a preview shows is kept on the disk and not in memory, beside the store and gone with the process. */
const SHOWN = `CREATE TEMP TABLE IF NOT EXISTS undo_rows (
  n INTEGER PRIMARY KEY, outcome TEXT NOT NULL, row TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS temp.undo_rows_by_outcome ON undo_rows (outcome, n);`;

/** Undo (7.5): what was written is found again, previewed and proposed. */
export class Undos {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #rows: ChangeRows;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, rows: ChangeRows, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#rows = rows;
    this.#now = now;
  }

  /** Changes of the scope that were sent, in the order of their ids, page by page. A checklist puts back its own (7.6). */
  async sent(scope: UndoScope, afterId: number, limit: number): Promise<StoredChange[]> {
    const { run, change } = { run: null, change: null, ...scope };
    const where = run === null ? 'id = :change' : 'sent_run = :run';
    return this.#db
      .prepare<[object], ChangeRow>(
        `SELECT * FROM changes WHERE ${where} AND sent_run IS NOT NULL AND ${SENT} AND origin <> 'checklist' AND id > :afterId
         ORDER BY id LIMIT :limit`,
      )
      .all({ ...(run === null ? { change } : { run }), afterId, limit })
      .map(toChange);
  }

  /**
   * Proposes undos, each to be approved by a person. A mere proposal of the sync for the same record gives way, one of an
   * undo is joined. Returns the ids of the changes; null where another change of the record is open meanwhile (2.5).
   */
  async propose(undos: readonly NewUndo[]): Promise<(number | null)[]> {
    return this.#db
      .transaction(() =>
        undos.map(({ change, journal }) => {
          const id = this.#propose(change);
          if (id !== null) this.#journal.append([{ ...journal, item: `change:${String(id)}` }]);
          return id;
        }),
      )
      .immediate();
  }

  #propose(change: NewChange): number | null {
    if (change.linkId === null) return null;
    const open = this.#rows.openForTarget(change.linkId, change.target);
    if (open !== undefined && open.state !== 'planned') return null;
    if (open?.origin === 'undo') return this.#join(toChange(open), change);
    if (open !== undefined && open.origin !== 'plan') return null;
    if (open !== undefined) this.#rows.supersede([open.id]);
    // Judged anew with the next plan: the pair has something proposed, and what gave way comes again after it.
    this.#db.prepare('UPDATE links SET dirty = 1 WHERE id = ?').run(change.linkId);
    return this.#rows.insert(this.#newestPlan(), change);
  }

  #join(open: StoredChange, change: NewChange): number | null {
    const names = new Set(open.groups.map((g) => g.group));
    const isOther = JSON.stringify(open.versions) !== JSON.stringify(change.versions);
    if (isOther || change.groups.some((g) => names.has(g.group))) return null;
    const groups = [...open.groups, ...change.groups];
    this.#db
      .prepare('UPDATE changes SET groups = ?, fingerprint = ?, op = ?, updated_at = ? WHERE id = ?')
      .run(
        JSON.stringify(groups),
        groups.map((g) => g.fingerprint).join('+'),
        open.op === 'archive' ? open.op : change.op,
        this.#now(),
        open.id,
      );
    return open.id;
  }

  /** A new preview takes the place of the last one. */
  async beginPreview(): Promise<void> {
    this.#db.exec(`${SHOWN} DELETE FROM undo_rows;`);
  }

  async addToPreview(rows: readonly UndoRow[]): Promise<void> {
    const insert = this.#db.prepare('INSERT INTO undo_rows (outcome, row) VALUES (?, ?)');
    this.#db.transaction(() => {
      for (const row of rows) insert.run(row.outcome, JSON.stringify(row));
    })();
  }

  /** Rows of the last preview, in the order in which they were written there. */
  async previewed(outcome: string, offset: number, limit: number): Promise<{ total: number; rows: UndoRow[] }> {
    this.#db.exec(SHOWN);
    const total =
      this.#db.prepare<[string], { n: number }>('SELECT count(*) n FROM undo_rows WHERE outcome = ?').get(outcome)?.n ??
      0;
    const rows = this.#db
      .prepare<[string, number, number], { row: string }>(
        'SELECT row FROM undo_rows WHERE outcome = ? ORDER BY n LIMIT ? OFFSET ?',
      )
      .all(outcome, limit, offset);
    return { total, rows: rows.map(({ row }) => fromJson<UndoRow>(row)) };
  }

  #newestPlan(): number {
    const row = this.#db.prepare<[], { id: number }>('SELECT id FROM plans ORDER BY id DESC LIMIT 1').get();
    if (row === undefined) throw new Error('There is no plan yet.');
    return row.id;
  }
}
