import { hasNoSource } from '../../../shared/domain.ts';
import type { GroupChange, Props } from '../../../shared/domain.ts';
import type { WriteResult } from '../../connectors/connector.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import { observe, writesWholeObject } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { judge, sameAcross } from '../verify/verify.ts';
import { dirty, endFailed, endNoop, endStale, leaveUnknown, readFailed } from './ends.ts';
import { idIn } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { attemptWrite, Patience, TOO_LATE } from './patience.ts';
import { buildPayload, payloadDigest } from './payload.ts';
import type { Payload } from './payload.ts';
import { baseMove, readBackUpdate, row } from './read-back.ts';
import { tellable, withoutSecrets } from './secrets.ts';
import { currentSource } from './source.ts';
import type { Source } from './source.ts';
import { storedSource } from './stored-source.ts';

/** The update protocol (7.1), from A2 on. A sent write is never repeated here: what is unknown stays so until someone has looked. */
export async function applyUpdate(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const patience = new Patience(ctx);
  let sent = change.attempt;
  for (;;) {
    const prepared = await prepare(ctx, change);
    if ('turn' in prepared) return prepared.turn;
    const number = sent + 1;
    const { readAt } = prepared.current;
    const attempted = await attemptWrite(
      ctx,
      change.target,
      { source: readAt, target: readAt },
      {
        announce: () => commitSending(ctx, { ...change, attempt: number }, prepared),
        send: () => send(ctx, change, prepared),
      },
    );
    if (attempted === null) {
      const next = await patience.after(change, TOO_LATE);
      if (next !== 'again') return next;
      continue;
    }
    sent = number;
    const { attempt, result } = attempted;
    switch (result.kind) {
      case 'acked':
        await ctx.store.changes.advance(change.id, { state: 'acked', journal: [row(ctx, attempt, 'acknowledged')] });
        return readBackUpdate(ctx, attempt, { target: prepared.current, source: prepared.source });
      case 'slowDown':
      case 'tooLate':
      case 'notSent': {
        const next = await patience.after(attempt, result);
        if (next !== 'again') return next;
        continue;
      }
      case 'unknown':
        return leaveUnknown(ctx, attempt, result.detail);
      case 'conflict':
        return conflicted(ctx, attempt, prepared.current.raw.nativeId, result.status);
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
  readonly source: Props;
  readonly groups: readonly GroupChange[];
  readonly payload: Payload;
}

/** A2–A4. */
async function prepare(ctx: SyncContext, change: StoredChange): Promise<Prepared | { turn: Turn }> {
  const { target, kind } = change;
  const targetId = idIn(change, target);
  if (targetId === null || change.linkId === null) throw new Error(`Change ${String(change.id)} has no target record.`);
  const flow = flowFor(ctx, kind);
  const source = await sourceFor(ctx, change);
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
  if (isOutOfScope(read.value.props) || isOutOfScope(source.props))
    return { turn: await endStale(ctx, change, 'the filter leaves one of the two out (C7)') };
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
  const payload = await buildPayload(ctx, target, kind, sorted.keep, 'update', source.open);
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
  return { current: read.value, source: source.props, groups: sorted.keep, payload: payload.value };
}

/**
 * Section 8: what is there is not what was read. It is read again, so that the next pass plans from it; where it cannot
 * be, the pair is left to the next run.
 */
async function conflicted(ctx: SyncContext, change: StoredChange, targetId: string, status: number): Promise<Turn> {
  const fields = flowFor(ctx, change.kind).fieldsToRead(change.target);
  const seen = await observe(ctx, change.target, change.kind, targetId, fields);
  const ended = await endStale(ctx, change, `somebody changed it meanwhile (status ${String(status)})`);
  return seen.ok ? ended : { kind: 'failed' };
}

/** A3, group by group. */
function sortOut(ctx: SyncContext, change: StoredChange, groups: readonly GroupChange[], source: Props, target: Props) {
  const flow = flowFor(ctx, change.kind);
  const keep: GroupChange[] = [];
  const noop: GroupChange[] = [];
  const stale: GroupChange[] = [];
  for (const group of groups) {
    const sourceMoved =
      !hasNoSource(change.origin) &&
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

/** A change that carries nothing over has its other side only for the base, as it was last observed (7.5). */
async function sourceFor(ctx: SyncContext, change: StoredChange): Promise<Source | { turn: Turn }> {
  if (!hasNoSource(change.origin)) return currentSource(ctx, change);
  return { props: (await storedSource(ctx, change)) ?? {}, open: {} };
}

/** A5: durable before the first byte leaves (I8). */
async function commitSending(ctx: SyncContext, change: StoredChange, prepared: Prepared): Promise<StoredChange> {
  const { attempt } = change;
  const sentAt = ctx.clock.now();
  // What dropped out is not part of what is sent, so that recovery does not look for it (Z5, Z6).
  const sending = { ...change, sentAt, groups: withoutDropped(change.groups, prepared.groups) };
  const digest = payloadDigest(tellable(flowFor(ctx, change.kind), change.target, prepared.payload, prepared.groups));
  await ctx.store.changes.advance(change.id, {
    state: 'sending',
    attempt,
    sentAt,
    sentRun: ctx.runId,
    groups: sending.groups,
    intent: { chosenId: null, marker: null, payloadDigest: digest },
    journal: [row(ctx, sending, 'sending', { fields: [...prepared.payload.keys()], payload: digest })],
  });
  // The settle time counts from when the request leaves, which is now (7.4).
  return { ...sending, sentAt: ctx.clock.now() };
}

async function send(ctx: SyncContext, change: StoredChange, prepared: Prepared): Promise<WriteResult> {
  const result = await ctx.connectors[change.target].update({
    kind: change.kind,
    nativeId: prepared.current.raw.nativeId,
    values: prepared.payload,
    current: prepared.current.raw,
    signal: ctx.abort,
  });
  const sent = { payload: prepared.payload, whole: prepared.current.raw.raw };
  return withoutSecrets(result, flowFor(ctx, change.kind), change.target, sent);
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
    ...baseMove(ctx, change, groups, source, target),
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
