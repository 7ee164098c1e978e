import { randomUUID } from 'node:crypto';
import { FLOWS, kindOf, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { AppService } from '../app-service.ts';
import { ROWS_VERSION } from './format.ts';
import type { PlanManifest, PlanRow } from './format.ts';
import { writeLines } from './line-file.ts';
import { homeOf } from './origin.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a person sees of one item, as the screens show it. */
export type Shown = Pick<AppService, 'change' | 'mismatch'>;

export interface Exported {
  readonly path: string;
  readonly review: string;
  readonly changes: number;
  readonly mismatches: number;
}

/**
 * Writes what waits for a person to a sealed file: each pending change and each mismatch as the screens show it, so
 * masked where it is sensitive (I19), with the fingerprint that a decision on it binds to (V1).
 * Problems: those of `writeLines`.
 */
export async function exportReview(
  w: Workspace,
  shown: Shown,
  path: string,
  passphrase: string,
): Promise<Result<Exported, Problem>> {
  const home = await homeOf(w);
  const review = randomUUID();
  const counts = { change: 0, mismatch: 0 };
  const manifest: PlanManifest = {
    is: 'plan',
    rows: ROWS_VERSION,
    origin: {
      review,
      workspace: { id: home.id, name: w.config.name },
      tenants: home.tenants,
      exportedAt: w.clock.now(),
      exportedBy: w.person,
    },
    flows: FLOWS.filter((flow) => w.flows.has(kindOf(flow))),
  };
  const rows = async function* (): AsyncGenerator<PlanRow> {
    for await (const row of waitingRows(w, shown)) {
      counts[row.is] += 1;
      yield row;
    }
  };
  const written = await writeLines(path, 'plan', passphrase, manifest, rows());
  if (!written.ok) return written;
  const exported = { path, review, changes: counts.change, mismatches: counts.mismatch };
  await w.store.tell([
    {
      event: 'reviewExported',
      item: `review:${review}`,
      detail: { person: w.person, review, changes: exported.changes, mismatches: exported.mismatches },
    },
  ]);
  return ok(exported);
}

/** Row by row, so that 100,000 need no more memory than one. What has meanwhile ended is left out. */
async function* waitingRows({ store }: Workspace, shown: Shown): AsyncGenerator<PlanRow> {
  for (const id of await store.changes.idsOf({ show: 'waiting' })) {
    const [change, view] = [await store.changes.get(id), await shown.change(id)];
    // A write whose outcome is unknown waits for the system, and takes no decision (section 7).
    if (change === null || !view.ok || !['planned', 'manual'].includes(change.state)) continue;
    const groups = change.groups.map(({ group, fingerprint }) => ({ group, fingerprint }));
    yield { is: 'change', view: view.value, fingerprint: change.fingerprint, groups };
  }
  for (const id of await store.mismatches.openIds()) {
    const [mismatch, view] = [await store.mismatches.get(id), await shown.mismatch(id)];
    if (mismatch?.state !== 'open' || !view.ok) continue;
    // Pages of the systems themselves are of no use to somebody who cannot sign in there.
    yield { is: 'mismatch', view: { ...view.value, pages: {} }, fingerprint: mismatch.fingerprint };
  }
}
