import type { MemberChange, Props, Value } from '../../../shared/domain.ts';
import type { WriteResult } from '../../connectors/connector.ts';
import type { StoredChange } from '../../store/changes.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { SYSTEM_NAME } from '../words.ts';
import { endFailed, endStale, leaveUnknown } from './ends.ts';
import { lookUp, mayOverwrite } from './look-up.ts';
import type { Intended } from './look-up.ts';
import { isValueOnCreate, linkFor, sentProps } from './new-link.ts';
import { idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { attemptWrite, isStillFresh, Patience, TOO_LATE } from './patience.ts';
import { buildPayload, payloadDigest } from './payload.ts';
import type { Payload } from './payload.ts';
import { row } from './read-back.ts';
import { readBackCreate } from './read-back-create.ts';
import { collide, settleLookUp, settleTaken } from './settle-look-up.ts';
import { currentSource } from './source.ts';

/** The create protocol (7.2). One intent, one chosen id or marker, and a look before each send. */
export async function applyCreate(ctx: SyncContext, approved: StoredChange): Promise<Turn> {
  const source = await unchangedSource(ctx, approved);
  if ('turn' in source) return source.turn;
  const change = withResolvedReferences(approved, source.props);
  const payload = await buildPayload(ctx, change.target, change.kind, change.groups, 'create');
  if (!payload.ok) {
    const { property, reason } = payload.failure;
    return endFailed(
      ctx,
      change,
      `${property} cannot be written there (${reason}).`,
      'Correct the value in the other system, then sync again.',
      property,
    );
  }
  const digest = payloadDigest(payload.value);
  const intent = await commitIntent(ctx, change, payload.value, digest);
  const isChosenByAnother =
    intent.chosenId !== null && (await ctx.store.changes.isChosenBefore(change.id, intent.chosenId));
  if (isChosenByAnother)
    return collide(ctx, change, intent.chosenId ?? '', 'it was chosen for another record that is being created');
  const patience = new Patience(ctx);
  let sent = change.attempt;
  let seenAt = ctx.clock.monotonic();
  for (;;) {
    const looked = await lookUp(ctx, change, intent, source.props);
    if (looked.kind !== 'none') return settleLookUp(ctx, change, looked);
    // A2: the look, or a wait before it, may have been long, and the source was edited in it.
    if (!isStillFresh(ctx, seenAt)) {
      const still = await unchangedSource(ctx, change);
      if ('turn' in still) return still.turn;
      seenAt = ctx.clock.monotonic();
    }
    // K9: whoever came since the look would be written over.
    const target = mayOverwrite(ctx, change, intent) ? looked.lookedAt : null;
    const number = sent + 1;
    const attempted = await attemptWrite(
      ctx,
      change.target,
      { source: seenAt, target },
      {
        announce: () => commitSending(ctx, { ...change, attempt: number }, payload.value, digest),
        send: () => send(ctx, change, withMarker(ctx, change, intent, payload.value)),
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
        return acknowledge(ctx, attempt, intent, source.props, result);
      case 'slowDown':
      case 'tooLate':
      case 'notSent': {
        const next = await patience.after(attempt, result);
        if (next !== 'again') return next;
        continue;
      }
      case 'unknown':
        return leaveUnknown(ctx, attempt, result.detail);
      case 'conflict': {
        // Section 8: somebody holds what we wanted; a look tells whether it is ours.
        const again = await lookUp(ctx, change, { ...intent, attempt: sent }, source.props, { after: ctx.clock.now() });
        if (again.kind !== 'none') return settleLookUp(ctx, attempt, again);
        return collide(
          ctx,
          attempt,
          intent.chosenId ?? '',
          `the system says that it exists already (status ${String(result.status)})`,
        );
      }
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
          `the new record was refused (status ${String(result.status)}: ${result.detail}).`,
          'Correct the value in the other system, then sync again.',
        );
    }
  }
}

/** K1: who it will be is settled, durably, before anything is asked or sent. A repeated attempt keeps id and marker. */
async function commitIntent(
  ctx: SyncContext,
  change: StoredChange,
  payload: Payload,
  digest: string,
): Promise<Intended> {
  const before = await ctx.store.changes.intent(change.id);
  const { clientChosenId, markerField } = ctx.connectors[change.target].capabilities(change.kind);
  const chosen = clientChosenId === null ? undefined : payload.get(clientChosenId);
  const chosenId =
    before?.chosenId ?? (typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen) : null);
  const marker = before?.marker ?? (markerField === null ? null : markerOf(change));
  await ctx.store.changes.advance(change.id, {
    state: 'preparing',
    intent: { chosenId, marker, payloadDigest: digest },
    journal: [row(ctx, change, 'createIntended', { chosenId, marker, payload: digest })],
  });
  return { chosenId, marker, attempt: before?.attempt ?? 0 };
}

/** Names the source record, so that whoever finds it knows where it came from; the same for every attempt. */
const markerOf = (change: StoredChange): string => {
  const side = sourceOf(change);
  return `tidsbro:${side}:${change.kind}:${idIn(change, side) ?? ''}`;
};

/** References that waited for a link at planning time are taken from the source as it is linked now (O3). */
function withResolvedReferences(change: StoredChange, source: Props): StoredChange {
  const groups = change.groups.map((group) => ({
    ...group,
    members: group.members.map((m) =>
      m.desired !== null && isPendingReference(m.desired) ? { ...m, desired: source[m.property] ?? null } : m,
    ),
  }));
  return { ...change, groups };
}

const isPendingReference = (value: Value): boolean => value !== null && value.startsWith('open:');

/** The source as it is now; if it was edited since the approval, that approval is not for what is there (S4). */
async function unchangedSource(ctx: SyncContext, change: StoredChange): Promise<{ props: Props } | { turn: Turn }> {
  const source = await currentSource(ctx, change);
  if ('turn' in source) return source;
  const where = SYSTEM_NAME[sourceOf(change)];
  if (isOutOfScope(source.props))
    return { turn: await endStale(ctx, change, `the filter leaves its counterpart in ${where} out (C7)`) };
  const isUsual = ({ property, desired }: MemberChange): boolean =>
    source.props[property] === null && isValueOnCreate(flowFor(ctx, change.kind), change.target, property, desired);
  const hasMoved = (m: MemberChange): boolean =>
    m.instead === undefined
      ? !isPendingReference(m.desired) && m.desired !== null && source.props[m.property] !== m.desired && !isUsual(m)
      : (source.props[m.property] ?? null) !== m.instead;
  const moved = change.groups.some((g) => g.members.some(hasMoved));
  return moved
    ? { turn: await endStale(ctx, change, `its counterpart in ${where} was edited since the creation was approved`) }
    : source;
}

/** K3 (I8). */
async function commitSending(
  ctx: SyncContext,
  change: StoredChange,
  payload: Payload,
  digest: string,
): Promise<StoredChange> {
  const sending = { ...change, sentAt: ctx.clock.now() };
  await ctx.store.changes.advance(change.id, {
    state: 'sending',
    attempt: sending.attempt,
    sentAt: sending.sentAt,
    sentRun: ctx.runId,
    groups: change.groups,
    journal: [row(ctx, sending, 'sending', { fields: [...payload.keys()], payload: digest })],
  });
  // The settle time counts from when the request leaves, which is now (7.4).
  return { ...sending, sentAt: ctx.clock.now() };
}

const send = (ctx: SyncContext, change: StoredChange, values: Payload): Promise<WriteResult> =>
  ctx.connectors[change.target].create({ kind: change.kind, values, signal: ctx.abort });

function withMarker(ctx: SyncContext, change: StoredChange, intent: Intended, payload: Payload): Payload {
  const { markerField } = ctx.connectors[change.target].capabilities(change.kind);
  return markerField === null || intent.marker === null ? payload : new Map([...payload, [markerField, intent.marker]]);
}

/**
 * K5: id and link in one transaction. Without any id the outcome is unknown (section 8). A system that numbers by itself
 * may give the id of a record that is gone there, and that we still hold a link to (K2); and the source may have been
 * linked while the request was on its way.
 */
async function acknowledge(
  ctx: SyncContext,
  change: StoredChange,
  intent: Intended,
  source: Props,
  result: { nativeId: string | null },
): Promise<Turn> {
  const nativeId = result.nativeId ?? intent.chosenId;
  if (nativeId === null) return leaveUnknown(ctx, change, 'the answer did not tell the new record’s id');
  const isLinked = await ctx.store.changes.advance(change.id, {
    state: 'acked',
    nativeId,
    newLink: { ...linkFor(ctx, change, nativeId, 'created', sentProps(change)), state: 'unverified' },
    journal: [row(ctx, change, 'acknowledged', { nativeId })],
  });
  if (!isLinked) return settleTaken(ctx, change, nativeId);
  const acked = await ctx.store.changes.get(change.id);
  if (acked === null) throw new Error(`Change ${String(change.id)} vanished.`);
  return readBackCreate(ctx, acked, { source });
}
