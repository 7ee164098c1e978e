import { SIDES, fail, problemText } from '../../../shared/domain.ts';
import type { Overview } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/domain.ts';
import type { AppService } from '../app-service.ts';

export interface Looking {
  /** What is to be told of the store above everything that is shown. */
  readonly standing: () => NonNullable<Overview['store']>;
  /** Why nothing may be synced, decided or written now. */
  readonly why: () => Problem;
  readonly progress: AppService['progress'];
  readonly close: () => Promise<void>;
}

/**
 * A service that shows what the store says and does nothing else (section 10). Every call is named here, so that a new
 * one is let through by somebody who has thought about it.
 */
export function lookingOnly(service: AppService, { standing, why, progress, close }: Looking): AppService {
  const no = async () => fail(why());
  const noneOf = async (ids: readonly number[]) => {
    const problem = why();
    return { decided: 0, refused: ids.map((id) => ({ itemId: String(id), why: problemText(problem), problem })) };
  };
  return {
    workspace: service.workspace,
    urls: service.urls,
    overview: async () => ({ ...(await service.overview()), store: standing() }),
    check: () => service.check(),
    doctor: () => service.doctor(),
    prove: no,
    audit: no,
    startRun: no,
    stop: () => false,
    running: () => null,
    progress,
    changes: (query, slice) => service.changes(query, slice),
    change: (id) => service.change(id),
    bulkSummary: (query) => service.bulkSummary(query),
    decideChanges: noneOf,
    decideAllChanges: no,
    mismatches: (query, slice) => service.mismatches(query, slice),
    mismatchCounts: () => service.mismatchCounts(),
    mismatch: (id) => service.mismatch(id),
    mismatchSummary: (query) => service.mismatchSummary(query),
    decideAllMismatches: no,
    decideMismatches: noneOf,
    records: (query, slice) => service.records(query, slice),
    record: (flow, side, nativeId) => service.record(flow, side, nativeId),
    recordHistory: (flow, side, nativeId) => service.recordHistory(flow, side, nativeId),
    mapping: {
      get: (flow) => service.mapping.get(flow),
      lint: (edits, records, signal) => service.mapping.lint(edits, records, signal),
      try: (query) => service.mapping.try(query),
      check: (edits) => service.mapping.check(edits),
      save: no,
      // What a system says of its fields is kept in the store.
      readSchemas: async () => SIDES.map((side) => ({ side, outcome: 'failed' as const })),
    },
    checklists: { view: (flow) => service.checklists.view(flow), start: no, restore: no },
    link: no,
    relink: no,
    setAside: no,
    unlink: no,
    setDirection: no,
    findLink: (flow, nativeId) => service.findLink(flow, nativeId),
    undoPreview: (scope) => service.undoPreview(scope),
    undoRows: (scope, outcome, slice) => service.undoRows(scope, outcome, slice),
    proposeUndo: no,
    runs: (slice) => service.runs(slice),
    run: (id) => service.run(id),
    journal: (query, slice) => service.journal(query, slice),
    journalSummary: (runId) => service.journalSummary(runId),
    backUp: no,
    portable: {
      write: no,
      merge: no,
      outcomes: (review, outcome, slice) => service.portable.outcomes(review, outcome, slice),
      transfers: service.portable.transfers,
    },
    close,
  };
}
