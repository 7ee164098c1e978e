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

/** Then a system could not be read, and nothing is known about its records: that is not done. */
const NOT_READ: ReadonlySet<string> = new Set(['incompleteCollection', 'unreachable', 'signInNeeded']);

/**
 * A single record that failed, or whose outcome is unknown (7.4), is something that waits; all else went on.
 * @param mayWrite false for a preview: there was nothing to write, so a rail has stopped nothing
 */
export function exitOfRun(
  run: Pick<RunView, 'state' | 'problems'>,
  overview: Pick<Overview, 'flows'>,
  mayWrite: boolean,
): ExitCode {
  if (run.state !== 'done' || run.problems.some(({ kind }) => NOT_READ.has(kind))) return EXIT.failed;
  if (mayWrite && run.problems.some(({ kind }) => kind === 'rail')) return EXIT.rail;
  return run.problems.length > 0 ? EXIT.waits : waitsOrDone(overview);
}

export const waitsOrDone = (overview: Pick<Overview, 'flows'>): ExitCode =>
  somethingWaits(overview) ? EXIT.waits : EXIT.done;
