import { SIDES } from '../../shared/domain.ts';
import type { Kind, MismatchKind, Side, Take } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { idPages } from './id-pages.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import { columnOf } from './stored-link.ts';

export interface NewMismatch {
  readonly kind: Kind;
  readonly mismatch: MismatchKind;
  readonly linkId: number | null;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly group: string | null;
  readonly detail: Readonly<Record<string, string>>;
  readonly suggests: Take | null;
  readonly takes: readonly Take[];
  readonly candidates: readonly string[];
  readonly fingerprint: string;
  readonly label: string;
}

export interface StoredMismatch extends NewMismatch {
  readonly id: number;
  readonly state: 'open' | 'decided' | 'gone';
  readonly firstSeenAt: number;
  readonly seenCount: number;
}

export interface MismatchFilter {
  readonly kind?: Kind | undefined;
  readonly mismatch?: MismatchKind | undefined;
  readonly find?: string | undefined;
}

interface Row {
  id: number;
  kind: Kind;
  mismatch: MismatchKind;
  link_id: number | null;
  customerp_id: string | null;
  tidsbanken_id: string | null;
  group_name: string | null;
  detail: string;
  suggests: Take | null;
  takes: string;
  candidates: string;
  fingerprint: string;
  label: string;
  state: 'open' | 'decided' | 'gone';
  first_seen_at: number;
  seen_count: number;
}

/** Findings that need a person or an explanation. */
export class Mismatches {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#now = now;
  }

  async get(id: number): Promise<StoredMismatch | null> {
    const row = this.#db.prepare<[number], Row>('SELECT * FROM mismatches WHERE id = ?').get(id);
    return row === undefined ? null : toMismatch(row);
  }

  /** Ids of all that are open of a kind, in order. */
  async idsOf(kind: Kind): Promise<number[]> {
    return this.#db
      .prepare<[string], { id: number }>("SELECT id FROM mismatches WHERE kind = ? AND state = 'open' ORDER BY id")
      .all(kind)
      .map(({ id }) => id);
  }

  /** These findings, open or not, in the order of their ids. */
  async many(ids: readonly number[]): Promise<StoredMismatch[]> {
    return this.#db
      .prepare<[string], Row>('SELECT * FROM mismatches WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id')
      .all(JSON.stringify(ids))
      .map(toMismatch);
  }

  /** All that are open, in the order in which they are listed. */
  async openIds(): Promise<number[]> {
    return this.#db
      .prepare<[], { id: number }>("SELECT id FROM mismatches WHERE state = 'open' ORDER BY kind, mismatch, label, id")
      .all()
      .map(({ id }) => id);
  }

  async openOfLinks(linkIds: readonly number[]): Promise<StoredMismatch[]> {
    return this.#db
      .prepare<[string], Row>(
        "SELECT * FROM mismatches WHERE link_id IN (SELECT value FROM json_each(?)) AND state = 'open' ORDER BY id",
      )
      .all(JSON.stringify(linkIds))
      .map(toMismatch);
  }

  /** What was found about a whole kind: rails and readings that are in doubt. */
  async openOfKind(kind: Kind): Promise<StoredMismatch[]> {
    return this.#db
      .prepare<[string], Row>(
        `SELECT * FROM mismatches WHERE kind = ? AND mismatch IN ('rail', 'timeShift', 'shapeChanged', 'incompleteCollection')
         AND state = 'open' AND link_id IS NULL AND customerp_id IS NULL AND tidsbanken_id IS NULL ORDER BY id`,
      )
      .all(kind)
      .map(toMismatch);
  }

  async openOfRecord(kind: Kind, side: Side, nativeId: string): Promise<StoredMismatch[]> {
    const column = columnOf(side);
    return this.#db
      .prepare<[string, string], Row>(
        `SELECT * FROM mismatches WHERE kind = ? AND ${column} = ? AND state = 'open' ORDER BY id`,
      )
      .all(kind, nativeId)
      .map(toMismatch);
  }

  async counts(): Promise<{ kind: Kind; mismatch: MismatchKind; count: number }[]> {
    return this.#db
      .prepare<[], { kind: Kind; mismatch: MismatchKind; count: number }>(
        "SELECT kind, mismatch, count(*) AS count FROM mismatches WHERE state = 'open' GROUP BY kind, mismatch ORDER BY kind, mismatch",
      )
      .all();
  }

  async list(
    filter: MismatchFilter,
    offset: number,
    limit: number,
  ): Promise<{ total: number; rows: StoredMismatch[] }> {
    const find = filter.find?.trim().toLowerCase() ?? '';
    const where = `state = 'open' AND (:kind IS NULL OR kind = :kind) AND (:mismatch IS NULL OR mismatch = :mismatch)
      AND (:find IS NULL OR instr(lower(label || ' ' || coalesce(customerp_id, '') || ' ' || coalesce(tidsbanken_id, '')), :find) > 0)`;
    const args = { kind: filter.kind ?? null, mismatch: filter.mismatch ?? null, find: find === '' ? null : find };
    const total =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM mismatches WHERE ${where}`).get(args)?.n ?? 0;
    const rows = this.#db
      .prepare<[object], Row>(
        `SELECT * FROM mismatches WHERE ${where} ORDER BY kind, mismatch, label, id LIMIT :limit OFFSET :offset`,
      )
      .all({ ...args, offset, limit });
    return { total, rows: rows.map(toMismatch) };
  }

  async end(id: number, state: 'decided' | 'gone', journal: readonly JournalEntry[]): Promise<void> {
    this.#db
      .transaction(() => {
        this.endNow([id], state);
        this.#journal.append(journal);
      })
      .immediate();
  }

  /** Linked by hand: what was found about either of the two is settled, and whoever it was found with is judged anew (V4). */
  async endOfRecords(kind: Kind, customerpId: string, tidsbankenId: string): Promise<void> {
    const end = this.#db.prepare<unknown[], { customerp: string | null; tidsbanken: string | null }>(
      `UPDATE mismatches SET state = 'decided', ended_at = ? WHERE kind = ? AND state = 'open' AND link_id IS NULL AND (customerp_id = ? OR tidsbanken_id = ?)
       RETURNING customerp_id AS customerp, tidsbanken_id AS tidsbanken`,
    );
    const judgeAnew = this.#db.prepare('UPDATE records SET dirty = 1 WHERE kind = ? AND side = ? AND native_id = ?');
    this.#db
      .transaction(() => {
        for (const ended of end.all(this.#now(), kind, customerpId, tidsbankenId))
          for (const side of SIDES) judgeAnew.run(kind, side, ended[side]);
      })
      .immediate();
  }

  /** For use inside another repository's transaction. */
  endNow(ids: readonly number[], state: 'decided' | 'gone'): void {
    const end = this.#db.prepare(
      'UPDATE mismatches SET state = ?, ended_at = ? WHERE id IN (SELECT value FROM json_each(?))',
    );
    for (const page of idPages(ids)) end.run(state, this.#now(), page);
  }

  /** For use inside another repository's transaction. */
  seenAgain(ids: readonly number[], planId: number): void {
    const seen = this.#db.prepare(
      'UPDATE mismatches SET seen_count = seen_count + 1, plan_id = ? WHERE id IN (SELECT value FROM json_each(?))',
    );
    for (const page of idPages(ids)) seen.run(planId, page);
  }

  /** For use inside another repository's transaction. */
  insert(planId: number, draft: NewMismatch): void {
    this.#db
      .prepare(
        `INSERT INTO mismatches (plan_id, ${DRAFTED_MISMATCH}, first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(planId, ...draftedMismatch(draft), this.#now());
  }
}

/** The columns that a draft fills, in the order of `draftedMismatch`. */
export const DRAFTED_MISMATCH =
  'kind, mismatch, link_id, customerp_id, tidsbanken_id, group_name, detail, suggests, takes, candidates, fingerprint, label';

export const draftedMismatch = (draft: NewMismatch): readonly (string | number | null)[] => [
  draft.kind,
  draft.mismatch,
  draft.linkId,
  draft.customerpId,
  draft.tidsbankenId,
  draft.group,
  JSON.stringify(draft.detail),
  draft.suggests,
  JSON.stringify(draft.takes),
  JSON.stringify(draft.candidates),
  draft.fingerprint,
  draft.label,
];

const toMismatch = (row: Row): StoredMismatch => ({
  id: row.id,
  kind: row.kind,
  mismatch: row.mismatch,
  linkId: row.link_id,
  customerpId: row.customerp_id,
  tidsbankenId: row.tidsbanken_id,
  group: row.group_name,
  detail: fromJson(row.detail),
  suggests: row.suggests,
  takes: fromJson(row.takes),
  candidates: fromJson(row.candidates),
  fingerprint: row.fingerprint,
  label: row.label,
  state: row.state,
  firstSeenAt: row.first_seen_at,
  seenCount: row.seen_count,
});
