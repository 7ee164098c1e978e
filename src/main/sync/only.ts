import { SIDES, flowOf } from '../../shared/domain.ts';
import type { Kind, Problem, Side } from '../../shared/domain.ts';
import type { StoredChange } from '../store/changes.ts';
import type { StoredLink } from '../store/links.ts';
import type { RecordRef } from '../store/runs.ts';
import { flowFor } from './context.ts';
import type { SyncContext } from './context.ts';
import { idOn, observe } from './observe.ts';
import type { LookFailure } from './collect/walk.ts';
import { failureAdvice, failureText, recordName } from './words.ts';

/** The pair of the one record that a run is narrowed to, as it is now: null where it has no living link. */
export const linkOfOnly = (ctx: Pick<SyncContext, 'store'>, only: RecordRef): Promise<StoredLink | null> =>
  ctx.store.links.of(only.kind, only.side, only.nativeId);

/** What is open about that record and its pair. */
export const changesOfOnly = (ctx: Pick<SyncContext, 'store'>, only: RecordRef): Promise<StoredChange[]> =>
  ctx.store.changes.openOfRecord(only.kind, only.side, only.nativeId);

/**
 * Reads the record and its partner singly, in place of the collections. A record that does not answer proves nothing: it
 * is told, and no absence is concluded (T4, 5.2).
 * @returns `seen` both are there; `notSeen` one of them is not; `failed` one could not be read. All but `seen` were reported
 */
export async function lookAtOnly(ctx: SyncContext, only: RecordRef): Promise<'seen' | 'notSeen' | 'failed'> {
  const { kind } = only;
  const link = await linkOfOnly(ctx, only);
  const ids = SIDES.flatMap((side): RecordRef[] => {
    const nativeId = link === null ? (side === only.side ? only.nativeId : null) : idOn(link, side);
    return nativeId === null ? [] : [{ kind, side, nativeId }];
  });
  ctx.progress({ stage: 'collect', flow: flowOf(kind), side: null, done: 0, total: ids.length, record: null });
  const looks = await Promise.all(
    ids.map(async (ref) => ({
      ref,
      seen: await observe(ctx, ref.side, kind, ref.nativeId, flowFor(ctx, kind).fieldsToRead(ref.side)),
    })),
  );
  for (const { ref, seen } of looks) {
    if (!seen.ok) ctx.report(notRead(ref, await labelOf(ctx, ref), seen.failure));
    else if (seen.value === null) ctx.report(notThere(ref, await labelOf(ctx, ref)));
  }
  if (looks.some(({ seen }) => !seen.ok)) return 'failed';
  if (looks.some(({ seen }) => seen.ok && seen.value === null)) return 'notSeen';
  // Asked for by a person: judged anew even where nothing has changed.
  if (link !== null) await ctx.store.links.wake(link.id);
  return 'seen';
}

const labelOf = async (ctx: SyncContext, { kind, side, nativeId }: RecordRef): Promise<string> =>
  (await ctx.store.records.get(kind, side, nativeId))?.label ?? '';

const about = ({ kind, side, nativeId }: RecordRef): { side: Side; recordKind: Kind; nativeId: string } => ({
  side,
  recordKind: kind,
  nativeId,
});

const notRead = (ref: RecordRef, label: string, failure: LookFailure): Problem => ({
  kind: 'notRead',
  what: failureText(ref.side, failure),
  notDone: `${recordName(ref.side, ref.kind, ref.nativeId, label)} was not compared, and nothing was written.`,
  todo: failureAdvice(failure),
  ...about(ref),
  facts: { detail: failure.detail, label, why: failure.kind },
});

const notThere = (ref: RecordRef, label: string): Problem => ({
  kind: 'notSeen',
  what: `${recordName(ref.side, ref.kind, ref.nativeId, label)} was not there when it was looked at.`,
  notDone: 'Nothing was compared or written, and nothing was concluded: one look proves no absence.',
  todo: 'Sync, so that everything is read; if the record is gone, Mismatches will say so.',
  ...about(ref),
  facts: { label },
});
