import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type * as database from '../../store/database.ts';
import type { Db } from '../../store/db.ts';
import { Journal } from '../../store/journal.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import { Errands } from './full-disk.suite.ts';

/** The newest store that was opened: its size is what is limited here. */
const held = vi.hoisted(() => ({ db: undefined as Db | undefined }));
vi.mock('../../store/database.ts', async (original) => {
  const real = await original<typeof database>();
  const openDatabase: typeof real.openDatabase = (...args) => {
    const opened = real.openDatabase(...args);
    if (opened.ok) held.db = opened.value;
    return opened;
  };
  return { ...real, openDatabase };
});

const PRESET = { customers: 40, employees: 6, projects: 6, overlap: 0.8, differ: 0, dirt: 0, seed: 5 } as const;
/** A run of these errands takes fewer pages than this. */
const MOST_PAGES = 40;

/** What happened, what was not done, what to do now. */
const DISK_FULL = expect.objectContaining({
  state: 'failed',
  kind: 'diskFull',
  what: expect.stringContaining('disk is full') as string,
  notDone: expect.stringContaining('nothing is sent twice') as string,
  todo: expect.stringContaining('Make room') as string,
}) as object;

let world: AppOnSandbox;
let errands: Errands;
beforeAll(async () => {
  world = await AppOnSandbox.start(PRESET);
  errands = await Errands.on(world);
}, 60_000);
afterAll(() => world.stop());

function store(): Db {
  if (held.db === undefined) throw new Error('no store');
  return held.db;
}
const pages = (name: 'page_count' | 'freelist_count'): number => Number(store().pragma(name, { simple: true }));
const limit = (count: number): unknown => store().pragma(`max_page_count = ${String(count)}`);

it('section 10, I8, I16: the store is full at each page that a run needs: told, nothing corrupt, nothing sent unannounced', async () => {
  let full = 0;
  let reached = false;
  for (let room = 0; room < MOST_PAGES && !reached; room++) {
    await errands.make(room);
    store().exec('VACUUM');
    expect(pages('freelist_count')).toBe(0);
    limit(pages('page_count') + room);
    const run = await world.sync('all');
    limit(1_000_000);
    const told = run.problems.find((problem) => problem.kind === 'diskFull');
    reached = told === undefined && run.state === 'done';
    full += reached ? 0 : 1;
    expect(reached ? null : { state: run.state, ...told }).toEqual(reached ? null : DISK_FULL);
    expect(store().pragma('integrity_check', { simple: true })).toBe('ok');
    expect(await new Journal(store(), Date.now).firstBrokenRow()).toBeNull();
    expect(await errands.announced(), `with ${String(room)} pages left`).toBeGreaterThanOrEqual(
      await errands.arrived(),
    );
    // Room again: the next syncs bring everything to an end, and know what of it arrived.
    await world.sync('all', { wait: true });
    await world.sync('all', { wait: true });
    expect(await errands.wrong()).toEqual([]);
  }
  console.log(`Store full at ${String(full)} points`);
  expect(reached).toBe(true);
  expect(full).toBeGreaterThan(3);
}, 300_000);
