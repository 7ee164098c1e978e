import type { Overview } from '../../../shared/contract/views.ts';

/** What a person can do next, most pressing first. `count` is what the sentence counts. */
export interface NextStep {
  readonly step: 'left' | 'interrupted' | 'stopped' | 'sync' | 'review' | 'apply' | 'mismatches' | 'nothing';
  readonly count: number;
  /** Of what a crash left: what may have been sent, and is looked up first. */
  readonly toLookUp?: number;
}

/** The next steps that the overview calls for; `nothing` alone when there is none. The first review is told elsewhere. */
export function nextSteps({ flows, lastRun, left }: Pick<Overview, 'flows' | 'lastRun' | 'left'>): readonly NextStep[] {
  const sum = (of: (flow: Overview['flows'][number]) => number): number => flows.reduce((n, flow) => n + of(flow), 0);
  const approved = sum((flow) => flow.approved);
  const ended = lastRun?.state;
  const steps: readonly (NextStep & { readonly isDue: boolean })[] = [
    { step: 'left', count: left?.toWrite ?? 0, toLookUp: left?.toLookUp ?? 0, isDue: left !== undefined },
    {
      step: 'interrupted',
      count: approved,
      isDue: left === undefined && (ended === 'interrupted' || ended === 'aborted'),
    },
    { step: 'stopped', count: approved, isDue: ended === 'stopped' },
    { step: 'sync', count: 0, isDue: lastRun === null },
    { step: 'review', count: sum((flow) => flow.waiting), isDue: sum((flow) => flow.waiting) > 0 },
    { step: 'apply', count: approved, isDue: approved > 0 },
    { step: 'mismatches', count: sum((flow) => flow.mismatches), isDue: sum((flow) => flow.mismatches) > 0 },
  ];
  const due = steps.filter(({ isDue }) => isDue).map(({ step, count }) => ({ step, count }));
  return due.length === 0 ? [{ step: 'nothing', count: 0 }] : due;
}
