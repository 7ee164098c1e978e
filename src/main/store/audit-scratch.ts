import Database from 'better-sqlite3';
import type { Props, Side } from '../../shared/domain.ts';
import { fromJson } from './json.ts';
import type { StagedRecord } from './records.ts';

export interface SharedStrongKey {
  readonly side: Side;
  readonly key: string;
  /** The records that hold one and the same value, in order. */
  readonly nativeIds: readonly string[];
}

/**
 * What an audit reads, on the disk and not in memory, in a file of its own that is gone with it: the store is not written.
 */
export class AuditScratch {
  // An empty name is SQLite's word for a temporary file.
  readonly #db = new Database('');
  readonly #one: Database.Statement<[string, string], { label: string; props: string }>;

  constructor() {
    // Nothing in it is to outlive this process, let alone a crash.
    this.#db.pragma('journal_mode = OFF');
    this.#db.exec(`
      CREATE TABLE records (side TEXT, native_id TEXT, label TEXT, digest TEXT, props TEXT, PRIMARY KEY (side, native_id)) STRICT, WITHOUT ROWID;
      CREATE TABLE keys (side TEXT, key TEXT, value TEXT, native_id TEXT, PRIMARY KEY (side, key, value, native_id)) STRICT, WITHOUT ROWID;
    `);
    this.#one = this.#db.prepare('SELECT label, props FROM records WHERE side = ? AND native_id = ?');
  }

  /** Adds one page. Tells of ids that came before with the same content, and with another (C3, C4). */
  add(side: Side, page: readonly StagedRecord[]): { repeated: number; contradicting: string[] } {
    const seen = this.#db
      .prepare<[string, string], string>('SELECT digest FROM records WHERE side = ? AND native_id = ?')
      .pluck();
    const record = this.#db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?)');
    const key = this.#db.prepare('INSERT OR IGNORE INTO keys VALUES (?, ?, ?, ?)');
    const contradicting: string[] = [];
    let repeated = 0;
    this.#db.transaction(() => {
      for (const { nativeId, label, digest, props, keys } of page) {
        const before = seen.get(side, nativeId);
        if (before === digest) repeated += 1;
        else if (before !== undefined) contradicting.push(nativeId);
        if (before !== undefined) continue;
        record.run(side, nativeId, label, digest, JSON.stringify(props));
        for (const { strength, ...held } of keys)
          if (strength === 'strong') key.run(side, held.key, held.value, nativeId);
      }
    })();
    return { repeated, contradicting };
  }

  get(side: Side, nativeId: string): { label: string; props: Props } | null {
    const row = this.#one.get(side, nativeId);
    return row === undefined ? null : { label: row.label, props: fromJson(row.props) };
  }

  count(side: Side): number {
    return this.#db.prepare<[string], number>('SELECT count(*) FROM records WHERE side = ?').pluck().get(side) ?? 0;
  }

  /** Values of strong keys that more than one record of a side holds (M2). */
  *sharedKeys(): Generator<SharedStrongKey> {
    const rows = this.#db
      .prepare<[], { side: Side; key: string; ids: string }>(
        `SELECT side, key, json_group_array(native_id ORDER BY native_id) AS ids FROM keys
         GROUP BY side, key, value HAVING count(*) > 1 ORDER BY side, key, value`,
      )
      .iterate();
    for (const { side, key, ids } of rows) yield { side, key, nativeIds: fromJson(ids) };
  }

  clear(side?: Side): void {
    for (const table of ['records', 'keys'])
      this.#db.prepare(`DELETE FROM ${table} WHERE :side IS NULL OR side = :side`).run({ side: side ?? null });
  }

  close(): void {
    this.#db.close();
  }
}
