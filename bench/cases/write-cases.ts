import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../child.ts';
import type { Measured } from '../child.ts';
import type { WriteTask } from '../floors/write.ts';
import { alternate, atMost, median, medianMs } from '../measure.ts';
import type { Figure, Goal, Turns } from '../measure.ts';
import { storyOf, SYNC } from '../stage.ts';
import type { Stage } from '../stage.ts';
import { agree, conflict, editSome, updatesIn } from './edits.ts';

/** Requests that the product has under way at a time in one system by default. */
export const CONCURRENCY = 4;

const APPLY = { do: 'apply', approve: 'all' } as const;

let edits = 0;
/** A value that no record had before, so that each edit is one. */
const fresh = (): string => `${String(process.pid)}-${String((edits += 1))}`;

async function floorOfUpdates(stage: Stage, count: number): Promise<Measured> {
  const twin = await stage.twin();
  const writes = await updatesIn(twin, count, fresh());
  const task = { urls: twin.urls, store: stage.path('floor.db'), concurrency: CONCURRENCY, writes } satisfies WriteTask;
  return runChild('floors/write.ts', task);
}

/** 1 % changed in Customerp: found by delta, judged, written, read back. */
export async function onePercent(stage: Stage, turns: Turns): Promise<Figure> {
  const dir = await stage.linked();
  const count = Math.round(stage.size / 100);
  const edit = (): Promise<void> => editSome(stage.world, 'customerp', count, 0, fresh());
  const quiet = await stage.product(dir, SYNC);
  await edit();
  const counted = await stage.counted(dir, SYNC);
  await stage.settle();
  await edit();
  await stage.profile('one-percent', dir, SYNC);
  await stage.settle();
  const found = await alternate(
    turns,
    () => floorOfUpdates(stage, count),
    async () => {
      await edit();
      const measured = await stage.product(dir, SYNC);
      await stage.settle();
      return measured;
    },
  );
  const beyond = median(found.product.map(({ ms }, at) => (ms - quiet.ms) / (found.floor[at]?.ms ?? Number.NaN)));
  return {
    name: '1 % changed',
    size: stage.size,
    ...found,
    goal: atMost('no-change delta + ≤ 1.5 × floor', beyond, 1.5),
    notes: [
      storyOf(counted),
      `floor: read, write, read of ${String(count)} records and 2 commits each, ${String(CONCURRENCY)} at a time`,
    ],
  };
}

/** 1 % changed on both sides, a tenth of them the same property of the same pair. */
export async function onePercentBoth(stage: Stage, turns: Turns): Promise<Figure> {
  const dir = await stage.linked();
  const count = Math.round(stage.size / 100);
  const edit = async (): Promise<void> => {
    const turn = fresh();
    await editSome(stage.world, 'customerp', count, 0.1, `E${turn}`);
    await editSome(stage.world, 'tidsbanken', Math.round(count * 0.9), 0.5, `T${turn}`);
    await conflict(stage.world, Math.max(1, Math.round(count * 0.1)), turn);
  };
  const finish = async (): Promise<void> => {
    await agree(stage.world);
    await stage.settle();
  };
  await edit();
  const counted = await stage.counted(dir, SYNC);
  await finish();
  const found = await alternate(
    turns,
    () => floorOfUpdates(stage, Math.round(count * 1.8)),
    async () => {
      await edit();
      const measured = await stage.product(dir, SYNC);
      await finish();
      return measured;
    },
  );
  return {
    name: '1 % on both, 10 % in conflict',
    size: stage.size,
    ...found,
    goal: null,
    notes: [storyOf(counted), 'floor: the updates that are no conflict, all in Tidsbanken'],
  };
}

/** 1,000 updates that are approved already; Customerp and Tidsbanken wait so long before each answer. */
export async function applyUpdates(stage: Stage, turns: Turns, latencyMs: number): Promise<Figure> {
  const dir = await stage.linked();
  const count = Math.min(1_000, stage.size / 5);
  const prepare = async (): Promise<void> => {
    await editSome(stage.world, 'customerp', count, 0.3, fresh());
    await stage.product(dir, { do: 'plan', approve: 'none' });
    await stage.world.latency(latencyMs);
  };
  const finish = async (): Promise<void> => {
    await stage.world.latency(0);
    await stage.settle();
  };
  await prepare();
  // What is asked for does not depend on how late the answers come.
  await stage.world.latency(0);
  const counted = await stage.counted(dir, APPLY, { approveAll: true });
  await finish();
  if (stage.profiles !== null) {
    await prepare();
    await stage.profile(`apply-${String(latencyMs)}ms`, dir, APPLY, { approveAll: true });
    await finish();
  }
  const found = await alternate(
    turns,
    async () => {
      const twin = await stage.twin();
      await twin.latency(latencyMs);
      return floorOfUpdates(stage, count);
    },
    async () => {
      await prepare();
      const measured = await stage.product(dir, APPLY, { approveAll: true });
      await finish();
      return measured;
    },
  );
  await (await stage.twin()).latency(0);
  return {
    name: `apply ${count.toLocaleString('en')} updates, ${String(latencyMs)} ms latency`,
    size: stage.size,
    ...found,
    goal: latencyMs === 0 ? null : latencyGoal(medianMs(found.product), count, latencyMs),
    notes: [storyOf(counted), `floor: ${String(CONCURRENCY)} at a time`],
  };
}

const RATE = 10;

/** The same workspace, told of the limit that Tidsbanken has. */
async function toldOfLimit(stage: Stage, dir: string): Promise<string> {
  const copy = stage.copyOf(dir);
  const file = join(copy, 'workspace.yaml');
  const [head = '', tidsbanken = ''] = (await readFile(file, 'utf8')).split(/^(?= {2}tidsbanken:)/m);
  const limited = tidsbanken.replace('limits: { ', `limits: { requestsPerSecond: ${String(RATE)}, `);
  if (limited === tidsbanken) throw new Error('workspace.yaml has no limits to add one to.');
  await writeFile(file, head + limited);
  return copy;
}

/** 300 updates while Tidsbanken lets ten requests a second pass; how near the product comes without running into it. */
export async function rateLimited(stage: Stage): Promise<Figure> {
  const dir = await stage.linked();
  const count = Math.min(300, stage.size / 5);
  await editSome(stage.world, 'customerp', count, 0.3, fresh());
  await stage.product(dir, { do: 'plan', approve: 'none' });
  const told = await toldOfLimit(stage, dir);
  await stage.world.switches('tidsbanken', { rateBurst: RATE, ratePerSecond: RATE });
  await stage.world.startLog();
  const measured = await stage.product(told, APPLY, { approveAll: true });
  const { tidsbanken } = await stage.world.takeLog();
  await stage.world.switches('tidsbanken', { rateBurst: 0 });
  await stage.settle();
  const refused = tidsbanken.filter(({ status }) => status === 429).length;
  const idealMs = ((tidsbanken.length - refused) / RATE) * 1000;
  const tookMs = (tidsbanken.at(-1)?.at ?? 0) - (tidsbanken[0]?.at ?? 0);
  const used = idealMs / tookMs;
  return {
    name: `apply ${String(count)} updates at ${String(RATE)} requests/s`,
    size: stage.size,
    product: [measured],
    // Nothing is run for it: it is the time that the limit itself leaves.
    floor: [{ ms: idealMs, cpuMs: Number.NaN, peakBytes: 0, requests: count * 3, detail: {} }],
    goal: { text: '≥ 97 % of the limit, none answered 429', value: used, met: used >= 0.97 && refused === 0 },
    notes: [
      `${(used * 100).toFixed(1)} % of the limit used; ${String(tidsbanken.length)} requests, ${String(refused)} answered 429`,
      'floor: the requests by the limit, computed',
    ],
  };
}

function latencyGoal(ms: number, count: number, latencyMs: number): Goal {
  const least = (count * 3 * latencyMs) / CONCURRENCY;
  return atMost(`≤ 1.15 × ${(least / 1000).toFixed(1)} s`, ms / least, 1.15);
}
