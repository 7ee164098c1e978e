import { describe, expect, it } from 'vitest';
import type { Props } from '../../../shared/domain.ts';
import type { CollectedRecord } from '../drafts.ts';
import { reconcileUnmatched } from './unmatched.ts';
import type { ChosenId, CreateProperty, CreateRules, UnmatchedFacts, UnmatchedOutcome } from './unmatched.ts';

const property = (name: string, over: Partial<CreateProperty> = {}): CreateProperty => ({
  name,
  group: name,
  direction: 'both',
  sensitive: false,
  required: false,
  deferred: false,
  onCreate: null,
  reference: null,
  ...over,
});

const rules: CreateRules = {
  kind: 'project',
  target: 'tidsbanken',
  rule: 'every',
  automatic: false,
  chosenId: null,
  properties: [
    property('number'),
    property('name', { required: true }),
    property('street', { group: 'address' }),
    property('postcode', { group: 'address' }),
    property('customer', { reference: 'customer', required: true }),
    property('manager', { reference: 'employee' }),
    property('parent', { reference: 'project' }),
    property('later', { deferred: true }),
    property('secret', { sensitive: true }),
    property('theirs', { direction: 'toCustomerp' }),
    property('off', { direction: 'off' }),
  ],
};

const facts: UnmatchedFacts = {
  linkOf: (_kind, _side, nativeId) => (nativeId.startsWith('linked') ? 5 : nativeId.startsWith('open') ? 'open' : null),
  active: true,
  openCreate: false,
  heldBy: null,
  asked: false,
};

interface Given {
  props?: Props;
  rules?: Partial<CreateRules>;
  facts?: Partial<UnmatchedFacts>;
  record?: Partial<CollectedRecord>;
}

const look = (given: Given = {}): UnmatchedOutcome =>
  reconcileUnmatched(
    {
      side: 'customerp',
      kind: 'project',
      nativeId: 'P1',
      props: { number: '10', name: 'Bru', ...given.props },
      spellings: {},
      invalid: [],
      modifiedAt: null,
      observedAt: 0,
      label: 'Bru (10)',
      ...given.record,
    },
    { ...rules, ...given.rules },
    { ...facts, ...given.facts },
    { mapping: 'm', policy: 'p', tenant: 't' },
  );

const payload = (outcome: UnmatchedOutcome): Record<string, unknown> =>
  Object.fromEntries(
    (outcome.change?.groups ?? []).flatMap(({ members }) => members.map((member) => [member.property, member.desired])),
  );
const kinds = (outcome: UnmatchedOutcome): string[] => outcome.mismatches.map(({ mismatch }) => mismatch);

describe('create proposals', () => {
  it('M5 propose a counterpart, for review (D3)', () => {
    expect(look()).toMatchObject({
      bucket: 'proposed',
      change: {
        op: 'create',
        target: 'tidsbanken',
        linkId: null,
        customerpId: 'P1',
        tidsbankenId: null,
        needs: 'review',
      },
    });
  });
  it('D3 need none where the kind allows', () => {
    expect(look({ rules: { automatic: true } }).change?.needs).toBe('auto');
  });
  it('send neither empty, deferred, sensitive, off nor opposite properties (N5, I11)', () => {
    const props = { later: 'x', secret: 'x', theirs: 'x', off: 'x', street: null, postcode: '0150' };
    expect(payload(look({ props }))).toEqual({ number: '10', name: 'Bru', postcode: '0150' });
  });
  it('N4 leave a group out when a member is unobserved', () => {
    expect(payload(look({ props: { postcode: '0150' } }))).toEqual({ number: '10', name: 'Bru' });
  });
  it('go on without an optional value that failed its type, and say so', () => {
    const outcome = look({ record: { invalid: [{ property: 'postcode', reason: 'letters' }] } });
    expect([kinds(outcome), outcome.bucket, outcome.change?.op]).toEqual([['invalidValue'], 'mismatch', 'create']);
  });
  it('are not made without a required value', () => {
    const outcome = look({ props: { name: null } });
    expect(outcome).toMatchObject({
      change: null,
      mismatches: [{ mismatch: 'invalidValue', detail: { reason: 'required' } }],
    });
  });
  it('are not made when a required value failed its type; it is told once', () => {
    const outcome = look({ record: { props: { number: '10' }, invalid: [{ property: 'name', reason: 'bad' }] } });
    expect([kinds(outcome), outcome.change]).toEqual([['invalidValue'], null]);
  });
  it('have a fingerprint of their values', () => {
    expect(look().change?.fingerprint).toBe(look().change?.fingerprint);
    expect(look({ props: { name: 'Tunnel' } }).change?.fingerprint).not.toBe(look().change?.fingerprint);
  });
});

describe('O2, O3 references of a create', () => {
  it('a linked one is sent as its link', () => {
    expect(payload(look({ props: { customer: 'linked1' } }))).toMatchObject({ customer: 'link:5' });
  });
  it('one being created is waited for', () => {
    const { change } = look({ props: { customer: 'open1', manager: 'open2' } });
    expect(change?.waitsFor).toEqual([
      { side: 'customerp', kind: 'customer', nativeId: 'open1' },
      { side: 'customerp', kind: 'employee', nativeId: 'open2' },
    ]);
    expect(payload(look({ props: { customer: 'open1' } }))).toMatchObject({ customer: 'open:open1' });
  });
  it('an optional one of the same kind is not waited for: two could wait for each other', () => {
    const outcome = look({ props: { parent: 'open3' } });
    expect([outcome.change?.waitsFor, payload(outcome)]).toEqual([[], { number: '10', name: 'Bru' }]);
  });
  it('a required one without link blocks the create', () => {
    expect(look({ props: { customer: 'none' } })).toMatchObject({
      change: null,
      bucket: 'mismatch',
      mismatches: [{ mismatch: 'unlinkedReference', detail: { property: 'customer', nativeId: 'none' } }],
    });
  });
  it('a required one that is empty does not (a project without customer)', () => {
    expect(look({ props: { customer: null } }).bucket).toBe('proposed');
  });
  it('an optional one without link is left out', () => {
    expect(payload(look({ props: { manager: 'none' } }))).toEqual({ number: '10', name: 'Bru' });
  });
});

describe('no proposal', () => {
  it.each<[string, Given, string]>([
    ['X3 inactive', { facts: { active: false } }, 'inactive'],
    ['X3 one is open already', { facts: { openCreate: true } }, 'createOpen'],
  ])('%s: skipped', (_name, given, reason) => {
    expect(look(given)).toEqual({ change: null, mismatches: [], bucket: 'skipped', reason });
  });
  it('the rule never shows the record with its ways out', () => {
    const outcome = look({ rules: { rule: 'never' } });
    expect(outcome.mismatches).toMatchObject([
      { mismatch: 'onlyInCustomerp', takes: ['create', 'link', 'ignore', 'later'] },
    ]);
    expect(outcome.change).toBeNull();
  });
  it('a person may ask for it all the same', () => {
    expect(look({ rules: { rule: 'never' }, facts: { asked: true } }).change?.op).toBe('create');
  });
});

describe('K8 client-chosen id', () => {
  const chosen: ChosenId = {
    property: 'number',
    isValid: (id) => id.length < 4,
    isTaken: (id) => id === '11',
    range: null,
    nextFree: () => null,
  };
  const range = { from: 900, to: 901 };
  it('is the source’s number when free and valid', () => {
    expect(payload(look({ rules: { chosenId: chosen } }))).toMatchObject({ number: '10' });
  });
  it.each([
    ['taken', '11'],
    ['invalid', '12345'],
    ['invalid', null],
  ])('%s: asked', (why, number) => {
    const outcome = look({ props: { number }, rules: { chosenId: chosen } });
    expect(outcome).toMatchObject({
      change: null,
      mismatches: [{ mismatch: 'idCollision', detail: { why }, takes: ['link', 'ignore', 'later'] }],
    });
  });
  it.each(['11', '12345', null])('is the next free one where the operator switched that on, not %s', (number) => {
    const outcome = look({ props: { number }, rules: { chosenId: { ...chosen, range, nextFree: () => '900' } } });
    expect(outcome.change?.groups.flatMap((g) => g.members)).toContainEqual({
      property: 'number',
      expected: null,
      desired: '900',
      instead: number,
    });
  });
  it('is the source’s own one where that can be used, range or not', () => {
    const outcome = look({ rules: { chosenId: { ...chosen, range, nextFree: () => '900' } } });
    expect(payload(outcome)).toMatchObject({ number: '10' });
  });
  it('V1: a source with another number of its own is another proposal', () => {
    const fingerprints = ['11', '12345'].map(
      (number) =>
        look({ props: { number }, rules: { chosenId: { ...chosen, range, nextFree: () => '900' } } }).change
          ?.fingerprint,
    );
    expect(new Set(fingerprints).size).toBe(2);
  });
  it('a range that is used up is asked about in its own words', () => {
    const outcome = look({ props: { number: '11' }, rules: { chosenId: { ...chosen, range } } });
    expect(outcome).toMatchObject({
      change: null,
      mismatches: [{ mismatch: 'idCollision', detail: { id: '11', why: 'usedUp', from: '900', to: '901' } }],
    });
  });
});

describe('C7 a record that has no part holds the same strong key', () => {
  it.each([false, true])('nothing is proposed, and it is told who that is; a person asked: %s', (asked) => {
    const outcome = look({ facts: { heldBy: '77', asked } });
    expect(outcome).toMatchObject({
      change: null,
      bucket: 'mismatch',
      mismatches: [
        {
          mismatch: 'idCollision',
          detail: { id: '77', why: 'leftOut', side: 'customerp' },
          candidates: ['77'],
          takes: ['link', 'ignore', 'later'],
        },
      ],
    });
  });
});
