import type { Kind } from '../../shared/domain.ts';
import type { Db } from './db.ts';

/** When the store was put back from a backup, ms since 1970. */
export const RESTORED = 'restored';
/** Kept until everything of the kind was read and matched again; until then a run of it is a preview (section 10). */
export const restoredKey = (kind: Kind): string => `${RESTORED}:${kind}`;

/** The latest time that this computer has shown while the store was worked with: a clock set back revives nothing (T5). */
export function keepSeenTime(db: Db, now: number): void {
  db.prepare(
    `INSERT INTO meta (key, value) VALUES ('lastSeenTime', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
     WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)`,
  ).run(String(now));
}

/** Small facts about the workspace: which tenants it was set up with, which kinds have been reviewed. */
export class Meta {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(key: string): Promise<string | null> {
    return (
      this.#db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key)?.value ?? null
    );
  }

  /** ms since 1970; what lapses is measured by the later of this and the clock (T5). */
  async lastSeenTime(): Promise<number> {
    return Number((await this.get('lastSeenTime')) ?? 0);
  }

  async delete(key: string): Promise<void> {
    this.#db.prepare('DELETE FROM meta WHERE key = ?').run(key);
  }

  /** S7: until somebody has looked at a kind's first plan, it is only shown. Null: nobody has. */
  async reviewedBy(kind: Kind): Promise<string | null> {
    return this.get(`reviewed:${kind}`);
  }

  async markReviewed(kind: Kind, by: string): Promise<void> {
    await this.set(`reviewed:${kind}`, by);
  }

  async set(key: string, value: string): Promise<void> {
    this.#db
      .prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value);
  }
}
