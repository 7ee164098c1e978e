import { describe, expect, it } from 'vitest';
import type { GroupChange } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { ChangeDraft, MismatchDraft } from '../drafts.ts';
import { mergeChange, mergeMismatches } from './merge.ts';

/** V1, V2: what an approval is worth when its record is judged anew. */

const VERSIONS = { mapping: '1', policy: '1', tenant: '1' };
const WEEK = 7 * 24 * 3_600_000;
const FACTS = {
  versions: VERSIONS,
  now: 1_000,
  lastSeen: 0,
  lapsesAfterMs: WEEK,
  rejected: new Set<string>(),
  standing: new Set<string>(),
};

const group = (name: string, fingerprint: string, values: Partial<GroupChange> = {}): GroupChange => ({
  group: name,
  row: 'R7',
  needs: 'auto',
  members: [],
  fingerprint,
  approved: false,
  ...values,
});
const draft = (...groups: GroupChange[]): ChangeDraft => ({
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: 1,
  customerpId: 'c1',
  tidsbankenId: '10001',
  groups,
  needs: 'auto',
  fingerprint: groups.map((g) => g.fingerprint).join('+'),
  waitsFor: [],
  label: 'Fjordlys AS',
});
const approved = (...groups: GroupChange[]): StoredChange => ({
  ...draft(...groups.map((g) => ({ ...g, approved: true }))),
  id: 7,
  planId: 1,
  versions: VERSIONS,
  state: 'approved',
  origin: 'plan',
  approvedBy: 'tester',
  approvedAt: 500,
  rail: null,
  attempt: 0,
  sentAt: null,
  sentRun: null,
  problem: null,
  createdAt: 0,
  updatedAt: 0,
});
const approvals = (groups: readonly GroupChange[]) => groups.map((g) => [g.group, g.approved]);

describe('V2: an approval', () => {
  it('stands as it is when the item is the same', () => {
    const merged = mergeChange(approved(group('phone', 'p')), draft(group('phone', 'p')), FACTS);
    expect(merged).toMatchObject({ insert: null, supersede: [] });
  });

  it('passes to the same group beside another one that is new', () => {
    const merged = mergeChange(approved(group('phone', 'p')), draft(group('phone', 'p'), group('email', 'e')), FACTS);
    expect(merged.supersede).toEqual([7]);
    expect(approvals(merged.groups)).toEqual([
      ['phone', true],
      ['email', false],
    ]);
    expect(merged.insert).toMatchObject({ state: 'approved', approvedBy: 'tester', approvedAt: 500 });
  });

  it('does not pass to a group that differs (I14)', () => {
    const merged = mergeChange(approved(group('phone', 'p')), draft(group('phone', 'q')), FACTS);
    expect(merged).toMatchObject({ supersede: [7], insert: { state: 'planned', approvedBy: null, approvedAt: null } });
  });

  it.each([
    { why: 'older than 7 days', facts: { now: 500 + WEEK + 1 } },
    { why: 'older than 7 days by the last time seen (T5)', facts: { lastSeen: 500 + WEEK + 1 } },
    { why: 'of another mapping', facts: { versions: { ...VERSIONS, mapping: '2' } } },
    { why: 'of another policy', facts: { versions: { ...VERSIONS, policy: '2' } } },
    { why: 'for another tenant', facts: { versions: { ...VERSIONS, tenant: '2' } } },
  ])('$why has lapsed', ({ facts }) => {
    const merged = mergeChange(approved(group('phone', 'p')), draft(group('phone', 'p')), { ...FACTS, ...facts });
    expect(merged.insert?.state).toBe('planned');
  });

  it('ends with its item', () => {
    expect(mergeChange(approved(group('phone', 'p')), null, FACTS)).toEqual({
      insert: null,
      supersede: [7],
      groups: [],
    });
  });
});

const member = (property: string, desired: string) => ({ property, expected: null, desired });
const created = (...groups: GroupChange[]): ChangeDraft => ({
  ...draft(...groups.map((g) => ({ ...g, row: 'create' as const, needs: 'review' as const }))),
  kind: 'employee',
  op: 'create',
  linkId: null,
  tidsbankenId: null,
});
const held = (...groups: GroupChange[]): StoredChange => ({
  ...approved(),
  ...created(...groups.map((g) => ({ ...g, approved: true }))),
  origin: 'decision',
  rail: 'S1:create',
});

describe('O2, V2: an approved create, once the sync has linked what it refers to', () => {
  const name = group('firstName', 'n', { members: [member('firstName', 'Prøve')] });
  const other = group('firstName', 'n2', { members: [member('firstName', 'Annen')] });
  const likeLink = group('jobTitle', 'j', { members: [member('jobTitle', 'link:4')] });
  const department = (desired: string): GroupChange =>
    group('department', desired, { members: [member('department', desired)] });
  const source = { props: { firstName: 'Prøve', department: '7' }, references: { department: 'department' as const } };

  it.each([
    { now: 'its reference can be written', before: [name] },
    { now: 'what it waited for has its link', before: [name, department('open:7')] },
  ])('stands as it is where $now', ({ before }) => {
    const merged = mergeChange(held(...before), created(name, department('link:4')), { ...FACTS, source });
    expect(merged).toEqual({ insert: null, supersede: [], groups: held(...before).groups });
  });

  it.each([
    { now: 'it refers to another record', before: [name, department('open:6')], groups: [name, department('link:4')] },
    { now: 'its link is another', before: [name, department('link:3')], groups: [name, department('link:4')] },
    { now: 'its reference has lost its link', before: [name, department('link:4')], groups: [name] },
    { now: 'a value was edited as well', before: [name], groups: [other, department('link:4')] },
    { now: 'what came reads like a link and is none', before: [name], groups: [name, likeLink] },
  ])('is proposed anew where $now', ({ before, groups }) => {
    const merged = mergeChange(held(...before), created(...groups), { ...FACTS, source });
    expect(merged).toMatchObject({ supersede: [7], insert: { state: 'planned', origin: 'decision' } });
  });

  it('lapses all the same', () => {
    const lapsed = { ...FACTS, source, now: 500 + WEEK + 1 };
    expect(mergeChange(held(name), created(name, department('link:4')), lapsed).insert?.state).toBe('planned');
  });
});

describe('S1: what waits for its number', () => {
  it('goes on waiting when another group joins it', () => {
    const waits = { ...approved(group('phone', 'p')), rail: 'S1:update' };
    const merged = mergeChange(waits, draft(group('phone', 'p'), group('email', 'e')), FACTS);
    expect(merged.insert).toMatchObject({ state: 'approved', rail: 'S1:update' });
  });
});

describe('what a person said', () => {
  it('a refused group is not proposed again', () => {
    const merged = mergeChange(null, draft(group('phone', 'p'), group('email', 'e')), {
      ...FACTS,
      rejected: new Set(['p']),
    });
    expect(merged.groups.map((g) => g.group)).toEqual(['email']);
  });

  const decided = approved(group('phone', 'm', { row: 'decision' }));

  it('a decision stands as long as its mismatch is the one that was decided', () => {
    expect(mergeChange(decided, null, { ...FACTS, standing: new Set(['m']) })).toMatchObject({ supersede: [] });
  });

  it('and ends when a side has changed since', () => {
    expect(mergeChange(decided, null, { ...FACTS, standing: new Set(['n']) })).toMatchObject({ supersede: [7] });
  });
});

const found = (fingerprint: string): MismatchDraft => ({
  kind: 'customer',
  mismatch: 'bothEdited',
  linkId: 1,
  customerpId: 'c1',
  tidsbankenId: '10001',
  group: 'phone',
  detail: {},
  suggests: null,
  takes: ['later'],
  candidates: [],
  fingerprint,
  label: '',
});

it('the same finding stays one finding; what is no longer found is gone', () => {
  const open = (id: number, fingerprint: string): StoredMismatch => ({
    ...found(fingerprint),
    id,
    state: 'open',
    firstSeenAt: 0,
    seenCount: 1,
  });
  const merged = mergeMismatches([open(1, 'a'), open(2, 'b')], [found('b'), found('c')]);
  expect(merged).toEqual({ insert: [found('c')], seenAgain: [2], gone: [1] });
  const narrowed = { ...found('b'), takes: ['accept' as const, 'later' as const] };
  expect(mergeMismatches([open(2, 'b')], [narrowed])).toEqual({ insert: [narrowed], seenAgain: [], gone: [2] });
});
