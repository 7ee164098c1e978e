import { SIDES } from '../../../shared/domain.ts';
import type { Problem } from '../../../shared/domain.ts';
import { restoredKey } from '../../store/meta.ts';
import type { Store } from '../../store/store.ts';
import type { RunRequest } from '../../sync/context.ts';
import type { RunOutcome } from '../../sync/run-sync.ts';

/** A request, and why it was narrowed to a preview if it was. */
export type HeldRequest = RunRequest & { readonly heldBack: Problem | null };

/** Section 10: after a restore the next run of a kind reads everything and is a preview, whatever was asked for. */
export async function heldAfterRestore(store: Pick<Store, 'meta'>, request: RunRequest): Promise<HeldRequest> {
  const marks = await Promise.all(request.kinds.map((kind) => store.meta.get(restoredKey(kind))));
  if (marks.every((mark) => mark === null)) return { ...request, heldBack: null };
  const heldBack = request.mode === 'preview' ? null : wasRestored;
  return { ...request, mode: 'preview', approve: request.approve === null ? null : 'none', full: true, heldBack };
}

/** The hold of a kind ends when both sides were read whole; its changes are then held by S7 until somebody has looked. */
export async function releaseAfterRestore(
  store: Pick<Store, 'meta'>,
  request: RunRequest,
  outcome: RunOutcome,
): Promise<void> {
  if (outcome.state !== 'done') return;
  for (const kind of request.kinds) {
    const wasRead = SIDES.every((side) =>
      outcome.collected.some((c) => c.kind === kind && c.side === side && c.complete && c.mode === 'full'),
    );
    if (wasRead) await store.meta.delete(restoredKey(kind));
  }
}

const wasRestored: Problem = {
  kind: 'restored',
  what: 'The store was put back from a backup, so this run was a preview.',
  notDone: 'Nothing was written to either system.',
  todo: 'Look through what it proposes, then sync again.',
};
