import type { AppService } from '../app-service.ts';
import type { Slice } from '../requests.ts';
import { runView } from './run-view.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What has been done: the runs and the journal. */
export function runsOf(w: Workspace): Pick<AppService, 'runs' | 'run' | 'journal' | 'journalSummary'> {
  const { journal } = w.store;
  return {
    runs: (slice) => listRuns(w, slice),
    run: async (id) => {
      const run = await w.store.runs.get(id);
      return run === null ? null : runView(run, w.clock.now());
    },
    journal: (query, slice) => journal.list(query, slice.offset, slice.limit),
    journalSummary: (runId) => journal.countEvents(runId),
  };
}

export async function listRuns({ store, clock }: Workspace, slice: Slice): ReturnType<AppService['runs']> {
  const found = await store.runs.list(slice.offset, slice.limit);
  return { total: found.total, rows: found.rows.map((run) => runView(run, clock.now())) };
}
