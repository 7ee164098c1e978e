import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { row } from './read-back.ts';

/** ms until a late commit must have landed (7.4); 0 or less: it has. Where the clock went back, the whole settle time starts anew. */
export async function settleLeft(ctx: SyncContext, change: StoredChange): Promise<number> {
  const { settleMs } = ctx.connectors[change.target].capabilities(change.kind);
  const now = ctx.clock.now();
  if (change.sentAt !== null && now >= change.sentAt) return change.sentAt + settleMs - now;
  await ctx.store.changes.advance(change.id, {
    state: change.state,
    sentAt: now,
    problem: change.problem,
    journal: [row(ctx, change, 'clockWentBack')],
  });
  return settleMs;
}

/** Wall time, ms: what is read after it shows everything that was sent before. */
export function settledAt(ctx: SyncContext, change: StoredChange): number {
  const { settleMs } = ctx.connectors[change.target].capabilities(change.kind);
  return (change.sentAt ?? ctx.clock.now()) + settleMs;
}
