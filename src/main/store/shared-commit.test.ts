import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Db } from './db.ts';
import { SharedCommit } from './shared-commit.ts';

let db: Db;
let commits: SharedCommit;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec('CREATE TABLE steps (name TEXT UNIQUE) STRICT');
  commits = new SharedCommit(db);
});
afterEach(() => db.close());

const insert = (name: string) => (): void => void db.prepare('INSERT INTO steps VALUES (?)').run(name);
const steps = (): unknown[] => db.prepare('SELECT name FROM steps ORDER BY rowid').pluck().all();

describe('A5, I8: several intents in one commit', () => {
  it('what is asked for in one turn is committed together, in that order, and not before', async () => {
    const all = Promise.all([commits.run(insert('a')), commits.run(insert('b')), commits.run(insert('c'))]);
    expect(steps()).toEqual([]);
    await all;
    expect(steps()).toEqual(['a', 'b', 'c']);
    expect(db.inTransaction).toBe(false);
  });

  it('one that fails is undone alone, and only its caller is told', async () => {
    const half = (): void => {
      insert('half')();
      insert('a')();
    };
    const results = await Promise.allSettled([commits.run(insert('a')), commits.run(half), commits.run(insert('b'))]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(steps()).toEqual(['a', 'b']);
  });

  it('a commit that fails as a whole is told to everybody, and the next one goes on', async () => {
    db.exec('CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT');
    db.exec('CREATE TABLE children (id INTEGER REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED) STRICT');
    db.pragma('foreign_keys = ON');
    const orphan = (): void => void db.prepare('INSERT INTO children VALUES (1)').run();
    const results = await Promise.allSettled([commits.run(insert('a')), commits.run(orphan)]);
    expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected']);
    await commits.run(insert('b'));
    expect(steps()).toEqual(['b']);
  });
});
