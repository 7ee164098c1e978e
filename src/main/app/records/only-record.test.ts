import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import type { RunOptions } from '../requests.ts';

/** A run of one record, through the service and over HTTP. */

let world: AppOnSandbox;
let pair: { customerId: string; tidsbankenId: string };
const only = (nativeId: string, side: 'customerp' | 'tidsbanken' = 'customerp'): RunOptions => ({
  do: 'sync',
  approve: 'safe',
  only: { flow: 'customer-kunde', side, nativeId },
});

beforeAll(async () => {
  world = await AppOnSandbox.start({
    customers: 12,
    employees: 4,
    projects: 4,
    overlap: 0.7,
    differ: 0,
    dirt: 0,
    seed: 3,
  });
}, 60_000);
afterAll(() => world.stop());

describe('a run of one record', () => {
  it('is refused for a record that was never read', async () => {
    expect(await world.app.startRun(only('1'))).toMatchObject({ ok: false, failure: { kind: 'notFound' } });
  });

  it('reads two records with few requests, counts them (I5), and says which record it was', async () => {
    await world.sync('all');
    const [first] = await world.linkedCustomers(1);
    if (first === undefined) throw new Error('No pair.');
    pair = { customerId: first.customerpId, tidsbankenId: first.tidsbankenId };
    await world.edit('customerp', 'customers', pair.customerId, { email: 'ny@eksempel.example' });
    const run = await world.run(only(pair.tidsbankenId, 'tidsbanken'));
    expect(run).toMatchObject({
      state: 'done',
      problems: [],
      record: { flow: 'customer-kunde', side: 'tidsbanken', nativeId: pair.tidsbankenId },
      flows: { 'customer-kunde': { read: { customerp: 1, tidsbanken: 1 }, inStep: 2, updated: { tidsbanken: 1 } } },
    });
    expect(Object.keys(run.flows)).toEqual(['customer-kunde']);
    expect(run.requests.customerp + run.requests.tidsbanken).toBeLessThan(20);
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
      Epost: 'ny@eksempel.example',
    });
  });

  it('does not count as the run of a flow, and the next whole run finds nothing to do', async () => {
    const before = (await world.app.overview()).flows.map((card) => card.lastRunAt);
    await world.run(only(pair.customerId));
    expect((await world.app.overview()).flows.map((card) => card.lastRunAt)).toEqual(before);
    const writes = (await world.writes('tidsbanken')).length;
    await world.sync('safe');
    expect((await world.writes('tidsbanken')).length).toBe(writes);
  });

  it('D6: a paused pair is looked at and not written', async () => {
    const found = await world.app.findLink('customer-kunde', pair.customerId);
    if (!found.ok) throw new Error(found.failure.what);
    await world.app.setDirection(found.value.linkId, 'off');
    await world.edit('customerp', 'customers', pair.customerId, { email: 'pause@eksempel.example' });
    const writes = (await world.writes('tidsbanken')).length;
    await world.run(only(pair.customerId));
    expect((await world.writes('tidsbanken')).length).toBe(writes);
    await world.app.setDirection(found.value.linkId, 'both');
    await world.run(only(pair.customerId));
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
      Epost: 'pause@eksempel.example',
    });
  });

  it('S5: is refused after a change of the mapping, until everything was read under the new one', async () => {
    const file = join(world.dir, 'workspace.yaml');
    const settings = parseDocument(await readFile(file, 'utf8'));
    settings.setIn(['flows', 'customer-kunde', 'properties', 'website', 'direction'], 'off');
    await writeFile(file, settings.toString());
    await world.reopen();
    expect(await world.app.startRun(only(pair.customerId))).toMatchObject({
      ok: false,
      failure: { kind: 'refused', facts: { why: 'readWholeFirst' } },
    });
    await world.sync('none');
    expect(await world.run(only(pair.customerId))).toMatchObject({ state: 'done' });
  });
});
