import type { Db } from './database.ts';

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

  async set(key: string, value: string): Promise<void> {
    this.#db
      .prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value);
  }
}
