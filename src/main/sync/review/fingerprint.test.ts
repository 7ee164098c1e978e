import { describe, expect, it } from 'vitest';
import { changeFingerprint, mismatchFingerprint } from './fingerprint.ts';
import type { ChangeEvidence, GroupEvidence } from './fingerprint.ts';

const versions = { mapping: 'm1', policy: 'p1', tenant: 't1' };
const group = (name: string): GroupEvidence => ({
  group: name,
  members: [name],
  base: { customerp: ['a'], tidsbanken: ['a'] },
  observed: { customerp: ['b'], tidsbanken: ['a'] },
});
const change: ChangeEvidence = {
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: 1,
  customerpId: 'E1',
  tidsbankenId: '1',
  groups: [group('email'), group('name')],
};

describe('V1 fingerprints', () => {
  it('are stable across releases: approvals in stores bind to them', () => {
    expect(changeFingerprint(change, versions)).toBe(
      'dcda479342bf8ad1da7ac4946897ad52214d0eab66ff9eaa8abc41470fc9b209',
    );
  });
  it('do not depend on the order of groups or of keys', () => {
    const { kind, ...rest } = change;
    const reordered = { ...rest, groups: change.groups.toReversed(), kind };
    expect(changeFingerprint(reordered, versions)).toBe(changeFingerprint(change, versions));
  });
  const others: [string, ChangeEvidence][] = [
    ['op', { ...change, op: 'archive' }],
    ['kind', { ...change, kind: 'project' }],
    ['target', { ...change, target: 'customerp' }],
    ['ids', { ...change, tidsbankenId: '2' }],
    ['groups', { ...change, groups: [group('email')] }],
    ['base', { ...change, groups: [{ ...group('email'), base: null }, group('name')] }],
    [
      'observed values',
      { ...change, groups: [{ ...group('email'), observed: { customerp: [null], tidsbanken: ['a'] } }, group('name')] },
    ],
  ];
  it.each(others)('differ when the %s differs', (_what, other) => {
    expect(changeFingerprint(other, versions)).not.toBe(changeFingerprint(change, versions));
  });
  it.each(['mapping', 'policy', 'tenant'])('differ when the %s version differs', (name) => {
    expect(changeFingerprint(change, { ...versions, [name]: 'other' })).not.toBe(changeFingerprint(change, versions));
  });
  it('tell findings about one record apart', () => {
    const ids = { linkId: 1, customerpId: 'E1', tidsbankenId: '1' };
    const of = (mismatch: 'bothEdited' | 'flapping'): string =>
      mismatchFingerprint({ ...ids, kind: 'customer', mismatch, group: 'name', facts: {} }, versions);
    expect(of('bothEdited')).not.toBe(of('flapping'));
  });
});
