import type { Props, Value } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { lookAt, seenNow } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { allows } from '../reconcile/group-table.ts';
import { collidedCreate, notPersistedCreate } from '../reconcile/vain-create.ts';
import { judge, sameAcross } from '../verify/verify.ts';
import { failureText, SYSTEM_NAME } from '../words.ts';
import { endOfLink } from './ends.ts';
import { lookUp, mayOverwrite } from './look-up.ts';
import { isValueOnCreate } from './new-link.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { row, valuesOf } from './read-back.ts';
import { settledAt, settleLeft } from './settle.ts';
import { settleLookUp } from './settle-look-up.ts';
import { storedSource } from './stored-source.ts';

/**
 * K6: reads the new record back, sets the base, and makes the link active. Also what recovery does after Z6. A record that
 * is not there yet is read again as W2 says, and looked for once the settle time is over.
 */
export async function readBackCreate(
  ctx: SyncContext,
  change: StoredChange,
  { source = null, rereads = ctx.settings.rereadDelaysMs }: ReadBackOptions = {},
): Promise<Turn> {
  const { target, kind, linkId } = change;
  const nativeId = idIn(change, target);
  if (nativeId === null || linkId === null) throw new Error(`Change ${String(change.id)} has no new record.`);
  const fields = flowFor(ctx, kind).fieldsToRead(target);
  for (let reread = 0; ; reread++) {
    const seen = await lookAt(ctx, target, kind, nativeId, fields);
    if (!seen.ok) return leaveAcknowledged(ctx, change, failureText(target, seen.failure));
    if (seen.value !== null) return activate(ctx, change, linkId, seen.value, source);
    if ((await settleLeft(ctx, change)) <= 0) return lookForLost(ctx, change, nativeId);
    const delay = rereads[reread];
    if (delay === undefined) return leaveAcknowledged(ctx, change, notThere(change));
    await ctx.clock.sleep(delay, ctx.abort);
  }
}

interface ReadBackOptions {
  /** What the record was made from; recovery has it from the store. */
  readonly source?: Props | null;
  /** Waits before each further reading, ms. */
  readonly rereads?: readonly number[];
}

const notThere = (change: StoredChange): string => `${SYSTEM_NAME[change.target]} says that the record is not there.`;

/** The record was acknowledged and is not proven: the next recovery looks again (Z6). */
async function leaveAcknowledged(ctx: SyncContext, change: StoredChange, why: string): Promise<Turn> {
  const problem = changeProblem(
    change,
    'notReadBack',
    `the record was created, but could not be read back. ${why}`,
    'Sync again; it is checked first.',
    { notDone: 'It is not counted as done.' },
  );
  await ctx.store.changes.advance(change.id, {
    state: 'acked',
    problem,
    journal: [row(ctx, change, 'readBackFailed', { why })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** No late commit can be on its way any more: whoever is ours by key or marker is adopted, else it came to nothing. */
async function lookForLost(ctx: SyncContext, change: StoredChange, nativeId: string): Promise<Turn> {
  const intent = await ctx.store.changes.intent(change.id);
  const source = await storedSource(ctx, change);
  if (intent === null || source === null) return leaveAcknowledged(ctx, change, notThere(change));
  const looked = await lookUp(ctx, change, intent, source, { after: settledAt(ctx, change) });
  if (looked.kind === 'none') return neverAppeared(ctx, change);
  const isBack = looked.kind === 'ours' && looked.record.nativeId === nativeId;
  if (isBack || looked.kind === 'failed') return leaveAcknowledged(ctx, change, notThere(change));
  return settleLookUp(ctx, change, looked);
}

/** 7.2: the yes was none. A person says whether it is to be tried again, as a new change. */
async function neverAppeared(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const { kind, target, label } = change;
  const problem = changeProblem(
    change,
    'notPersisted',
    'the system said that it was created, and it never appeared.',
    'Open Mismatches: create it once more, or ignore it.',
    { notDone: 'It is not there, and it is not sent again by itself.' },
  );
  const create = { kind, target, sourceId: idIn(change, sourceOf(change)) ?? '', label };
  await ctx.store.changes.advance(change.id, {
    state: 'notPersisted',
    problem,
    ...endOfLink(change, 'notPersisted'),
    mismatch: notPersistedCreate(create, versionsFor(ctx, kind)),
    journal: [row(ctx, change, 'notPersisted')],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** K9: where a create may overwrite, what reads back otherwise may be somebody else's. Nothing more is written to it. */
async function collided(ctx: SyncContext, change: StoredChange, seen: Observed, odd: readonly string[]): Promise<Turn> {
  const { kind, target, label } = change;
  const { nativeId } = seen.raw;
  const problem = changeProblem(
    change,
    'idCollision',
    `under the number ${nativeId} stands something else than what was sent (${odd.join(', ')}); it may be another record.`,
    'Open Mismatches: link the two, or ignore it.',
    { notDone: 'The two are not linked, and nothing more is written to either.' },
  );
  const [customerpId, tidsbankenId] = [idIn(change, 'customerp') ?? '', idIn(change, 'tidsbanken') ?? ''];
  const pair = { kind, target: 'tidsbanken', sourceId: customerpId, label } as const;
  await ctx.store.changes.advance(change.id, {
    state: 'transformed',
    problem,
    seen: seenNow(kind, target, seen),
    ...endOfLink(change, 'idCollision'),
    mismatch: collidedCreate(pair, tidsbankenId, versionsFor(ctx, kind)),
    journal: [row(ctx, change, 'idCollision', { nativeId, groups: odd })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

async function activate(
  ctx: SyncContext,
  change: StoredChange,
  linkId: number,
  seen: Observed,
  madeFrom: Props | null,
): Promise<Turn> {
  const flow = flowFor(ctx, change.kind);
  const written = change.groups.filter((g) => g.members.some((m) => m.desired !== null));
  const odd = written.filter((group) => judge(flow, group, seen.props) !== 'asDesired');
  if (odd.length > 0 && (await mayHaveOverwritten(ctx, change))) {
    const names = odd.map((group) => group.group);
    return collided(ctx, change, seen, names);
  }
  const oddNames = new Set(odd.flatMap((g) => g.members.map((m) => m.property)));
  const source = madeFrom ?? (await storedSource(ctx, change)) ?? {};
  await ctx.store.changes.advance(change.id, {
    state: odd.length === 0 ? 'verified' : 'transformed',
    seen: seenNow(change.kind, change.target, seen),
    activateLink: linkId,
    base: { linkId, base: baseAfterCreate(flow, change, source, seen.props, oddNames), mapping: flow.version },
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

async function mayHaveOverwritten(ctx: SyncContext, change: StoredChange): Promise<boolean> {
  const intent = await ctx.store.changes.intent(change.id);
  return intent !== null && mayOverwrite(ctx, change, intent);
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
  const sent = new Map(change.groups.flatMap((g) => g.members).map((m) => [m.property, m]));
  for (const [name, value] of Object.entries(readBack)) {
    if (odd.has(name)) continue;
    const member = sent.get(name);
    const [wanted, seen] = [member?.desired ?? null, source[name]];
    if (wanted === null && !isAgreedEmpty(flow, change, name, source)) continue;
    const isUsual = seen === null && isValueOnCreate(flow, change.target, name, wanted);
    // An edit of the source since then has not been carried over, so it is no part of the base. A source that left the
    // value to the mapping is empty, and that was agreed.
    const agreed = seen !== undefined && wanted !== null && sameAcross(flow, name, seen, wanted) ? seen : wanted;
    sourceBase[name] = isUsual ? null : (member?.instead ?? agreed);
    targetBase[name] = value;
  }
  return change.target === 'tidsbanken'
    ? { customerp: sourceBase, tidsbanken: targetBase }
    : { customerp: targetBase, tidsbanken: sourceBase };
}

/**
 * I7: what its direction keeps on the source's side, or what could not be read there, is not agreed to be empty (N1). One
 * member that could not be read has kept the whole group out of the payload (N4).
 */
function isAgreedEmpty(flow: CompiledFlow, change: StoredChange, name: string, source: Props): boolean {
  const property = flow.property(name);
  if (property?.reference !== undefined) return true; // O2
  const group = flow.groups.find(({ properties }) => properties.some((p) => p.name === name));
  const wasRead = (group?.properties.map((p) => p.name) ?? [name]).every((member) => source[member] !== undefined);
  return wasRead && allows(property?.direction ?? 'both', change.target);
}
