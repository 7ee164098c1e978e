import { describe, expect, it } from 'vitest';
import type { Overview } from '../../../shared/contract/views.ts';
import { aRun } from '../../testing/fake-host.ts';
import { nextSteps } from './next-steps.ts';

const flow = (more: Partial<Overview['flows'][number]> = {}): Overview['flows'][number] => ({
  flow: 'customer-kunde',
  inStep: 10,
  waiting: 0,
  approved: 0,
  mismatches: 0,
  skipped: 0,
  links: 5,
  records: { customerp: 5, tidsbanken: 5 },
  firstReviewPending: false,
  lastRunAt: null,
  ...more,
});

describe('nextSteps', () => {
  it.each([
    { when: 'nothing waits', flows: [flow()], lastRun: aRun(), is: ['nothing'] },
    { when: 'never run', flows: [flow()], lastRun: null, is: ['sync'] },
    { when: 'changes wait', flows: [flow({ waiting: 2 })], lastRun: aRun(), is: ['review'] },
    {
      when: 'all at once, most pressing first',
      flows: [flow({ waiting: 2, approved: 3, mismatches: 4 })],
      lastRun: aRun({ state: 'stopped' }),
      is: ['stopped', 'review', 'apply', 'mismatches'],
    },
    {
      when: 'many approved wait for their number',
      flows: [flow({ waiting: 450, held: 450, approved: 3 })],
      lastRun: aRun(),
      is: ['held', 'apply'],
    },
    { when: 'a crash', flows: [flow()], lastRun: aRun({ state: 'interrupted' }), is: ['interrupted'] },
    {
      when: 'a crash that no run has tidied up after',
      flows: [flow({ approved: 3 })],
      lastRun: aRun(),
      left: { runId: 7, startedAt: 0, toWrite: 3, toLookUp: 1 },
      is: ['left', 'apply'],
    },
    { when: 'nothing came of a run', flows: [flow()], lastRun: aRun({ state: 'aborted' }), is: ['interrupted'] },
  ])('$when: $is', ({ flows, lastRun, is, ...more }) =>
    expect(nextSteps({ flows, lastRun, ...more }).map(({ step }) => step)).toEqual(is),
  );

  it('Z5: what a crash left is told with what is looked up first', () => {
    const left = { runId: 7, startedAt: 0, toWrite: 3, toLookUp: 1 };
    expect(nextSteps({ flows: [flow()], lastRun: null, left })[0]).toEqual({ step: 'left', count: 3, toLookUp: 1 });
  });

  it('counts over all flows, and a stopped run says what remains', () => {
    const flows = [flow({ approved: 3 }), flow({ approved: 4 })];
    expect(nextSteps({ flows, lastRun: aRun({ state: 'stopped' }) })[0]).toEqual({ step: 'stopped', count: 7 });
  });
});
