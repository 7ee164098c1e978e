import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../../shared/domain.ts';
import { backUpDaily, DAY_MS, newestDaily } from './backups.ts';
import { restoreWorkspace } from './backups-restore.ts';
import { openApp } from '../open-app.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

const JANUARY = Date.parse('2025-01-31T02:00:00Z');

describe('the daily backup', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tidsbro-backups-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const store = {
    backUp: async (target: string) => {
      await writeFile(target, 'a backup');
      return ok({ path: target });
    },
  };
  const daily = (now: number, keep?: number) => backUpDaily({ store, workspaceDir: dir, keep, now });
  const names = (): Promise<string[]> => readdir(join(dir, 'backups'));

  it.each([
    ['none yet', null, true],
    ['made an hour ago', 3_600_000, false],
    ['made a day ago', DAY_MS, true],
    ['made tomorrow, by a clock that was wrong', -2 * DAY_MS, true],
  ])('%s', async (_name, ago, isMade) => {
    if (ago !== null) await daily(JANUARY - ago);
    const made = await daily(JANUARY);
    expect(made).toEqual(ok(isMade ? join(dir, 'backups', 'auto-2025-01-31T02-00-00-000Z.db') : null));
  });

  it('keeps as many as it is told, and removes the oldest', async () => {
    for (let day = 0; day < 5; day++) await daily(JANUARY + day * DAY_MS, 3);
    expect(await names()).toEqual([
      'auto-2025-02-02T02-00-00-000Z.db',
      'auto-2025-02-03T02-00-00-000Z.db',
      'auto-2025-02-04T02-00-00-000Z.db',
    ]);
    expect(await newestDaily(dir)).toBe(JANUARY + 4 * DAY_MS);
  });

  it('keeps 14 where nothing is said', async () => {
    for (let day = 0; day < 16; day++) await daily(JANUARY + day * DAY_MS);
    expect(await names()).toHaveLength(14);
  });

  it('removes nothing but what it named itself', async () => {
    await mkdir(join(dir, 'backups'));
    const own = ['by-hand.db', 'before-version-2-2020-01-01T00-00-00-000Z.db', 'replaced-2020-01-01T00-00-00-000Z.db'];
    for (const name of own) await writeFile(join(dir, 'backups', name), '');
    for (let day = 0; day < 3; day++) await daily(JANUARY + day * DAY_MS, 1);
    expect(await names()).toEqual(expect.arrayContaining(own));
    expect(await names()).toHaveLength(own.length + 1);
  });

  it('a failure leaves the older ones alone', async () => {
    await daily(JANUARY);
    const problem = { kind: 'backupFailed', what: 'full', notDone: '', todo: '' };
    const failing = { backUp: async () => fail(problem) };
    const now = JANUARY + DAY_MS;
    expect(await backUpDaily({ store: failing, workspaceDir: dir, keep: 1, now })).toEqual(fail(problem));
    expect(await names()).toHaveLength(1);
  });
});

async function firstBackup(dir: string): Promise<string | undefined> {
  const [name] = await readdir(join(dir, 'backups'));
  return name === undefined ? undefined : join(dir, 'backups', name);
}

describe('backups and restore of a workspace in use', () => {
  let world: AppOnSandbox;
  const backup = (): string => join(world.dir, 'backups', 'by-hand.db');
  const restore = (file = backup()) => restoreWorkspace(world.dir, file, 'kari');
  const reopen = async (): Promise<void> => {
    const app = await openApp({ workspaceDir: world.dir, env: {}, person: 'kari' });
    if (!app.ok) throw new Error(app.failure.what);
    world.app = app.value;
  };
  const writesOfBoth = async (): Promise<number> =>
    (await world.writes('customerp')).length + (await world.writes('tidsbanken')).length;
  const approvedOpen = async (): Promise<number> => (await world.app.changes({ show: 'approved' }, all)).total;
  const all = { offset: 0, limit: 500 };

  beforeEach(async () => {
    world = await AppOnSandbox.start({ customers: 30, employees: 10, projects: 10, overlap: 0.6, seed: 11 });
  }, 60_000);
  afterEach(() => world.stop());

  it('a run begins with a verified backup, once a day', async () => {
    await world.sync('none');
    await world.sync('none');
    const made = await readdir(join(world.dir, 'backups'));
    expect(made).toEqual([expect.stringMatching(/^auto-.*\.db$/)]);
  });

  it('a backup that fails is told, and does not stop the run', async () => {
    await writeFile(join(world.dir, 'backups'), 'a file where the folder should be');
    const run = await world.sync('all');
    expect(run).toMatchObject({ state: 'done', problems: [{ kind: 'backupFailed' }] });
    expect(await writesOfBoth()).toBeGreaterThan(0);
  });

  it('section 10: after a restore nothing unreviewed is written, and nothing is created twice', async () => {
    // Something approved waits in the backup: it must not be sent after the restore.
    await world.sync('none');
    const waiting = await world.app.changes({ op: 'create' }, all);
    const [one] = waiting.rows;
    if (one === undefined) throw new Error('The demo proposes creates.');
    await world.app.decideChanges([one.id], 'approve');
    expect(await approvedOpen()).toBe(1);
    expect(await world.app.backUp(join(world.dir, 'store-copy.db'))).toMatchObject({ ok: true });

    await world.sync('all');
    const [pair] = await world.linkedCustomers(1);
    if (pair === undefined) throw new Error('Somebody is linked.');
    await world.edit('customerp', 'customers', pair.customerpId, { phone: '22 33 44 55' });
    await world.sync('safe');
    const before = await writesOfBoth();
    const kunder = (await world.records('tidsbanken', 'Kunde')).length;

    await world.app.close();
    expect(await restore(join(world.dir, 'store-copy.db'))).toMatchObject({ ok: true, value: { keptIsSound: true } });
    await reopen();
    expect(await approvedOpen()).toBe(0);

    const forced = await world.sync('all');
    expect(forced).toMatchObject({ mode: 'preview', full: true, state: 'done', problems: [{ kind: 'restored' }] });
    const safe = await world.sync('safe');
    expect(safe.mode).toBe('auto');
    expect(await writesOfBoth()).toBe(before);

    const reviewed = await world.sync('all');
    expect(reviewed.state).toBe('done');
    expect((await world.records('tidsbanken', 'Kunde')).length).toBe(kunder);
    expect(Object.values(reviewed.flows).map((flow) => flow.created.tidsbanken)).toEqual([0, 0, 0, 0]);
    const { rows } = await world.app.journal({}, { offset: 0, limit: 10_000 });
    expect(rows.filter((row) => row.event === 'restored')).toHaveLength(1);
  });

  it('keeps what is replaced, whole: it can be put back again', async () => {
    await world.sync('all');
    const linked = (await world.app.records({ linked: true }, all)).total;
    const empty = join(world.dir, 'empty.db');
    await copyFile((await firstBackup(world.dir)) ?? '', empty);
    await world.app.close();
    const restored = await restore(empty);
    await reopen();
    expect((await world.app.records({ linked: true }, all)).total).toBe(0);
    await world.app.close();
    expect(await restore(restored.ok ? (restored.value.kept ?? '') : '')).toMatchObject({ ok: true });
    await reopen();
    expect((await world.app.records({ linked: true }, all)).total).toBe(linked);
  });

  it('restores over a damaged store, and keeps that as it was', async () => {
    await world.sync('none');
    await world.app.backUp(backup());
    await world.app.close();
    await writeFile(join(world.dir, 'store.db'), 'This is a letter. '.repeat(400));
    expect(await openApp({ workspaceDir: world.dir, env: {}, person: 'kari' })).toMatchObject({
      ok: false,
      failure: { kind: 'storeDamaged', todo: expect.stringContaining('tidsbro restore') as string },
    });
    expect(await restore()).toMatchObject({ ok: true, value: { keptIsSound: false } });
    await reopen();
    expect(await readdir(join(world.dir, 'backups'))).toContainEqual(expect.stringMatching(/^damaged-/));
  });

  it.each([
    ['a file that is not there', async () => join(world.dir, 'nowhere.db')],
    ['a letter', async () => written('letter.db', 'This is a letter. '.repeat(400))],
    ['an empty file', async () => written('empty.db', '')],
    ['half a backup', async () => halfOf(backup())],
  ])('refuses %s, and leaves the store alone', async (_name, fileOf) => {
    await world.sync('none');
    await world.app.backUp(backup());
    const file = await fileOf();
    const records = (await world.app.records({}, all)).total;
    await world.app.close();
    expect(await restore(file)).toMatchObject({ ok: false, failure: { kind: 'restoreRefused' } });
    await reopen();
    expect((await world.app.records({}, all)).total).toBe(records);
    expect(await world.app.journalSummary()).not.toHaveProperty('restored');
  });

  it('refuses while the workspace is open', async () => {
    await world.sync('none');
    await world.app.backUp(backup());
    expect(await restore()).toMatchObject({ ok: false, failure: { kind: 'busy' } });
  });

  async function written(name: string, text: string): Promise<string> {
    await writeFile(join(world.dir, name), text);
    return join(world.dir, name);
  }
  async function halfOf(file: string): Promise<string> {
    const half = join(world.dir, 'half.db');
    const bytes = await readFile(file);
    await writeFile(half, bytes.subarray(0, Math.floor(bytes.length / 2)));
    return half;
  }
});
