import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import type { Db } from './db.ts';
import { DiskFlush } from './disk-flush.ts';
import { SharedCommit } from './shared-commit.ts';

let db: Db;
let commits: SharedCommit;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec('CREATE TABLE steps (name TEXT UNIQUE) STRICT');
  commits = new SharedCommit(db, new DiskFlush(null));
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

describe('A5, I8: nothing that must be on disk first goes on before it is', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tidsbro-commit-'));
    db.close();
    const opened = openDatabase(join(dir, 'store.db'));
    if (!opened.ok) throw new Error(opened.failure.what);
    db = opened.value;
    db.exec('CREATE TABLE steps (name TEXT UNIQUE) STRICT');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('who must wait for the disk does, who need not does not; SQLite flushes by itself again afterwards', async () => {
    const disk = Promise.withResolvers<undefined>();
    commits = new SharedCommit(db, { isPossible: () => true, flush: () => disk.promise });
    const during: unknown[] = [];
    const announced = commits.durably(insert('sending'));
    const told = commits.run(() => void during.push(synchronousOf(db)));
    expect(await isDone(told)).toBe(true);
    expect(await isDone(announced)).toBe(false);
    expect(during).toEqual([1]);
    expect(synchronousOf(db)).toBe(2);
    disk.resolve(undefined);
    await announced;
    expect(steps()).toEqual(['sending']);
  });

  it('a disk that refuses is told to those who waited for it', async () => {
    commits = new SharedCommit(db, { isPossible: () => true, flush: () => Promise.reject(new Error('EIO')) });
    await expect(commits.durably(insert('sending'))).rejects.toThrow('EIO');
    expect(synchronousOf(db)).toBe(2);
  });

  it('where no flush beside is possible, the commit itself flushes', async () => {
    const during: unknown[] = [];
    commits = new SharedCommit(db, { isPossible: () => false, flush: () => Promise.reject(new Error('never asked')) });
    await commits.durably(() => void during.push(synchronousOf(db)));
    expect(during).toEqual([2]);
  });

  it('the journal file of a real store is flushed: one flush for all that waited meanwhile', async () => {
    const disk = new DiskFlush(`${db.name}-wal`);
    expect(disk.isPossible()).toBe(true);
    const [first, second, third] = [disk.flush(), disk.flush(), disk.flush()];
    expect(second).toBe(third);
    expect(first).not.toBe(second);
    await Promise.all([first, second, third]);
    await disk.flush();
    disk.close();
  });
});

async function isDone(work: Promise<void>): Promise<boolean> {
  const later = new Promise<false>((resolve) => setImmediate(() => setImmediate(() => resolve(false))));
  return Promise.race([work.then(() => true), later]);
}

const synchronousOf = (database: Db): unknown => database.pragma('synchronous', { simple: true });
