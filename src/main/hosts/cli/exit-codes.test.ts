import { expect, it } from 'vitest';
import type { Overview, RunView } from '../../../shared/contract/views.ts';
import { EXIT, exitOfProblem, exitOfRun } from './exit-codes.ts';

const CARD: Overview['flows'][number] = {
  flow: 'customer-kunde',
  inStep: 2,
  waiting: 0,
  approved: 0,
  mismatches: 0,
  skipped: 0,
  links: 1,
  records: { customerp: 1, tidsbanken: 1 },
  firstReviewPending: false,
  lastRunAt: null,
};
const problem = (kind: string): RunView['problems'][number] => ({ kind, what: '', notDone: '', todo: '' });

interface Case {
  readonly is: keyof typeof EXIT;
  readonly state?: RunView['state'];
  readonly problems?: readonly string[];
  readonly card?: Partial<typeof CARD>;
  readonly preview?: boolean;
}

it.each<[string, Case]>([
  ['done and nothing waits', { is: 'done' }],
  ['what is approved waits for a run, not for a person', { is: 'done', card: { approved: 3 } }],
  ['a change waits', { is: 'waits', card: { waiting: 1 } }],
  ['a mismatch waits', { is: 'waits', card: { mismatches: 1 } }],
  ['7.4 an unknown outcome waits, all else went on', { is: 'waits', problems: ['outcomeUnknown'] }],
  ['one refused write waits', { is: 'waits', problems: ['failed'] }],
  ['S1, S7 a rail held what the run would have written', { is: 'rail', problems: ['rail'], card: { waiting: 9 } }],
  ['in a preview a rail has stopped nothing', { is: 'waits', problems: ['rail'], preview: true }],
  ['S8, S9 a rail stopped the writing under way', { is: 'rail', problems: ['rail', 'failed'] }],
  ['a system could not be read', { is: 'failed', problems: ['incompleteCollection'] }],
  ['not read weighs more than a rail', { is: 'failed', problems: ['unreachable', 'rail'] }],
  ['stopped by a person', { is: 'failed', state: 'stopped' }],
  ['broken off', { is: 'failed', state: 'failed' }],
])('%s', (_name, { is, state = 'done', problems = [], card = {}, preview = false }) => {
  const overview = { flows: [{ ...CARD, ...card }] };
  expect(exitOfRun({ state, problems: problems.map(problem) }, overview, !preview)).toBe(EXIT[is]);
});

it.each([
  ['busy', 3],
  ['rail', 4],
  ['workspaceMissing', 1],
])('a command that fails with %s ends with %i', (kind, code) => expect(exitOfProblem({ kind })).toBe(code));
