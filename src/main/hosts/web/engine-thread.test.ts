import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import Database from 'better-sqlite3';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort, Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '../../../shared/contract/contract.ts';
import { fail, ok } from '../../../shared/domain.ts';
import { initWorkspace } from '../../app/workspace/workspace-file.ts';
import { migrate } from '../../store/database.ts';
import { MIGRATIONS } from '../../store/migrations/index.ts';
import type { Engine, EngineStart } from '../engine/engine.ts';
import { ENGINE_THREAD_LIMITS } from '../engine/memory.ts';
import { unwrap } from '../problem-error.ts';
import { startEngineThread } from './engine-thread.ts';

const NOBODY = { customerpUrl: 'http://127.0.0.1:9', tidsbankenUrl: 'http://127.0.0.1:9/v1' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-engine-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A window's end of a wire to the engine. */
function windowOf(engine: Engine<MessagePort>): { client: ContractRouterClient<Contract>; port: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  engine.connect(port2);
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port1 }));
  port1.start();
  return { client, port: port1 };
}

async function open(start: EngineStart): Promise<Engine<MessagePort>> {
  const engine = startEngineThread(start, 'tester');
  unwrap(await engine.opened);
  return engine;
}

const demoFails = () => Promise.resolve(fail({ kind: 'sandboxFailed', what: 'x', notDone: 'y', todo: 'z' }));

describe('the engine in a thread of its own', () => {
  it('opens the workspace, tells where its systems are, and answers each window on its own port', async () => {
    unwrap(await initWorkspace(folder, { preset: 'demo', ...NOBODY }));
    const engine = await open({ workspaceDir: folder });
    expect(engine.urls).toEqual([NOBODY.customerpUrl, NOBODY.tidsbankenUrl]);
    const windows = [windowOf(engine), windowOf(engine)];
    for (const { client } of windows) expect(await client.runs.list({})).toEqual({ total: 0, rows: [] });
    for (const { port } of windows) port.close();
    await engine.close();
  });

  it('has the young generation that an engine needs, and no more', async () => {
    const limits: unknown[] = [];
    const note = (thread: Worker): void => void limits.push(thread.resourceLimits);
    process.on('worker', note);
    await startEngineThread({ workspaceDir: join(folder, 'nothing') }, 'tester').close();
    process.off('worker', note);
    expect(limits).toMatchObject([ENGINE_THREAD_LIMITS]);
  });

  it('closes the store when it is asked to, so that it can be opened again', async () => {
    unwrap(await initWorkspace(folder, { preset: 'demo', ...NOBODY }));
    const first = await open({ workspaceDir: folder });
    await first.close();
    const second = startEngineThread({ workspaceDir: folder }, 'tester');
    expect(await second.opened).toMatchObject({ ok: true });
    await second.close();
  });

  it('answers a window that came before the workspace was open', async () => {
    unwrap(await initWorkspace(folder, { preset: 'demo', ...NOBODY }));
    const engine = startEngineThread({ workspaceDir: folder }, 'tester');
    const { client, port } = windowOf(engine);
    expect(await client.setup.state()).toEqual({ choices: null });
    expect((await client.overview.get()).workspace.path).toBe(folder);
    port.close();
    await engine.close();
  });

  it('refuses a folder without a workspace with the problem that opening it gives', async () => {
    const engine = startEngineThread({ workspaceDir: join(folder, 'nothing') }, 'tester');
    expect(await engine.opened).toMatchObject({ ok: false, failure: { kind: 'workspaceMissing' } });
    await engine.close();
  });

  it('tells the problem to windows that came before, and to later ones, and answers nothing else', async () => {
    const engine = startEngineThread({ workspaceDir: join(folder, 'nothing') }, 'tester');
    const early = windowOf(engine);
    const refused = { choices: null, refused: { kind: 'workspaceMissing', todo: expect.any(String) as string } };
    expect(await early.client.setup.state()).toMatchObject(refused);
    const late = windowOf(engine);
    expect(await late.client.setup.state()).toMatchObject(refused);
    await expect(late.client.overview.get()).rejects.toThrow('Not Found');
    for (const { port } of [early, late]) port.close();
    await engine.close();
  });

  it('without a workspace answers the choice only, and everything once a window has chosen', async () => {
    const demoDir = join(folder, 'demo');
    unwrap(await initWorkspace(demoDir, { preset: 'demo', ...NOBODY }));
    const startDemo = () => Promise.resolve(ok({ dir: demoDir }));
    const engine = await open({ folder, startDemo });
    const before = windowOf(engine);
    const { choices } = await before.client.setup.state();
    expect(choices).toMatchObject({ folder, presets: [{ name: 'tidsbanken' }, { name: 'customerp-rest' }] });
    await expect(before.client.overview.get()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(engine.urls).toEqual([]);
    expect(await before.client.setup.demo()).toEqual({ path: demoDir });
    expect(engine.urls).toEqual([NOBODY.customerpUrl, NOBODY.tidsbankenUrl]);
    await expect(before.client.setup.open({ folder: demoDir })).rejects.toMatchObject({ code: 'REFUSED' });
    const after = windowOf(engine);
    expect((await after.client.setup.state()).choices).toBeNull();
    expect((await after.client.overview.get()).workspace.path).toBe(demoDir);
    for (const { port } of [before, after]) port.close();
    await engine.close();
  });

  it('a choice that comes to nothing leaves the choice open', async () => {
    const engine = await open({ folder, startDemo: demoFails });
    const { client, port } = windowOf(engine);
    await expect(client.setup.demo()).rejects.toMatchObject({ data: { kind: 'sandboxFailed' } });
    await expect(client.setup.open({ folder: join(folder, 'nothing') })).rejects.toMatchObject({
      data: { kind: 'workspaceMissing' },
    });
    expect((await client.setup.state()).choices).not.toBeNull();
    port.close();
    await engine.close();
  });
});

const keepOlder = async (): Promise<void> => {
  unwrap(await initWorkspace(folder, { preset: 'demo', ...NOBODY }));
  const db = new Database(join(folder, 'store.db'));
  migrate(db, MIGRATIONS, MIGRATIONS.length - 1);
  db.close();
};

/** How an upgrade ended; null while it goes on. */
const endOf = async (client: ContractRouterClient<Contract>) => {
  const { upgrade } = await client.setup.state();
  return upgrade === undefined || upgrade.problem !== null ? { upgrade } : null;
};
const PATIENT = { timeout: 30_000 };

describe('Z10: a store of an earlier version', () => {
  it(
    'is brought up to date after a backup while the window is told of it; then everything is answered',
    PATIENT,
    async () => {
      await keepOlder();
      const engine = await open({ workspaceDir: folder });
      const early = windowOf(engine);
      expect(await vi.waitUntil(() => endOf(early.client), PATIENT)).toEqual({ upgrade: undefined });
      const { client, port } = windowOf(engine);
      expect((await client.overview.get()).store).toBeUndefined();
      expect(await readdir(join(folder, 'backups'))).toHaveLength(1);
      for (const one of [early.port, port]) one.close();
      await engine.close();
    },
  );

  it('stays as it is when no backup can be written, and the window says why', PATIENT, async () => {
    await keepOlder();
    await writeFile(join(folder, 'backups'), 'a file where the folder should be');
    const engine = await open({ workspaceDir: folder });
    const { client, port } = windowOf(engine);
    const told = await vi.waitUntil(() => endOf(client), PATIENT);
    expect(told).toMatchObject({ upgrade: { step: 'copying', problem: { kind: 'backupFailed' } } });
    await expect(client.overview.get(), 'nothing else is answered').rejects.toThrow('Not Found');
    port.close();
    await engine.close();
    const db = new Database(join(folder, 'store.db'), { readonly: true });
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length - 1);
    db.close();
  });
});
