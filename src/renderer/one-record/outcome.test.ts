import { expect, it } from 'vitest';
import type { RunView } from '../../shared/contract/views.ts';
import { aRun } from '../testing/fake-host.ts';
import { outcomeOfOne } from './outcome.ts';

type Counts = NonNullable<RunView['flows']['customer-kunde']>;
const NONE: Counts = {
  read: { customerp: 1, tidsbanken: 1 },
  links: 9,
  created: { customerp: 0, tidsbanken: 0 },
  updated: { customerp: 0, tidsbanken: 0 },
  inStep: 0,
  proposed: 0,
  mismatches: 0,
  skipped: 0,
  failed: 0,
};
const KEY = { flow: 'customer-kunde', side: 'customerp', nativeId: 'C1' } as const;

it.each([
  { what: 'both sides agree', counts: { inStep: 2 }, is: { text: 'one.inStep', count: 0 } },
  {
    what: 'one side was written',
    counts: { inStep: 2, updated: { customerp: 0, tidsbanken: 1 } },
    is: { text: 'one.written', count: 1 },
  },
  {
    what: 'the partner was created',
    counts: { inStep: 2, created: { customerp: 0, tidsbanken: 1 } },
    is: { text: 'one.written', count: 1 },
  },
  { what: 'it still needs a person', counts: { mismatches: 2 }, is: { text: 'one.mismatch', count: 0 } },
  { what: 'a change waits', counts: { proposed: 2 }, is: { text: 'one.proposed', count: 0 } },
  {
    what: 'it has no partner',
    counts: { read: { customerp: 1, tidsbanken: 0 }, mismatches: 1 },
    is: { text: 'one.alone', count: 0 },
  },
  { what: 'it is paused', counts: { skipped: 2 }, is: { text: 'one.nothing', count: 0 } },
])('$what: $is.text', ({ counts, is }) => {
  expect(outcomeOfOne(aRun({ record: KEY, flows: { 'customer-kunde': { ...NONE, ...counts } } }))).toEqual(is);
});

it('a run that read nothing has nothing to say', () => {
  expect(outcomeOfOne(aRun({ record: KEY, flows: {} }))).toEqual({ text: 'one.nothing', count: 0 });
});
