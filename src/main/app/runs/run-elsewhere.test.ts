import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore, type Store } from '../../store/store.ts';
import { STORE_FILE } from '../workspace/workspace-file.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

/** What the overview says of runs that are not this window's. */

let world: AppOnSandbox;
let store: Store;
beforeAll(async () => {
  world = await AppOnSandbox.start({ customers: 4, employees: 2, projects: 2, seed: 2 });
  const opened = openStore(join(world.dir, STORE_FILE), () => Date.now());
  if (!opened.ok) throw new Error(opened.failure.what);
  store = opened.value;
}, 60_000);
afterAll(async () => {
  store.close();
  await world.stop();
});

it('says nothing in the usual case', async () => {
  await world.sync('none');
  const { elsewhere, left } = await world.app.overview();
  expect([elsewhere, left]).toEqual([undefined, undefined]);
});

it('tells of a run of another process that lives', async () => {
  const other = `${hostname()}:${String(process.pid)}:another`;
  await store.runs.acquireLease(other, 'sync');
  expect((await world.app.overview()).elsewhere).toMatchObject({ computer: hostname(), process: String(process.pid) });
  expect(await world.app.startRun({ do: 'sync', approve: 'safe' })).toMatchObject({ failure: { kind: 'busy' } });
  await store.runs.releaseLease(other);
  expect((await world.app.overview()).elsewhere).toBeUndefined();
});

it('Z2, Z8: tells what a run left that was cut short, until the next one has tidied up', async () => {
  const runId = await store.runs.begin('auto', 'safe', false);
  expect((await world.app.overview()).left).toMatchObject({ runId, toWrite: 0, toLookUp: 0 });
  await world.sync('none');
  expect((await world.app.overview()).left).toBeUndefined();
});
