import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Overview, Progress } from '../../../shared/contract/views.ts';
import { Shell } from '../../shell/Shell.tsx';
import { store } from '../../store.ts';
import { draw } from '../../testing/draw.tsx';
import { aProblem, fakeHost } from '../../testing/fake-host.ts';
import { nextStep } from './FirstSteps.tsx';
import { OverviewScreen } from './Overview.tsx';
import { paceOf } from './pace.ts';

const progress: Progress = {
  runId: 1,
  stage: 'collect',
  flow: 'customer-kunde',
  side: 'customerp',
  done: 100,
  total: 300,
  record: null,
  stopping: false,
  startedAt: 0,
  stageStartedAt: 0,
};

it('a refused start is told in full, and stays until it is put away', async () => {
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, fakeHost({ busy: aProblem })));
  fireEvent.click(await screen.findByRole('button', { name: 'Sync' }));
  const note = await screen.findByRole('alert');
  for (const text of [aProblem.what, aProblem.notDone, aProblem.todo]) expect(note.textContent).toContain(text);
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a run under way shows its stage and can be stopped', async () => {
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, fakeHost()));
  await screen.findByRole('region', { name: 'Customers' });
  act(() => store.setState({ running: progress }));
  expect(screen.getByRole('button', { name: 'Stop' })).toBeTruthy();
  expect(screen.getAllByRole('status').map((status) => status.textContent)).toContain('Collect · Customers');
});

it('a lost connection is told, and what was known stays on the screen', async () => {
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, fakeHost()));
  await screen.findByRole('region', { name: 'Customers' });
  act(() => store.getState().detach());
  expect(screen.getByRole('alert').textContent).toContain('connection to Tidsbro is lost');
  expect(screen.getByRole('region', { name: 'Customers' })).toBeTruthy();
});

describe('paceOf', () => {
  it.each([
    { rule: 'too early to tell', now: 1000, is: { perSecond: null, secondsLeft: null } },
    { rule: 'rate and time left', now: 10_000, is: { perSecond: 10, secondsLeft: 20 } },
  ])('$rule', ({ now, is }) => expect(paceOf(progress, now)).toEqual(is));

  it('without a total no time left is claimed', () =>
    expect(paceOf({ ...progress, total: null }, 10_000)).toEqual({ perSecond: 10, secondsLeft: null }));
});

describe('S7, M7: the first steps', () => {
  const card = { flow: 'customer-kunde', inStep: 0, mismatches: 0, skipped: 0, links: 0, lastRunAt: null } as const;
  const overview = (more: { waiting: number; approved: number; firstReviewPending: boolean }): Overview => ({
    workspace: { name: 'T', path: '/t', demo: true },
    systems: [],
    flows: [{ ...card, records: { customerp: 0, tidsbanken: 0 }, ...more }],
    running: null,
    lastRun: null,
    recentRuns: [],
  });
  it.each([
    { waiting: 0, approved: 0, firstReviewPending: true, is: 'sync' },
    { waiting: 3, approved: 1, firstReviewPending: true, is: 'review' },
    { waiting: 0, approved: 4, firstReviewPending: true, is: 'apply' },
    { waiting: 3, approved: 0, firstReviewPending: false, is: null },
  ])('waiting $waiting, approved $approved, pending $firstReviewPending: $is', ({ is, ...more }) =>
    expect(nextStep(overview(more))).toBe(is),
  );
});
