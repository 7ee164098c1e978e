import type { GroupChange, Side } from '../../../shared/domain.ts';
import type { Step, StoredChange } from '../../store/changes.ts';
import type { UnverifiedEnd } from '../../store/links.ts';
import type { LookFailure } from '../collect/walk.ts';
import type { SyncContext } from '../context.ts';
import { failureAdvice, failureText } from '../words.ts';
import { changeProblem, DECIDED_MEANWHILE } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { row } from './read-back.ts';

/** The ways in which a change ends its turn without having been written for sure. Each tells the person and the journal. */

/** Groups that nobody has approved: they live on as a change of their own. */
const rest = (change: StoredChange): GroupChange[] => change.groups.filter((group) => !group.approved);

/** The target holds what is wanted already: nothing to write. */
export async function endNoop(ctx: SyncContext, change: StoredChange): Promise<Turn> {
  await ctx.store.changes.advance(change.id, {
    state: 'noop',
    remainder: rest(change),
    ...dirty(change),
    journal: [row(ctx, change, 'noop')],
  });
  return { kind: 'ended' };
}

/**
 * S4: what was approved is not what is there. The next plan starts from what is there now; of an undo nothing is left (7.5).
 * @param read the change as it was read, where it is not begun yet: a decision taken since stands
 */
export async function endStale(
  ctx: SyncContext,
  change: StoredChange,
  why: string,
  read?: StoredChange,
): Promise<Turn> {
  const problem =
    change.origin === 'undo'
      ? changeProblem(change, 'kept', `${why}, so it was left as it is.`, 'See in History what can still be undone.')
      : changeProblem(change, 'stale', `${why}.`, 'Look at the new proposal in Review.');
  const isEnded = await ctx.store.changes.advance(
    change.id,
    { state: 'stale', problem, ...dirty(change), journal: [row(ctx, change, 'stale', { why })] },
    read,
  );
  if (!isEnded) return DECIDED_MEANWHILE;
  ctx.report(problem);
  return { kind: 'ended' };
}

/** Refused, or not writable there: it would be refused again. */
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
    // When it left, which is after the commit that announced it.
    ...(change.sentAt === null ? {} : { sentAt: change.sentAt }),
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

/** What could not be read is not written: the approval stands. */
export async function readFailed(
  ctx: SyncContext,
  change: StoredChange,
  side: Side,
  failure: LookFailure,
): Promise<Turn> {
  const problem = changeProblem(
    change,
    failure.kind,
    `it was not written, because a record could not be read first. ${failureText(side, failure)}`,
    failureAdvice(failure),
    { facts: { why: 'unread', unread: side } },
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

/** The pair is judged again by the next plan. */
export const dirty = (change: StoredChange): Partial<Pick<Step, 'dirtyLink'>> =>
  change.linkId === null ? {} : { dirtyLink: change.linkId };

/** The link that a create made unverified (K5) goes with it. */
export const endOfLink = (change: StoredChange, why: UnverifiedEnd): Partial<Pick<Step, 'endLink'>> =>
  change.op === 'create' && change.linkId !== null ? { endLink: { linkId: change.linkId, why } } : {};
