import type { Props } from '../../../shared/domain.ts';
import type { OpenValues } from '../../mapping/reading.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { observe, withLinks } from '../observe.ts';
import { SYSTEM_NAME } from '../words.ts';
import { endStale, readFailed } from './ends.ts';
import { idIn, sourceOf } from './outcome.ts';
import type { Turn } from './outcome.ts';
import { isSensitive } from './secrets.ts';

export interface Source {
  readonly props: Props;
  /** Sensitive values in the clear, for the payload alone (I19); empty unless the change carries one. */
  readonly open: OpenValues;
}

/** The source as collected, read again when that was too long ago, and always for a sensitive value (A2, J1). */
export async function currentSource(ctx: SyncContext, change: StoredChange): Promise<Source | { turn: Turn }> {
  const side = sourceOf(change);
  const id = idIn(change, side);
  if (id === null) throw new Error(`Change ${String(change.id)} has no source record.`);
  const flow = flowFor(ctx, change.kind);
  const stored = await ctx.store.records.lastSeen(change.kind, side, id);
  const isFresh = stored !== null && ctx.clock.now() - stored.observedAt <= ctx.settings.observedMaxAgeMs;
  if (isFresh && !isSensitive(flow, change.groups))
    return { props: await withLinks(ctx, flow, side, stored.props), open: {} };
  const read = await observe(ctx, side, change.kind, id, flow.fieldsToRead(side));
  if (!read.ok) return { turn: await readFailed(ctx, change, side, read.failure) };
  if (read.value === null)
    return { turn: await endStale(ctx, change, `its counterpart in ${SYSTEM_NAME[side]} is no longer there`) };
  return { props: read.value.props, open: flow.open(side, read.value.raw.raw) };
}
