import type { Kind } from '../../shared/domain.ts';
import type { Db } from './database.ts';

/** When the store was put back from a backup, ms since 1970. */
export const RESTORED = 'restored';
/** Kept until everything of the kind was read and matched again; until then a run of it is a preview (section 10). */
export const restoredKey = (kind: Kind): string => `${RESTORED}:${kind}`;

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
