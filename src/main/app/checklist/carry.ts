import type { Kind, Side } from '../../../shared/domain.ts';
import { lookAtOnly } from '../../sync/only.ts';
import { makePlan } from '../../sync/plan/plan.ts';
import type { SyncContext } from '../../sync/context.ts';
import { applied, arrived } from './test-write.ts';

/** What the sync made of a test value. */
export type Carried =
  | { readonly kind: 'arrived'; readonly request: string }
  | {
      readonly kind: 'notArrived';
      readonly why: 'notCarried' | 'held' | 'notVerified';
      readonly detail: string;
      readonly request: string | null;
    };

const SAME_TENANTS = { customerp: true, tidsbanken: true };

/** The run narrowed to one record, as `sync --record` does it. */
const narrowed = (ctx: SyncContext, kind: Kind, customerpId: string): SyncContext => ({
  ...ctx,
  request: { ...ctx.request, kinds: [kind], only: { kind, side: 'customerp', nativeId: customerpId } },
});

/** Reads both records and judges the pair anew. */
export async function judgePair(ctx: SyncContext, kind: Kind, customerpId: string): Promise<void> {
  const one = narrowed(ctx, kind, customerpId);
  await lookAtOnly(one, { kind, side: 'customerp', nativeId: customerpId });
  await makePlan(one, { readings: new Map(), tenantAsBefore: SAME_TENANTS, failedLinks: new Set() });
}

/**
 * The sync of one pair: read, judged, and what it proposes for that property approved and written. The first-run rail
 * and S1 are passed, since the record was named for it; nothing passes what doubts a whole system (7.6, section 13).
 */
export async function carry(
  ctx: SyncContext,
  pair: { readonly linkId: number; readonly kind: Kind; readonly customerpId: string },
  to: Side,
  property: string,
): Promise<Carried> {
  await judgePair(ctx, pair.kind, pair.customerpId);
  const open = await ctx.store.changes.openOfLink(pair.linkId);
  const change = open.find(
    (c) => c.target === to && c.groups.some((g) => g.members.some((m) => m.property === property)),
  );
  const group = change?.groups.find((g) => g.members.some((m) => m.property === property));
  if (change === undefined || group === undefined)
    return { kind: 'notArrived', why: 'notCarried', detail: await whyNot(ctx, pair.linkId), request: null };
  if (/^(S[236]|C6)\b/.test(change.rail ?? ''))
    return { kind: 'notArrived', why: 'held', detail: change.rail ?? '', request: null };
  await ctx.store.changes.approve(change.id, [group.group], ctx.request.person, true, [
    {
      event: 'approvedForChecklist',
      runId: ctx.runId,
      item: `change:${String(change.id)}`,
      detail: { person: ctx.request.person, group: group.group, fingerprint: change.fingerprint },
    },
  ]);
  const written = await applied(ctx, change.id);
  const { request } = written;
  if (arrived(written)) return { kind: 'arrived', request };
  return { kind: 'notArrived', why: 'notVerified', detail: written.problem ?? written.state, request };
}

/** What stands in place of the change: the names of the pair's mismatches. */
async function whyNot(ctx: SyncContext, linkId: number): Promise<string> {
  const open = await ctx.store.mismatches.openOfLinks([linkId]);
  return open.map((m) => (m.group === null ? m.mismatch : `${m.mismatch} (${m.group})`)).join(', ');
}
