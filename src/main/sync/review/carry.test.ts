import { describe, expect, it } from 'vitest';
import { carryApprovals, itemKey } from './carry.ts';
import type { KeptApproval, LapseRules } from './carry.ts';

const DAY = 86_400_000;
const versions = { mapping: 'm1', policy: 'p1', tenant: 't1' };
const approval: KeptApproval = { item: 'i', fingerprint: 'f', person: 'ops', at: 0, versions, used: false };
const rules: LapseRules = { versions, now: DAY, lastSeen: 0, lapsesAfterMs: 7 * DAY };

/** In which list the approval ends. */
function fate(over: Partial<KeptApproval>, planned: [string, string][], by: Partial<LapseRules> = {}): string {
  const plan = planned.map(([item, fingerprint]) => ({ item, fingerprint }));
  const result = carryApprovals([{ ...approval, ...over }], plan, { ...rules, ...by });
  const [lapsed] = result.lapsed;
  if (lapsed !== undefined) return `lapsed ${lapsed.why}`;
  return (['carried', 'waiting', 'superseded'] as const).find((list) => result[list].length > 0) ?? 'spent';
}

describe('V2 approvals across plans', () => {
  it.each<[string, string, Partial<KeptApproval>, [string, string][], Partial<LapseRules>]>([
    ['passes to the same fingerprint', 'carried', {}, [['i', 'f']], {}],
    ['is superseded only by an item that differs', 'superseded', {}, [['i', 'g']], {}],
    ['waits when its item is not in the plan', 'waiting', {}, [['other', 'g']], {}],
    ['is used once', 'spent', { used: true }, [['i', 'f']], {}],
    ['is good for seven days', 'carried', {}, [['i', 'f']], { now: 7 * DAY }],
    ['lapses after seven days', 'lapsed tooOld', {}, [['i', 'f']], { now: 7 * DAY + 1 }],
    ['T5 lapses by the later of now and last seen', 'lapsed tooOld', {}, [['i', 'f']], { now: 0, lastSeen: 8 * DAY }],
    [
      'lapses on a mapping change',
      'lapsed versionChanged',
      {},
      [['i', 'f']],
      { versions: { ...versions, mapping: 'm2' } },
    ],
    [
      'lapses on a policy change',
      'lapsed versionChanged',
      {},
      [['i', 'f']],
      { versions: { ...versions, policy: 'p2' } },
    ],
    [
      'lapses on a tenant change',
      'lapsed versionChanged',
      {},
      [['i', 'f']],
      { versions: { ...versions, tenant: 't2' } },
    ],
  ])('%s', (_name, is, over, planned, by) => expect(fate(over, planned, by)).toBe(is));

  it('an item is the same group of the same record, whether or not the record is archived as well', () => {
    const change = {
      kind: 'customer',
      op: 'update',
      target: 'tidsbanken',
      linkId: 1,
      customerpId: 'E1',
      tidsbankenId: '1',
      needs: 'auto',
      fingerprint: 'f',
      waitsFor: [],
      label: '',
    } as const;
    const name = { group: 'name' };
    expect(itemKey({ ...change, op: 'archive' }, name)).toBe(itemKey(change, name));
    expect(itemKey({ ...change, target: 'customerp' }, name)).not.toBe(itemKey(change, name));
    expect(itemKey(change, { group: 'email' })).not.toBe(itemKey(change, name));
  });
});
