import { SIDES } from '../../shared/domain.ts';
import type { Kind, Pair, RunState, Side } from '../../shared/domain.ts';
import type { RecordRef } from '../store/runs.ts';
import type { Applied } from './apply/apply.ts';
import { applyApproved, noTurns } from './apply/apply.ts';
import { idIn, sourceOf } from './apply/outcome.ts';
import { recover, resolveUnknown } from './apply/recover.ts';
import { collect } from './collect/collect.ts';
import type { Collected } from './collect/collect.ts';
import type { SyncContext } from './context.ts';
import { changesOfOnly, lookAtOnly } from './only.ts';
import { approveByRule } from './plan/approve-plan.ts';
import { makePlan } from './plan/plan.ts';
import type { Planned } from './plan/plan.ts';
import type { KindReading, SideReading } from './plan/rails-of-plan.ts';
import { blocks } from './review/rails.ts';
import { tenants } from './tenant.ts';
import { isDown, railProblem } from './words.ts';

export interface RunOutcome {
  readonly state: RunState;
  readonly collected: readonly Collected[];
  readonly applied: readonly Applied[];
  /** Rails that stopped something in this run. */
  readonly rails: Planned['rails'];
}

/**
 * One run: recover → collect → match → reconcile → review → apply → verify (section 1). Each stage reads what the former
 * stored, so a run may be stopped between any two and go on later.
 */
export async function runSync(ctx: SyncContext): Promise<RunOutcome> {
  ctx.progress({ stage: 'recover', flow: null, side: null, done: 0, total: null, record: null });
  const tenantAsBefore = await begin(ctx);
  if (tenantAsBefore === 'down') return nothingDone('failed');
  const collected = await collectAll(ctx);
  if (ctx.stop.aborted) return { ...nothingDone('stopped'), collected };
  if (collected.some((c) => isDown(c.failure))) return { ...nothingDone('failed'), collected };
  const readings = readingsOf(ctx, collected);
  return { ...(await planAndApply(ctx, readings, tenantAsBefore)), collected };
}

async function planAndApply(
  ctx: SyncContext,
  readings: ReadonlyMap<Kind, KindReading>,
  tenantAsBefore: Pair<boolean>,
): Promise<Omit<RunOutcome, 'collected'>> {
  const plan = await makePlan(ctx, { readings, tenantAsBefore, failedLinks: new Set() });
  const passed = await approveByRule(ctx, plan.rails);
  const stopped = plan.rails.filter((rail) => !passed.has(rail));
  if (ctx.request.mode !== 'preview') for (const rail of await toldOf(ctx, stopped)) ctx.report(railProblem(rail));
  const applied = await applyInPasses(ctx, tenantAsBefore, stopped);
  return {
    state: ctx.stop.aborted ? 'stopped' : 'done',
    applied,
    rails: stopped,
  };
}

/** A run of one record tells only of the rails that hold something of that record. */
async function toldOf(ctx: SyncContext, rails: Planned['rails']): Promise<Planned['rails']> {
  const { only } = ctx.request;
  if (only === undefined) return rails;
  const own = await changesOfOnly(ctx, only);
  return rails.filter((rail) => own.some((change) => blocks(rail, change)));
}

/** Applies what was approved before, without reading everything anew; each record is still read right before its write. */
export async function runApply(ctx: SyncContext): Promise<RunOutcome> {
  ctx.progress({ stage: 'recover', flow: null, side: null, done: 0, total: null, record: null });
  const tenantAsBefore = await begin(ctx);
  if (tenantAsBefore === 'down') return nothingDone('failed');
  if (!tenantAsBefore.customerp || !tenantAsBefore.tidsbanken) return nothingDone('done');
  const applied = await applyInPasses(ctx, tenantAsBefore, []);
  return { state: ctx.stop.aborted ? 'stopped' : 'done', collected: [], applied, rails: [] };
}

/**
 * A run narrowed to one record and its pair (`request.only`): both are read singly, judged, and what is approved or
 * automatic is written. It proves no absence (T4), matches nothing (M1), and moves no watermark; lease, recovery and
 * rails are those of every run.
 */
export async function runOnly(ctx: SyncContext, only: RecordRef): Promise<RunOutcome> {
  ctx.progress({ stage: 'recover', flow: null, side: null, done: 0, total: null, record: null });
  const tenantAsBefore = await begin(ctx);
  if (tenantAsBefore === 'down') return nothingDone('failed');
  // Another company may have another record under the same id (S3).
  if (!tenantAsBefore.customerp || !tenantAsBefore.tidsbanken) return nothingDone('done');
  const looked = await lookAtOnly(ctx, only);
  if (looked !== 'seen') return nothingDone(looked === 'failed' ? 'failed' : 'done');
  const applied = await planAndApply(ctx, new Map(), tenantAsBefore);
  return { ...applied, collected: [] };
}

/**
 * A run that does work of its own under the lease, such as a checklist (7.6), after the recovery that comes first in every
 * run. With a system down, or another company answering (S3), the work is not begun.
 */
export async function runWork(ctx: SyncContext, work: () => Promise<void>): Promise<RunOutcome> {
  ctx.progress({ stage: 'recover', flow: null, side: null, done: 0, total: null, record: null });
  const tenantAsBefore = await begin(ctx);
  if (tenantAsBefore === 'down' || !tenantAsBefore.customerp || !tenantAsBefore.tidsbanken)
    return nothingDone('failed');
  await work();
  return nothingDone(ctx.stop.aborted ? 'stopped' : 'done');
}

/** Who answers, and what a crash left open (section 10). With a system down only the store is tidied. */
async function begin(ctx: SyncContext): Promise<Pair<boolean> | 'down'> {
  const found = await tenants(ctx);
  const asBefore = { customerp: found.customerp === 'asBefore', tidsbanken: found.tidsbanken === 'asBefore' };
  await recover(ctx, asBefore);
  return found.customerp === 'down' || found.tidsbanken === 'down' ? 'down' : asBefore;
}

const nothingDone = (state: RunState): RunOutcome => ({ state, collected: [], applied: [], rails: [] });

/** Both systems at once, each kind after kind. A system that is down is not asked again. */
async function collectAll(ctx: SyncContext): Promise<Collected[]> {
  const perSide = await Promise.all(
    SIDES.map(async (side) => {
      const done: Collected[] = [];
      for (const kind of ctx.request.kinds) {
        if (ctx.stop.aborted) break;
        const result = await collect(ctx, side, kind);
        done.push(result);
        if (isDown(result.failure)) break;
      }
      return done;
    }),
  );
  return perSide.flat();
}

function readingsOf(ctx: SyncContext, collected: readonly Collected[]): ReadonlyMap<Kind, KindReading> {
  const of = (side: Side, kind: Kind): SideReading => {
    const found = collected.find((c) => c.side === side && c.kind === kind);
    if (found === undefined)
      return { complete: false, absenceCounts: false, full: null, why: 'it was not read', missing: [] };
    return {
      complete: found.complete,
      absenceCounts: found.complete && found.mode === 'full',
      full: found.mode === 'full' && found.failure === null ? { previous: found.previous, now: found.read } : null,
      why: found.why,
      missing: found.missing,
    };
  };
  return new Map(
    ctx.request.kinds.map((kind) => [kind, { customerp: of('customerp', kind), tidsbanken: of('tidsbanken', kind) }]),
  );
}

/**
 * Writes, then judges again what the writes have touched: a record created now may be what another one refers to (O1),
 * and what was written must come out in step. Reads nothing from the systems in between.
 */
async function applyInPasses(
  ctx: SyncContext,
  tenantAsBefore: Pair<boolean>,
  stopped: Planned['rails'],
): Promise<Applied[]> {
  const turns = noTurns();
  const applied = turns.done;
  if (ctx.request.mode === 'preview') return applied;
  const waits = ctx.request.wait && tenantAsBefore.customerp && tenantAsBefore.tidsbanken;
  // What turns out not to have been applied takes a pass of its own: rails are looked at before it is sent again (7.4).
  const passes = ctx.settings.passes + (waits ? ctx.settings.attempts : 0);
  for (let pass = 1; pass <= passes; pass++) {
    const before = applied.length;
    await applyApproved(ctx, ctx.request.kinds, turns);
    const again = waits ? await resolveUnknown(ctx) : [];
    for (const id of again) turns.tried.delete(id);
    await markFailures(ctx, applied.slice(before));
    const failed = await failedLinks(ctx, applied);
    const plan = await makePlan(ctx, { readings: new Map(), tenantAsBefore, failedLinks: failed });
    if ((applied.length === before && again.length === 0) || ctx.stop.aborted) break;
    await approveByRule(ctx, [...stopped, ...plan.rails]);
  }
  return applied;
}

/** Links whose last write in this run failed, and was not found to have landed after all. */
async function failedLinks(ctx: SyncContext, applied: readonly Applied[]): Promise<ReadonlySet<number>> {
  const failed = new Set<number>();
  for (const { change, turn } of new Map(applied.map((a) => [a.change.id, a])).values()) {
    if (change.linkId === null || (turn.kind !== 'failed' && turn.kind !== 'sideDown')) continue;
    const now = await ctx.store.changes.get(change.id);
    if (now?.state !== 'verified') failed.add(change.linkId);
  }
  return failed;
}

/** A create that came to nothing leaves its source to be judged anew. Links are marked by the step itself. */
async function markFailures(ctx: SyncContext, applied: readonly Applied[]): Promise<void> {
  for (const { change, turn } of applied) {
    const side = sourceOf(change);
    const sourceId = idIn(change, side);
    if (change.op !== 'create' || turn.kind === 'verified' || sourceId === null) continue;
    const now = await ctx.store.changes.get(change.id);
    if (now === null) continue;
    if (now.state === 'failed') await ctx.store.records.markFailed(change.kind, side, sourceId, 'failed', 'failed');
    if (now.state === 'stale' || now.state === 'notPersisted' || now.problem?.kind === 'idCollision')
      await ctx.store.records.markFailed(change.kind, side, sourceId, 'mismatch', now.problem?.kind ?? 'stale');
    if (now.state === 'unknown' || now.state === 'manual')
      await ctx.store.records.markFailed(change.kind, side, sourceId, 'mismatch', 'outcomeUnknown');
  }
}
