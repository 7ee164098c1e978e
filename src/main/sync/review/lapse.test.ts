import { describe, expect, it } from 'vitest';
import { lapse } from './lapse.ts';

const DAY = 86_400_000;
const versions = { mapping: 'm1', policy: 'p1', tenant: 't1' };
const rules = { versions, now: 10 * DAY, lastSeen: 0, lapsesAfterMs: 7 * DAY };

describe('V2: an approval lapses', () => {
  it.each([
    { rule: 'not within its days', at: 4 * DAY, is: null },
    { rule: 'not at exactly seven days', at: 3 * DAY, is: null },
    { rule: 'a millisecond later', at: 3 * DAY - 1, is: 'tooOld' },
    {
      rule: 'by the latest time ever seen, when the clock was put back (T5)',
      at: 4 * DAY,
      lastSeen: 12 * DAY,
      is: 'tooOld',
    },
    { rule: 'when the mapping changed', at: 9 * DAY, versions: { ...versions, mapping: 'm2' }, is: 'versionChanged' },
    { rule: 'when the policy changed', at: 9 * DAY, versions: { ...versions, policy: 'p2' }, is: 'versionChanged' },
    { rule: 'when the tenant changed', at: 9 * DAY, versions: { ...versions, tenant: 't2' }, is: 'versionChanged' },
  ])('$rule', ({ at, lastSeen = 0, versions: given = versions, is }) => {
    expect(lapse({ at, versions: given }, { ...rules, lastSeen })).toBe(is);
  });
});
