import type { BroughtBackRow } from '../../shared/contract/portable.ts';
import type { ChangeOp, Kind, MismatchKind, Take } from '../../shared/domain.ts';
import type { ChangeRows } from './change-rows.ts';
import type { Db } from './db.ts';
import type { Decisions } from './decisions.ts';
import type { Journal, JournalEntry } from './journal.ts';

/** What became of a decision that was brought back. */
export type BroughtBackAs = BroughtBackRow['outcome'];

export interface NewBroughtBack {
  readonly review: string;
  /** As it was exported: `change:12`, `mismatch:7`. */
  readonly item: string;
  readonly take: Take;
  readonly here: string | null;
  readonly kind: Kind;
  readonly what: ChangeOp | MismatchKind;
  readonly label: string;
  readonly person: string;
  readonly installation: string;
  readonly decidedAt: number;
  readonly outcome: BroughtBackAs;
  /** Names the sentence that explains it; null for what was applied. */
  readonly why: string | null;
}
export interface StoredBroughtBack extends NewBroughtBack {
  readonly id: number;
  readonly mergedAt: number;
}

/** A decision on a change as it was shown elsewhere: it counts only while each group still is what was shown (V1). */
export interface ShownDecision {
  readonly id: number;
  readonly fingerprint: string;
  readonly take: 'approve' | 'reject';
  readonly groups: readonly { readonly group: string; readonly fingerprint: string }[];
  readonly liftRail: boolean;
  /** ms since 1970. */
  readonly at: number;
  readonly note: NewBroughtBack;
  readonly journal: JournalEntry;
}

interface Row {
  id: number;
  review: string;
  item: string;
  take: Take;
  here: string | null;
  kind: Kind;
  what: ChangeOp | MismatchKind;
  label: string;
  person: string;
  installation: string;
  decided_at: number;
  merged_at: number;
  outcome: BroughtBackAs;
  why: string | null;
}

/** Decisions that were taken in a portable review and brought back, row by row. */
export class BroughtBack {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #rows: ChangeRows;
  readonly #decisions: Decisions;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, rows: ChangeRows, decisions: Decisions, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#rows = rows;
    this.#decisions = decisions;
    this.#now = now;
  }

  /** Whether this very decision was carried out here before: an approval is used once (V1). */
  async isUsed(review: string, item: string, take: Take): Promise<boolean> {
    return (
      this.#db
        .prepare<[string, string, string], { n: number }>(
          'SELECT 1 n FROM brought_back WHERE review = ? AND item = ? AND take = ? AND used = 1',
        )
        .get(review, item, take) !== undefined
    );
  }

  /**
   * Carries out decisions on changes in one transaction, each with its journal row. False at its place: by now the
   * change has ended, is under way, or is not what was shown; nothing was done about it.
   */
  async decide(decisions: readonly ShownDecision[]): Promise<boolean[]> {
    return this.#db.transaction(() => decisions.map((decision) => this.#decideOne(decision))).immediate();
  }

  /** Notes what became of decisions, with the journal rows of those that were carried out. */
  async note(notes: readonly NewBroughtBack[], journal: readonly JournalEntry[]): Promise<void> {
    this.#db
      .transaction(() => {
        for (const note of notes) this.#keep(note);
        this.#journal.append(journal);
      })
      .immediate();
  }

  /** The outcomes of one review in the order of its rows. */
  async list(
    review: string,
    outcome: BroughtBackAs | undefined,
    offset: number,
    limit: number,
  ): Promise<{ total: number; rows: StoredBroughtBack[] }> {
    const where = 'review = :review AND (:outcome IS NULL OR outcome = :outcome)';
    const args = { review, outcome: outcome ?? null };
    const total =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM brought_back WHERE ${where}`).get(args)?.n ?? 0;
    const rows = this.#db
      .prepare<[object], Row>(`SELECT * FROM brought_back WHERE ${where} ORDER BY id LIMIT :limit OFFSET :offset`)
      .all({ ...args, offset, limit });
    return { total, rows: rows.map(toBroughtBack) };
  }

  #decideOne({ id, fingerprint, take, groups, liftRail, at, note, journal }: ShownDecision): boolean {
    const change = this.#rows.openAndWaiting(id);
    const isAsShown = groups.every(({ group, fingerprint: shown }) =>
      change?.groups.some((own) => own.group === group && own.fingerprint === shown),
    );
    if (change === null || !isAsShown) return false;
    const names = groups.map(({ group }) => group);
    if (take === 'approve') this.#rows.approve(id, names, { by: note.person, at, liftRail });
    else this.#rows.reject(id, names);
    this.#decisions.addNow({
      person: note.person,
      itemType: 'change',
      itemId: id,
      fingerprint,
      take,
      group: names.length === change.groups.length ? null : names.join(' '),
    });
    this.#keep(note);
    this.#journal.append([journal]);
    return true;
  }

  #keep(note: NewBroughtBack): void {
    this.#db
      .prepare(
        `INSERT INTO brought_back (review, item, take, here, kind, what, label, person, installation, decided_at, merged_at, outcome, why, used)
         VALUES (:review, :item, :take, :here, :kind, :what, :label, :person, :installation, :decidedAt, :mergedAt, :outcome, :why, :used)
         ON CONFLICT (review, item, take) DO UPDATE SET here = excluded.here, person = excluded.person,
           installation = excluded.installation, decided_at = excluded.decided_at, merged_at = excluded.merged_at,
           outcome = excluded.outcome, why = excluded.why, used = max(used, excluded.used)`,
      )
      .run({ ...note, mergedAt: this.#now(), used: Number(note.outcome === 'applied') });
  }
}

const toBroughtBack = (row: Row): StoredBroughtBack => ({
  id: row.id,
  review: row.review,
  item: row.item,
  take: row.take,
  here: row.here,
  kind: row.kind,
  what: row.what,
  label: row.label,
  person: row.person,
  installation: row.installation,
  decidedAt: row.decided_at,
  mergedAt: row.merged_at,
  outcome: row.outcome,
  why: row.why,
});
