import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { ChangeDetail, MismatchDetail } from '../../shared/contract/views.ts';
import { fail, ok } from '../../shared/domain.ts';
import type { ChangeOp, Flow, MismatchKind, Problem, Result, Side, Take } from '../../shared/domain.ts';
import { rememberStatements } from './database.ts';
import type { Db } from './db.ts';
import { fromJson } from './json.ts';

/** A group of a change as it was exported: what a decision on it binds to (V1). */
export interface GroupShown {
  readonly group: string;
  readonly fingerprint: string;
}
export interface CopiedChange {
  readonly view: ChangeDetail;
  readonly fingerprint: string;
  readonly groups: readonly GroupShown[];
  /** What was decided here, by group. */
  readonly takes: Readonly<Record<string, 'approve' | 'reject'>>;
  readonly decidedAt: number | null;
}
export interface CopiedMismatch {
  readonly view: MismatchDetail;
  readonly fingerprint: string;
  readonly take: Take | null;
  readonly linkTo: string | null;
  readonly decidedAt: number | null;
}
export type NewCopiedChange = Pick<CopiedChange, 'view' | 'fingerprint' | 'groups'>;
export type NewCopiedMismatch = Pick<CopiedMismatch, 'view' | 'fingerprint'>;

/** What a decision on many needs of each. */
export type Decidable = Pick<CopiedChange, 'groups' | 'takes'> & {
  readonly seq: number;
  readonly id: number;
  readonly op: ChangeOp;
  readonly rail: string | null;
};

/** Where a change stands in the copy. `approved`: some or all of its groups. */
export type Standing = 'waiting' | 'approved' | 'rejected';

export interface CopiedChangeFilter {
  readonly flow?: Flow | undefined;
  readonly target?: Side | undefined;
  readonly op?: ChangeOp | undefined;
  readonly show?: 'waiting' | 'approved' | 'held' | 'open' | undefined;
  readonly find?: string | undefined;
}
export interface CopiedMismatchFilter {
  readonly flow?: Flow | undefined;
  readonly kind?: MismatchKind | undefined;
  readonly find?: string | undefined;
}

interface ChangeRow {
  fingerprint: string;
  groups: string;
  takes: string;
  decided_at: number | null;
  view: string;
}
interface MismatchRow {
  fingerprint: string;
  take: Take | null;
  link_to: string | null;
  decided_at: number | null;
  view: string;
}

const VERSION = 1;
/** What is looked for stands apart from what is shown, so that a count of 100,000 rows reads little. */
const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE changes (
    seq INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, flow TEXT NOT NULL, target TEXT NOT NULL, op TEXT NOT NULL,
    needs TEXT NOT NULL, rail TEXT, search TEXT NOT NULL, fingerprint TEXT NOT NULL, groups TEXT NOT NULL,
    standing TEXT NOT NULL DEFAULT 'waiting', takes TEXT NOT NULL DEFAULT '{}', decided_at INTEGER
  ) STRICT;
  CREATE TABLE change_views (id INTEGER PRIMARY KEY, view TEXT NOT NULL) STRICT;
  CREATE TABLE mismatches (
    seq INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, flow TEXT NOT NULL, kind TEXT NOT NULL,
    search TEXT NOT NULL, fingerprint TEXT NOT NULL, take TEXT, link_to TEXT, decided_at INTEGER
  ) STRICT;
  CREATE TABLE mismatch_views (id INTEGER PRIMARY KEY, view TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${String(VERSION)};
`;

/** Makes or opens the file of an opened review; for this account only. Problems: `reviewUnusable`. */
export function openReviewCopy(path: string): Result<ReviewCopy, Problem> {
  let db: Db | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    db = new Database(path, { timeout: 5_000 });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    if (db.pragma('user_version', { simple: true }) === 0) db.exec(SCHEMA);
    rememberStatements(db);
    const version = db.pragma('user_version', { simple: true });
    const check = String(db.pragma('quick_check(1)', { simple: true }));
    if (check === 'ok' && version === VERSION) return ok(new ReviewCopy(db));
    db.close();
    return fail(unusable(path, check === 'ok' ? `its version is ${String(version)}` : 'it is damaged'));
  } catch (error) {
    db?.close();
    return fail(unusable(path, error instanceof Error ? error.message : String(error)));
  }
}

const unusable = (path: string, why: string): Problem => ({
  kind: 'reviewUnusable',
  what: `The opened review ${path} cannot be used: ${why}.`,
  notDone: 'Nothing was decided.',
  todo: 'Open the file that you were sent anew: “tidsbro review open FILE --anew”. What was decided here is then decided again.',
});

/** A plan that was brought along in a file, and what was decided on it here. */
export class ReviewCopy {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  fact(name: string): string | null {
    return (
      this.#db.prepare<[string], { value: string }>('SELECT value FROM facts WHERE name = ?').get(name)?.value ?? null
    );
  }

  setFact(name: string, value: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(name, value);
  }

  /** Takes in rows in their order, all or none. */
  add(changes: readonly NewCopiedChange[], mismatches: readonly NewCopiedMismatch[]): void {
    const change = this.#db.prepare(
      `INSERT INTO changes (id, flow, target, op, needs, rail, search, fingerprint, groups)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const mismatch = this.#db.prepare(
      'INSERT INTO mismatches (id, flow, kind, search, fingerprint) VALUES (?, ?, ?, ?, ?)',
    );
    const changeView = this.#db.prepare('INSERT INTO change_views (id, view) VALUES (?, ?)');
    const mismatchView = this.#db.prepare('INSERT INTO mismatch_views (id, view) VALUES (?, ?)');
    this.#db
      .transaction(() => {
        for (const { view, fingerprint, groups } of changes) {
          const { id, flow, target, op, needs, rail } = view;
          change.run(id, flow, target, op, needs, rail, searchOf(view), fingerprint, JSON.stringify(groups));
          changeView.run(id, JSON.stringify(view));
        }
        for (const { view, fingerprint } of mismatches) {
          mismatch.run(view.id, view.flow, view.kind, searchOf(view), fingerprint);
          mismatchView.run(view.id, JSON.stringify(view));
        }
      })
      .immediate();
  }

  change(id: number): CopiedChange | null {
    const row = this.#db
      .prepare<[number], ChangeRow>('SELECT c.*, v.view FROM changes c JOIN change_views v USING (id) WHERE c.id = ?')
      .get(id);
    return row === undefined ? null : toChange(row);
  }

  listChanges(filter: CopiedChangeFilter, offset: number, limit: number): { total: number; rows: CopiedChange[] } {
    const { sql, args } = whereChanges(filter);
    const total = this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM changes WHERE ${sql}`).get(args);
    const rows = this.#db
      .prepare<[object], ChangeRow>(
        `SELECT c.*, v.view FROM (SELECT * FROM changes WHERE ${sql} ORDER BY seq LIMIT :limit OFFSET :offset) c
         JOIN change_views v USING (id) ORDER BY c.seq`,
      )
      .all({ ...args, offset, limit });
    return { total: total?.n ?? 0, rows: rows.map(toChange) };
  }

  countChanges(filter: CopiedChangeFilter): number {
    const { sql, args } = whereChanges(filter);
    return this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM changes WHERE ${sql}`).get(args)?.n ?? 0;
  }

  /** The next changes of a filter, without what is shown of them: many are decided page by page. */
  decidables(filter: CopiedChangeFilter, afterSeq: number, limit: number): Decidable[] {
    const { sql, args } = whereChanges(filter);
    return this.#db
      .prepare<[object], Omit<Decidable, 'groups' | 'takes'> & { groups: string; takes: string }>(
        `SELECT seq, id, op, rail, groups, takes FROM changes WHERE ${sql} AND seq > :after ORDER BY seq LIMIT :limit`,
      )
      .all({ ...args, after: afterSeq, limit })
      .map((row) => ({ ...row, groups: fromJson(row.groups), takes: fromJson(row.takes) }));
  }

  changeCounts(filter: CopiedChangeFilter): {
    flow: Flow;
    target: Side;
    op: ChangeOp;
    rail: string | null;
    standing: Standing;
    count: number;
    review: number;
  }[] {
    const { sql, args } = whereChanges(filter);
    return this.#db
      .prepare<
        [object],
        {
          flow: Flow;
          target: Side;
          op: ChangeOp;
          rail: string | null;
          standing: Standing;
          count: number;
          review: number;
        }
      >(
        `SELECT flow, target, op, rail, standing, count(*) AS count, sum(needs = 'review') AS review
         FROM changes WHERE ${sql} GROUP BY flow, target, op, rail, standing ORDER BY flow, target, op`,
      )
      .all(args);
  }

  /** Decides groups of changes, all in one transaction; a later decision takes the place of an earlier one. */
  decideChanges(
    decided: readonly { readonly id: number; readonly takes: CopiedChange['takes']; readonly standing: Standing }[],
    at: number,
  ): void {
    const set = this.#db.prepare('UPDATE changes SET takes = ?, standing = ?, decided_at = ? WHERE id = ?');
    this.#db
      .transaction(() => {
        for (const { id, takes, standing } of decided) set.run(JSON.stringify(takes), standing, at, id);
      })
      .immediate();
  }

  mismatch(id: number): CopiedMismatch | null {
    const row = this.#db
      .prepare<[number], MismatchRow>(
        'SELECT m.*, v.view FROM mismatches m JOIN mismatch_views v USING (id) WHERE m.id = ?',
      )
      .get(id);
    return row === undefined ? null : toMismatch(row);
  }

  /** Those that are not decided yet. */
  listMismatches(
    filter: CopiedMismatchFilter,
    offset: number,
    limit: number,
  ): { total: number; rows: CopiedMismatch[] } {
    const { sql, args } = whereMismatches(filter);
    const total = this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM mismatches WHERE ${sql}`).get(args);
    const rows = this.#db
      .prepare<[object], MismatchRow>(
        `SELECT m.*, v.view FROM (SELECT * FROM mismatches WHERE ${sql} ORDER BY seq LIMIT :limit OFFSET :offset) m
         JOIN mismatch_views v USING (id) ORDER BY m.seq`,
      )
      .all({ ...args, offset, limit });
    return { total: total?.n ?? 0, rows: rows.map(toMismatch) };
  }

  mismatchCounts(): { flow: Flow; kind: MismatchKind; count: number }[] {
    return this.#db
      .prepare<[], { flow: Flow; kind: MismatchKind; count: number }>(
        'SELECT flow, kind, count(*) AS count FROM mismatches WHERE take IS NULL GROUP BY flow, kind ORDER BY flow, kind',
      )
      .all();
  }

  decideMismatch(id: number, take: Take | null, linkTo: string | null, at: number): void {
    this.#db
      .prepare('UPDATE mismatches SET take = ?, link_to = ?, decided_at = ? WHERE id = ?')
      .run(take, linkTo, at, id);
  }

  /** How much was decided, for the sentence before it is sent back. */
  decidedCounts(): { readonly approved: number; readonly rejected: number; readonly mismatches: number } {
    const changes = this.#db
      .prepare<[], { approved: number | null; rejected: number | null }>(
        "SELECT sum(standing = 'approved') AS approved, sum(standing = 'rejected') AS rejected FROM changes",
      )
      .get();
    const mismatches = this.#db
      .prepare<[], { n: number }>('SELECT count(*) n FROM mismatches WHERE take IS NOT NULL')
      .get();
    return { approved: changes?.approved ?? 0, rejected: changes?.rejected ?? 0, mismatches: mismatches?.n ?? 0 };
  }

  /** The decided changes after that id, in the order of ids. */
  decidedChanges(afterId: number, limit: number): CopiedChange[] {
    return this.#db
      .prepare<[number, number], ChangeRow>(
        `SELECT c.*, v.view FROM changes c JOIN change_views v USING (id)
         WHERE c.id > ? AND c.takes <> '{}' ORDER BY c.id LIMIT ?`,
      )
      .all(afterId, limit)
      .map(toChange);
  }

  decidedMismatches(afterId: number, limit: number): CopiedMismatch[] {
    return this.#db
      .prepare<[number, number], MismatchRow>(
        `SELECT m.*, v.view FROM mismatches m JOIN mismatch_views v USING (id)
         WHERE m.id > ? AND m.take IS NOT NULL ORDER BY m.id LIMIT ?`,
      )
      .all(afterId, limit)
      .map(toMismatch);
  }

  close(): void {
    this.#db.close();
  }
}

const searchOf = (view: {
  readonly label: string;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
}): string => [view.label, view.customerpId, view.tidsbankenId].join(' ').toLowerCase();

const SHOWN = {
  waiting: "standing = 'waiting'",
  approved: "standing = 'approved'",
  // Whoever reviews elsewhere types no number: that is done where the decisions come back.
  held: 'FALSE',
  open: "standing IN ('waiting', 'approved')",
} as const;

const found = (find: string | undefined): string | null => find?.trim().toLowerCase() || null;

const whereChanges = ({ flow, target, op, show, find }: CopiedChangeFilter) => ({
  sql: `${SHOWN[show ?? 'open']} AND (:flow IS NULL OR flow = :flow) AND (:target IS NULL OR target = :target)
    AND (:op IS NULL OR op = :op) AND (:find IS NULL OR instr(search, :find) > 0)`,
  args: { flow: flow ?? null, target: target ?? null, op: op ?? null, find: found(find) },
});

const whereMismatches = ({ flow, kind, find }: CopiedMismatchFilter) => ({
  sql: `take IS NULL AND (:flow IS NULL OR flow = :flow) AND (:kind IS NULL OR kind = :kind)
    AND (:find IS NULL OR instr(search, :find) > 0)`,
  args: { flow: flow ?? null, kind: kind ?? null, find: found(find) },
});

const toChange = (row: ChangeRow): CopiedChange => ({
  view: fromJson(row.view),
  fingerprint: row.fingerprint,
  groups: fromJson(row.groups),
  takes: fromJson(row.takes),
  decidedAt: row.decided_at,
});

const toMismatch = (row: MismatchRow): CopiedMismatch => ({
  view: fromJson(row.view),
  fingerprint: row.fingerprint,
  take: row.take,
  linkTo: row.link_to,
  decidedAt: row.decided_at,
});
