import { flowOf } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { recordName, SYSTEM_NAME } from '../words.ts';
import { applyCreate } from './create.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { findingOf, row } from './read-back.ts';
import { applyUpdate } from './update.ts';

export interface Applied {
  readonly change: StoredChange;
  readonly turn: Turn;
}

/** Writes what is approved, one record at a time, in the order of O1. What was begun is always brought to an end. */
export async function applyApproved(
  ctx: SyncContext,
  kinds: readonly Kind[],
  done: Applied[],
  tried: Set<number>,
): Promise<void> {
  const ids = (await ctx.store.changes.readyIds(kinds)).filter((id) => !tried.has(id));
  const down = new Set<Side>();
  let failures = 0;
  for (const [index, id] of ids.entries()) {
    if (ctx.stop.aborted || ctx.abort.aborted) return;
    if (limitReached(ctx, done)) return;
    const change = await ctx.store.changes.get(id);
    if (change === null || down.has(change.target)) continue;
    tellProgress(ctx, change, index, ids.length);
    tried.add(id);
    const turn = await applyOne(ctx, change);
    done.push({ change, turn });
    if (turn.kind === 'sideDown') down.add(turn.side);
    failures = turn.kind === 'failed' || turn.kind === 'sideDown' ? failures + 1 : 0;
    if (failures >= ctx.settings.breakerFailures) {
      reportBreaker(ctx, ids.length - index - 1);
      return;
    }
  }
}

async function applyOne(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  const blocked = await waitsFor(ctx, change);
  if (blocked === 'waits') {
    await ctx.store.changes.advance(change.id, {
      state: 'deferred',
      journal: change.state === 'deferred' ? [] : [row(ctx, change, 'deferred')],
    });
    return { kind: 'waits' };
  }
  if (blocked === 'never') return unlinkedReference(ctx, change);
  return change.op === 'create' ? applyCreate(ctx, change) : applyUpdate(ctx, change);
}

/** O3: a change waits while a record it refers to is open. If that ended without a link, it cannot be written as planned. */
async function waitsFor(ctx: SyncContext, change: StoredChange): Promise<'free' | 'waits' | 'never'> {
  let waits = false;
  for (const ref of change.waitsFor) {
    const link = await ctx.store.links.of(ref.kind, ref.side, ref.nativeId);
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
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    mismatch: findingOf(change, 'unlinkedReference', ['ignore'], { side: sourceOf(change) }),
    journal: [row(ctx, change, 'stale', { why: 'unlinkedReference' })],
  });
  ctx.report(problem);
  return { kind: 'ended' };
}

/** S9: an automatic run writes so many records and no more; the rest keeps its approval. */
function limitReached(ctx: SyncContext, done: readonly Applied[]): boolean {
  if (ctx.request.mode !== 'auto' || done.length < ctx.settings.autoWritesPerRun) return false;
  ctx.report({
    kind: 'rail',
    what: `This run has written ${String(done.length)} records, the most that one run may write by itself (rail S9).`,
    notDone: 'The other approved changes were not written.',
    todo: 'Sync again to go on.',
  });
  return true;
}

function reportBreaker(ctx: SyncContext, left: number): void {
  ctx.report({
    kind: 'rail',
    what: `${String(ctx.settings.breakerFailures)} writes in a row failed (rail S8).`,
    notDone: `${String(left)} approved changes were not written; they stay approved.`,
    todo: 'Look at the failures in History, then sync again.',
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
