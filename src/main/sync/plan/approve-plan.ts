import { isAskedFor } from '../../../shared/domain.ts';
import type { Approval, Kind } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import type { ChangeDraft } from '../drafts.ts';
import { coveredBy } from '../review/approve.ts';
import { changesOfOnly } from '../only.ts';
import { mayPass } from '../review/rails.ts';
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
  const changes = await waiting(ctx, approve);
  const fingerprints = [
    ...new Set([...changes.map((c) => c.fingerprint), ...rails.flatMap((rail) => rail.fingerprints)]),
  ];
  const passed = new Set(rails.filter((rail) => approve === 'all' && mayPass(rail, { how: 'typedAll', fingerprints })));
  await endFindings(ctx, passed);
  if (approve === 'all') for (const kind of ctx.request.kinds) await ctx.store.meta.markReviewed(kind, person);
  const ids = new Map<ChangeDraft, number>(changes.map((change) => [change, change.id]));
  const covered = coveredBy(changes, {
    mode,
    approval: approve,
    rails: rails.filter((rail) => !passed.has(rail)),
    isLinkActive: () => true,
  });
  const items = covered.map(({ change, groups }) => ({ id: ids.get(change) ?? 0, groups }));
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
    const open = (await ctx.store.mismatches.open(kind)).filter((m) => m.mismatch === 'rail' && names.has(m.label));
    for (const finding of open) await ctx.store.mismatches.end(finding.id, 'decided', []);
  }
}

/**
 * Changes that are not approved whole; to a person's `all` also what a rule approved and a rail holds since (S1, S7).
 * Only those of the run's flows, and only where the link is alive by construction.
 */
async function waiting(ctx: SyncContext, approve: Approval): Promise<StoredChange[]> {
  const open: StoredChange[] = [];
  for (const kind of ctx.request.kinds) {
    for (const change of await openIn(ctx, kind)) {
      // A person approves an undo in Review: it is no part of what the plan found (7.5).
      if (isAskedFor(change.origin)) continue;
      const isOpen = change.groups.some((g) => !g.approved) || (approve === 'all' && isHeldFromRule(change));
      if (isOpen && ['planned', 'approved', 'deferred'].includes(change.state)) open.push(change);
    }
  }
  return open;
}

const openIn = (ctx: SyncContext, kind: Kind): Promise<StoredChange[]> =>
  ctx.request.only === undefined ? ctx.store.changes.open(kind) : changesOfOnly(ctx, ctx.request.only);

const isHeldFromRule = ({ rail, approvedBy }: StoredChange): boolean =>
  rail !== null && approvedBy?.startsWith('rule:') === true;
