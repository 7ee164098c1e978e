import { describe, expect, it } from 'vitest';
import type { Overview } from '../../shared/contract/views.ts';
import { aProblem, aRun } from '../testing/fake-host.ts';
import { deskState, noticeOf } from './desk-state.ts';
import type { DeskState, Notice } from './desk-state.ts';

type Part = Parameters<typeof deskState>[0];
const flow: Overview['flows'][number] = {
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
};
const calm: Part = { flows: [flow], lastRun: aRun(), running: null };

describe('how the desk stands', () => {
  it.each<{ when: string; change: Partial<Part>; is: DeskState | null }>([
    { when: 'nothing waits', change: {}, is: 'calm' },
    {
      when: 'what is approved waits for a run, not for a person',
      change: { flows: [{ ...flow, approved: 2 }] },
      is: 'calm',
    },
    { when: 'a change waits', change: { flows: [{ ...flow, waiting: 1 }] }, is: 'waits' },
    { when: 'a mismatch waits', change: { flows: [flow, { ...flow, mismatches: 1 }] }, is: 'waits' },
    { when: 'the run failed', change: { lastRun: aRun({ state: 'failed' }) }, is: 'trouble' },
    { when: 'a person stopped it', change: { lastRun: aRun({ state: 'stopped' }) }, is: 'calm' },
    {
      when: 'a system did not answer',
      change: { lastRun: aRun({ problems: [{ ...aProblem, kind: 'unreachable' }] }) },
      is: 'trouble',
    },
    { when: 'a crash', change: { left: { runId: 1, startedAt: 0, toWrite: 0, toLookUp: 1 } }, is: 'trouble' },
    { when: 'never run', change: { lastRun: null }, is: null },
  ])('$when: $is', ({ change, is }) => expect(deskState({ ...calm, ...change })).toBe(is));
});

describe('one notice for one change of state', () => {
  it.each<{ states: (DeskState | null)[]; told: (Notice | null)[] }>([
    { states: ['calm', 'calm', 'calm'], told: [null, null, null] },
    { states: ['calm', 'waits', 'waits', 'waits'], told: [null, 'waits', null, null] },
    { states: ['calm', null, 'waits', null, 'waits'], told: [null, null, 'waits', null, null] },
    { states: ['waits', 'waits'], told: [null, null] },
    { states: ['waits', 'calm', 'waits'], told: [null, null, 'waits'] },
    { states: ['calm', 'trouble', 'trouble', 'calm'], told: [null, 'trouble', null, 'recovered'] },
    { states: ['waits', 'trouble', 'waits'], told: [null, 'trouble', 'waits'] },
    { states: [null, 'trouble'], told: [null, null] },
  ])('$states: $told', ({ states, told }) => {
    let before: DeskState | null = null;
    const heard = states.map((now) => {
      const { state, notice } = noticeOf(before, now);
      before = state;
      return notice;
    });
    expect(heard).toEqual(told);
  });
});
