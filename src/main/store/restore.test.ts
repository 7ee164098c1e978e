import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KINDS } from '../../shared/domain.ts';
import { backUpNow } from './backup.ts';
import { openDatabase } from './database.ts';
import type { Db } from './db.ts';
import { Journal } from './journal.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { restoreStore } from './restore.ts';
import { Runs } from './runs.ts';

const NOW = Date.parse('2025-01-31T02:00:00Z');

let folder: string;
let path: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidsbro-restore-'));
  path = join(folder, 'store.db');
  file = join(folder, 'backup.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(): Db {
  const result = openDatabase(path);
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

/** Fills the store, backs it up, and closes it. */
function backedUp(fill: (db: Db) => void = () => undefined): void {
  const db = opened();
  fill(db);
  const made = backUpNow(db, folder, 'backup.db');
  if (!made.ok) throw new Error(made.failure.what);
  db.close();
}

const restore = () => restoreStore({ storePath: path, file, person: 'kari', now: () => NOW });

function withDb(at: string, work: (db: Db) => void): void {
  const db = new Database(at);
  work(db);
  db.close();
}

function addChange(db: Db, id: number, op: string, state: string): void {
  db.exec("INSERT OR IGNORE INTO runs (id, mode, full, state, started_at) VALUES (1, 'auto', 1, 'done', 1)");
  db.exec("INSERT OR IGNORE INTO plans (id, run_id, at, versions, digest) VALUES (1, 1, 1, '{}', '')");
  db.prepare(
    `INSERT INTO changes (id, plan_id, kind, op, target, customerp_id, groups, needs, fingerprint, versions, label, state, created_at, updated_at)
     VALUES (?, 1, 'customer', ?, 'tidsbanken', ?, '[]', 'auto', '', '{}', '', ?, 1, 1)`,
  ).run(id, op, String(id), state);
}

it.each([
  ['update', 'planned', 'superseded'],
  ['update', 'approved', 'superseded'],
  ['update', 'deferred', 'superseded'],
  ['update', 'preparing', 'superseded'],
  ['update', 'sending', 'superseded'],
  ['update', 'acked', 'superseded'],
  ['archive', 'unknown', 'superseded'],
  ['create', 'planned', 'superseded'],
  ['create', 'approved', 'superseded'],
  ['create', 'preparing', 'superseded'],
  ['create', 'sending', 'manual'],
  ['create', 'unknown', 'manual'],
  ['create', 'acked', 'acked'],
  ['update', 'verified', 'verified'],
  ['create', 'rejected', 'rejected'],
])('S7 no approval outlives a restore: %s, %s becomes %s', async (op, state, becomes) => {
  backedUp((db) => addChange(db, 1, op, state));
  expect(await restore()).toMatchObject({ ok: true });
  const db = opened();
  expect(db.prepare('SELECT state FROM changes').pluck().all()).toEqual([becomes]);
  db.close();
});

it('M7, S7 the next run of each kind reads everything and is reviewed; the rest of the store stays', async () => {
  backedUp((db) => {
    db.exec(`INSERT INTO meta VALUES ('reviewed:customer', 'kari'), ('tenant:customerp', 'here');
      INSERT INTO watermarks (side, kind, modified_at, full_from, full_at, full_records, mapping)
        VALUES ('customerp', 'customer', 17, 17, 18, 19, 'm');
      INSERT INTO lease VALUES ('run', 'elsewhere:1:x', 'sync', 1, 1)`);
  });
  await restore();
  const db = opened();
  const meta = (key: string): unknown => db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
  expect(meta('reviewed:customer')).toBeUndefined();
  expect(KINDS.map((kind) => meta(`restored:${kind}`))).toEqual(KINDS.map(() => String(NOW)));
  expect(meta('tenant:customerp')).toBe('here');
  // S2 goes on measuring by how many records there were.
  expect(db.prepare('SELECT modified_at, full_from, full_at, full_records FROM watermarks').raw().all()).toEqual([
    [null, null, null, 19],
  ]);
  expect(db.prepare('SELECT * FROM lease').all()).toEqual([]);
  const journal = new Journal(db, () => NOW);
  expect((await journal.list({}, 0, 1)).rows).toMatchObject([{ event: 'restored', detail: { person: 'kari' } }]);
  expect(await journal.firstBrokenRow()).toBeNull();
  db.close();
});

it.each<[string, () => void, string]>([
  ['of a newer app', () => withDb(file, (db) => db.pragma(`user_version = ${String(MIGRATIONS.length + 1)}`)), 'newer'],
  [
    'of another program',
    () => {
      rmSync(file);
      withDb(file, (db) => db.exec('CREATE TABLE songs (title TEXT)'));
    },
    'no store of Tidsbro',
  ],
  ['that is damaged', () => writeFileSync(file, readFileSync(file).fill(0x5a, 4_096, 20_000)), 'damaged'],
  ['of a store in use', () => writeFileSync(`${file}-wal`, 'entries'), 'in use'],
])('refuses a file %s', async (_name, spoil, says) => {
  backedUp();
  spoil();
  const before = readFileSync(path);
  expect(await restore()).toMatchObject({
    ok: false,
    failure: { kind: 'restoreRefused', what: expect.stringContaining(says) as string },
  });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes('.restore'))).toEqual([]);
});

it('refuses while a run holds the lease', async () => {
  backedUp();
  const db = opened();
  await new Runs(db, () => NOW).acquireLease(`elsewhere:1:x`, 'sync');
  db.close();
  expect(await restore()).toMatchObject({
    ok: false,
    failure: { kind: 'busy', what: expect.stringMatching(/run/) as string },
  });
});

it('leaves nothing of the replaced store beside the restored one', async () => {
  backedUp((db) => db.exec("INSERT INTO meta VALUES ('which', 'backup')"));
  const db = opened();
  db.exec("UPDATE meta SET value = 'later' WHERE key = 'which'");
  db.close();
  writeFileSync(`${path}-shm`, '');
  const restored = await restore();
  expect(restored).toMatchObject({ ok: true, value: { keptIsSound: true } });
  expect(readdirSync(folder).toSorted()).toEqual(['backup.db', 'backups', 'store.db']);
  const now = opened();
  expect(now.prepare("SELECT value FROM meta WHERE key = 'which'").pluck().get()).toBe('backup');
  now.close();
  const kept = new Database(join(folder, 'backups', 'replaced-2025-01-31T02-00-00-000Z.db'), { readonly: true });
  expect(kept.prepare("SELECT value FROM meta WHERE key = 'which'").pluck().get()).toBe('later');
  kept.close();
});
