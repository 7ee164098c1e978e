import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunView } from '../../shared/contract/views.ts';
import type { Plans } from '../store/plans.ts';
import { systemClock } from './clock.ts';
import { openApp } from './open-app.ts';
import { Runner } from './runs/runner.ts';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';
import { openWorkspace } from './workspace/workspace.ts';
import { initWorkspace } from './workspace/workspace-file.ts';

const SLICE = { offset: 0, limit: 100 };

const firstProblem = (run: RunView) => run.problems[0] ?? { what: '', notDone: '', todo: '' };

describe('bad input gives one clear sentence, and loses nothing', () => {
  let world: AppOnSandbox;

  beforeEach(async () => {
    world = await AppOnSandbox.start({
      customers: 20,
      employees: 8,
      projects: 8,
      overlap: 0.5,
      dirt: 0,
      differ: 0,
      seed: 5,
    });
  }, 60_000);
  afterEach(() => world.stop());

  const open = (dir = world.dir, env: Record<string, string> = {}) =>
    openApp({ workspaceDir: dir, env, person: 'kari' });
  const change = async (from: string, to: string): Promise<void> => {
    const file = join(world.dir, 'workspace.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(from, to));
  };
  const writes = async (): Promise<number> =>
    (await world.writes('customerp')).length + (await world.writes('tidsbanken')).length;

  it('wrong keys: names the system, says what to check, and the other flows’ data stays', async () => {
    await change('demo-tb-key', 'demo-wrong-key');
    await world.reopen();
    const run = await world.sync('all');
    expect(firstProblem(run)).toMatchObject({
      side: 'tidsbanken',
      what: expect.stringMatching(/Tidsbanken refused the sign-in \(status 401/) as string,
      todo: expect.stringContaining('keys') as string,
    });
    expect(await writes()).toBe(0);
  });

  it('a system that is down: the run has failed, and says so once for each system', async () => {
    await world.sync('all');
    await world.sandbox.close();
    const run = await world.sync('all');
    expect(run.state).toBe('failed');
    expect(run.problems.map((p) => [p.kind, p.side])).toEqual([
      ['unreachable', 'customerp'],
      ['unreachable', 'tidsbanken'],
    ]);
    expect(run.problems[0]?.notDone).toContain('nothing was matched, created or written');
  }, 60_000);

  it.each([
    ['an HTML page with status 200', { kind: 'html' }],
    ['truncated JSON', { kind: 'truncate', bytes: 200 }],
    ['invalid JSON', { kind: 'invalidJson' }],
    ['an error object with status 200', { kind: 'errorObject' }],
    ['an empty body', { kind: 'emptyBody' }],
  ])(
    'C6: %s is a failure, not an empty list',
    async (_name, fault) => {
      await world.sync('all');
      const before = await writes();
      await world.faults('tidsbanken', [{ method: 'GET', path: 'kunde', fault }]);
      const run = await world.sync('all', { full: true });
      expect(firstProblem(run)).toMatchObject({
        side: 'tidsbanken',
        recordKind: 'customer',
        what: expect.stringContaining('cannot be read') as string,
        notDone: expect.stringContaining('customer-kunde') as string,
      });
      expect(await writes()).toBe(before);
      expect((await world.app.mismatches({ kind: 'goneInTidsbanken' }, SLICE)).total).toBe(0);
      expect(run.flows['employee-ansatt']).toMatchObject({ failed: 0 });
    },
    60_000,
  );

  it('C4: a record without id is counted and told, and stops no other', async () => {
    await world.faults('customerp', [{ method: 'GET', path: 'customers', fault: { kind: 'dropIds' } }]);
    const run = await world.sync('none');
    const counts = run.flows['customer-kunde'];
    if (counts === undefined) throw new Error('not counted');
    expect(counts.inStep + counts.proposed + counts.mismatches + counts.skipped + counts.failed).toBe(
      counts.read.customerp + counts.read.tidsbanken,
    );
    expect(counts).toMatchObject({ read: { customerp: 20, tidsbanken: 20 } });
    expect(run.problems).toMatchObject([{ kind: 'recordWithoutId', side: 'customerp', recordKind: 'customer' }]);
    expect(run.flows['employee-ansatt']?.links).toBeGreaterThan(0);
  });

  it('N4: an employee number with letters and an impossible date hold only that record and that property', async () => {
    await world.door('customerp', 'records/employees', {
      method: 'POST',
      body: { number: 'A17', firstName: 'Berit', lastName: 'Fjellheim', active: true, terminated: false },
    });
    const [employee] = await world.records('customerp', 'employees');
    await world.edit('customerp', 'employees', String(employee?.['id']), { hireDate: '2023-02-30' });
    const run = await world.sync('all');
    expect(run.state).toBe('done');
    const { rows } = await world.app.mismatches({ flow: 'employee-ansatt' }, SLICE);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          label: 'Berit Fjellheim',
          detail: expect.objectContaining({ property: 'number' }) as object,
        }),
        expect.objectContaining({
          kind: 'invalidValue',
          detail: expect.objectContaining({ property: 'hireDate' }) as object,
        }),
      ]),
    );
    expect(run.flows['employee-ansatt']?.links).toBeGreaterThan(3);
  });

  it('a workspace file with a typo: names file, line and word', async () => {
    await change('    preset: customerp-rest', '    presett: customerp-rest');
    const opened = await open();
    expect(opened).toMatchObject({
      ok: false,
      failure: {
        kind: 'workspaceInvalid',
        what: expect.stringMatching(/workspace\.yaml, line \d+: systems\.customerp\.(preset|presett)/) as string,
      },
    });
  });

  it('a workspace file that is not YAML: names the line', async () => {
    await appendFile(join(world.dir, 'workspace.yaml'), '\nflows: [unclosed\n');
    expect(await open()).toMatchObject({
      ok: false,
      failure: { kind: 'workspaceInvalid', what: expect.stringMatching(/line \d+/) as string },
    });
  });

  it('a secret in plain text is refused, and not repeated in the message', async () => {
    await change('demo-tb-key', 'sk_live_123456');
    const opened = await open();
    expect(opened.ok).toBe(false);
    expect(JSON.stringify(opened)).not.toContain('sk_live_123456');
  });

  it('a second run meanwhile is told who holds the workspace', async () => {
    const second = await open();
    if (!second.ok) throw new Error(second.failure.what);
    const running = await world.app.startRun({ do: 'sync', approve: 'all' });
    const refusedHere = await world.app.startRun({ do: 'sync', approve: 'all' });
    const refusedThere = await second.value.startRun({ do: 'sync', approve: 'all' });
    expect(refusedHere).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    expect(refusedThere).toMatchObject({
      ok: false,
      failure: { kind: 'busy', notDone: expect.stringContaining('not started') as string },
    });
    if (running.ok) await running.value.ended;
    await second.value.close();
  });

  it('a store from a newer version is not opened', async () => {
    await world.app.close();
    const db = new Database(join(world.dir, 'store.db'));
    db.pragma('user_version = 999');
    db.close();
    expect(await open()).toMatchObject({
      ok: false,
      failure: { kind: 'storeFromNewerApp', todo: expect.stringContaining('newer Tidsbro') as string },
    });
    const back = new Database(join(world.dir, 'store.db'));
    back.pragma('user_version = 1');
    back.close();
    const again = await open();
    if (again.ok) world.app = again.value;
  });

  it('a full disk ends the run with one sentence, and the next run goes on where it stopped', async () => {
    await world.app.close();
    const opened = await openWorkspace({ workspaceDir: world.dir, env: {}, person: 'kari' }, systemClock);
    if (!opened.ok) throw new Error(opened.failure.what);
    const workspace = opened.value;
    const runner = new Runner({ ...workspace, store: { ...workspace.store, plans: fullDisk() } });
    const started = await runner.start({ do: 'sync', approve: 'all' });
    if (!started.ok) throw new Error(started.failure.what);
    const run = await started.value.ended;
    expect(run).toMatchObject({
      state: 'failed',
      problems: [
        {
          kind: 'diskFull',
          what: expect.stringContaining('disk is full') as string,
          todo: expect.stringContaining('Make room') as string,
        },
      ],
    });
    expect(await writes()).toBe(0);
    workspace.store.close();

    const again = await open();
    if (!again.ok) throw new Error(again.failure.what);
    world.app = again.value;
    expect(await world.sync('all')).toMatchObject({ state: 'done' });
    expect(await writes()).toBeGreaterThan(0);
  });

  it('wrong tenant: another key than at set-up stops every write (S3)', async () => {
    await world.sync('none');
    const [pair] = await world.linkedCustomers(1);
    await world.edit('customerp', 'customers', pair?.customerpId ?? '', { email: 'ny@fjell.example' });
    const other = await AppOnSandbox.start({
      customers: 20,
      employees: 8,
      projects: 8,
      overlap: 0.5,
      dirt: 0,
      differ: 0,
      seed: 6,
    });
    try {
      await change(world.sandbox.tidsbanken.url, other.sandbox.tidsbanken.url);
      await world.reopen();
      const run = await world.sync('all');
      expect(run.problems.map((p) => p.kind)).toContain('rail');
      expect(await other.writes('tidsbanken')).toEqual([]);
      expect(await writes()).toBe(0);
    } finally {
      await other.stop();
    }
  });

  it('init refuses to write over a workspace, and names the presets it knows', async () => {
    expect(await initWorkspace(world.dir, { preset: 'demo' })).toMatchObject({
      ok: false,
      failure: { kind: 'workspaceExists' },
    });
    expect(await initWorkspace(join(world.dir, 'new'), { preset: 'sap' })).toMatchObject({
      ok: false,
      failure: { kind: 'unknownPreset', todo: expect.stringContaining('customerp-rest') as string },
    });
  });
});

/** Plans on a database that refuses to grow, exactly as SQLite does on a full disk. */
function fullDisk(): Plans {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE plans (text TEXT)');
  db.pragma('max_page_count = 2');
  const save = (): Promise<number> =>
    Promise.resolve().then(() =>
      Number(db.prepare('INSERT INTO plans VALUES (?)').run('x'.repeat(100_000)).lastInsertRowid),
    );
  return { save } as unknown as Plans;
}
