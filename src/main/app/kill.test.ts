import { expect, it } from 'vitest';
import { runKills } from './testing/kills.suite.ts';

/** More with KILLS=100. */
const KILLS = Number(process.env['KILLS'] ?? 12);

it(`Z4–Z8, I1–I4, I8, I16: kill -9 in ${String(KILLS)} runs: the store is whole, and both systems hold each record and edit once`, async () => {
  const figures = await runKills(KILLS);
  console.log(JSON.stringify(figures));
  expect(figures).toMatchObject({
    trials: KILLS,
    corruptStores: 0,
    lostRows: 0,
    duplicates: 0,
    lostUpdates: 0,
    leftOpen: 0,
    writesWhenInStep: 0,
  });
  expect(figures.killedWhileRunning).toBeGreaterThan(KILLS / 2);
}, 1_800_000);
