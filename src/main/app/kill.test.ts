import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';

const CLI = resolve('src/main/hosts/cli/index.ts');
const KILLS = 20;
/** `apply` reads no lists, so that only the look before a send stands between a lost answer and a second record. */
const COMMANDS = [['sync', '--approve', 'all'], ['apply'], ['apply']];

/** A small generator with a seed, so that a failing run can be repeated. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('kill -9 during apply', () => {
  let world: AppOnSandbox;

  beforeAll(async () => {
    world = await AppOnSandbox.start({
      customers: 90,
      employees: 40,
      projects: 60,
      overlap: 0.4,
      dirt: 0,
      differ: 0.3,
      seed: 11,
      latency: 8,
      switches: { 'customerp.uniqueNumbers': false },
    });
    await createCustomersInCustomerp(world);
    await slowAnswers(world);
    await world.app.close();
  }, 60_000);
  afterAll(() => world.stop());

  it(`Z4–Z8, I3: after ${String(KILLS)} kills at random moments both systems hold each record once, and all is in step`, async () => {
    const random = numbers(20);
    for (let kill = 0; kill < KILLS; kill++)
      await runAndKill(world, COMMANDS[kill % COMMANDS.length] ?? [], 1 + Math.floor(random() * 5), random() * 40);
    await settled();
    await world.reopen();
    await world.sync('all', { wait: true });
    const last = await world.sync('all', { wait: true });
    expect(last.problems.filter((p) => p.kind !== 'rail')).toEqual([]);

    const before = (await world.writes('tidsbanken')).length + (await world.writes('customerp')).length;
    await world.sync('all');
    expect((await world.writes('tidsbanken')).length + (await world.writes('customerp')).length).toBe(before);
    await expectNoDuplicates(world);
    const { total } = await world.app.changes({ show: 'open' }, { offset: 0, limit: 1 });
    expect(total).toBe(0);
  }, 180_000);
});

/** New customers go to Customerp, which numbers its records by itself: only the marker tells a repeated create from a new one. */
async function createCustomersInCustomerp({ dir }: AppOnSandbox): Promise<void> {
  const file = join(dir, 'workspace.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace('inTidsbanken: every, inCustomerp: never', 'inTidsbanken: never, inCustomerp: every'),
  );
}

/** The record is there, and its answer takes a while: the moment at which a kill hurts most. */
const slowAnswers = (world: AppOnSandbox): Promise<void> =>
  world.faults('customerp', [{ method: 'POST', path: 'customers', fault: { kind: 'latency', ms: 60 } }]);

async function runAndKill(
  world: AppOnSandbox,
  command: readonly string[],
  writes: number,
  extraMs: number,
): Promise<void> {
  const before = (await world.writes('tidsbanken')).length + (await world.writes('customerp')).length;
  const child = spawn(process.execPath, [CLI, ...command, '--workspace', world.dir], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve_) => child.once('exit', () => resolve_()));
  while (child.exitCode === null && child.signalCode === null) {
    const now = (await world.writes('tidsbanken')).length + (await world.writes('customerp')).length;
    if (now - before >= writes) break;
    await delay(5);
  }
  // The moment inside the protocol is what is random here; nothing is waited for.
  await delay(extraMs);
  child.kill('SIGKILL');
  await ended;
}

/** The settle time of the demo's systems, after which a late commit must have landed (7.4). */
const settled = (): Promise<void> => delay(2_100);

async function expectNoDuplicates(world: AppOnSandbox): Promise<void> {
  for (const side of ['customerp', 'tidsbanken'] as const) {
    const creates = (await world.writes(side)).filter((w) => w.before === null);
    const created = creates.map((w) => `${String(w.kind)} ${JSON.stringify(w.after?.['externalReference'] ?? w.id)}`);
    expect(created.filter((name, index) => created.indexOf(name) !== index)).toEqual([]);
    expect(created.length).toBeGreaterThan(10);
  }
}
