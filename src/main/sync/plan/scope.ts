import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import type { RecordToJudge } from '../../store/records.ts';
import { flowFor, policyFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { idOn } from '../observe.ts';
import { giveWay, PAGE } from './part.ts';

/** These records as they are stored, page by page, in that order. */
export async function* storedPages(
  ctx: Pick<SyncContext, 'store'>,
  kind: Kind,
  side: Side,
  nativeIds: readonly string[],
): AsyncGenerator<readonly RecordToJudge[]> {
  for (let at = 0; at < nativeIds.length; at += PAGE) {
    await giveWay();
    const ids = nativeIds.slice(at, at + PAGE);
    const records = await ctx.store.records.getMany(kind, side, ids);
    yield ids.flatMap((id) => records.get(id) ?? []);
  }
}

/** C4: records of the system itself, and those that the operator has listed as never to be linked. */
export const neverLinkedIds = (
  ctx: Pick<SyncContext, 'connectors' | 'settings'>,
  kind: Kind,
  side: Side,
): ReadonlySet<string> =>
  new Set([...ctx.connectors[side].capabilities(kind).systemIds, ...policyFor(ctx, kind).neverLink[side]]);

/** Those of these records that the filter of their side leaves out (C7). */
export async function outOfScopeIds(
  ctx: Pick<SyncContext, 'store' | 'flows'>,
  kind: Kind,
  side: Side,
  nativeIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const out = new Set<string>();
  if (flowFor(ctx, kind).mapping.filter?.[side] === undefined) return out;
  for await (const page of storedPages(ctx, kind, side, nativeIds))
    for (const { nativeId, props } of page) if (isOutOfScope(props)) out.add(nativeId);
  return out;
}

/** Those of these links of which the filter leaves out a side (C7). */
export async function linksOutOfScope(
  ctx: Pick<SyncContext, 'store' | 'flows'>,
  kind: Kind,
  linkIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const out = new Set<number>();
  if (flowFor(ctx, kind).mapping.filter === undefined) return out;
  for (const id of linkIds) {
    const link = await ctx.store.links.get(id);
    for (const side of SIDES)
      if (link !== null && (await outOfScopeIds(ctx, kind, side, [idOn(link, side)])).size > 0) out.add(id);
  }
  return out;
}

/** In use, by the property of the mapping that says so. */
export function isActive(ctx: Pick<SyncContext, 'flows'>, kind: Kind, record: Pick<RecordToJudge, 'props'>): boolean {
  const { lifecycle } = flowFor(ctx, kind).mapping;
  return lifecycle === undefined || record.props[lifecycle.property] !== lifecycle.inactive;
}
