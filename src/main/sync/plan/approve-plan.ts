import { isAskedFor } from '../../../shared/domain.ts';
import type { Approval, Kind } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import type { ChangeDraft } from '../drafts.ts';
import { coveredBy } from '../review/approve.ts';
import { changesOfOnly } from '../only.ts';
import { mayPass } from '../review/rails.ts';
import { isWaiting } from './merge.ts';
import { openChanges } from './open-pages.ts';
import { nameOf } from './rails-of-plan.ts';
import type { TrippedRail } from '../review/rails.ts';

/**
 * Approves by the run's rule what it may cover (D3). `all` is a person's typed confirmation for exactly the plan just
 * stored, and journaled as such (section 13). Returns the rails that it passed.
 */
export async function approveByRule(
  ctx: SyncContext,
  rails: readonly TrippedRail[],
): Promise<ReadonlySet<TrippedRail>> {
  const { mode, approve, person } = ctx.request;
  if (mode === 'preview' || approve === null || approve === 'none') return new Set();
  const passed = new Set(
    rails.filter((rail) => approve === 'all' && mayPass(rail, { how: 'typedAll', fingerprints: rail.fingerprints })),
  );
  await endFindings(ctx, passed);
  if (approve === 'all') for (const kind of ctx.request.kinds) await ctx.store.meta.markReviewed(kind, person);
  const request = {
    mode,
    approval: approve,
    rails: rails.filter((rail) => !passed.has(rail)),
    isLinkActive: () => true,
  };
  const items: { readonly id: number; readonly groups: readonly string[] }[] = [];
  // Thousands of changes have the same few groups: their names are held once.
  const known = new Map<string, readonly string[]>();
  for await (const changes of waiting(ctx, approve)) {
    const ids = new Map<ChangeDraft, number>(changes.map((change) => [change, change.id]));
    for (const { change, groups } of coveredBy(changes, request)) {
      const names = groups.join('\n');
      if (!known.has(names)) known.set(names, groups);
      items.push({ id: ids.get(change) ?? 0, groups: known.get(names) ?? groups });
    }
  }
  if (items.length === 0) return passed;
  await ctx.store.changes.approveMany(items, approve === 'all' ? person : `rule:${approve}`, approve === 'all', [
    {
      event: 'approvedByRule',
      runId: ctx.runId,
      detail: {
        approve,
        person,
        changes: items.length,
        railsPassed: [...passed].map((rail) => `${rail.rail}:${rail.kind}:${rail.op ?? ''}`),
      },
    },
  ]);
  return passed;
}

/** A rail that was passed is no longer something to decide. */
async function endFindings(ctx: SyncContext, passed: ReadonlySet<TrippedRail>): Promise<void> {
  for (const kind of new Set([...passed].map((rail) => rail.kind))) {
    const names = new Set([...passed].filter((rail) => rail.kind === kind).map(nameOf));
    const open = (await ctx.store.mismatches.openOfKind(kind)).filter(
      (m) => m.mismatch === 'rail' && names.has(m.label),
    );
    for (const finding of open) await ctx.store.mismatches.end(finding.id, 'decided', []);
  }
}

/**
 * Page by page, changes that are not approved whole; to a person's `all` also what a rule approved and a rail holds since (S1, S7).
 * Only those of the run's flows, and only where the link is alive by construction.
 */
async function* waiting(ctx: SyncContext, approve: Approval): AsyncGenerator<readonly StoredChange[]> {
  const isOpen = (change: StoredChange): boolean =>
    // A person approves an undo in Review: it is no part of what the plan found (7.5).
    !isAskedFor(change.origin) &&
    (change.groups.some((g) => !g.approved) || (approve === 'all' && isHeldFromRule(change))) &&
    isWaiting(change);
  for (const kind of ctx.request.kinds) for await (const page of openIn(ctx, kind)) yield page.filter(isOpen);
}

async function* openIn(ctx: SyncContext, kind: Kind): AsyncGenerator<readonly StoredChange[]> {
  if (ctx.request.only === undefined) yield* openChanges(ctx.store, kind);
  else yield await changesOfOnly(ctx, ctx.request.only);
}

const isHeldFromRule = ({ rail, approvedBy }: StoredChange): boolean =>
  rail !== null && approvedBy?.startsWith('rule:') === true;
