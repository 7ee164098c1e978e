import { describe, expect, it } from 'vitest';
import type { GroupChange } from '../../../shared/domain.ts';
import type { ChangeDraft } from '../drafts.ts';
import { coveredBy } from './approve.ts';
import type { ApprovalRequest } from './approve.ts';

const group = (name: string, row: GroupChange['row'], needs: 'auto' | 'review'): GroupChange => ({
  group: name,
  row,
  needs,
  members: [],
  fingerprint: name,
  approved: false,
});
const change = (over: Partial<ChangeDraft>): ChangeDraft => ({
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: 1,
  customerpId: 'E1',
  tidsbankenId: '1',
  groups: [],
  needs: 'auto',
  fingerprint: 'f',
  waitsFor: [],
  label: '',
  ...over,
});

const PLAN = [
  change({
    op: 'archive',
    groups: [group('name', 'R7', 'auto'), group('email', 'R9', 'review'), group('lifecycle', 'R7', 'review')],
  }),
  change({ linkId: 2, groups: [group('phone', 'R3', 'review')] }),
  change({ linkId: null, op: 'create', needs: 'review', groups: [group('asked', 'create', 'review')] }),
  change({ linkId: null, op: 'create', kind: 'project', groups: [group('automatic', 'create', 'auto')] }),
];

const covered = (over: Partial<ApprovalRequest>, plan = PLAN): string[] =>
  coveredBy(plan, { mode: 'manual', approval: 'safe', rails: [], isLinkActive: () => true, ...over }).flatMap(
    ({ groups }) => groups,
  );

const ALL = ['name', 'email', 'lifecycle', 'phone', 'asked', 'automatic'];

describe('D3 what an approval covers', () => {
  it.each<[string, Partial<ApprovalRequest>, string[]]>([
    ['safe: what is auto by default', { approval: 'safe' }, ['name', 'automatic']],
    ['safe in mode auto: the same', { approval: 'safe', mode: 'auto' }, ['name', 'automatic']],
    ['all: every change', { approval: 'all' }, ALL],
    ['all in mode auto: no more than safe', { approval: 'all', mode: 'auto' }, ['name', 'automatic']],
    ['none: nothing', { approval: 'none' }, []],
    ['I11 preview: nothing, whatever was asked', { approval: 'all', mode: 'preview' }, []],
    ['inactive links: creates only', { approval: 'all', isLinkActive: () => false }, ['asked', 'automatic']],
  ])('%s', (_name, request, is) => expect(covered(request)).toEqual(is));

  it('I13 a tripped rail covers nothing of its kind and direction', () => {
    const rails = [
      { rail: 'S1', kind: 'customer', side: 'tidsbanken', op: 'update', count: 9, limit: 1, fingerprints: [] },
    ] as const;
    expect(covered({ approval: 'all', rails })).toEqual(['automatic']);
  });

  it.each(['R3', 'R4', 'R5', 'R9', 'R10', 'R11'] as const)('safe never covers %s, even if it is marked auto', (row) => {
    expect(covered({}, [change({ groups: [group('x', row, 'auto')] })])).toEqual([]);
  });
});
