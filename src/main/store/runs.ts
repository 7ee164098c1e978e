import type { Approval, Kind, Problem, RunMode, RunState, Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { isAlive } from './holder.ts';
import { fromJson } from './json.ts';
import { keepSeenTime } from './meta.ts';

export interface StoredRun {
  readonly id: number;
  readonly mode: RunMode;
  readonly approve: Approval | null;
  readonly full: boolean;
  /** The one record that the run was narrowed to; null: all of its flows. */
  readonly record: RecordRef | null;
  readonly state: RunState;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Per flow, in the shape of the contract's FlowCounts. */
  readonly counts: Record<string, unknown>;
  readonly requests: Record<Side, number>;
  /** What each stage took, in the shape of the contract's StageWork; empty for runs before it was counted. */
  readonly work: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** One record of one system. */
export interface RecordRef {
  readonly kind: Kind;
  readonly side: Side;
  readonly nativeId: string;
}

export interface RunEnd {
  readonly state: RunState;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly requests: Readonly<Record<Side, number>>;
  readonly work: readonly object[];
  readonly problems: readonly Problem[];
}

/** One side and kind as a run read it; `read` includes the records without an id. */
export interface Reading {
  readonly collectionId: number;
  readonly side: Side;
  readonly kind: Kind;
  readonly read: number;
  readonly withoutId: number;
}

export interface Written {
  readonly kind: Kind;
  readonly target: Side;
  readonly op: 'create' | 'update';
  readonly count: number;
}

interface Row {
  id: number;
  mode: RunMode;
  approve: Approval | null;
  full: number;
  record: string | null;
  state: RunState;
  started_at: number;
  ended_at: number | null;
  counts: string;
  requests: string;
  work: string;
  problems: string;
}

export interface Lease {
  readonly holder: string;
  readonly purpose: string;
  readonly acquiredAt: number;
  readonly heartbeatAt: number;
}

/** A lease whose holder has been silent this long belongs to a dead process. */
export const LEASE_SILENCE_MS = 30_000;

/** Runs and the lease that lets only one of them go at a time (section 7, J1). */
export class Runs {
  readonly #db: Db;
  readonly #now: () => number;

  constructor(db: Db, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** @param record the one record that the run is narrowed to, if it is */
  async begin(mode: RunMode, approve: Approval | null, full: boolean, record?: RecordRef): Promise<number> {
    keepSeenTime(this.#db, this.#now());
    const result = this.#db
      .prepare("INSERT INTO runs (mode, approve, full, record, state, started_at) VALUES (?, ?, ?, ?, 'running', ?)")
      .run(mode, approve, Number(full), record === undefined ? null : JSON.stringify(record), this.#now());
    return Number(result.lastInsertRowid);
  }

  async end(id: number, end: RunEnd): Promise<void> {
    keepSeenTime(this.#db, this.#now());
    this.#db
      .prepare('UPDATE runs SET state = ?, ended_at = ?, counts = ?, requests = ?, work = ?, problems = ? WHERE id = ?')
      .run(
        end.state,
        this.#now(),
        JSON.stringify(end.counts),
        JSON.stringify(end.requests),
        JSON.stringify(end.work),
        JSON.stringify(end.problems),
        id,
      );
  }

  /** Runs that a crash left open. Call only while holding the lease. */
  async interrupted(except: number | null): Promise<number[]> {
    return this.#db
      .prepare<[object], { id: number }>(
        "SELECT id FROM runs WHERE state = 'running' AND (:except IS NULL OR id <> :except) ORDER BY id",
      )
      .all({ except })
      .map((row) => row.id);
  }

  /** Closes a run that a crash left open: aborted when it came to no plan (Z2), else interrupted, with its counts (Z8). */
  async closeInterrupted(id: number, counts: RunEnd['counts']): Promise<void> {
    this.#db
      .prepare(
        `UPDATE runs SET ended_at = ?, counts = ?,
           state = CASE WHEN EXISTS (SELECT 1 FROM plans WHERE plans.run_id = runs.id) THEN 'interrupted' ELSE 'aborted' END
         WHERE id = ?`,
      )
      .run(this.#now(), JSON.stringify(counts), id);
  }

  /** What a run read: the newest collection of each side and kind, and how many records in it had no usable id (C4). */
  async readings(runId: number): Promise<Reading[]> {
    return this.#db
      .prepare<[object], Reading>(
        `SELECT c.id AS collectionId, c.side, c.kind, c.records + coalesce(w.n, 0) AS read, coalesce(w.n, 0) AS withoutId
         FROM collections c LEFT JOIN (SELECT item, detail ->> 'withoutId' AS n, max(seq) FROM journal
           WHERE run_id = :run AND event IN ('collected', 'collectedPartly') GROUP BY item) w ON w.item = c.side || ':' || c.kind
         WHERE c.id IN (SELECT max(id) FROM collections WHERE run_id = :run AND state IN ('complete', 'incomplete') GROUP BY side, kind)
         ORDER BY c.id`,
      )
      .all({ run: runId });
  }

  /** Records that were really written in a run, by what the journal tells of their changes. */
  async written(runId: number): Promise<Written[]> {
    return this.#db
      .prepare<[number], Written>(
        `SELECT c.kind, c.target, CASE c.op WHEN 'create' THEN 'create' ELSE 'update' END AS op, count(DISTINCT c.id) AS count
         FROM journal j CROSS JOIN changes c ON c.id = CAST(substr(j.item, length('change:') + 1) AS INTEGER)
         WHERE j.run_id = ? AND j.event IN ('verified', 'transformed') AND j.item GLOB 'change:*' GROUP BY 1, 2, 3`,
      )
      .all(runId);
  }

  async get(id: number): Promise<StoredRun | null> {
    const row = this.#db.prepare<[number], Row>('SELECT * FROM runs WHERE id = ?').get(id);
    return row === undefined ? null : toRun(row);
  }

  async list(offset: number, limit: number): Promise<{ total: number; rows: StoredRun[] }> {
    const total = this.#db.prepare<[], { n: number }>('SELECT count(*) n FROM runs').get()?.n ?? 0;
    const rows = this.#db
      .prepare<[number, number], Row>('SELECT * FROM runs ORDER BY id DESC LIMIT ? OFFSET ?')
      .all(limit, offset);
    return { total, rows: rows.map(toRun) };
  }

  /** Takes the lease in an immediate transaction, or tells who holds it. */
  async acquireLease(holder: string, purpose: string): Promise<{ ok: true } | { ok: false; by: Lease }> {
    const now = this.#now();
    return this.#db
      .transaction(() => {
        const held = this.#lease();
        if (
          held !== null &&
          held.holder !== holder &&
          now - held.heartbeatAt < LEASE_SILENCE_MS &&
          isAlive(held.holder)
        ) {
          return { ok: false as const, by: held };
        }
        this.#db
          .prepare(
            `INSERT INTO lease (name, holder, purpose, acquired_at, heartbeat_at) VALUES ('run', :holder, :purpose, :now, :now)
           ON CONFLICT (name) DO UPDATE SET holder = :holder, purpose = :purpose, acquired_at = :now, heartbeat_at = :now`,
          )
          .run({ holder, purpose, now });
        return { ok: true as const };
      })
      .immediate();
  }

  /** False when the lease was lost to another holder: the run must stop before its next write. */
  async heartbeat(holder: string): Promise<boolean> {
    keepSeenTime(this.#db, this.#now());
    return (
      this.#db.prepare("UPDATE lease SET heartbeat_at = ? WHERE name = 'run' AND holder = ?").run(this.#now(), holder)
        .changes === 1
    );
  }

  async releaseLease(holder: string): Promise<void> {
    this.#db.prepare("DELETE FROM lease WHERE name = 'run' AND holder = ?").run(holder);
  }

  async leaseHolder(): Promise<Lease | null> {
    const held = this.#lease();
    return held !== null && this.#now() - held.heartbeatAt < LEASE_SILENCE_MS && isAlive(held.holder) ? held : null;
  }

  #lease(): Lease | null {
    const row = this.#db
      .prepare<[], { holder: string; purpose: string; acquired_at: number; heartbeat_at: number }>(
        "SELECT * FROM lease WHERE name = 'run'",
      )
      .get();
    return row === undefined
      ? null
      : { holder: row.holder, purpose: row.purpose, acquiredAt: row.acquired_at, heartbeatAt: row.heartbeat_at };
  }
}

const toRun = (row: Row): StoredRun => ({
  id: row.id,
  mode: row.mode,
  approve: row.approve,
  full: row.full === 1,
  record: row.record === null ? null : fromJson(row.record),
  state: row.state,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  counts: fromJson(row.counts),
  requests: fromJson(row.requests),
  work: fromJson(row.work),
  problems: fromJson(row.problems),
});
