import type { Overview } from '../../../shared/contract/views.ts';

/** What a person can do next, most pressing first. `count` is what the sentence counts. */
export interface NextStep {
  readonly step: 'left' | 'interrupted' | 'stopped' | 'sync' | 'held' | 'review' | 'apply' | 'mismatches' | 'nothing';
  readonly count: number;
  /** Of what a crash left: what may have been sent, and is looked up first. */
  readonly toLookUp?: number;
}

/** The next steps that the overview calls for; `nothing` alone when there is none. The first review is told elsewhere. */
export function nextSteps({ flows, lastRun, left }: Pick<Overview, 'flows' | 'lastRun' | 'left'>): readonly NextStep[] {
  const sum = (of: (flow: Overview['flows'][number]) => number): number => flows.reduce((n, flow) => n + of(flow), 0);
  const approved = sum((flow) => flow.approved);
  const ended = lastRun?.state;
  const held = sum((flow) => flow.held ?? 0);
  const [waiting, mismatches] = [sum((flow) => flow.waiting) - held, sum((flow) => flow.mismatches)];
  const wasCut = left === undefined && (ended === 'interrupted' || ended === 'aborted');
  const steps: readonly (readonly [isDue: boolean, step: NextStep])[] = [
    [left !== undefined, { step: 'left', count: left?.toWrite ?? 0, toLookUp: left?.toLookUp ?? 0 }],
    [wasCut, { step: 'interrupted', count: approved }],
    [ended === 'stopped', { step: 'stopped', count: approved }],
    [lastRun === null, { step: 'sync', count: 0 }],
    [held > 0, { step: 'held', count: held }],
    [waiting > 0, { step: 'review', count: waiting }],
    [approved > 0, { step: 'apply', count: approved }],
    [mismatches > 0, { step: 'mismatches', count: mismatches }],
  ];
  const due = steps.filter(([isDue]) => isDue).map(([, step]) => step);
  return due.length === 0 ? [{ step: 'nothing', count: 0 }] : due;
}
