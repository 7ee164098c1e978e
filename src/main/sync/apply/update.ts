import type { GroupChange, Props } from '../../../shared/domain.ts';
import type { ConnectorFailure, WriteResult } from '../../connectors/connector.ts';
import type { Step, StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, withLinks, writesWholeObject } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { baseOf, judge, sameAcross } from '../verify/verify.ts';
import { failureAdvice, failureText, SYSTEM_NAME } from '../words.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { buildPayload, payloadDigest } from './payload.ts';
import { readBackUpdate, row } from './read-back.ts';

const MAX_SLOW_DOWNS = 5;

/** The update protocol (7.1). A sent write is never repeated here: what is unknown stays so until someone has looked. */
export async function applyUpdate(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  await ctx.store.changes.advance(change.id, { state: 'preparing', journal: [] });
  let notSent = 0;
  for (let slowDowns = 0; ;) {
    const prepared = await prepare(ctx, change);
    if ('turn' in prepared) return prepared.turn;
    // A6: what was read has to be fresh when the write leaves; the durable commit in between may have taken long.
    if (ctx.clock.monotonic() - prepared.current.readAt > ctx.settings.sendWithinMs) continue;
    const attempt = await commitSending(ctx, change, prepared);
    const result = await send(ctx, change, prepared);
    switch (result.kind) {
      case 'acked':
        await ctx.store.changes.advance(change.id, { state: 'acked', journal: [row(ctx, attempt, 'acknowledged')] });
        return readBackUpdate(ctx, attempt, prepared.current);
      case 'slowDown':
        slowDowns += 1;
        await ctx.store.changes.advance(change.id, {
          state: 'preparing',
          journal: [row(ctx, attempt, 'slowedDown', { retryAfterMs: result.retryAfterMs })],
        });
        if (slowDowns > MAX_SLOW_DOWNS || ctx.stop.aborted) return backToApproved(ctx, attempt, result.detail);
        await ctx.clock.sleep(result.retryAfterMs, ctx.stop);
        if (ctx.stop.aborted) return backToApproved(ctx, attempt, result.detail);
        continue;
      case 'notSent':
        notSent += 1;
        if (notSent < ctx.settings.attempts && !ctx.stop.aborted) {
          await ctx.store.changes.advance(change.id, {
            state: 'preparing',
            journal: [row(ctx, attempt, 'notSent', { why: result.detail })],
          });
          continue;
        }
        await backToApproved(ctx, attempt, result.detail);
        return { kind: 'sideDown', side: change.target };
      case 'unknown':
        return leaveUnknown(ctx, attempt, result.detail);
      case 'conflict':
        return endStale(ctx, attempt, `somebody changed it meanwhile (status ${String(result.status)})`);
      case 'signInNeeded':
        await endFailed(
          ctx,
          attempt,
          `the sign-in was refused (status ${String(result.status)}: ${result.detail}).`,
          'Check the keys, then run doctor.',
        );
        return { kind: 'sideDown', side: change.target };
      case 'refused':
        return endFailed(
          ctx,
          attempt,
          `the change was refused (status ${String(result.status)}: ${result.detail}).`,
          'Correct the value in the other system, then sync again.',
        );
    }
  }
}

interface Prepared {
  readonly current: Observed;
  readonly groups: readonly GroupChange[];
  readonly payload: ReadonlyMap<
    string,
    Parameters<typeof payloadDigest>[0] extends ReadonlyMap<string, infer V> ? V : never
  >;
}

/** A2–A4. */
async function prepare(ctx: SyncContext, change: StoredChange): Promise<Prepared | { turn: Turn }> {
  const { target, kind } = change;
  const targetId = idIn(change, target);
  if (targetId === null || change.linkId === null) throw new Error(`Change ${String(change.id)} has no target record.`);
  const flow = flowFor(ctx, kind);
  const source = standsAlone(change) ? { props: {} } : await currentSource(ctx, change);
  if ('turn' in source) return source;
  const read = await observe(
    ctx,
    target,
    kind,
    targetId,
    writesWholeObject(ctx, target, kind) ? 'all' : flow.fieldsToRead(target),
  );
  if (!read.ok) return { turn: await readFailed(ctx, change, target, read.failure) };
  if (read.value === null) return { turn: await endStale(ctx, change, `it is no longer there`) };
  const approved = change.groups.filter((group) => group.approved);
  const sorted = sortOut(ctx, change, approved, source.props, read.value.props);
  if (sorted.noop.length > 0) await keepBase(ctx, change, sorted.noop, source.props, read.value.props);
  if (sorted.keep.length > 0 && sorted.stale.length > 0) await tellStale(ctx, change, sorted.stale);
  if (sorted.keep.length === 0) {
    return {
      turn:
        sorted.stale.length > 0
          ? await endStale(ctx, change, 'it was edited since the change was approved')
          : await endNoop(ctx, change),
    };
  }
  const payload = await buildPayload(ctx, target, kind, sorted.keep, 'update');
  if (!payload.ok) {
    const { property, reason } = payload.failure;
    return {
      turn: await endFailed(
        ctx,
        change,
        `${property} cannot be written there (${reason}).`,
        'Correct the value in the other system, then sync again.',
        property,
      ),
    };
  }
  return { current: read.value, groups: sorted.keep, payload: payload.value };
}

/** A3, group by group. */
function sortOut(ctx: SyncContext, change: StoredChange, groups: readonly GroupChange[], source: Props, target: Props) {
  const flow = flowFor(ctx, change.kind);
  const keep: GroupChange[] = [];
  const noop: GroupChange[] = [];
  const stale: GroupChange[] = [];
  for (const group of groups) {
    const sourceMoved =
      !standsAlone(change) &&
      !group.members.every(
        (m) => source[m.property] !== undefined && sameAcross(flow, m.property, source[m.property] ?? null, m.desired),
      );
    const verdict = judge(flow, group, target);
    if (sourceMoved) stale.push(group);
    else if (verdict === 'asDesired') noop.push(group);
    else if (verdict === 'other') stale.push(group);
    else keep.push(group);
  }
  return { keep, noop, stale };
}

/** Closing the survivor of a pair, and restoring a former value, have no source: A3 checks the target only (7.5, X1). */
const standsAlone = (change: StoredChange): boolean =>
  change.origin === 'survivor' || change.groups.every((group) => group.row === 'restore');

/** The source as collected, read again when that was too long ago (A2). */
async function currentSource(ctx: SyncContext, change: StoredChange): Promise<{ props: Props } | { turn: Turn }> {
  const side = sourceOf(change);
  const id = idIn(change, side);
  if (id === null) throw new Error(`Change ${String(change.id)} has no source record.`);
  const flow = flowFor(ctx, change.kind);
  const stored = await ctx.store.records.get(change.kind, side, id);
  if (stored !== null && ctx.clock.now() - stored.observedAt <= ctx.settings.observedMaxAgeMs) {
    return { props: await withLinks(ctx, flow, side, stored.props) };
  }
  const read = await observe(ctx, side, change.kind, id, flow.fieldsToRead(side));
  if (!read.ok) return { turn: await readFailed(ctx, change, side, read.failure) };
  if (read.value === null)
    return { turn: await endStale(ctx, change, `its counterpart in ${SYSTEM_NAME[side]} is no longer there`) };
  return { props: read.value.props };
}

/** A5: durable before the first byte leaves (I8). */
async function commitSending(ctx: SyncContext, change: StoredChange, prepared: Prepared): Promise<StoredChange> {
  const stored = await ctx.store.changes.get(change.id);
  const attempt = (stored?.attempt ?? 0) + 1;
  const sentAt = ctx.clock.now();
  // What dropped out is not part of what is sent, so that recovery does not look for it (Z5, Z6).
  const sending = { ...change, attempt, sentAt, groups: withoutDropped(change.groups, prepared.groups) };
  const digest = payloadDigest(prepared.payload);
  await ctx.store.changes.advance(change.id, {
    state: 'sending',
    attempt,
    sentAt,
    groups: sending.groups,
    intent: { chosenId: null, marker: null, payloadDigest: digest },
    journal: [row(ctx, sending, 'sending', { fields: [...prepared.payload.keys()], payload: digest })],
  });
  return sending;
}

function send(ctx: SyncContext, change: StoredChange, prepared: Prepared): Promise<WriteResult> {
  return ctx.connectors[change.target].update({
    kind: change.kind,
    nativeId: prepared.current.raw.nativeId,
    values: prepared.payload,
    current: prepared.current.raw,
    signal: ctx.abort,
  });
}

/** Groups that dropped out at A3 were told singly and are planned anew; they are neither written nor left over. */
const withoutDropped = (all: readonly GroupChange[], kept: readonly GroupChange[]): GroupChange[] =>
  all.filter((group) => !group.approved || kept.some((k) => k.group === group.group));

async function keepBase(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  source: Props,
  target: Props,
): Promise<void> {
  await ctx.store.changes.advance(change.id, {
    state: 'preparing',
    base: {
      linkId: change.linkId ?? 0,
      base: baseOf(change.target, groups, source, target),
      mapping: flowFor(ctx, change.kind).version,
    },
    journal: [row(ctx, change, 'groupNoop', { groups: groups.map((g) => g.group) })],
  });
}

/** The next plan looks at them anew; the others are written. */
async function tellStale(ctx: SyncContext, change: StoredChange, groups: readonly GroupChange[]): Promise<void> {
  await ctx.store.changes.advance(change.id, {
    state: 'preparing',
    ...dirty(change),
    journal: [row(ctx, change, 'groupStale', { groups: groups.map((g) => g.group) })],
  });
}

const rest = (change: StoredChange): GroupChange[] => change.groups.filter((group) => !group.approved);

async function endNoop(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  await ctx.store.changes.advance(change.id, {
    state: 'noop',
    remainder: rest(change),
    ...dirty(change),
    journal: [row(ctx, change, 'noop')],
  });
  return { kind: 'ended' };
}

/** S4: what was approved is not what is there. The next plan starts from what is there now. */
export async function endStale(ctx: SyncContext, change: StoredChange, why: string): Promise<Turn> {
  const problem = changeProblem(change, 'stale', `${why}.`, 'Look at the new proposal in Review.');
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    ...dirty(change),
    journal: [row(ctx, change, 'stale', { why })],
  });
  return { kind: 'ended' };
}

export async function endFailed(
  ctx: SyncContext,
  change: StoredChange,
  what: string,
  todo: string,
  property?: string,
): Promise<Turn> {
  const problem = changeProblem(change, 'failed', what, todo, property === undefined ? {} : { property });
  await ctx.store.changes.advance(change.id, {
    state: 'failed',
    problem,
    remainder: rest(change),
    ...dirty(change),
    journal: [row(ctx, change, 'failed', { what })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** 7.4: nobody knows whether it landed. It is looked at after the settle time, and never simply sent again. */
export async function leaveUnknown(ctx: SyncContext, change: StoredChange, why: string): Promise<Turn> {
  const problem = changeProblem(
    change,
    'outcomeUnknown',
    `it is not known whether the change arrived (${why}).`,
    'Sync again in some minutes; it is looked up first.',
    {
      notDone: 'It was not sent a second time.',
    },
  );
  await ctx.store.changes.advance(change.id, {
    state: 'unknown',
    problem,
    ...dirty(change),
    journal: [row(ctx, change, 'outcomeUnknown', { why })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** Nothing has left, or it was surely not applied: the approval stands. */
export async function backToApproved(ctx: SyncContext, change: StoredChange, why: string): Promise<Turn> {
  const problem = changeProblem(
    change,
    'notSent',
    `the change could not be sent (${why}).`,
    'It stays approved; sync again later.',
  );
  await ctx.store.changes.advance(change.id, {
    state: 'approved',
    problem,
    journal: [row(ctx, change, 'notSent', { why })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

export async function readFailed(
  ctx: SyncContext,
  change: StoredChange,
  side: SyncContext['connectors']['customerp']['side'],
  failure: ConnectorFailure,
): Promise<Turn> {
  const problem = changeProblem(
    change,
    failure.kind,
    `it was not written, because a record could not be read first. ${failureText(side, failure)}`,
    failureAdvice(failure),
  );
  await ctx.store.changes.advance(change.id, {
    state: 'approved',
    problem,
    journal: [row(ctx, change, 'notSent', { why: failure.kind })],
  });
  ctx.report(problem);
  return failure.kind === 'signInNeeded' || failure.kind === 'unreachable'
    ? { kind: 'sideDown', side }
    : { kind: 'failed' };
}

export const dirty = (change: StoredChange): Partial<Pick<Step, 'dirtyLink'>> =>
  change.linkId === null ? {} : { dirtyLink: change.linkId };
