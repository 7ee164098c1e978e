import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpNow } from './backup.ts';
import { openDatabase } from './database.ts';
import type { Db } from './db.ts';
import { Journal } from './journal.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { restoreStore } from './restore.ts';

let folder: string;
let path: string;
let backups: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidsbro-damage-'));
  path = join(folder, 'store.db');
  backups = join(folder, 'backups');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(at = path, migrations: readonly Migration[] = MIGRATIONS): Db {
  const result = openDatabase(at, migrations);
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

function isOpened(): boolean {
  const result = openDatabase(path);
  if (result.ok) result.value.close();
  return result.ok;
}

function fill(db: Db, from: number, to: number): void {
  const insert = db.prepare(
    `INSERT INTO records (kind, side, native_id, props, spellings, invalid, keys, digest, observed_at, label, number, search)
     VALUES ('customer', 'customerp', ?, ?, '{}', '[]', '[]', ?, 1, ?, ?, '')`,
  );
  for (let n = from; n < to; n++) {
    const id = String(n);
    insert.run(id, JSON.stringify({ name: 'x'.repeat(80) }), `digest ${id}`, `Label ${id}`, id);
  }
}

/** A store with rows in many pages, closed; and a sound backup of it. */
function storeWithBackup(): void {
  const db = opened();
  fill(db, 0, 600);
  const kept = backUpNow(db, backups, 'auto-2025-01-31T02-00-00-000Z.db');
  if (!kept.ok) throw new Error(kept.failure.what);
  db.close();
}

/** Leaves the store as a killed process does: with its mark, and its newest entries in the journal file only. */
function killedWhileWriting(at: string, from: number): void {
  const script = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))};
    const db = openDatabase(process.argv[1]).value;
    const insert = db.prepare("INSERT INTO records (kind, side, native_id, props, spellings, invalid, keys, digest, observed_at, label, number, search) VALUES ('customer', 'customerp', ?, '{}', '{}', '[]', '[]', ?, 1, ?, ?, '')");
    for (let n = 0; n < 50; n++) { const id = String(${String(from)} + n); insert.run(id, 'digest', 'Label ' + id, id); }
    process.kill(process.pid, 'SIGKILL');`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script, at], { stdio: 'pipe' });
  } catch (error) {
    if (!(error instanceof Error && 'signal' in error && error.signal === 'SIGKILL')) throw error;
  }
}

function edit(at: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(at);
  change(bytes);
  writeFileSync(at, bytes);
}

const PAGE = 4096;
/** The pages of one index or table, by number from 1. */
function firstPageOf(name: string): number {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) ?? 0;
  } finally {
    db.close();
  }
}

interface Image {
  readonly says?: RegExp;
  readonly spoil: () => void;
}

const IMAGES: Record<string, Image> = {
  'bytes flipped in the middle of every page': {
    spoil: () =>
      edit(path, (bytes) => {
        for (let at = PAGE; at < bytes.length; at += PAGE) bytes.fill(0x5a, at, at + 64);
      }),
  },
  'an index that no longer says what its table says': {
    says: /index/i,
    spoil: () => {
      const db = new Database(path);
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX records_by_search ON records (number, id)' WHERE name = 'records_by_search'",
      );
      db.close();
    },
  },
  'one page of zeros': {
    spoil: () => {
      const page = firstPageOf('records_by_search');
      edit(path, (bytes) => bytes.fill(0, (page - 1) * PAGE, page * PAGE));
    },
  },
  'cut in half': { spoil: () => truncateSync(path, 10 * PAGE) },
  'cut in the middle of a page': { spoil: () => truncateSync(path, 10 * PAGE + 100) },
  'cut to nothing': { says: /empty/, spoil: () => truncateSync(path, 0) },
  'another header': { says: /not a database/, spoil: () => edit(path, (bytes) => bytes.write('Not SQLite at all', 0)) },
  'a page size that cannot be': {
    says: /not a database|malformed/,
    spoil: () => edit(path, (bytes) => bytes.writeUInt16BE(3, 16)),
  },
  ...Object.fromEntries(
    [1, 100, PAGE - 1, 2 * PAGE, 5 * PAGE + 1].map((bytes) => [
      `cut to ${String(bytes)} bytes`,
      { says: /damaged/, spoil: () => truncateSync(path, bytes) },
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['the name of the format', () => 3],
        ['the kind of the first page', () => 100],
        ['the kind of a table’s first page', () => (firstPageOf('records') - 1) * PAGE],
        ['the kind of an index’s first page', () => (firstPageOf('records_by_search') - 1) * PAGE],
        ['the kind of the journal’s first page', () => (firstPageOf('journal') - 1) * PAGE],
        ['the number of cells of a page', () => (firstPageOf('records') - 1) * PAGE + 3],
      ] as const
    ).map(([where, at]) => [
      `one bit of ${where}`,
      {
        spoil: () => {
          const place = at();
          edit(path, (bytes) => bytes.writeUInt8(bytes.readUInt8(place) ^ 0x10, place));
        },
      },
    ]),
  ),
  'an empty database of another program': {
    says: /empty|no table/,
    spoil: () => {
      rmSync(path);
      const db = new Database(path);
      db.exec('CREATE TABLE songs (title TEXT)');
      db.close();
    },
  },
  'the journal file of another store': {
    spoil: () => {
      const other = join(folder, 'other.db');
      opened(other).close();
      killedWhileWriting(other, 0);
      copyFileSync(`${other}-wal`, `${path}-wal`);
    },
  },
  'the whole of another store in the journal file': {
    says: /another store/,
    spoil: () => {
      const other = join(folder, 'other.db');
      const db = opened(other);
      db.exec('VACUUM');
      copyFileSync(`${other}-wal`, `${path}-wal`);
      db.close();
    },
  },
  'killed, and the journal file lost': {
    says: /store\.db-wal .* is gone/,
    spoil: () => {
      killedWhileWriting(path, 1_000);
      rmSync(`${path}-wal`);
      rmSync(`${path}-shm`, { force: true });
    },
  },
};

describe('section 10: a failed check means no sync, only restore', () => {
  it.each(Object.entries(IMAGES))('%s', (_name, { says = /is damaged/, spoil }) => {
    storeWithBackup();
    spoil();
    const before = readFileSync(path);
    const result = openDatabase(path);
    if (result.ok) throw new Error('it was opened');
    expect(result.failure.kind).toBe('storeDamaged');
    expect(result.failure.what).toMatch(says);
    expect(result.failure.todo).toContain(join(backups, 'auto-2025-01-31T02-00-00-000Z.db'));
    expect(readFileSync(path).equals(before), 'it is left as it was').toBe(true);
    expect(isOpened(), 'and not opened the next time either').toBe(false);
  });

  it('names the newest backup that is sound, and no replaced or damaged store', () => {
    storeWithBackup();
    const sound = join(backups, 'auto-2025-01-31T02-00-00-000Z.db');
    copyFileSync(sound, join(backups, 'replaced-2025-03-01T02-00-00-000Z.db'));
    writeFileSync(join(backups, 'auto-2025-02-28T02-00-00-000Z.db'), 'half a backup');
    writeFileSync(path, 'This is a letter. '.repeat(500));
    const result = openDatabase(path);
    expect(result).toMatchObject({ ok: false, failure: { todo: expect.stringContaining(sound) as string } });
  });

  it('a store whose journal file is lost can be restored from itself, to be reviewed anew', async () => {
    storeWithBackup();
    killedWhileWriting(path, 1_000);
    rmSync(`${path}-wal`);
    expect(isOpened()).toBe(false);
    const restored = await restoreStore({ storePath: path, file: path, person: 'kari', now: () => 0 });
    expect(restored).toMatchObject({ ok: true, value: { keptIsSound: false } });
    const db = opened();
    expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(600);
    expect(db.prepare("SELECT value FROM meta WHERE key = 'restored'").pluck().get()).toBe('0');
    db.close();
  });

  it('says so when there is no sound backup', () => {
    writeFileSync(path, 'This is a letter. '.repeat(500));
    expect(openDatabase(path)).toMatchObject({
      ok: false,
      failure: { todo: expect.stringMatching(/no sound backup/) as string },
    });
  });
});

describe('what SQLite cannot see', () => {
  it('I22: one bit of a journal row: the chain no longer verifies, from that row on', async () => {
    const db = opened();
    const journal = new Journal(db, () => 1);
    for (const event of ['first', 'second', 'third']) journal.append([{ event, detail: { about: `${event} MARK` } }]);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    edit(path, (bytes) => {
      const at = bytes.indexOf('second MARK');
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x01, at);
    });
    const again = opened();
    expect(again.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(await new Journal(again, () => 1).firstBrokenRow()).toBe(2);
    again.close();
  });
});

describe('section 10: what is no file of ours', () => {
  it.each([
    ['a folder in its place', () => mkdirSync(path)],
    ['a link that leads nowhere', () => symlinkSync(join(folder, 'gone.db'), path)],
  ])('%s: not opened, and told', (_name, put) => {
    put();
    const result = openDatabase(path);
    expect(result).toMatchObject({ ok: false, failure: { kind: 'storeUnusable' } });
  });
});

describe('what is no damage', () => {
  it('killed: the entries in the journal file are there', () => {
    storeWithBackup();
    killedWhileWriting(path, 1_000);
    const db = opened();
    expect(db.prepare('SELECT count(*) FROM records').pluck().get()).toBe(650);
    db.close();
  });

  it.skipIf(process.platform === 'win32')(
    'closed while the disk was full: every entry that was committed is there',
    () => {
      const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))};
      const db = openDatabase(process.argv[1]).value;
      const insert = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
      let n = 0;
      try { for (;; n++) insert.run('row ' + n, 'x'.repeat(2000)); } catch (error) { process.stdout.write(n + ' ' + error.code); }
      db.close();`;
      opened().close();
      const limited = `trap '' XFSZ; ulimit -f 512; exec "$@"`;
      const argv = ['-c', limited, 'sh', process.execPath, '--input-type=module', '-e', script, path];
      const [rows, code] = execFileSync('sh', argv, { encoding: 'utf8', stdio: 'pipe' }).split(' ');
      expect(code).toMatch(/^SQLITE_(IOERR|FULL)/);
      const db = opened();
      expect(db.prepare("SELECT count(*) FROM meta WHERE key LIKE 'row %'").pluck().get()).toBe(Number(rows));
      db.close();
    },
  );

  it('ended without closing the store', () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))};
      if (!openDatabase(process.argv[1]).ok) throw new Error('not opened');
      process.exit(0);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script, path], { stdio: 'pipe' });
    expect(isOpened()).toBe(true);
  });

  it('two processes at a time, closed in either order', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const both = [opened(), opened()] as const;
      for (const index of order) both[index].close();
      expect(isOpened()).toBe(true);
    }
  });
});

describe('Z10: before a migration', () => {
  const second: Migration = {
    version: MIGRATIONS.length + 1,
    name: 'second',
    sql: 'ALTER TABLE records ADD COLUMN added TEXT; DELETE FROM records;',
  };

  it('a verified backup holds everything as it was', () => {
    storeWithBackup();
    opened(path, [...MIGRATIONS, second]).close();
    const [name] = readdirSync(backups).filter((file) => file.startsWith('before-version-'));
    const copy = new Database(join(backups, name ?? 'none'), { readonly: true, fileMustExist: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(copy.prepare('SELECT count(*) FROM records').pluck().get()).toBe(600);
    copy.close();
  });

  it('without a backup there is no migration', () => {
    opened().close();
    writeFileSync(backups, 'a file where the folder should be');
    expect(openDatabase(path, [...MIGRATIONS, second])).toMatchObject({ ok: false, failure: { kind: 'backupFailed' } });
    const db = opened();
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    db.close();
  });

  it('a new store and an up-to-date one make none', () => {
    mkdirSync(backups);
    for (let open = 0; open < 2; open++) opened().close();
    expect(readdirSync(backups)).toEqual([]);
  });
});
