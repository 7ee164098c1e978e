import { expect, it } from 'vitest';
import type { SystemHealth } from '../../shared/contract/views.ts';
import { aProblem, aRun } from '../testing/fake-host.ts';
import { downSides } from './StateBanners.tsx';

const checked = (state: SystemHealth['state'], checkedAt: number | null): SystemHealth => ({
  side: 'tidsbanken',
  name: 'Tidsbanken',
  url: '',
  state,
  detail: '',
  checkedAt,
});
const failed = aRun({ endedAt: 50, problems: [{ ...aProblem, kind: 'unreachable', side: 'tidsbanken' }] });

it.each([
  { when: 'nothing is known', systems: [checked('unknown', null)], lastRun: null, is: [] },
  { when: 'the last run found it away', systems: [checked('unknown', null)], lastRun: failed, is: ['unreachable'] },
  { when: 'a later check found it back', systems: [checked('ok', 60)], lastRun: failed, is: [] },
  {
    when: 'a later check found its sign-in refused',
    systems: [checked('signInNeeded', 60)],
    lastRun: failed,
    is: ['signInNeeded'],
  },
  {
    when: 'it refused the sign-in of the last run',
    systems: [],
    lastRun: aRun({ problems: [{ ...aProblem, kind: 'signInNeeded', side: 'tidsbanken' }] }),
    is: ['signInNeeded'],
  },
  {
    when: 'a run has read it since the check',
    systems: [checked('unreachable', 40)],
    lastRun: aRun({ endedAt: 50 }),
    is: [],
  },
  {
    when: 'the run had another problem',
    systems: [],
    lastRun: aRun({ problems: [{ ...aProblem, side: 'tidsbanken' }] }),
    is: [],
  },
])('$when: $is', ({ systems, lastRun, is }) => {
  expect(downSides({ systems, lastRun })).toEqual(is.map((why) => ({ side: 'tidsbanken', why })));
});
