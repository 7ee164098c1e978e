import { otherSide } from '../../../shared/domain.ts';
import type { RawRecord } from '../../connectors/connector.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { NewMismatch } from '../../store/mismatches.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe } from '../observe.ts';
import { SYSTEM_NAME } from '../words.ts';
import { backToApproved, endNoop, endOfLink, readFailed } from './ends.ts';
import { HELD, linkedMeanwhile, otherPartner } from './look-up.ts';
import type { LookUp } from './look-up.ts';
import { linkFor } from './new-link.ts';
import { heldByLinked } from '../reconcile/vain-create.ts';
import { changeProblem, idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { findingOf, row } from './read-back.ts';

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
    case 'linked':
      return endNoop(ctx, change);
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
  const isLinked = await ctx.store.changes.advance(change.id, {
    state: 'noop',
    nativeId: record.nativeId,
    ...endOfLink(change, 'notPersisted'),
    newLink: { ...linkFor(ctx, change, record.nativeId, 'adopted', seen.value.staged.props), state: 'active' },
    journal: [row(ctx, change, 'adopted', { nativeId: record.nativeId })],
  });
  return isLinked ? { kind: 'ended' } : settleTaken(ctx, change, record.nativeId);
}

/** The source, or the record that it came to, was linked in between: a link is 1:1 (I9). */
export async function settleTaken(ctx: SyncContext, change: StoredChange, nativeId: string): Promise<Turn> {
  const partner = await otherPartner(ctx, change);
  if (partner === nativeId) return endNoop(ctx, change);
  return collide(ctx, change, nativeId, partner === null ? HELD : linkedMeanwhile(partner));
}

/** Somebody else's record holds the number that this one would take (K2, K8). */
export async function collide(ctx: SyncContext, change: StoredChange, nativeId: string, why: string): Promise<Turn> {
  const side = change.target;
  const problem = changeProblem(
    change,
    'idCollision',
    `the number ${nativeId} belongs to another record (${why}).`,
    'Link the two by hand, or give the record another number in its own system.',
    {
      // What was sent before may have landed.
      notDone:
        change.attempt === 0
          ? `Nothing was created in ${SYSTEM_NAME[side]}.`
          : 'The two are not linked, and nothing more is written to either.',
    },
  );
  const isLinked = (await ctx.store.links.of(change.kind, side, nativeId)) !== null;
  await ctx.store.changes.advance(change.id, {
    state: 'stale',
    problem,
    ...endOfLink(change, 'notPersisted'),
    mismatch: isLinked ? heldBy(ctx, change, nativeId) : collision(change, nativeId, why),
    journal: [row(ctx, change, 'idCollision', { nativeId, why })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

const heldBy = (ctx: SyncContext, change: StoredChange, nativeId: string): NewMismatch => {
  const { kind, target, label } = change;
  const create = { kind, target, sourceId: idIn(change, sourceOf(change)) ?? '', label };
  return heldByLinked(create, nativeId, versionsFor(ctx, kind));
};

const collision = (change: StoredChange, nativeId: string, why: string): NewMismatch =>
  findingOf(
    unlinked(change),
    'idCollision',
    ['link', 'ignore'],
    { id: nativeId, why, side: otherSide(change.target) },
    [nativeId],
  );

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
    ...endOfLink(change, 'notPersisted'),
    mismatch: findingOf(unlinked(change), 'severalCandidates', ['link', 'ignore'], { count: String(ids.length) }, ids),
    journal: [row(ctx, change, 'severalCandidates', { ids })],
  });
  ctx.report(problem);
  return { kind: 'failed' };
}

/** A finding is about the source: the link that was made for a record that never appeared ends with this step. */
const unlinked = (change: StoredChange): StoredChange =>
  change.linkId === null
    ? change
    : { ...change, linkId: null, [change.target === 'customerp' ? 'customerpId' : 'tidsbankenId']: null };
