import type { Props } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { withLinks } from '../observe.ts';
import { idIn, sourceOf } from './outcome.ts';

/** The source as last read, without asking; null when it is not known any more. */
export async function storedSource(ctx: SyncContext, change: StoredChange): Promise<Props | null> {
  const side = sourceOf(change);
  const id = idIn(change, side);
  const record = id === null ? null : await ctx.store.records.lastSeen(change.kind, side, id);
  return record === null ? null : withLinks(ctx, flowFor(ctx, change.kind), side, record.props);
}
