import type Database from 'better-sqlite3';

/** An open store, as `openDatabase` gives it. */
export type Db = Database.Database;
