import { describe, expect, it } from 'vitest';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { ChangeDecided, MismatchDecided } from './format.ts';
import { judgeChange, judgeMismatch } from './judge.ts';
import type { ChangeFacts, Judged, MismatchFacts } from './judge.ts';

const ROW: ChangeDecided = {
  is: 'change',
  id: 12,
  flow: 'customer-kunde',
  op: 'update',
  target: 'tidsbanken',
  customerpId: 'c1',
  tidsbankenId: '1',
  label: 'Fjordglimt AS',
  fingerprint: 'name-1+mail-1',
  groups: [
    { group: 'name', fingerprint: 'name-1' },
    { group: 'email', fingerprint: 'mail-1' },
  ],
  take: 'approve',
  decidedAt: 1000,
};

const group = (name: string, fingerprint: string, approved = false): StoredChange['groups'][number] => ({
  group: name,
  row: 'R3',
  needs: 'review',
  members: [],
  fingerprint,
  approved,
});

const change = (more: Partial<StoredChange> = {}): StoredChange =>
  ({
    id: 12,
    kind: 'customer',
    op: 'update',
    target: 'tidsbanken',
    customerpId: 'c1',
    tidsbankenId: '1',
    state: 'planned',
    rail: null,
    approvedBy: null,
    groups: [group('name', 'name-1'), group('email', 'mail-1')],
    ...more,
  }) as StoredChange;

const facts = (more: Partial<ChangeFacts> = {}): ChangeFacts => ({
  used: false,
  numbered: change(),
  open: change(),
  lapse: () => null,
  counted: false,
  ...more,
});

const told = (judged: Judged<unknown>): string =>
  'apply' in judged ? 'apply' : `${judged.setAside.outcome} ${judged.setAside.why}`;

const ended = (state: StoredChange['state']) => facts({ open: null, numbered: change({ state }) });
const open = (more: Partial<StoredChange>) => facts({ open: change(more), numbered: change(more) });
const approved = [group('name', 'name-1', true), group('email', 'mail-1', true)];

describe('V1: an approval that comes back is carried out only on what was shown, and once', () => {
  it.each<[string, ChangeFacts, string]>([
    ['as it was shown', facts(), 'apply'],
    ['under a new number, as it was shown (V2)', facts({ numbered: change({ state: 'superseded' }) }), 'apply'],
    ['with one group rejected here meanwhile', open({ groups: [group('name', 'name-1')] }), 'stale differs'],
    ['with a third group that was decided here', open({ groups: [...change().groups, group('phone', 'p')] }), 'apply'],
    ['with another value', open({ groups: [group('name', 'name-2'), group('email', 'mail-1')] }), 'stale differs'],
    ['brought back before', facts({ used: true }), 'already broughtBackBefore'],
    ['approved here', open({ groups: approved, state: 'approved', approvedBy: 'ola' }), 'already approvedHere'],
    ['approved here by a rule', open({ groups: approved, approvedBy: 'rule:safe' }), 'already approvedHere'],
    ['rejected here', ended('rejected'), 'already rejectedHere'],
    ['written', ended('verified'), 'already writtenHere'],
    ['in step by itself', ended('noop'), 'already writtenHere'],
    ['being written', open({ state: 'sending' }), 'already underWay'],
    ['of unknown outcome (7.4)', open({ state: 'unknown' }), 'already underWay'],
    ['no longer proposed', ended('superseded'), 'stale gone'],
    ['failed since', ended('failed'), 'stale gone'],
    ['not known', facts({ open: null, numbered: null }), 'unknown unknownRow'],
    ['too long ago (V2)', facts({ lapse: () => 'tooOld' }), 'stale tooOld'],
    ['under another mapping (V2)', facts({ lapse: () => 'versionChanged' }), 'stale versionChanged'],
    ['held by S1', open({ rail: 'S1:update' }), 'notAllowed needsCount'],
    ['held by S1, its number typed here', { ...open({ rail: 'S1:update' }), counted: true }, 'apply'],
    ['held by S2, whatever was typed', { ...open({ rail: 'S2' }), counted: true }, 'notAllowed railNotPassed'],
    ['held by S6', open({ rail: 'S6' }), 'notAllowed railNotPassed'],
  ])('approved elsewhere; here it is %s', (_here, here, expected) => {
    expect(told(judgeChange(ROW, here))).toBe(expected);
  });

  it.each<[string, ChangeFacts, string]>([
    ['as it was shown', facts(), 'apply'],
    ['held by any rail: to refuse is always allowed', open({ rail: 'S2' }), 'apply'],
    ['decided long ago: a refusal does not lapse', facts({ lapse: () => 'tooOld' }), 'apply'],
    ['approved by a rule, which is nobody', open({ groups: approved, approvedBy: 'rule:safe' }), 'apply'],
    ['approved by a person', open({ groups: approved, approvedBy: 'ola' }), 'already approvedHere'],
    ['another change by now', open({ groups: [group('name', 'x'), group('email', 'mail-1')] }), 'stale differs'],
  ])('rejected elsewhere; here it is %s', (_here, here, expected) => {
    expect(told(judgeChange({ ...ROW, take: 'reject' }, here))).toBe(expected);
  });
});

const WAY: MismatchDecided = {
  is: 'mismatch',
  id: 7,
  flow: 'customer-kunde',
  kind: 'bothEdited',
  group: 'email',
  customerpId: 'c1',
  tidsbankenId: '1',
  label: 'Fjordglimt AS',
  fingerprint: 'seen',
  take: 'customerp',
  decidedAt: 1000,
};
const mismatch = (more: Partial<StoredMismatch> = {}): StoredMismatch =>
  ({
    id: 7,
    kind: 'customer',
    mismatch: 'bothEdited',
    customerpId: 'c1',
    tidsbankenId: '1',
    group: 'email',
    takes: ['customerp', 'tidsbanken', 'accept'],
    fingerprint: 'seen',
    state: 'open',
    ...more,
  }) as StoredMismatch;
const found = (more: Partial<MismatchFacts> = {}): MismatchFacts => ({
  used: false,
  numbered: mismatch(),
  open: [mismatch()],
  tooOld: false,
  ...more,
});

describe('a way out of a mismatch that comes back', () => {
  it.each<[string, MismatchDecided, MismatchFacts, string]>([
    ['as it was shown', WAY, found(), 'apply'],
    ['found again under another number', WAY, found({ open: [mismatch({ id: 9 })] }), 'apply'],
    ['with other values', WAY, found({ open: [mismatch({ fingerprint: 'other' })] }), 'stale differs'],
    ['of another group', WAY, found({ open: [mismatch({ group: 'name' })] }), 'stale gone'],
    ['settled by itself', WAY, found({ open: [], numbered: mismatch({ state: 'gone' }) }), 'stale gone'],
    ['decided here', WAY, found({ open: [], numbered: mismatch({ state: 'decided' }) }), 'already decidedHere'],
    ['not known', WAY, found({ open: [], numbered: null }), 'unknown unknownRow'],
    ['brought back before', WAY, found({ used: true }), 'already broughtBackBefore'],
    ['without that way out by now', WAY, found({ open: [mismatch({ takes: ['accept'] })] }), 'notAllowed noWayOut'],
    ['too old for a write (V2)', WAY, found({ tooOld: true }), 'stale tooOld'],
    ['old, and only accepted', { ...WAY, take: 'accept' }, found({ tooOld: true }), 'apply'],
    [
      'a rail, which only who sees the systems vouches for (S2, S3)',
      { ...WAY, kind: 'rail', take: 'accept' },
      found({ open: [mismatch({ mismatch: 'rail' })] }),
      'notAllowed railNotPassed',
    ],
  ])('%s', (_name, row, here, expected) => {
    expect(told(judgeMismatch(row, here))).toBe(expected);
  });
});
