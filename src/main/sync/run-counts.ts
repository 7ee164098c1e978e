import { BUCKETS, SIDES, flowOf } from '../../shared/domain.ts';
import type { Flow, Kind, Pair, Side } from '../../shared/domain.ts';
import type { FlowCounts } from '../../shared/contract/views.ts';
import type { RecordRef } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { idOn } from './observe.ts';

/**
 * I5, Z8: the figures of a run, from what the store holds of it. Each record that it read is in exactly one bucket. Only
 * while no later run has read the same kinds.
 */
export async function runCounts(
  store: Store,
  runId: number,
  kinds: readonly Kind[],
): Promise<Partial<Record<Flow, FlowCounts>>> {
  const only = (await store.runs.get(runId))?.record ?? null;
  if (only !== null) return countsOfOnly(store, runId, only);
  const readings = await store.runs.readings(runId);
  const written = await store.runs.written(runId);
  const buckets = await store.collections.countBuckets(readings.map((r) => r.collectionId));
  const counts: Partial<Record<Flow, FlowCounts>> = {};
  for (const kind of kinds) {
    const read = readings.filter((r) => r.kind === kind);
    const inBucket = (bucket: (typeof BUCKETS)[number]): number =>
      total(buckets.filter((row) => row.kind === kind && row.bucket === bucket));
    const writes = (op: 'create' | 'update'): Pair<number> =>
      pairOf((side) => total(written.filter((w) => w.kind === kind && w.target === side && w.op === op)));
    counts[flowOf(kind)] = {
      read: pairOf((side) => read.filter((r) => r.side === side).reduce((n, r) => n + r.read, 0)),
      links: await store.links.count(kind),
      created: writes('create'),
      updated: writes('update'),
      inStep: inBucket('inStep'),
      proposed: inBucket('proposed'),
      mismatches: inBucket('mismatch') + read.reduce((n, r) => n + r.withoutId, 0),
      skipped: inBucket('skipped'),
      failed: inBucket('failed'),
    };
  }
  return counts;
}

/** A run narrowed to one record reads it and its partner, singly; if it came to a plan, it has read both. */
async function countsOfOnly(store: Store, runId: number, only: RecordRef): Promise<Partial<Record<Flow, FlowCounts>>> {
  const link = await store.links.of(only.kind, only.side, only.nativeId);
  const written = await store.runs.written(runId);
  const hasRead = await store.plans.isMadeBy(runId);
  const idOf = (side: Side): string | null =>
    link === null ? (side === only.side ? only.nativeId : null) : idOn(link, side);
  const records = await Promise.all(
    SIDES.map(async (side) => {
      const nativeId = hasRead ? idOf(side) : null;
      return nativeId === null ? null : store.records.get(only.kind, side, nativeId);
    }),
  );
  const seen = records.filter((record) => record !== null);
  const inBucket = (bucket: (typeof BUCKETS)[number]): number => seen.filter((r) => r.bucket === bucket).length;
  const writes = (op: 'create' | 'update'): Pair<number> =>
    pairOf((side) => total(written.filter((w) => w.target === side && w.op === op)));
  return {
    [flowOf(only.kind)]: {
      read: pairOf((side) => seen.filter((r) => r.side === side).length),
      links: await store.links.count(only.kind),
      created: writes('create'),
      updated: writes('update'),
      inStep: inBucket('inStep'),
      proposed: inBucket('proposed'),
      mismatches: inBucket('mismatch'),
      skipped: inBucket('skipped'),
      failed: inBucket('failed'),
    },
  };
}

const total = (rows: readonly { readonly count: number }[]): number => rows.reduce((n, row) => n + row.count, 0);

const pairOf = (count: (side: Side) => number): Pair<number> => {
  const [customerp, tidsbanken] = SIDES.map(count);
  return { customerp: customerp ?? 0, tidsbanken: tidsbanken ?? 0 };
};
