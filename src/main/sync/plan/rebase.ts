import type { Kind } from '../../../shared/domain.ts';
import { mappingDiff } from '../../mapping/shape.ts';
import type { FlowShape } from '../../mapping/shape.ts';
import { fromJson } from '../../store/json.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { TouchedByMapping } from '../review/rails.ts';
import { keepMapping } from './kept-mapping.ts';

/** Mappings by their version, so that a later one can be held against each that a base still goes by. */
const shapeKey = (version: string): string => `mapping:${version}`;

const unseenKey = (kind: Kind): string => `unseen:${kind}`;

/** S7: until a kind has been read completely, nobody can have seen what its new mapping comes to. */
async function unseen(ctx: SyncContext, kind: Kind): Promise<TouchedByMapping | undefined> {
  const kept = await ctx.store.meta.get(unseenKey(kind));
  return kept === null ? undefined : fromJson<TouchedByMapping>(kept);
}

/** Whether a changed mapping still waits for a complete reading of the kind. */
export const isUnseen = async (store: Pick<SyncContext['store'], 'meta'>, kind: Kind): Promise<boolean> =>
  (await store.meta.get(unseenKey(kind))) !== null;

/** Groups whose values another mapping makes in another way than the one of that version did (S5). */
export async function touchedSince(
  { meta }: Pick<SyncContext['store'], 'meta'>,
  version: string,
  now: FlowShape,
): Promise<readonly string[] | 'all'> {
  if (version === now.version) return [];
  const kept = await meta.get(shapeKey(version));
  return kept === null ? 'all' : mappingDiff(fromJson<FlowShape>(kept), now).touched;
}

/** The plan is stored: what it touched has been shown, as far as everything was read. */
export async function keepUnseen(
  ctx: SyncContext,
  touched: ReadonlyMap<Kind, TouchedByMapping>,
  isComplete: (kind: Kind) => boolean,
): Promise<void> {
  for (const [kind, about] of touched) {
    if (isComplete(kind)) await ctx.store.meta.delete(unseenKey(kind));
    else await ctx.store.meta.set(unseenKey(kind), JSON.stringify(about));
  }
}

/**
 * S5: what was agreed under another mapping is agreed no more, group by group. Only for kinds that were read in this
 * run: records read under the former mapping still go with their former bases. Returns what was touched, by kind.
 */
export async function rebase(
  ctx: SyncContext,
  wasRead: (kind: Kind) => boolean,
): Promise<ReadonlyMap<Kind, TouchedByMapping>> {
  const touched = new Map<Kind, TouchedByMapping>();
  for (const kind of ctx.request.kinds.filter(wasRead)) {
    const flow = flowFor(ctx, kind);
    const { shape } = flow;
    const before = await unseen(ctx, kind);
    if (before !== undefined) touched.set(kind, before);
    await ctx.store.meta.set(shapeKey(shape.version), JSON.stringify(shape));
    await keepMapping(ctx.store, flow);
    for (const version of await ctx.store.bases.mappings(kind)) {
      if (version !== shape.version)
        touched.set(kind, merged(touched.get(kind), await rebaseFrom(ctx, shape, kind, version)));
    }
  }
  return touched;
}

async function rebaseFrom(ctx: SyncContext, now: FlowShape, kind: Kind, version: string): Promise<TouchedByMapping> {
  const kept = await ctx.store.meta.get(shapeKey(version));
  // A mapping that nobody kept has nothing in common with any other.
  const before = kept === null ? { version, groups: {}, keys: '' } : fromJson<FlowShape>(kept);
  const diff = mappingDiff(before, now);
  const members = diff.touched.flatMap((name) =>
    [before, now].flatMap((shape) => shape.groups[name]?.properties ?? []),
  );
  const dropped = kept === null ? 'all' : [...new Set(members)];
  await ctx.store.bases.rebase(kind, { from: version, to: now.version }, dropped, {
    event: 'mappingChanged',
    runId: ctx.runId,
    item: `flow:${kind}`,
    detail: { ...diff, from: version, to: now.version },
  });
  return { groups: [...diff.touched, ...diff.redirected], creates: diff.keysChanged || diff.filterChanged };
}

const merged = (a: TouchedByMapping | undefined, b: TouchedByMapping): TouchedByMapping => ({
  groups: [...new Set([...(a?.groups ?? []), ...b.groups])].toSorted(),
  creates: a?.creates === true || b.creates,
});
