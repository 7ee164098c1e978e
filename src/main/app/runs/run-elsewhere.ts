import type { Overview } from '../../../shared/contract/views.ts';
import type { ChangeState } from '../../../shared/domain.ts';
import type { Runner } from './runner.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Free to go, or on their way back to it: nothing of them has left (Z3, Z4). */
const TO_WRITE: readonly ChangeState[] = ['approved', 'deferred', 'preparing'];
/** Something may have left: the next run looks before anything else (Z5, Z6). */
const TO_LOOK_UP: readonly ChangeState[] = ['sending', 'unknown', 'acked'];

/**
 * Who else has a run under way in this workspace, or else what a run left that a crash cut short and that no run has
 * tidied up yet (section 9). Neither is known in the usual case.
 */
export async function runElsewhere(
  { store, holder }: Workspace,
  runner: Runner,
): Promise<Pick<Overview, 'elsewhere' | 'left'>> {
  const lease = await store.runs.leaseHolder();
  if (lease !== null && lease.holder !== holder) {
    const [computer = '', process = ''] = lease.holder.split(':');
    return { elsewhere: { computer, process, since: lease.acquiredAt } };
  }
  // Ours: between the lease and its first progress a run of this process is not one that was left.
  if (lease !== null || runner.running() !== null) return {};
  const cutShort = (await store.runs.interrupted(null)).at(-1);
  const run = cutShort === undefined ? null : await store.runs.get(cutShort);
  if (run === null) return {};
  const open = await store.changes.countByState();
  const count = (states: readonly ChangeState[]): number =>
    open.filter((row) => states.includes(row.state)).reduce((n, row) => n + row.count, 0);
  return { left: { runId: run.id, startedAt: run.startedAt, toWrite: count(TO_WRITE), toLookUp: count(TO_LOOK_UP) } };
}
