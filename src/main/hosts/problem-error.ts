import { problemText } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';

/** Carries an expected problem up to the edge of a host, which tells it as a sentence and sets the exit code. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problemText(problem));
    this.problem = problem;
  }
}

/** The value, or the problem thrown as a ProblemError. For the hosts only: below them, problems are values. */
export function unwrap<T>(result: Result<T, Problem>): T {
  if (result.ok) return result.value;
  throw new ProblemError(result.failure);
}
