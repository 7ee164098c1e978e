import { hasNoSource, isAskedFor } from '../../../shared/domain.ts';
import type { GroupChange, Props } from '../../../shared/domain.ts';
import type { Step, StoredChange } from '../../store/changes.ts';
import type { NewMismatch } from '../../store/mismatches.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { lookAt, seenNow, writesWholeObject } from '../observe.ts';
import type { Observed } from '../observe.ts';
import { baseOf, judge, sameAcross } from '../verify/verify.ts';
import { isFlapping } from '../verify/flapping.ts';
import type { GroupWrite } from '../verify/flapping.ts';
import { failureText, SYSTEM_NAME } from '../words.ts';
import { changeProblem, idIn, itemOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { storedSource } from './stored-source.ts';
import { noteSpoiltTest } from './test-values.ts';

/**
 * A8 and section 9: reads the target back and moves the base only to what is really there. Also what recovery does with
 * a change that was acknowledged and not read back (Z6, Z7). `before` is what A2 and A3 found; recovery has none.
 */
export async function readBackUpdate(ctx: SyncContext, change: StoredChange, before: Before | null): Promise<Turn> {
  const { target, kind } = change;
  const targetId = idIn(change, target);
  if (targetId === null || change.linkId === null) throw new Error(`Change ${String(change.id)} has no target record.`);
  const flow = flowFor(ctx, kind);
  const fields = writesWholeObject(ctx, target, kind) ? ('all' as const) : flow.fieldsToRead(target);
  const approved = change.groups.filter((group) => group.approved);
  for (let reread = 0; ; reread++) {
    const seen = await lookAt(ctx, target, kind, targetId, fields);
    if (!seen.ok) return leaveAcknowledged(ctx, change, failureText(target, seen.failure));
    const { value } = seen;
    const verdicts = value === null ? [] : approved.map((group) => judge(flow, group, value.props));
    if (value !== null && verdicts.every((v) => v === 'asDesired'))
      return verified(ctx, change, approved, value, before);
    const mayStillCome = value === null || verdicts.includes('asExpected');
    const delay = mayStillCome ? ctx.settings.rereadDelaysMs[reread] : undefined;
    if (delay !== undefined) await ctx.clock.sleep(delay, ctx.abort);
    else return value === null ? endGone(ctx, change) : notAsDesired(ctx, change, approved, verdicts, value, before);
  }
}

/** The pair right before the write: the target, to compare what was not ours to touch (W4), and the source that was written. */
export interface Before {
  readonly target: Observed;
  readonly source: Props;
}

const sourceBefore = async (ctx: SyncContext, change: StoredChange, before: Before | null): Promise<Props> =>
  before?.source ?? (await storedSource(ctx, change)) ?? {};

/** Somebody removed the record after it was written: nothing is left to verify, and its absence is judged anew (5.2). */
async function endGone(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const why = `${SYSTEM_NAME[change.target]} took the change, and says now that the record is not there`;
  const problem = changeProblem(change, 'stale', `${why}.`, 'See in Mismatches what can be done about it.');
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    remainder: change.groups.filter((group) => !group.approved),
    dirtyLink: linkOf(change),
    journal: [row(ctx, change, 'stale', { why })],
  });
  ctx.report(problem);
  return { kind: 'ended' };
}

/** The record could not be read: the write was acknowledged, so the next recovery looks again (Z6). */
async function leaveAcknowledged(ctx: SyncContext, change: StoredChange, why: string): Promise<Turn> {
  const problem = changeProblem(
    change,
    'notReadBack',
    `the change was sent, but could not be read back. ${why}`,
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

async function verified(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  seen: Observed,
  before: Before | null,
): Promise<Turn> {
  const source = await sourceBefore(ctx, change, before);
  reportTouched(ctx, change, seen, before?.target ?? null);
  const flapping = await flappingGroups(ctx, change, groups);
  await ctx.store.changes.advance(change.id, {
    state: 'verified',
    groups,
    seen: seenNow(change.kind, change.target, seen),
    ...baseMove(ctx, change, groups, source, seen.props),
    remainder: change.groups.filter((group) => !group.approved),
    dirtyLink: linkOf(change),
    ...keysOf(ctx, change, groups, seen.props),
    ...(flapping.length === 0
      ? {}
      : { freeze: { linkId: linkOf(change), groups: flapping, why: 'flapping' as const } }),
    journal: [
      row(ctx, change, 'verified', { groups: groups.map((g) => g.group), values: valuesOf(ctx, change, groups) }),
    ],
  });
  return { kind: 'verified' };
}

/** M6: a strong key that the sync itself has carried over is no other identity. */
function keysOf(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  seen: Props,
): Pick<Step, 'keys'> {
  const flow = flowFor(ctx, change.kind);
  const written = new Set(groups.flatMap((group) => group.members.map(({ property }) => property)));
  const strong = flow.mapping.keys.filter(
    ({ strength, properties }) => strength === 'strong' && properties.some((name) => written.has(name)),
  );
  if (strong.length === 0) return {};
  const now = new Map(flow.keyValues(seen).map(({ key, value }) => [key, value]));
  const values = Object.fromEntries(strong.map(({ name }) => [name, now.get(name) ?? null]));
  return { keys: { linkId: linkOf(change), side: change.target, values } };
}

/**
 * W6: groups that this write has swung once more, with the writes of the last days. What takes a value back is no swing,
 * nor is what a checklist wrote or had carried over (7.6).
 */
async function flappingGroups(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
): Promise<string[]> {
  if (isAskedFor(change.origin)) return [];
  const before = await ctx.store.changes.verifiedOfLink(
    linkOf(change),
    ctx.clock.now() - ctx.settings.flappingWithinMs,
  );
  const swung = groups
    .map((g) => g.group)
    .filter((name) => isFlapping([...before, { ...change, groups }].flatMap((c) => writesOf(c, name))));
  return swung.length > 0 && (await ctx.store.changes.isCarriedForChecklist(change.id)) ? [] : swung;
}

const writesOf = ({ target, groups }: Pick<StoredChange, 'target' | 'groups'>, name: string): GroupWrite[] =>
  groups.filter((g) => g.group === name).map(({ members }) => ({ target, members }));

/** W2, W3: the base stays, the group is frozen until a person accepts the pair or a side changes. */
async function notAsDesired(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  verdicts: readonly string[],
  seen: Observed,
  before: Before | null,
): Promise<Turn> {
  const linkId = linkOf(change);
  const fine = groups.filter((_, index) => verdicts[index] === 'asDesired');
  const odd = groups.filter((_, index) => verdicts[index] !== 'asDesired');
  const state = verdicts.includes('other') ? 'transformed' : 'notPersisted';
  if (state === 'transformed') await noteSpoiltTest(ctx, change, odd, seen.props);
  const source = await sourceBefore(ctx, change, before);
  const what =
    state === 'transformed'
      ? 'holds something else than what was sent'
      : 'still holds the old value, although it said yes';
  const problem = changeProblem(
    change,
    state,
    `${SYSTEM_NAME[change.target]} ${what} (${odd.map((g) => g.group).join(', ')}).`,
    'Open Mismatches: accept the pair, or correct one of the sides.',
    {
      notDone: 'The change is not counted as done, and it is not sent again.',
    },
  );
  await ctx.store.changes.advance(change.id, {
    state,
    problem,
    seen: seenNow(change.kind, change.target, seen),
    ...(fine.length === 0 ? {} : baseMove(ctx, change, fine, source, seen.props)),
    freeze: { linkId, groups: odd.map((group) => group.group), why: state },
    remainder: change.groups.filter((group) => !group.approved),
    dirtyLink: linkId,
    journal: [row(ctx, change, state, { groups: odd.map((g) => g.group) })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** W4: a full-object write must not have touched anything else. */
function reportTouched(ctx: SyncContext, change: StoredChange, seen: Observed, before: Observed | null): void {
  if (before === null || !writesWholeObject(ctx, change.target, change.kind)) return;
  const flow = flowFor(ctx, change.kind);
  const ours = new Set(flow.fieldsToRead(change.target).map((path) => path.split('.')[0]));
  const declared = ctx.connectors[change.target].fields(change.kind);
  const touched = Object.keys(before.raw.raw).filter(
    (name) =>
      !ours.has(name) &&
      !name.startsWith('@') &&
      declared[name]?.readOnly !== true &&
      JSON.stringify(before.raw.raw[name]) !== JSON.stringify(seen.raw.raw[name]),
  );
  if (touched.length === 0) return;
  ctx.report(
    changeProblem(
      change,
      'otherFieldsChanged',
      `other fields changed while it was written: ${touched.join(', ')}.`,
      'Compare them in the system itself.',
      {
        notDone: 'Tidsbro did not change them on purpose.',
      },
    ),
  );
}

/**
 * W1: the base of groups that read back as desired. That of a checklist's write stays: the sync is to find what was
 * written as it finds a person's edit (7.6).
 */
export function baseMove(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  source: Props,
  target: Props,
): Pick<Step, 'base'> {
  if (change.origin === 'checklist') return {};
  const base = baseOf(change.target, groups, sourceOfBase(ctx, change, groups, source), target);
  return { base: { linkId: linkOf(change), base, mapping: flowFor(ctx, change.kind).version } };
}

/**
 * What the source held when it was written (W1). The stored source may be newer than the write: an edit that has not been
 * carried over is no part of the base, or it never would be. A change without a source finds it as observed, if it was (7.5).
 */
export function sourceOfBase(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
  source: Props,
): Props {
  const flow = flowFor(ctx, change.kind);
  return Object.fromEntries(
    groups.flatMap((group) =>
      group.members.flatMap((m) => {
        const seen = source[m.property];
        if (hasNoSource(change.origin)) return seen === undefined ? [] : [[m.property, seen]];
        const holds = seen !== undefined && sameAcross(flow, m.property, seen, m.desired);
        return [[m.property, holds ? seen : m.desired]];
      }),
    ),
  );
}

const linkOf = (change: StoredChange): number => {
  if (change.linkId === null) throw new Error(`Change ${String(change.id)} belongs to no link.`);
  return change.linkId;
};

/** Before and after of what is not sensitive (J1). */
export function valuesOf(
  ctx: SyncContext,
  change: StoredChange,
  groups: readonly GroupChange[],
): Record<string, unknown> {
  const flow = flowFor(ctx, change.kind);
  const open = groups.flatMap((g) => g.members).filter((m) => flow.property(m.property)?.sensitive !== true);
  return Object.fromEntries(open.map((m) => [m.property, { before: m.expected, after: m.desired }]));
}

export const row = (ctx: SyncContext, change: StoredChange, event: string, detail: Record<string, unknown> = {}) => ({
  event,
  runId: ctx.runId,
  item: itemOf(change),
  attempt: change.attempt === 0 ? null : change.attempt,
  detail: {
    kind: change.kind,
    target: change.target,
    customerpId: change.customerpId,
    tidsbankenId: change.tidsbankenId,
    ...detail,
  },
});

/** A finding of the apply stage about one change. */
export const findingOf = (
  change: StoredChange,
  mismatch: NewMismatch['mismatch'],
  takes: NewMismatch['takes'],
  detail: Record<string, string>,
  candidates: readonly string[] = [],
): NewMismatch => ({
  kind: change.kind,
  mismatch,
  linkId: change.linkId,
  customerpId: change.customerpId,
  tidsbankenId: change.tidsbankenId,
  group: null,
  detail,
  suggests: null,
  takes,
  candidates,
  fingerprint: `${change.fingerprint}:${mismatch}`,
  label: change.label,
});
