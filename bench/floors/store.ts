import Database from 'better-sqlite3';

/** A store as safe as the product's (section 10), and as plain as can be. */
export function openPlainStore(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE IF NOT EXISTS records (side TEXT, kind TEXT, id TEXT, hash TEXT NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (side, kind, id)) WITHOUT ROWID;
           CREATE TABLE IF NOT EXISTS deeds (id INTEGER PRIMARY KEY, record TEXT NOT NULL, state TEXT NOT NULL)`);
  return db;
}
