import { describe, expect, it } from 'vitest';
import type { Pair, Props, Side } from '../../../shared/domain.ts';
import type { CollectedRecord, LinkedPair, PairOutcome, Versions } from '../drafts.ts';
import { hasDrifted, narrow, reconcilePair } from './pair.ts';
import type { FlowRules, GroupRule, WorldFacts } from './rules.ts';

const versions: Versions = { mapping: 'm1', policy: 'p1', tenant: 't1' };

const group = (name: string, members: string[], over: Partial<GroupRule> = {}): GroupRule => ({
  name,
  members,
  direction: 'both',
  master: 'customerp',
  sensitive: false,
  clearable: { customerp: members.map(() => true), tidsbanken: members.map(() => true) },
  needsReview: false,
  conflict: 'ask',
  against: 'report',
  ...over,
});

const GROUPS = [
  group('name', ['name']),
  group('address', ['street', 'postcode']),
  group('lifecycle', ['active']),
  group('manager', ['manager']),
  group('bank', ['account'], { sensitive: true }),
];

const rulesWith = (groups: readonly GroupRule[], over: Partial<FlowRules> = {}): FlowRules => ({
  kind: 'employee',
  groupsFor: () => groups,
  same: (_property, e, t) => e === t,
  references: { manager: 'employee' },
  lifecycle: { group: 'lifecycle', property: 'active', inactive: 'false' },
  archive: { customerp: true, tidsbanken: true },
  strongKeys: (props) => (props['number'] === undefined ? {} : { number: props['number'] }),
  newestMarginMs: 1000,
  ...over,
});
const rules = rulesWith(GROUPS);

const LINKS = new Map<string, number | 'open'>([
  ['customerp.M1', 7],
  ['tidsbanken.91', 7],
  ['customerp.M2', 'open'],
]);
const world: WorldFacts = {
  linkOf: (_kind, side, nativeId) => LINKS.get(`${side}.${nativeId}`) ?? null,
  holders: () => 1,
  explainedByUs: () => false,
};

const SAME = { number: '42', name: 'Kari', street: 'Gata 1', postcode: '0150', active: 'true', account: '1234' };

const record = (side: Side, props: Props, over: Partial<CollectedRecord> = {}): CollectedRecord => ({
  side,
  kind: 'employee',
  nativeId: side === 'customerp' ? 'E42' : '42',
  props,
  spellings: {},
  invalid: [],
  modifiedAt: null,
  observedAt: 0,
  label: 'Kari (42)',
  ...over,
});

interface Given extends Partial<Omit<LinkedPair, 'customerp' | 'tidsbanken' | 'base'>> {
  e?: Props;
  t?: Props;
  base?: Partial<Pair<Props>>;
  record?: Partial<CollectedRecord>;
}

function pairOf({ e = {}, t = {}, base = {}, record: over = {}, ...rest }: Given): LinkedPair {
  return {
    linkId: 3,
    kind: 'employee',
    direction: 'both',
    keys: { number: { customerp: '42', tidsbanken: '42' } },
    frozen: {},
    ...rest,
    base: { customerp: { ...SAME, ...base.customerp }, tidsbanken: { ...SAME, ...base.tidsbanken } },
    customerp: record('customerp', { ...SAME, ...e }, over),
    tidsbanken: record('tidsbanken', { ...SAME, ...t }),
  };
}

const mac = (digit: string): string => `mac:${digit.repeat(32)}:••••${digit}`;

const judge = (given: Given, by: FlowRules = rules): PairOutcome => reconcilePair(pairOf(given), by, world, versions);
const kinds = (outcome: PairOutcome): string[] => outcome.mismatches.map(({ mismatch }) => mismatch);
const without = (props: Props, name: string): Props =>
  Object.fromEntries(Object.entries(props).filter(([k]) => k !== name));

describe('one change per side, groups as the table says', () => {
  it('R2, R6: nothing to do is in step and moves no base', () => {
    expect(judge({})).toEqual({
      changes: [],
      mismatches: [],
      base: { customerp: {}, tidsbanken: {} },
      bucket: 'inStep',
      reason: null,
    });
  });

  it('R2 moves the base of what both sides changed alike', () => {
    const outcome = judge({ e: { name: 'Kari B' }, t: { name: 'Kari B' } });
    expect(outcome).toMatchObject({
      bucket: 'inStep',
      base: { customerp: { name: 'Kari B' }, tidsbanken: { name: 'Kari B' } },
    });
  });

  it('R7 and R8 of one pair make one change for each side, each with whole groups', () => {
    const outcome = judge({ e: { name: 'Kari B', street: 'Gata 2' }, t: { active: 'true', account: '5678' } });
    expect(outcome.bucket).toBe('proposed');
    expect(outcome.changes.map(({ target, op, needs }) => [target, op, needs])).toEqual([
      ['customerp', 'update', 'review'],
      ['tidsbanken', 'update', 'auto'],
    ]);
    expect(outcome.changes[1]?.groups.map(({ group: name, members }) => [name, members])).toEqual([
      ['name', [{ property: 'name', expected: 'Kari', desired: 'Kari B' }]],
      [
        'address',
        [
          { property: 'street', expected: 'Gata 1', desired: 'Gata 2' },
          { property: 'postcode', expected: '0150', desired: '0150' },
        ],
      ],
    ]);
  });

  it('carries the source’s own spelling', () => {
    const outcome = judge({ e: { name: 'kari b' }, record: { spellings: { name: 'Kari  B' } } });
    expect(outcome.changes[0]?.groups[0]?.members[0]).toMatchObject({ desired: 'kari b', spelling: 'Kari  B' });
  });

  it('D6 a narrowed link never writes the other way, and off is paused', () => {
    expect(kinds(judge({ t: { name: 'Kari B' }, direction: 'toTidsbanken' }))).toEqual(['againstDirection']);
    expect(judge({ t: { name: 'Kari B' }, direction: 'off' })).toMatchObject({
      bucket: 'skipped',
      reason: 'paused',
      changes: [],
    });
    expect(narrow('toCustomerp', 'toTidsbanken')).toBe('off');
    expect(narrow('toTidsbanken', 'both')).toBe('toTidsbanken');
  });

  it('R9 that cannot be done is skipped with the reason', () => {
    const fixed = [group('name', ['name'], { clearable: { customerp: [true], tidsbanken: [false] } })];
    expect(judge({ e: { name: null } }, rulesWith(fixed))).toMatchObject({
      bucket: 'skipped',
      reason: 'notClearable',
      changes: [],
    });
  });
});

describe('2.3 lifecycle', () => {
  it('turning inactive is an archive, always reviewed (D3)', () => {
    expect(judge({ e: { active: 'false' } }).changes).toMatchObject([
      { op: 'archive', needs: 'review', target: 'tidsbanken' },
    ]);
  });
  it('turning active again is an update, always reviewed', () => {
    const was = { customerp: { active: 'false' }, tidsbanken: { active: 'false' } };
    expect(judge({ t: { active: 'false' }, base: was }).changes).toMatchObject([{ op: 'update', needs: 'review' }]);
  });
  it('is told where the target cannot archive', () => {
    const cannot = rulesWith(GROUPS, { archive: { customerp: true, tidsbanken: false } });
    expect(judge({ e: { active: 'false' } }, cannot)).toMatchObject({
      bucket: 'skipped',
      reason: 'cannotArchive',
      changes: [],
    });
  });
});

describe('mismatches', () => {
  it('R12 offers both values, accepting and waiting (D5), and goes before proposed (I5)', () => {
    const outcome = judge({ e: { name: 'B', street: 'X' }, t: { name: 'C' } });
    expect(outcome.bucket).toBe('mismatch');
    expect(outcome.changes).toHaveLength(1);
    expect(outcome.mismatches).toMatchObject([
      {
        mismatch: 'bothEdited',
        group: 'name',
        suggests: null,
        takes: ['customerp', 'tidsbanken', 'accept', 'later'],
        detail: { row: 'R12', 'customerp.name': 'B', 'tidsbanken.name': 'C' },
      },
    ]);
  });

  it('D1 offers no value that would flow against the direction', () => {
    const oneWay = rulesWith([group('name', ['name'], { direction: 'toTidsbanken' })]);
    expect(judge({ t: { name: 'C' } }, oneWay).mismatches).toMatchObject([
      { mismatch: 'againstDirection', suggests: 'customerp', takes: ['customerp', 'accept', 'later'] },
    ]);
  });

  it.each(['transformed', 'notPersisted', 'flapping'] as const)(
    'W3, W6 a group frozen as %s is shown and not written',
    (why) => {
      const outcome = judge({ e: { name: 'B', street: 'X' }, frozen: { name: why } });
      expect(kinds(outcome)).toEqual([why]);
      expect(outcome.changes.flatMap(({ groups }) => groups.map(({ group: name }) => name))).toEqual(['address']);
    },
  );

  it('a frozen group that came to agree is in step', () => {
    expect(judge({ e: { name: 'B' }, t: { name: 'B' }, frozen: { name: 'transformed' } }).bucket).toBe('inStep');
  });

  it('N4 an invalid value is told, its group waits and the others go on', () => {
    const pair = pairOf({ e: { name: 'B' } });
    const broken = record('customerp', without(pair.customerp.props, 'postcode'), {
      invalid: [{ property: 'postcode', reason: 'not a postcode' }],
    });
    const outcome = reconcilePair({ ...pair, customerp: broken }, rules, world, versions);
    expect(outcome.mismatches).toMatchObject([
      { mismatch: 'invalidValue', group: 'address', detail: { property: 'postcode' } },
    ]);
    expect(outcome.changes.flatMap(({ groups }) => groups.map((g) => g.group))).toEqual(['name']);
    expect(outcome.bucket).toBe('mismatch');
  });

  it('an unobserved group alone keeps nobody from being in step (R1)', () => {
    const pair = pairOf({});
    const blind = record('tidsbanken', without(pair.tidsbanken.props, 'postcode'));
    expect(reconcilePair({ ...pair, tidsbanken: blind }, rules, world, versions).bucket).toBe('inStep');
  });

  it('I19, J1 sensitive values come concealed: drift and equality rest on the MAC, and a finding tells the mask', () => {
    const was = { account: mac('0') };
    const base = { customerp: was, tidsbanken: was };
    const both = judge({ base, e: { account: mac('1') }, t: { account: mac('2') } });
    expect(kinds(both)).toEqual(['bothEdited']);
    expect(both.mismatches[0]?.detail).toMatchObject({
      'customerp.account': '••••1',
      'tidsbanken.account': '••••2',
    });
    expect(JSON.stringify(both.mismatches)).not.toContain('mac:');
    const same = { account: mac('1') };
    expect(judge({ base, e: same, t: same }).base).toEqual({ customerp: same, tidsbanken: same });
    expect(judge({ base, e: same, t: was }).changes).toMatchObject([{ needs: 'review' }]);
  });
});

describe('M6 identity', () => {
  it('a strong key that left its stored value holds up the whole pair', () => {
    expect(judge({ e: { number: '43', name: 'B' }, t: { name: 'C' } })).toMatchObject({
      changes: [],
      bucket: 'mismatch',
      base: { customerp: {}, tidsbanken: {} },
      mismatches: [{ mismatch: 'identityChanged', takes: ['accept', 'unlink', 'later'] }],
    });
  });
  it('ids that differed from the start are no contradiction', () => {
    expect(judge({ t: { number: '9' }, keys: { number: { customerp: '42', tidsbanken: '9' } } }).bucket).toBe('inStep');
  });
  it('an unobserved key says nothing (N1)', () => {
    const pair = pairOf({});
    const blind = record('customerp', without(pair.customerp.props, 'number'));
    expect(reconcilePair({ ...pair, customerp: blind }, rules, world, versions).bucket).toBe('inStep');
  });
  it('a key gained later counts only if someone else holds it', () => {
    const pair = pairOf({ keys: { number: { customerp: null, tidsbanken: '42' } } });
    expect(reconcilePair(pair, rules, world, versions).bucket).toBe('inStep');
    const doubled = { ...world, holders: (side: Side) => (side === 'customerp' ? 2 : 1) };
    expect(kinds(reconcilePair(pair, rules, doubled, versions))).toEqual(['identityChanged']);
  });
});

describe('O2 references', () => {
  const linked = { customerp: { manager: 'link:7' }, tidsbanken: { manager: 'link:7' } };
  it('compare by link, not by native id', () => {
    expect(judge({ e: { manager: 'M1' }, t: { manager: '91' }, base: linked })).toMatchObject({
      bucket: 'inStep',
      changes: [],
    });
  });
  it('a new reference is written as a link', () => {
    const none = { customerp: { manager: null }, tidsbanken: { manager: null } };
    expect(judge({ e: { manager: 'M1' }, t: { manager: null }, base: none }).changes[0]?.groups[0]).toMatchObject({
      row: 'R7',
      needs: 'auto',
      members: [{ expected: null, desired: 'link:7' }],
    });
  });
  it('without an active link it is unobserved and told', () => {
    const outcome = judge({ e: { manager: 'M9' }, t: { manager: '91' }, base: linked });
    expect(outcome.changes).toEqual([]);
    expect(outcome.mismatches).toMatchObject([
      { mismatch: 'unlinkedReference', detail: { side: 'customerp', property: 'manager', nativeId: 'M9' } },
    ]);
  });
  it('O3 waits without a finding while the other record is being created', () => {
    expect(judge({ e: { manager: 'M2' }, t: { manager: '91' }, base: linked })).toMatchObject({
      changes: [],
      mismatches: [],
      bucket: 'skipped',
      reason: 'waitsForReference',
    });
  });
  it('D3 a removed reference needs review, also inside a larger group', () => {
    const team = rulesWith([group('team', ['manager', 'name'])]);
    expect(judge({ e: { manager: null, name: 'B' }, t: { manager: '91' }, base: linked }, team).changes).toMatchObject([
      { needs: 'review', groups: [{ row: 'R7', needs: 'review' }] },
    ]);
  });
});

describe('fingerprints (V1)', () => {
  const print = (given: Given, v = versions): string | undefined =>
    reconcilePair(pairOf(given), rules, world, v).changes[0]?.fingerprint;
  const drifted = { e: { name: 'B' } };
  it('are the same for the same observation', () => expect(print(drifted)).toBe(print(drifted)));
  it.each([
    ['the value', print({ e: { name: 'C' } })],
    [
      'the base',
      print({ ...drifted, t: { name: 'A' }, base: { customerp: { name: 'A' }, tidsbanken: { name: 'A' } } }),
    ],
    ['the mapping version', print(drifted, { ...versions, mapping: 'm2' })],
    ['the tenant', print(drifted, { ...versions, tenant: 't2' })],
  ])('change with %s', (_what, other) => expect(other).not.toBe(print(drifted)));
  it('of a group outlive what happens to the groups beside it', () => {
    const alone = judge(drifted).changes[0]?.groups[0]?.fingerprint;
    const beside = judge({ e: { name: 'B', active: 'false' } }).changes[0];
    expect(beside?.op).toBe('archive');
    expect(beside?.groups[0]?.fingerprint).toBe(alone);
  });
});

const drift = (props: Props): boolean => hasDrifted(record('customerp', { ...SAME, ...props }), SAME, rules, world);

describe('hasDrifted (5.2)', () => {
  it('sees an edit', () => expect(drift({ street: 'X' })).toBe(true));
  it('sees none where only the base digest stands', () => expect(drift({})).toBe(false));
  it('does not count what has no base', () => expect(drift({ manager: 'M1' })).toBe(false));
});
