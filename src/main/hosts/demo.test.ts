import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ok } from '../../shared/domain.ts';
import { initWorkspace } from '../app/workspace/workspace-file.ts';
import { freshDemoDir, pointAtSandbox, readyWorkspace } from './demo.ts';

/** Nothing listens there. */
const URLS = { customerp: 'http://127.0.0.1:9', tidsbanken: 'http://127.0.0.1:9' };
const never = () => Promise.reject(new Error('The sandbox must not be started.'));

let appData: string;
beforeEach(async () => (appData = await mkdtemp(join(tmpdir(), 'tidsbro-app-data-'))));
afterEach(() => rm(appData, { recursive: true }));

it("opens the operator's own workspace as it is", async () => {
  await initWorkspace(appData, { preset: 'customerp-rest' });
  expect(await readyWorkspace(appData, undefined, never)).toEqual(ok({ dir: appData, started: null }));
  expect(await pointAtSandbox(appData, URLS)).toMatchObject({ ok: false, failure: { kind: 'notADemo' } });
});

it('otherwise starts the demo, in a folder of its own', async () => {
  const ready = await readyWorkspace(appData, undefined, () => Promise.resolve(ok(URLS)));
  expect(ready).toEqual(ok({ dir: join(appData, 'demo'), started: URLS }));
  expect(await readFile(join(appData, 'demo', 'workspace.yaml'), 'utf8')).toContain(URLS.customerp);
});

it('begins anew: a store that remembers what the systems forgot is removed', async () => {
  const dir = join(appData, 'demo');
  await initWorkspace(dir, { preset: 'demo' });
  await writeFile(join(dir, 'store.db'), 'of the last time');
  expect(await freshDemoDir(appData)).toBe(dir);
  await expect(readFile(join(dir, 'store.db'))).rejects.toThrow('ENOENT');
});

it('leaves a demo alone that another process has open', async () => {
  const dir = join(appData, 'demo');
  await mkdir(dir);
  await writeFile(join(dir, 'demo.pid'), String(process.ppid));
  await writeFile(join(dir, 'store.db'), 'in use');
  expect(await freshDemoDir(appData)).toBe(join(appData, 'demo-2'));
  expect(await readFile(join(dir, 'store.db'), 'utf8')).toBe('in use');
});
