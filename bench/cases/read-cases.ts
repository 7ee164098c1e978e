import { runChild } from '../child.ts';
import type { Measured } from '../child.ts';
import type { ReadTask } from '../floors/read.ts';
import { alternate, atMost, median, medianMs, ratiosOf } from '../measure.ts';
import type { Figure, Turns } from '../measure.ts';
import { storyOf, SYNC } from '../stage.ts';
import type { Counted, Stage } from '../stage.ts';

const FULL = { ...SYNC, full: true };

const floorOf = (stage: Stage, counted: Counted, work: ReadTask['work'], store: string): Promise<Measured> =>
  runChild('floors/read.ts', { urls: stage.world.urls, requests: counted.reads, work, store } satisfies ReadTask);

/** Both sides hold the same: match, link, base. */
export async function adopt(stage: Stage, turns: Turns): Promise<Figure> {
  const counted = await stage.counted(await stage.cold(), SYNC);
  await stage.profile('adopt', await stage.cold(), SYNC);
  let last = '';
  const found = await alternate(
    turns,
    () => floorOf(stage, counted, 'store', stage.path('floor.db')),
    async () => stage.product((last = await stage.cold()), SYNC),
  );
  await stage.adoptAsLinked(last);
  return {
    name: 'adopt',
    size: stage.size,
    ...found,
    goal: atMost('≤ 2.0 × (download + hash + store)', median(ratiosOf(found)), 2),
    notes: [storyOf(counted), 'floor: the same requests; parse, hash (sorted names, SHA-256), store'],
  };
}

/** Nothing has changed since, asked by modified time; the overlap windows hold one record each. */
export async function noChangeDelta(stage: Stage, turns: Turns): Promise<Figure> {
  const dir = await stage.linked();
  const counted = await stage.counted(dir, SYNC);
  await stage.profile('no-change-delta', dir, SYNC);
  const found = await alternate(
    turns,
    () => floorOf(stage, counted, 'parse', stage.path('floor.db')),
    () => stage.product(dir, SYNC),
  );
  return {
    name: 'no change, delta',
    size: stage.size,
    ...found,
    goal: atMost('≤ 500 ms', medianMs(found.product), 500),
    notes: [storyOf(counted), 'floor: the same requests, parsed'],
  };
}

export async function noChangeFull(stage: Stage, turns: Turns): Promise<Figure> {
  const dir = await stage.linked();
  const counted = await stage.counted(dir, FULL);
  await stage.profile('no-change-full', dir, FULL);
  const store = stage.path('floor.db');
  await floorOf(stage, counted, 'store', store);
  const found = await alternate(
    turns,
    () => floorOf(stage, counted, 'compare', store),
    () => stage.product(dir, FULL),
  );
  return {
    name: 'no change, full',
    size: stage.size,
    ...found,
    goal: atMost('≤ 1.4 × (download + hash + compare)', median(ratiosOf(found)), 1.4),
    notes: [storyOf(counted), 'floor: the same requests; parse, hash, compare with the hashes stored'],
  };
}
