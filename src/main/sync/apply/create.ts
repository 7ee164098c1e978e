import { otherSide } from '../../../shared/domain.ts';
import type { Props, Value } from '../../../shared/domain.ts';
import type { RawRecord, WriteResult } from '../../connectors/connector.ts';
import type { StoredChange, StoredIntent } from '../../store/changes.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, withLinks } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { judge, sameAcross } from '../verify/verify.ts';
import { failureText, SYSTEM_NAME } from '../words.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { lookUp } from './look-up.ts';
import type { LookUp } from './look-up.ts';
import { buildPayload, payloadDigest } from './payload.ts';
import type { Payload } from './payload.ts';
import { findingOf, row, valuesOf } from './read-back.ts';
import { backToApproved, endFailed, endStale, leaveUnknown, readFailed } from './update.ts';

const MAX_SLOW_DOWNS = 5;

/** The create protocol (7.2). One intent, one chosen id or marker, and a look before each send. */
export async function applyCreate(ctx: SyncContext, approved: StoredChange): Promise<Turn> {
  const source = await currentSource(ctx, approved);
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
  const intent = await commitIntent(ctx, change, payload.value);
  for (let slowDowns = 0, notSent = 0; ;) {
    const looked = await lookUp(ctx, change, intent, source.props);
    if (looked.kind !== 'none') return settleLookUp(ctx, change, looked);
    const attempt = await commitSending(ctx, change, payload.value);
    const result = await send(ctx, change, withMarker(ctx, change, intent, payload.value));
    switch (result.kind) {
      case 'acked':
        return acknowledge(ctx, attempt, intent, result);
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
      case 'conflict': {
        // Section 8: somebody holds what we wanted; a look tells whether it is ours.
        const again = await lookUp(ctx, change, { ...intent, attempt: attempt.attempt }, source.props);
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
async function commitIntent(ctx: SyncContext, change: StoredChange, payload: Payload): Promise<StoredIntent> {
  const before = await ctx.store.changes.intent(change.id);
  const { clientChosenId, markerField } = ctx.connectors[change.target].capabilities(change.kind);
  const chosen = clientChosenId === null ? undefined : payload.get(clientChosenId);
  const chosenId =
    before?.chosenId ?? (typeof chosen === 'string' || typeof chosen === 'number' ? String(chosen) : null);
  const marker = before?.marker ?? (markerField === null ? null : markerOf(change));
  const digest = payloadDigest(payload);
  await ctx.store.changes.advance(change.id, {
    state: 'preparing',
    intent: { chosenId, marker, payloadDigest: digest },
    journal: [row(ctx, change, 'createIntended', { chosenId, marker, payload: digest })],
  });
  const intent = await ctx.store.changes.intent(change.id);
  if (intent === null) throw new Error(`The intent of change ${String(change.id)} was not kept.`);
  return intent;
}

/** Names the source record, so that whoever finds it knows where it came from; the same for every attempt. */
export const markerOf = (change: StoredChange): string => {
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

async function currentSource(ctx: SyncContext, change: StoredChange): Promise<{ props: Props } | { turn: Turn }> {
  const side = sourceOf(change);
  const id = idIn(change, side);
  if (id === null) throw new Error(`Change ${String(change.id)} has no source record.`);
  const flow = flowFor(ctx, change.kind);
  const stored = await ctx.store.records.get(change.kind, side, id);
  let props: Props;
  if (stored !== null && ctx.clock.now() - stored.observedAt <= ctx.settings.observedMaxAgeMs) {
    props = await withLinks(ctx, flow, side, stored.props);
  } else {
    const read = await observe(ctx, side, change.kind, id, flow.fieldsToRead(side));
    if (!read.ok) return { turn: await readFailed(ctx, change, side, read.failure) };
    if (read.value === null)
      return { turn: await endStale(ctx, change, `its counterpart in ${SYSTEM_NAME[side]} is no longer there`) };
    props = read.value.props;
  }
  const moved = change.groups.some((g) =>
    g.members.some((m) => !isPendingReference(m.desired) && m.desired !== null && props[m.property] !== m.desired),
  );
  return moved
    ? {
        turn: await endStale(
          ctx,
          change,
          `its counterpart in ${SYSTEM_NAME[side]} was edited since the creation was approved`,
        ),
      }
    : { props };
}

/** K3 (I8). */
async function commitSending(ctx: SyncContext, change: StoredChange, payload: Payload): Promise<StoredChange> {
  const stored = await ctx.store.changes.get(change.id);
  const sending = { ...change, attempt: (stored?.attempt ?? 0) + 1, sentAt: ctx.clock.now() };
  await ctx.store.changes.advance(change.id, {
    state: 'sending',
    attempt: sending.attempt,
    sentAt: sending.sentAt,
    groups: change.groups,
    journal: [row(ctx, sending, 'sending', { fields: [...payload.keys()], payload: payloadDigest(payload) })],
  });
  return sending;
}

const send = (ctx: SyncContext, change: StoredChange, values: Payload): Promise<WriteResult> =>
  ctx.connectors[change.target].create({ kind: change.kind, values, signal: ctx.abort });

function withMarker(ctx: SyncContext, change: StoredChange, intent: StoredIntent, payload: Payload): Payload {
  const { markerField } = ctx.connectors[change.target].capabilities(change.kind);
  return markerField === null || intent.marker === null ? payload : new Map([...payload, [markerField, intent.marker]]);
}

/** K5: id and link in one transaction. Without any id the outcome is unknown (section 8). */
async function acknowledge(
  ctx: SyncContext,
  change: StoredChange,
  intent: StoredIntent,
  result: { nativeId: string | null },
): Promise<Turn> {
  const nativeId = result.nativeId ?? intent.chosenId;
  if (nativeId === null) return leaveUnknown(ctx, change, 'the answer did not tell the new record’s id');
  await ctx.store.changes.advance(change.id, {
    state: 'acked',
    nativeId,
    newLink: { ...linkFor(ctx, change, nativeId, 'created', sentProps(change)), state: 'unverified' },
    journal: [row(ctx, change, 'acknowledged', { nativeId })],
  });
  const acked = await ctx.store.changes.get(change.id);
  if (acked === null) throw new Error(`Change ${String(change.id)} vanished.`);
  return readBackCreate(ctx, acked);
}

/** K6: reads the new record back, sets the base, and makes the link active. Also what recovery does after Z6. */
export async function readBackCreate(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const { target, kind, linkId } = change;
  const nativeId = idIn(change, target);
  if (nativeId === null || linkId === null) throw new Error(`Change ${String(change.id)} has no new record.`);
  const flow = flowFor(ctx, kind);
  const seen = await observe(ctx, target, kind, nativeId, flow.fieldsToRead(target));
  if (!seen.ok || seen.value === null) {
    const why = seen.ok
      ? `${SYSTEM_NAME[target]} says that the record is not there.`
      : failureText(target, seen.failure);
    const problem = changeProblem(
      change,
      'notReadBack',
      `the record was created, but could not be read back. ${why}`,
      'Sync again; it is checked first.',
      {
        notDone: 'It is not counted as done.',
      },
    );
    await ctx.store.changes.advance(change.id, {
      state: 'acked',
      problem,
      journal: [row(ctx, change, 'readBackFailed', { why })],
    });
    ctx.report(problem);
    return { kind: 'failed' };
  }
  return activate(ctx, change, linkId, seen.value);
}

async function activate(ctx: SyncContext, change: StoredChange, linkId: number, seen: Observed): Promise<Turn> {
  const flow = flowFor(ctx, change.kind);
  const side = sourceOf(change);
  const sourceId = idIn(change, side);
  const source = sourceId === null ? null : await ctx.store.records.get(change.kind, side, sourceId);
  const written = change.groups.filter((g) => g.members.some((m) => m.desired !== null));
  const odd = written.filter((group) => judge(flow, group, seen.props) !== 'asDesired');
  const oddNames = new Set(odd.flatMap((g) => g.members.map((m) => m.property)));
  const sourceProps = source === null ? {} : await withLinks(ctx, flow, side, source.props);
  await ctx.store.changes.advance(change.id, {
    state: odd.length === 0 ? 'verified' : 'transformed',
    activateLink: linkId,
    base: { linkId, base: baseAfterCreate(flow, change, sourceProps, seen.props, oddNames), mapping: flow.version },
    ...(odd.length === 0 ? {} : { freeze: { linkId, groups: odd.map((g) => g.group), why: 'transformed' } }),
    journal: [
      row(ctx, change, odd.length === 0 ? 'verified' : 'transformed', {
        groups: odd.map((g) => g.group),
        values: valuesOf(ctx, change, written),
      }),
    ],
  });
  if (odd.length === 0) return { kind: 'verified' };
  ctx.report(
    changeProblem(
      change,
      'transformed',
      `the new record holds something else than what was sent (${odd.map((g) => g.group).join(', ')}).`,
      'Open Mismatches: accept the pair, or correct one of the sides.',
      {
        notDone: 'These properties are not counted as in step.',
      },
    ),
  );
  return { kind: 'failed' };
}

/**
 * The new pair agrees on what was written, and on what the system filled in by itself. A reference left out for want of
 * a link stands as empty on the source's side, so that it comes later by R7 or R8 (O2).
 */
function baseAfterCreate(
  flow: CompiledFlow,
  change: StoredChange,
  source: Props,
  readBack: Props,
  odd: ReadonlySet<string>,
): { customerp: Props; tidsbanken: Props } {
  const sourceBase: Record<string, Value> = {};
  const targetBase: Record<string, Value> = {};
  const sent = new Map(change.groups.flatMap((g) => g.members).map((m) => [m.property, m.desired]));
  for (const [name, value] of Object.entries(readBack)) {
    if (odd.has(name)) continue;
    const [wanted, seen] = [sent.get(name) ?? null, source[name]];
    // An edit of the source since then has not been carried over, so it is no part of the base.
    sourceBase[name] = seen !== undefined && wanted !== null && sameAcross(flow, name, seen, wanted) ? seen : wanted;
    targetBase[name] = value;
  }
  return change.target === 'tidsbanken'
    ? { customerp: sourceBase, tidsbanken: targetBase }
    : { customerp: targetBase, tidsbanken: sourceBase };
}

const sentProps = (change: StoredChange): Props =>
  Object.fromEntries(change.groups.flatMap((g) => g.members).map((m) => [m.property, m.desired]));

/** The link to the new or adopted record, with the strong keys that each side has (M6). */
function linkFor(ctx: SyncContext, change: StoredChange, nativeId: string, origin: string, target: Props) {
  const flow = flowFor(ctx, change.kind);
  const strong = (props: Props): ReadonlyMap<string, string> =>
    new Map(flow.keyValues(props).flatMap((k) => (k.strength === 'strong' ? [[k.key, k.value] as const] : [])));
  const [ours, theirs] = [strong(sentProps(change)), strong(target)];
  const [customerp, tidsbanken] = change.target === 'tidsbanken' ? [ours, theirs] : [theirs, ours];
  const names = [...new Set([...customerp.keys(), ...tidsbanken.keys()])];
  return {
    kind: change.kind,
    customerpId: change.target === 'customerp' ? nativeId : (change.customerpId ?? ''),
    tidsbankenId: change.target === 'tidsbanken' ? nativeId : (change.tidsbankenId ?? ''),
    origin,
    keys: Object.fromEntries(
      names.map((name) => [name, { customerp: customerp.get(name) ?? null, tidsbanken: tidsbanken.get(name) ?? null }]),
    ),
  };
}

/** What the look came to: adopt what is ours, and never write over what is not (K2). */
export async function settleLookUp(
  ctx: SyncContext,
  change: StoredChange,
  looked: Exclude<LookUp, { kind: 'none' }>,
): Promise<Turn> {
  switch (looked.kind) {
    case 'ours':
      return adopt(ctx, change, looked.record);
    case 'notOurs':
      return collide(ctx, change, looked.record.nativeId, looked.why);
    case 'several':
      return severalFound(ctx, change, looked.ids);
    case 'failed':
      return readFailed(ctx, change, change.target, looked.failure);
  }
}

/** One hit that is ours becomes the partner: base none, and nothing is written (K2). */
async function adopt(ctx: SyncContext, change: StoredChange, record: RawRecord): Promise<Turn> {
  const flow = flowFor(ctx, change.kind);
  const seen = await observe(ctx, change.target, change.kind, record.nativeId, flow.fieldsToRead(change.target));
  if (!seen.ok) return readFailed(ctx, change, change.target, seen.failure);
  if (seen.value === null) return backToApproved(ctx, change, 'what was found is no longer there');
  await ctx.store.changes.advance(change.id, {
    state: 'noop',
    nativeId: record.nativeId,
    newLink: { ...linkFor(ctx, change, record.nativeId, 'adopted', seen.value.staged.props), state: 'active' },
    journal: [row(ctx, change, 'adopted', { nativeId: record.nativeId })],
  });
  return { kind: 'ended' };
}

async function collide(ctx: SyncContext, change: StoredChange, nativeId: string, why: string): Promise<Turn> {
  const side = change.target;
  const problem = changeProblem(
    change,
    'idCollision',
    `the number ${nativeId} belongs to another record (${why}).`,
    'Link the two by hand, or give the record another number in its own system.',
    {
      notDone: `Nothing was created in ${SYSTEM_NAME[side]}.`,
    },
  );
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    mismatch: findingOf(change, 'idCollision', ['link', 'ignore'], { id: nativeId, why, side: otherSide(side) }, [
      nativeId,
    ]),
    journal: [row(ctx, change, 'idCollision', { nativeId, why })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

async function severalFound(ctx: SyncContext, change: StoredChange, ids: readonly string[]): Promise<Turn> {
  const problem = changeProblem(
    change,
    'severalCandidates',
    `several records could be its counterpart (${ids.join(', ')}).`,
    'Open Mismatches and link the right one.',
    {
      notDone: `Nothing was created in ${SYSTEM_NAME[change.target]}.`,
    },
  );
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    mismatch: findingOf(change, 'severalCandidates', ['link', 'ignore'], { count: String(ids.length) }, ids),
    journal: [row(ctx, change, 'severalCandidates', { ids })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}
