import { hash as digestOf } from 'node:crypto';
import type { Db } from './db.ts';
import { fromJson, toStableJson } from './json.ts';

/** What is said of one event (J1). `detail` never holds a sensitive value, a body or a secret. */
export interface JournalEntry {
  readonly event: string;
  readonly runId?: number | null;
  readonly item?: string | null;
  readonly attempt?: number | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface JournalRecord {
  readonly seq: number;
  readonly at: number;
  readonly runId: number | null;
  readonly item: string | null;
  readonly event: string;
  readonly attempt: number | null;
  readonly detail: Record<string, unknown>;
}

interface Row {
  seq: number;
  at: number;
  run_id: number | null;
  item: string | null;
  event: string;
  attempt: number | null;
  detail: string;
  previous_hash: string;
  hash: string;
}

export interface JournalFilter {
  readonly runId?: number | undefined;
  /** An item such as `change:12`, or the native id of a record. */
  readonly item?: string | undefined;
  readonly events?: readonly string[] | undefined;
}

/** Only what is asked for stands in the statement: a condition that may be empty would keep every index from being used. */
export function whereOf({ runId, item, events }: JournalFilter): string {
  const ofRun = runId === undefined ? [] : ['run_id = :runId'];
  const ofItem =
    item === undefined
      ? []
      : [
          `seq IN (SELECT seq FROM journal WHERE item = :item
             UNION SELECT seq FROM journal WHERE detail ->> 'customerpId' = :item
             UNION SELECT seq FROM journal WHERE detail ->> 'tidsbankenId' = :item)`,
        ];
  const ofEvents = events === undefined ? [] : ['event IN (SELECT value FROM json_each(:events))'];
  return [...ofRun, ...ofItem, ...ofEvents, 'TRUE'].join(' AND ');
}

/** Where the chain has come to. */
interface Tail {
  readonly seq: number;
  readonly hash: string;
}

const GENESIS = '0'.repeat(64);
const START: Tail = { seq: 0, hash: GENESIS };

const COLUMNS = '(seq, at, run_id, item, event, attempt, detail, previous_hash, hash)';

/** What a row tells, without its place in the chain. */
type Parts = readonly [number, number | null, string | null, string, number | null, string];

const partsOf = (entry: JournalEntry, at: number): Parts => [
  at,
  entry.runId ?? null,
  entry.item ?? null,
  entry.event,
  entry.attempt ?? null,
  toStableJson(entry.detail ?? {}),
];

function following({ seq, hash }: Tail, parts: Parts): Tail & { readonly row: readonly [number, ...Parts] } {
  const row = [seq + 1, ...parts] as const;
  return { seq: seq + 1, row, hash: chain(hash, row) };
}

/** Append-only, hash-chained story of every decision, request attempt and outcome (J1, I22). */
export class Journal {
  readonly #db: Db;
  readonly #now: () => number;
  /** The newest row as far as is known here: another process may have added some, a transaction may have been undone. */
  #last: Tail = START;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Must run inside the transaction of what it tells: a story without its deed, or a deed without its story, is a defect. */
  append(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    const at = this.#now();
    const [first, ...more] = entries.map((entry) => partsOf(entry, at));
    if (first === undefined) return;
    let last = this.#begin(first);
    const insert = this.#db.prepare(`INSERT INTO journal ${COLUMNS} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    for (const parts of more) {
      const next = following(last, parts);
      insert.run(...next.row, last.hash, next.hash);
      last = next;
    }
    this.#last = { seq: last.seq, hash: last.hash };
  }

  /** Nobody else can add one once this row stands. It is added only if it follows the newest one, whose hash tells which it is. */
  #begin(parts: Parts): Tail {
    const insert = this.#db.prepare(
      `INSERT INTO journal ${COLUMNS} SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?
       WHERE coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), '${GENESIS}') = ?`,
    );
    const add = (last: Tail): Tail | null => {
      const next = following(last, parts);
      return insert.run(...next.row, last.hash, next.hash, last.hash).changes === 1 ? next : null;
    };
    const added = add(this.#last) ?? add(this.#newest());
    if (added === null) throw new Error('The journal was written to by two at once.');
    return added;
  }

  #newest(): Tail {
    const sql = 'SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1';
    return this.#db.prepare<[], Tail>(sql).get() ?? START;
  }

  /** Newest first. An item is found by its name, or as a record by its native id on either side; each by an index. */
  async list(filter: JournalFilter, offset: number, limit: number): Promise<{ total: number; rows: JournalRecord[] }> {
    const where = whereOf(filter);
    const args = {
      runId: filter.runId ?? null,
      item: filter.item ?? null,
      events: JSON.stringify(filter.events ?? []),
    };
    const total =
      this.#db.prepare<[object], { n: number }>(`SELECT count(*) n FROM journal WHERE ${where}`).get(args)?.n ?? 0;
    const rows = this.#db
      .prepare<[object], Row>(`SELECT * FROM journal WHERE ${where} ORDER BY seq DESC LIMIT :limit OFFSET :offset`)
      .all({ ...args, offset, limit });
    return { total, rows: rows.map(toRecord) };
  }

  /** How often each event happened, for the run summary. */
  async countEvents(runId?: number): Promise<Record<string, number>> {
    const among = runId === undefined ? '' : 'WHERE run_id = :runId';
    const rows = this.#db
      .prepare<[object], { event: string; n: number }>(
        `SELECT event, count(*) n FROM journal ${among} GROUP BY event ORDER BY event`,
      )
      .all({ runId });
    return Object.fromEntries(rows.map((row) => [row.event, row.n]));
  }

  /** I22: walks the whole chain. Returns the first row that does not follow from the one before, or null. */
  async firstBrokenRow(): Promise<number | null> {
    let previous = GENESIS;
    for (const row of this.#db.prepare<[], Row>('SELECT * FROM journal ORDER BY seq').iterate()) {
      const hash = chain(previous, [row.seq, row.at, row.run_id, row.item, row.event, row.attempt, row.detail]);
      if (row.previous_hash !== previous || row.hash !== hash) return row.seq;
      previous = hash;
    }
    return null;
  }
}

const chain = (previous: string, row: readonly unknown[]): string =>
  digestOf('sha256', previous + JSON.stringify(row), 'hex');

const toRecord = (row: Row): JournalRecord => ({
  seq: row.seq,
  at: row.at,
  runId: row.run_id,
  item: row.item,
  event: row.event,
  attempt: row.attempt,
  detail: fromJson(row.detail),
});
