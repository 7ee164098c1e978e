import type { Overview, RunView } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/domain.ts';

/** Design, section 6. Scripts depend on them. */
export const EXIT = { done: 0, failed: 1, waits: 2, busy: 3, rail: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitOfProblem(problem: Pick<Problem, 'kind'>): ExitCode {
  if (problem.kind === 'busy') return EXIT.busy;
  return problem.kind === 'rail' ? EXIT.rail : EXIT.failed;
}

/** Something is open that only a person can decide. What is approved and not applied waits for a run, not for a person. */
export const somethingWaits = ({ flows }: Pick<Overview, 'flows'>): boolean =>
  flows.some((flow) => flow.waiting > 0 || flow.mismatches > 0);

/** @param mayWrite a rail that trips in a plan has stopped nothing: there was nothing to write */
export function exitOfRun(
  run: Pick<RunView, 'state' | 'problems' | 'flows'>,
  overview: Pick<Overview, 'flows'>,
  mayWrite: boolean,
): ExitCode {
  if (run.state !== 'done') return EXIT.failed;
  const rails = run.problems.filter((problem) => problem.kind === 'rail');
  if (mayWrite && rails.length > 0) return EXIT.rail;
  if (run.problems.length > rails.length) return EXIT.failed;
  const unfinished = Object.values(run.flows).some((flow) => flow.failed > 0);
  return unfinished ? EXIT.failed : waitsOrDone(overview);
}

export const waitsOrDone = (overview: Pick<Overview, 'flows'>): ExitCode =>
  somethingWaits(overview) ? EXIT.waits : EXIT.done;
