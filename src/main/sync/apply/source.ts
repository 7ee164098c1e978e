import type { Props } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, withLinks } from '../observe.ts';
import { SYSTEM_NAME } from '../words.ts';
import { endStale, readFailed } from './ends.ts';
import { idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';

/** The source as collected, read again when that was too long ago (A2). */
export async function currentSource(
  ctx: SyncContext,
  change: StoredChange,
): Promise<{ props: Props } | { turn: Turn }> {
  const side = sourceOf(change);
  const id = idIn(change, side);
  if (id === null) throw new Error(`Change ${String(change.id)} has no source record.`);
  const flow = flowFor(ctx, change.kind);
  const stored = await ctx.store.records.get(change.kind, side, id);
  if (stored !== null && ctx.clock.now() - stored.observedAt <= ctx.settings.observedMaxAgeMs) {
    return { props: await withLinks(ctx, flow, side, stored.props) };
  }
  const read = await observe(ctx, side, change.kind, id, flow.fieldsToRead(side));
  if (!read.ok) return { turn: await readFailed(ctx, change, side, read.failure) };
  if (read.value === null)
    return { turn: await endStale(ctx, change, `its counterpart in ${SYSTEM_NAME[side]} is no longer there`) };
  return { props: read.value.props };
}
