import { fail } from '../../../shared/domain.ts';
import type { Problem, ProblemFacts, Result } from '../../../shared/domain.ts';

/** Why a review file cannot be used. `kind` names the sentence for translations. */

/** Carries a problem out of a stream, up to `asResult`. */
export class FileProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

/** What the work came to, with a FileProblem as a value. Anything else is a defect and goes on up. */
export async function asResult<T>(work: () => Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileProblem) return fail(error.problem);
    throw error;
  }
}

const NOT_OPENED = 'It was not opened, and nothing was changed.';

const problem = (kind: string, what: string, todo: string, facts: ProblemFacts = {}): Problem => ({
  kind,
  what,
  notDone: NOT_OPENED,
  todo,
  facts: { ...facts, why: kind },
});

export const notAReview = (): Problem =>
  problem('notAReview', 'This file is no review of Tidsbro.', 'Choose the file that Tidsbro wrote.');

export const newerReview = (version: number): Problem =>
  problem(
    'newerReview',
    `The file was written by a newer Tidsbro (its format is ${String(version)}).`,
    'Install the newer Tidsbro, then open it again.',
    { version },
  );

export const wrongPassphrase = (): Problem =>
  problem(
    'wrongPassphrase',
    'The passphrase does not fit this file.',
    'Type it again. If it is lost, have the file made anew: without it, nobody can open this one.',
  );

/** @param where what was not as it was written: the head, the contents, or the end, which is missing */
export const damagedReview = (where: 'head' | 'contents' | 'end'): Problem =>
  problem(
    'damagedReview',
    where === 'end'
      ? 'The file is cut short: its end is missing.'
      : `The file is damaged or cut short: its ${where === 'head' ? 'head is not as it was' : 'contents are not as they were'} written. The passphrase is not to blame.`,
    'Copy it again, or have it sent again.',
    { where },
  );

export const unreadableRows = (): Problem =>
  problem(
    'unreadableRows',
    'The file was written by another version of Tidsbro, and holds rows that this one does not know.',
    'Use the same version on both computers, and have the file made anew.',
  );

export const oversizedReview = (): Problem =>
  problem('oversizedReview', 'The file holds more than a review can.', 'Export fewer flows at a time.');

export const otherContents = (holds: 'plan' | 'decisions'): Problem =>
  holds === 'decisions'
    ? problem(
        'holdsDecisions',
        'The file holds decisions, not a plan to decide on.',
        'Bring it back where the plan was exported: “tidsbro review merge FILE”.',
      )
    : problem(
        'holdsPlan',
        'The file holds a plan to decide on, not decisions.',
        'Open it with “tidsbro review open FILE”, decide there, and bring back the file that “tidsbro review return” writes.',
      );

export const otherWorkspace = (name: string): Problem => ({
  kind: 'otherWorkspace',
  what: `The decisions were taken on a plan of another workspace (${name}).`,
  notDone: 'None of them was carried out.',
  todo: 'Bring them back in the workspace that the plan was exported from.',
  facts: { name, why: 'otherWorkspace' },
});

export const otherTenants = (): Problem => ({
  kind: 'otherTenants',
  what: 'The decisions were taken while this workspace was set up with other systems, or with another company at one of them (rail S3).',
  notDone: 'None of them was carried out.',
  todo: 'Sync, export the plan again, and have it decided anew.',
});

export const weakPassphrase = (least: number): Problem => ({
  kind: 'weakPassphrase',
  what: `The passphrase is shorter than ${String(least)} characters.`,
  notDone: 'No file was written.',
  todo: 'Choose a longer one: the file holds names and addresses of people.',
  facts: { least, why: 'weakPassphrase' },
});

export const fileUnusable = (path: string, error: unknown): Problem => ({
  kind: 'fileUnusable',
  what: `${path} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
  notDone: 'Nothing was changed.',
  todo: 'Check the path, that you may read and write there, and that the disk has room.',
});
