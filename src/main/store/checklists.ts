import type { Kind, Pair, Value } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { fromJson } from './json.ts';
import type { NewLink } from './stored-link.ts';

export type TickVerdict = 'passed' | 'failed' | 'notApplicable';

/** One line of a checklist as it was last found; `item` names the line, `mapping` what it was found under. */
export interface Tick {
  readonly kind: Kind;
  readonly item: string;
  readonly mapping: string;
  readonly verdict: TickVerdict;
  readonly why: string | null;
  readonly at: number;
  readonly runId: number;
}

/** One property that test values are written to: what stood there, and what may stand there by our doing. Never sensitive. */
export interface RestoreMember {
  readonly property: string;
  readonly was: Pair<Value>;
  readonly spelling: Pair<string | null>;
  readonly wrote: Pair<readonly Value[]>;
}

export interface Restore {
  readonly id: number;
  readonly linkId: number;
  readonly runId: number;
  readonly group: string;
  readonly members: readonly RestoreMember[];
  /** The strong keys that the link had before (M6). */
  readonly keys: NewLink['keys'];
  readonly begunAt: number;
}

interface RestoreRow {
  id: number;
  link_id: number;
  run_id: number;
  group_name: string;
  members: string;
  keys: string;
  begun_at: number;
}

/** Ticks of dataflow checklists, and the values that test values stand in place of (7.6). */
export class Checklists {
  readonly #db: Db;
  readonly #journal: Journal;
  readonly #now: () => number;

  constructor(db: Db, journal: Journal, now: () => number) {
    this.#db = db;
    this.#journal = journal;
    this.#now = now;
  }

  /** Those found under this version of the mapping; another mapping takes the ticks away. */
  async ticks(kind: Kind, mapping: string): Promise<Tick[]> {
    return this.#db
      .prepare<[string, string], Tick>(
        'SELECT kind, item, mapping, verdict, why, at, run_id AS runId FROM checklist_ticks WHERE kind = ? AND mapping = ? ORDER BY item',
      )
      .all(kind, mapping);
  }

  /** Keeps what was found, in place of what was found before on the same lines or under another mapping. */
  async keep(kind: Kind, mapping: string, ticks: readonly Omit<Tick, 'kind' | 'mapping'>[]): Promise<void> {
    const keep = this.#db.prepare(
      'INSERT OR REPLACE INTO checklist_ticks (kind, item, mapping, verdict, why, at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM checklist_ticks WHERE kind = ? AND mapping <> ?').run(kind, mapping);
        for (const { item, verdict, why, at, runId } of ticks) keep.run(kind, item, mapping, verdict, why, at, runId);
      })
      .immediate();
  }

  /** Durable before the first test value leaves. */
  async begin(restore: Omit<Restore, 'id' | 'begunAt'>, journal: JournalEntry): Promise<number> {
    return this.#db
      .transaction(() => {
        const { linkId, runId, group, members, keys } = restore;
        const added = this.#db
          .prepare(
            'INSERT INTO checklist_restores (link_id, run_id, group_name, members, keys, begun_at) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(linkId, runId, group, JSON.stringify(members), JSON.stringify(keys), this.#now());
        this.#journal.append([journal]);
        return Number(added.lastInsertRowid);
      })
      .immediate();
  }

  /** What a side came to hold by our doing counts as ours when it is put back. */
  async learn(id: number, members: readonly RestoreMember[]): Promise<void> {
    this.#db.prepare('UPDATE checklist_restores SET members = ? WHERE id = ?').run(JSON.stringify(members), id);
  }

  /** `kept`: somebody edited a value since, and it was left to them. */
  async end(id: number, outcome: 'restored' | 'kept', journal: JournalEntry): Promise<void> {
    this.#db
      .transaction(() => {
        this.#db
          .prepare('UPDATE checklist_restores SET ended_at = ?, outcome = ? WHERE id = ?')
          .run(this.#now(), outcome, id);
        this.#journal.append([journal]);
      })
      .immediate();
  }

  /** Test values that still stand, oldest first: an open item at the next start. */
  async unfinished(): Promise<Restore[]> {
    return this.#db
      .prepare<[], RestoreRow>(
        'SELECT id, link_id, run_id, group_name, members, keys, begun_at FROM checklist_restores WHERE ended_at IS NULL ORDER BY id',
      )
      .all()
      .map(toRestore);
  }
}

const toRestore = (row: RestoreRow): Restore => ({
  id: row.id,
  linkId: row.link_id,
  runId: row.run_id,
  group: row.group_name,
  members: fromJson(row.members),
  keys: fromJson(row.keys),
  begunAt: row.begun_at,
});
