import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, openDatabase, StoreFromNewerApp } from './database.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidsbro-store-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(migrations: readonly Migration[] = MIGRATIONS) {
  const result = openDatabase(path, migrations);
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

const problemOf = (at: string): string => {
  const result = openDatabase(at);
  if (result.ok) result.value.close();
  return result.ok ? 'none' : result.failure.kind;
};

describe('a new store', () => {
  it('has its name only once it is whole, whoever else begins at the same time', () => {
    const first = opened();
    const second = openDatabase(path);
    expect(second.ok).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
    if (second.ok) second.value.close();
    first.close();
  });
});

describe('the store holds people’s data', () => {
  it.skipIf(process.platform === 'win32')('and can be read by this account only, its journals as well', () => {
    const db = opened();
    db.exec('CREATE TABLE t (x)');
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    db.close();
  });
});

describe('section 10: what the crash rules rely on', () => {
  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['user_version', MIGRATIONS.length],
  ])('%s is %s, at the first opening and at every one after', (pragma, value) => {
    for (let open = 0; open < 2; open++) {
      const db = opened();
      expect(db.pragma(pragma, { simple: true })).toBe(value);
      db.close();
    }
  });
});

describe('a store that cannot be used is not opened', () => {
  it('written by a newer app', () => {
    const db = opened();
    db.pragma(`user_version = ${String(MIGRATIONS.length + 1)}`);
    db.close();
    expect(problemOf(path)).toBe('storeFromNewerApp');
  });

  it('damaged', () => {
    const db = opened();
    const insert = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    for (let i = 0; i < 2_000; i++) insert.run(`key ${String(i)}`, 'x'.repeat(200));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 8_192, bytes.length - 8_192);
    writeFileSync(path, bytes);
    expect(problemOf(path)).toBe('storeDamaged');
  });

  it('not a database at all', () => {
    writeFileSync(path, 'This is a letter, not a store. '.repeat(100));
    expect(problemOf(path)).toBe('storeDamaged');
  });

  it('a folder that is not there', () => {
    expect(problemOf(join(folder, 'nowhere', 'store.db'))).toBe('storeUnusable');
  });

  it('and it is left as it was', () => {
    writeFileSync(path, 'This is a letter, not a store. '.repeat(100));
    const before = readFileSync(path);
    problemOf(path);
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('migrations', () => {
  it('are numbered from 1 without a gap', () => {
    expect(MIGRATIONS.map((m) => m.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it.each(MIGRATIONS)('$version, $name: keeps the rows that were there', ({ version }) => {
    const db = new Database(path);
    migrate(db, MIGRATIONS, version);
    expect(db.pragma('user_version', { simple: true })).toBe(version);
    db.prepare("INSERT INTO meta (key, value) VALUES ('kept', 'yes')").run();
    db.prepare("INSERT INTO runs (mode, full, state, started_at) VALUES ('manual', 1, 'done', 1)").run();
    db.prepare(
      "INSERT INTO links (kind, customerp_id, tidsbanken_id, state, origin, made_at) VALUES ('customer', 'c1', '10001', 'active', 'hand', 1)",
    ).run();
    migrate(db);
    expect(db.prepare("SELECT value FROM meta WHERE key = 'kept'").pluck().get()).toBe('yes');
    expect(db.prepare('SELECT state FROM runs').pluck().all()).toEqual(['done']);
    expect(db.prepare('SELECT direction, dirty, keys, frozen FROM links').all()).toEqual([
      { direction: 'both', dirty: 1, keys: '{}', frozen: '{}' },
    ]);
    db.close();
  });

  it('1: the tables and columns that the repositories read', () => {
    const db = opened();
    const columns = (table: string): unknown[] =>
      db.prepare(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
    expect(columns('bases')).toEqual(['link_id', 'customerp', 'tidsbanken', 'mapping', 'at']);
    expect(columns('intents')).toEqual(
      expect.arrayContaining(['chosen_id', 'marker', 'attempt', 'sent_at', 'native_id']),
    );
    expect(columns('journal')).toEqual(expect.arrayContaining(['previous_hash', 'hash']));
    expect(columns('lease')).toEqual(['name', 'holder', 'purpose', 'acquired_at', 'heartbeat_at']);
    db.close();
  });

  it('6: what was sent before knows its run, the last one that sent it (7.5)', () => {
    const db = new Database(path);
    migrate(db, MIGRATIONS, 5);
    db.exec(`INSERT INTO runs (id, mode, full, state, started_at) VALUES (1, 'manual', 1, 'done', 1), (2, 'manual', 1, 'done', 2);
      INSERT INTO plans (id, run_id, at, versions, digest) VALUES (1, 1, 1, '{}', 'd');`);
    const change = db.prepare(
      `INSERT INTO changes (id, plan_id, kind, op, target, groups, needs, fingerprint, versions, label, state, sent_at, created_at, updated_at)
       VALUES (?, 1, 'customer', 'update', 'tidsbanken', '[]', 'auto', 'f', '{}', 'Fjordlys AS', ?, ?, 1, 1)`,
    );
    change.run(1, 'verified', 5);
    change.run(2, 'planned', null);
    const told = db.prepare(
      "INSERT INTO journal (seq, at, run_id, item, event, detail, previous_hash, hash) VALUES (?, 1, ?, 'change:1', ?, '{}', ?, ?)",
    );
    for (const [seq, run, event] of [
      [1, 1, 'sending'],
      [2, 2, 'sending'],
      [3, 2, 'verified'],
    ] as const)
      told.run(seq, run, event, String(seq - 1), String(seq));
    migrate(db);
    expect(db.prepare('SELECT id, sent_run FROM changes ORDER BY id').raw().all()).toEqual([
      [1, 2],
      [2, null],
    ]);
    db.close();
  });

  it('12: bases are as they were, whether their halves were the same or not (I7)', () => {
    const db = new Database(path);
    migrate(db, MIGRATIONS, 11);
    db.exec(`INSERT INTO links (id, kind, customerp_id, tidsbanken_id, state, origin, made_at) VALUES
        (1, 'customer', 'c1', '10001', 'active', 'hand', 1), (2, 'project', 'p1', '1', 'active', 'hand', 1);
      INSERT INTO bases (link_id, customerp, tidsbanken, mapping, at) VALUES
        (1, '{"name":"Fjordlys AS"}', '{"name":"Fjordlys AS"}', 'm1', 1), (2, '{"name":"Kai 4"}', '{"name":"Kai 5"}', 'm2', 1);`);
    migrate(db);
    expect(db.prepare('SELECT customerp, tidsbanken FROM bases ORDER BY link_id').raw().all()).toEqual([
      ['{"name":"Fjordlys AS"}', 'null'],
      ['{"name":"Kai 4"}', '{"name":"Kai 5"}'],
    ]);
    expect(db.prepare('SELECT kind, mapping FROM base_mappings ORDER BY mapping').raw().all()).toEqual([
      ['customer', 'm1'],
      ['project', 'm2'],
    ]);
    db.close();
  });

  it('14: matching looks at the records that were there before, linked or not (M2)', () => {
    const db = new Database(path);
    migrate(db, MIGRATIONS, 13);
    db.exec(`INSERT INTO records (id, kind, side, native_id, props, spellings, invalid, keys, digest, observed_at, label, number, search)
      VALUES (7, 'customer', 'customerp', 'c1', '{}', '{}', '[]', '[]', 'd', 1, 'Fjordlys AS', '1', 'fjordlys as')`);
    migrate(db);
    expect(db.prepare('SELECT * FROM unfiled_records').raw().all()).toEqual([['customer', 'customerp', 'c1', 7]]);
    db.close();
  });

  it('Z10: a step that fails half-way leaves the store as it was', () => {
    opened().close();
    const broken: Migration = {
      version: MIGRATIONS.length + 1,
      name: 'broken',
      sql: 'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);',
    };
    const result = openDatabase(path, [...MIGRATIONS, broken]);
    expect(result.ok).toBe(false);
    const db = opened();
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'half'").pluck().get()).toBe(0);
    db.close();
  });

  it('run only what is missing', () => {
    const db = opened();
    migrate(db);
    expect(() => migrate(db, MIGRATIONS.slice(0, -1))).toThrow(StoreFromNewerApp);
    db.close();
  });
});

/** How often SQLite compiled while `act` ran: each time the driver makes a new function for the rows. */
function compiledWhile(act: () => void): number {
  let times = 0;
  const original = globalThis.Function;
  globalThis.Function = new Proxy(original, {
    apply: (target, self, args) => {
      times += 1;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  try {
    act();
  } finally {
    globalThis.Function = original;
  }
  return times;
}

describe('a statement of the store', () => {
  it.each([
    {
      what: 'an equality',
      sql: 'SELECT l.id, b.mapping FROM links l LEFT JOIN bases b ON b.link_id = l.id WHERE l.id = :n',
    },
    { what: 'a limit', sql: 'SELECT id FROM links ORDER BY id LIMIT :n' },
  ])('is compiled once, however often it runs: $what', ({ sql }) => {
    const db = opened();
    db.exec(`INSERT INTO links (id, kind, customerp_id, tidsbanken_id, state, origin, made_at)
      VALUES (1, 'customer', 'c1', 't1', 'active', 'matched', 1)`);
    const run = () => db.prepare(sql).all({ n: 1 });
    expect(compiledWhile(() => Array.from({ length: 5 }, run))).toBe(1);
    db.close();
  });
});
