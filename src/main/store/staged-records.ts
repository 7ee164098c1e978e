import { SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import type { Db } from './db.ts';
import { columnsOf } from './records.ts';
import type { StagedRecord } from './records.ts';

export interface StagedPage {
  readonly repeated: number;
  readonly contradicting: readonly string[];
}

/** Where the records of a side wait; names and order of the columns are those of `records`. */
export const STAGED: Readonly<Record<Side, string>> = {
  customerp: 'staged_customerp',
  tidsbanken: 'staged_tidsbanken',
};

export const STAGED_COLUMNS =
  'native_id, props, spellings, invalid, keys, digest, modified_at, label, number, search, content';

/**
 * What the pages of a collection under way brought anew. Temporary tables, which die with their process (Z1): one a side,
 * as a side reads one collection after the other, so that it is emptied as a whole, which costs next to nothing.
 */
export class StagedRecords {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
    for (const side of SIDES)
      db.exec(`CREATE TEMP TABLE IF NOT EXISTS ${STAGED[side]} (
        native_id TEXT NOT NULL UNIQUE, props TEXT NOT NULL, spellings TEXT NOT NULL, invalid TEXT NOT NULL,
        keys TEXT NOT NULL, digest TEXT NOT NULL, modified_at INTEGER, label TEXT NOT NULL, number TEXT NOT NULL,
        search TEXT NOT NULL, content TEXT) STRICT`);
  }

  /** One transaction, in which the records may come into being one by one. Same id with other content: returned, not stored (C3). */
  add(side: Side, records: Iterable<StagedRecord & { readonly content: string | null }>): StagedPage {
    const seen = this.#db.prepare<[string], { digest: string }>(
      `SELECT digest FROM ${STAGED[side]} WHERE native_id = ?`,
    );
    const insert = this.#db.prepare(
      `INSERT INTO ${STAGED[side]} (${STAGED_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const contradicting: string[] = [];
    let repeated = 0;
    this.#db.transaction(() => {
      for (const record of records) {
        if (insert.run(...columnsOf(record), record.content).changes === 1) continue;
        if (seen.get(record.nativeId)?.digest === record.digest) repeated += 1;
        else contradicting.push(record.nativeId);
      }
    })();
    return { repeated, contradicting };
  }

  count(side: Side): number {
    return this.#db.prepare<[], { n: number }>(`SELECT count(*) n FROM ${STAGED[side]}`).get()?.n ?? 0;
  }

  nativeIds(side: Side): string[] {
    return this.#db.prepare<[], string>(`SELECT native_id FROM ${STAGED[side]}`).pluck().all();
  }

  /** Without a condition, SQLite lets go of the pages and looks at no row. */
  clear(side: Side): void {
    this.#db.prepare(`DELETE FROM ${STAGED[side]}`).run();
  }
}
