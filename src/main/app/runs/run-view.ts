import { StageWork } from '../../../shared/contract/run-work.ts';
import { FlowCounts } from '../../../shared/contract/views.ts';
import type { RunView } from '../../../shared/contract/views.ts';
import { FLOWS, flowOf } from '../../../shared/domain.ts';
import type { Problem } from '../../../shared/domain.ts';
import type { StoredRun } from '../../store/runs.ts';

export function runView(run: StoredRun, now: number): RunView {
  const flows: RunView['flows'] = {};
  for (const flow of FLOWS) {
    const counts = FlowCounts.safeParse(run.counts[flow]);
    if (counts.success) flows[flow] = counts.data;
  }
  return {
    id: run.id,
    mode: run.mode,
    approve: run.approve,
    state: run.state,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    full: run.full,
    ...(run.record === null
      ? {}
      : { record: { flow: flowOf(run.record.kind), side: run.record.side, nativeId: run.record.nativeId } }),
    flows,
    requests: run.requests,
    work: run.work.flatMap((row) => StageWork.safeParse(row).data ?? []),
    seconds: Math.max(0, ((run.endedAt ?? now) - run.startedAt) / 1000),
    problems: run.problems.map(problemView),
  };
}

/** A problem as the contract carries it, without the keys it does not have. */
export const problemView = (problem: Problem): RunView['problems'][number] => ({ ...problem });
