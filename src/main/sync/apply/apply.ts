import { flowOf } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { ReadyChange, StoredChange } from '../../store/changes.ts';
import { versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { changesOfOnly } from '../only.ts';
import { allows } from '../reconcile/group-table.ts';
import { lapse } from '../review/lapse.ts';
import { recordName, SYSTEM_NAME } from '../words.ts';
import { applyCreate } from './create.ts';
import { endStale } from './ends.ts';
import { changeProblem, DECIDED_MEANWHILE, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { findingOf, row } from './read-back.ts';
import { UnderWay } from './under-way.ts';
import { applyUpdate } from './update.ts';

/** Who was written, without what was written: a run may write a hundred thousand, and remembers all of them. */
type Written = Pick<StoredChange, 'id' | 'op' | 'kind' | 'target' | 'linkId' | 'customerpId' | 'tidsbankenId'>;

export interface Applied {
  readonly change: Written;
  readonly turn: Turn;
}

/** What the passes of one run know of each other. */
export interface Turns {
  readonly done: Applied[];
  readonly tried: Set<number>;
  /** Systems that refused the sign-in or cannot be reached: nothing more is sent there in this run (section 8). */
  readonly down: Set<Side>;
  /** S8: how the writes of this run went, oldest first; true is a failure. */
  readonly failures: boolean[];
  /** S8 or S9 has ended the writing of this run. */
  isOver: boolean;
}

export const noTurns = (): Turns => ({ done: [], tried: new Set(), down: new Set(), failures: [], isOver: false });

/**
 * Writes what is approved in the order of O1: several records at a time, but what others may refer to is done before
 * they begin. What was begun is always brought to an end.
 */
export async function applyApproved(ctx: SyncContext, kinds: readonly Kind[], turns: Turns): Promise<void> {
  if (turns.isOver) return;
  const ready = (await readyChanges(ctx, kinds)).filter(({ id }) => !turns.tried.has(id));
  const lastSeen = await ctx.store.meta.lastSeenTime();
  const underWay = new UnderWay(ctx.settings.writesAtOnce);
  let begun = 0;
  for (const next of ready) {
    await underWay.roomFor(next);
    // As it is once there is room for it: what it waited for may have changed it.
    const change = await ctx.store.changes.get(next.id);
    if (!mayGoOn(ctx, turns, underWay)) break;
    begun += 1;
    if (change === null || !isReady(change) || turns.down.has(change.target)) continue;
    tellProgress(ctx, change, begun, ready.length);
    underWay.begin(change, async () => note(ctx, turns, change, await applyOne(ctx, change, lastSeen)));
  }
  await underWay.end();
  if (isBroken(ctx, turns)) reportBreaker(ctx, ready.length - begun);
}

async function readyChanges(ctx: SyncContext, kinds: readonly Kind[]): Promise<readonly ReadyChange[]> {
  const { only } = ctx.request;
  const ready = await ctx.store.changes.ready(kinds);
  if (only === undefined) return ready;
  const own = new Set((await changesOfOnly(ctx, only)).map((change) => change.id));
  return ready.filter(({ id }) => own.has(id));
}

/** 2.5, I13: until its turn a person may have rejected it, and a rail may have come to hold it. */
export const isReady = ({ state, rail }: StoredChange): boolean =>
  (state === 'approved' || state === 'deferred') && rail === null;

function mayGoOn(ctx: SyncContext, turns: Turns, underWay: UnderWay): boolean {
  if (ctx.stop.aborted || ctx.abort.aborted || underWay.hasFailed) return false;
  turns.isOver ||= limitReached(ctx, turns.done, underWay.size);
  return !turns.isOver;
}

function note(
  ctx: SyncContext,
  turns: Turns,
  { id, op, kind, target, linkId, customerpId, tidsbankenId }: StoredChange,
  turn: Turn,
): void {
  turns.done.push({ change: { id, op, kind, target, linkId, customerpId, tidsbankenId }, turn });
  if (turn.kind === 'sideDown') turns.down.add(turn.side);
  if (turn.kind === 'waits') return; // the next pass may find what it waits for
  turns.tried.add(id);
  turns.failures.push(turn.kind === 'failed' || turn.kind === 'sideDown');
  turns.isOver ||= isBroken(ctx, turns);
}

const BREAKER_WINDOW = 50;
const BREAKER_SHARE = 0.2;

/** S8: so many failures in a row, or a fifth of the last 50 writes. */
function isBroken(ctx: SyncContext, { failures }: Turns): boolean {
  const inRow = failures.slice(-ctx.settings.breakerFailures);
  if (inRow.length === ctx.settings.breakerFailures && inRow.every(Boolean)) return true;
  const window = failures.slice(-BREAKER_WINDOW);
  return window.length === BREAKER_WINDOW && window.filter(Boolean).length >= BREAKER_SHARE * BREAKER_WINDOW;
}

/** V2: asked again right before the write, since a plan may be old and its approval older. */
function hasLapsed(ctx: SyncContext, change: StoredChange, lastSeen: number): boolean {
  if (change.approvedAt === null) return false;
  const rules = {
    versions: versionsFor(ctx, change.kind),
    now: ctx.clock.now(),
    lastSeen,
    lapsesAfterMs: ctx.settings.approvalLapsesMs,
  };
  return lapse({ at: change.approvedAt, versions: change.versions }, rules) !== null;
}

async function backToPlanned(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const isBack = await ctx.store.changes.advance(
    change.id,
    {
      state: 'planned',
      groups: change.groups.map((group) => ({ ...group, approved: false })),
      journal: [row(ctx, change, 'approvalLapsed')],
    },
    change,
  );
  if (!isBack) return DECIDED_MEANWHILE;
  ctx.report(
    changeProblem(
      change,
      'approvalLapsed',
      'its approval is too old, or given under other settings.',
      'Approve it again in Review.',
    ),
  );
  return { kind: 'ended' };
}

/**
 * One approved change from A1 or K1 to its end. Only under the lease, and one at a time for each target (section 7).
 * @param lastSeen the latest time the store had seen when the pass began, ms since 1970 (T5)
 */
export async function applyOne(ctx: SyncContext, change: StoredChange, lastSeen: number): Promise<Turn> {
  if (hasLapsed(ctx, change, lastSeen)) return backToPlanned(ctx, change);
  if (await isAgainstDirection(ctx, change))
    return endStale(ctx, change, 'the direction of this pair was narrowed since the change was planned', change);
  const blocked = await waitsFor(ctx, change);
  if (blocked === 'waits') {
    const journal = change.state === 'deferred' ? [] : [row(ctx, change, 'deferred')];
    await ctx.store.changes.advance(change.id, { state: 'deferred', journal }, change);
    return { kind: 'waits' };
  }
  if (blocked === 'never') return unlinkedReference(ctx, change);
  // Decisions are refused from here on (section 6); one that was taken since the change was read stands.
  const isBegun = await ctx.store.changes.advance(change.id, { state: 'preparing', journal: [] }, change);
  if (!isBegun) return DECIDED_MEANWHILE;
  return change.op === 'create' ? applyCreate(ctx, change) : applyUpdate(ctx, change);
}

/** D6, I11: a person may narrow a pair's direction between its plan and the write. */
async function isAgainstDirection(ctx: SyncContext, { linkId, target }: StoredChange): Promise<boolean> {
  const link = linkId === null ? null : await ctx.store.links.ends(linkId);
  return link !== null && !allows(link.direction, target);
}

/** O3: a change waits while a record it refers to is open. If that ended without a link, it cannot be written as planned. */
async function waitsFor(ctx: SyncContext, change: StoredChange): Promise<'free' | 'waits' | 'never'> {
  let waits = false;
  for (const ref of change.waitsFor) {
    const link = await ctx.store.links.endsOf(ref.kind, ref.side, ref.nativeId);
    if (link?.state === 'active') continue;
    const open = await ctx.store.changes.openOfRecord(ref.kind, ref.side, ref.nativeId);
    if (!open.some((c) => c.op === 'create')) return 'never';
    waits = true;
  }
  return waits ? 'waits' : 'free';
}

async function unlinkedReference(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const problem = changeProblem(
    change,
    'unlinkedReference',
    'a record that it refers to has no counterpart.',
    'Create or link that record first, then sync again.',
  );
  const isEnded = await ctx.store.changes.advance(
    change.id,
    {
      state: 'stale',
      problem,
      mismatch: findingOf(change, 'unlinkedReference', ['ignore'], { side: sourceOf(change) }),
      journal: [row(ctx, change, 'stale', { why: 'unlinkedReference' })],
    },
    change,
  );
  if (!isEnded) return DECIDED_MEANWHILE;
  ctx.report(problem);
  return { kind: 'ended' };
}

/** S9: an automatic run writes so many records and no more; the rest keeps its approval. */
function limitReached(ctx: SyncContext, done: readonly Applied[], underWay: number): boolean {
  if (ctx.request.mode !== 'auto' || done.length + underWay < ctx.settings.autoWritesPerRun) return false;
  const written = done.filter(({ turn }) => turn.kind !== 'waits').length + underWay;
  if (written < ctx.settings.autoWritesPerRun) return false;
  ctx.report({
    kind: 'rail',
    what: `This run has written ${String(written)} records, the most that one run may write by itself (rail S9).`,
    notDone: 'The other approved changes were not written.',
    todo: 'Sync again to go on.',
    facts: { rail: 'S9', count: written },
  });
  return true;
}

function reportBreaker(ctx: SyncContext, left: number): void {
  ctx.report({
    kind: 'rail',
    what: `Too many writes failed: ${String(ctx.settings.breakerFailures)} in a row, or a fifth of the last ${String(BREAKER_WINDOW)} (rail S8).`,
    notDone: `${String(left)} approved changes were not written; they stay approved.`,
    todo: 'Look at the failures in History, then sync again.',
    facts: { rail: 'S8', count: left },
  });
}

function tellProgress(ctx: SyncContext, change: StoredChange, done: number, total: number): void {
  const nativeId = idIn(change, change.target) ?? idIn(change, sourceOf(change));
  ctx.progress({
    stage: 'apply',
    flow: flowOf(change.kind),
    side: change.target,
    done,
    total,
    record:
      change.op === 'create'
        ? `${SYSTEM_NAME[change.target]}: ${change.label}`
        : recordName(change.target, change.kind, nativeId, change.label),
  });
}
