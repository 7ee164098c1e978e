import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Overview, Progress, RunView } from '../../../shared/contract/views.ts';
import { Shell } from '../../shell/Shell.tsx';
import { store } from '../../store.ts';
import { draw } from '../../testing/draw.tsx';
import { aCount, aProblem, aRun, fakeHost } from '../../testing/fake-host.ts';
import { nextStep } from './FirstSteps.tsx';
import { OverviewScreen } from './Overview.tsx';
import { paceOf } from './pace.ts';
import { healthOf } from './Systems.tsx';

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

it('C1: after the first run a sync may be asked to read every record anew', async () => {
  const host = fakeHost({ lastRun: aRun() });
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, host));
  const asked = () => host.asked.filter(({ call }) => call === 'sync.start').map(({ input }) => input);
  await act(async () => fireEvent.click(await screen.findByRole('button', { name: 'Sync with a full reading' })));
  expect(asked()).toMatchObject([{ full: true }]);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Sync' })));
  expect(asked()).toMatchObject([{ full: true }, { full: false }]);
});

it('C1: the first run reads everything, and need not be asked to', async () => {
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, fakeHost({ lastRun: null })));
  await screen.findByRole('region', { name: 'Customers' });
  expect(screen.queryByRole('button', { name: 'Sync with a full reading' })).toBeNull();
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

it('7.6: test values that still stand are told, and lead to the screen that puts them back', async () => {
  await act(() => draw(<Shell>{<OverviewScreen />}</Shell>, fakeHost()));
  await screen.findByRole('region', { name: 'Customers' });
  expect(screen.queryByRole('region', { name: 'Test values still stand' })).toBeNull();
  const facts = { flow: 'customer-kunde', properties: 'email', customerpId: 'C1', tidsbankenId: '7' };
  const unfinished = [{ ...aProblem, kind: 'checklistUnfinished', recordKind: 'customer', facts }];
  act(() => store.setState(({ overview }) => ({ overview: overview === null ? null : { ...overview, unfinished } })));
  const told = screen.getByRole('region', { name: 'Test values still stand' });
  expect(told.textContent).toContain('the pair C1 ↔ 7 (Customers), in: E-mail.');
  fireEvent.click(within(told).getByRole('button', { name: 'Checklist' }));
  expect(store.getState().screen).toBe('checklist');
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

const drawRun = async (lastRun: RunView) => {
  await act(() => draw(<OverviewScreen />, fakeHost({ lastRun })));
  return screen.findByRole('region', { name: 'Last run' });
};
const rowsOf = (table: HTMLElement): (string | null)[] =>
  within(table)
    .getAllByRole('rowheader')
    .map((header) => header.textContent);

it('a run that only applied shows what it wrote, and no zeros for what it never read', async () => {
  expect(rowsOf(await drawRun(aRun()))).toEqual(['Created', 'Updated', 'Failed']);
});

it('a run that read shows all figures', async () => {
  const counts = aCount({ read: { customerp: 0, tidsbanken: 1 } });
  expect(rowsOf(await drawRun(aRun({ flows: { 'customer-kunde': counts } })))).toContain('In step');
});

const rail = (recordKind: string, what: string, facts: Record<string, string | number>) => ({
  ...aProblem,
  kind: 'rail',
  recordKind,
  what,
  facts,
});

describe('section 13: a rail is a notice', () => {
  const problems = [
    rail('customer', 'The flow customer-kunde is held: 17 changes (rail S7).', { rail: 'S7', count: 17, limit: 0 }),
    rail('project', 'The flow project-prosjekt is held: 9 changes (rail S7).', { rail: 'S7', count: 9, limit: 0 }),
    rail('customer', 'The flow customer-kunde is held: 15 changes of one sort (create) (rail S1).', {
      rail: 'S1',
      op: 'create',
      count: 15,
      limit: 10,
    }),
    aProblem,
  ];

  it('of all the flows that it holds, by their names on the screen', async () => {
    const region = await drawRun(aRun({ problems }));
    const notices = [...region.querySelectorAll('[data-tone="notice"]')].map((notice) => notice.textContent);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toContain('Held for you: Customers, Projects');
    expect(notices[0]).toContain('The first run of a flow writes nothing');
    expect(notices[1]).toContain('Many new records at once');
    expect(notices[1]).toContain('15 counted; 10 may pass unseen');
    expect(region.textContent).not.toContain('customer-kunde');
  });

  it('and a failure stays one', async () => {
    const region = await drawRun(aRun({ problems }));
    const box = within(region).getByText(aProblem.what).closest('.run-problem');
    expect(box?.getAttribute('data-tone')).toBeNull();
  });

  it('one not known here is told as it came', async () => {
    const region = await drawRun(aRun({ problems: [{ ...aProblem, kind: 'rail', what: 'Held by (rail S4).' }] }));
    expect(region.textContent).toContain('Held by (rail S4).');
  });
});

const onSide = (kind: string, side: 'customerp' | 'tidsbanken') => ({ problems: [{ ...aProblem, kind, side }] });

describe('healthOf', () => {
  const system = { side: 'customerp', name: 'C', url: '', detail: '', checkedAt: null } as const;
  it.each([
    { rule: 'never run', state: 'unknown', run: null, is: 'unknown' },
    { rule: 'read', state: 'unknown', run: aRun(), is: 'read' },
    { rule: 'checked', state: 'unreachable', run: aRun(), is: 'unreachable' },
    { rule: 'not asked', state: 'unknown', run: aRun({ requests: { customerp: 0, tidsbanken: 3 } }), is: 'unknown' },
    { rule: 'in trouble', state: 'unknown', run: aRun(onSide('incompleteCollection', 'customerp')), is: 'unknown' },
    { rule: 'held by a rail', state: 'unknown', run: aRun(onSide('rail', 'customerp')), is: 'read' },
    { rule: 'other side in trouble', state: 'unknown', run: aRun(onSide('busy', 'tidsbanken')), is: 'read' },
  ] as const)('$rule: $is', ({ state, run, is }) => expect(healthOf({ ...system, state }, run)).toBe(is));
});
