import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIRECTIONS, assertNever, otherSide } from '../../../shared/domain.ts';
import type { Direction, Pair, RuleRow, Side } from '../../../shared/domain.ts';
import { decideGroup, equalTuples, isEmpty } from './group-table.ts';
import type { GroupInput, GroupOutcome } from './group-table.ts';
import type { Tuple } from './rules.ts';

const MINUTE = 60_000;
const MARGIN = 127 * MINUTE; // E 5 min, T 2 h, 120 s

const plain: Omit<GroupInput, 'e' | 't' | 'base'> = {
  same: equalTuples,
  direction: 'both',
  clearable: { customerp: [true, true], tidsbanken: [true, true] },
  master: 'customerp',
  policy: 'ask',
  against: 'report',
  needsReview: false,
  times: {
    modifiedAt: { customerp: null, tidsbanken: null },
    explainedByUs: { customerp: false, tidsbanken: false },
    marginMs: MARGIN,
  },
};

/** One state of a lone property: ∅ as `?`, ⊥ as `-`, base none as `none`. */
type State = [e: string, t: string, base: [string, string] | 'none'];

const tuple = (text: string): Tuple => [text === '-' ? null : text];
const side = (text: string): Tuple | 'unobserved' => (text === '?' ? 'unobserved' : tuple(text));
const given = ([e, t, base]: State, over: Partial<GroupInput> = {}): GroupInput => ({
  ...plain,
  e: side(e),
  t: side(t),
  base: base === 'none' ? null : { customerp: tuple(base[0]), tidsbanken: tuple(base[1]) },
  ...over,
});

/** The outcome in one line: `R7 tidsbanken:=b auto`, `R12 bothEdited?customerp`, `R9 info notClearable`. */
function line(outcome: GroupOutcome): string {
  switch (outcome.kind) {
    case 'write':
      return `${outcome.row} ${outcome.to}:=${outcome.desired.map((v) => v ?? '-').join()} ${outcome.needs}`;
    case 'ask':
      return `${outcome.row} ${outcome.mismatch}?${outcome.suggests ?? '-'}`;
    case 'info':
      return `${outcome.row} info ${outcome.why}`;
    case 'skip':
    case 'inStep':
    case 'accepted':
      return `${outcome.row} ${outcome.kind}`;
  }
  return assertNever(outcome);
}

const OUT = 'R1 skip';
const EXPECTED: { state: State; both: string; toTidsbanken: string; toCustomerp: string }[] = [
  { state: ['?', 'b', 'none'], both: OUT, toTidsbanken: OUT, toCustomerp: OUT },
  { state: ['a', '?', ['a', 'a']], both: OUT, toTidsbanken: OUT, toCustomerp: OUT },
  { state: ['b', 'b', 'none'], both: 'R2 inStep', toTidsbanken: 'R2 inStep', toCustomerp: 'R2 inStep' },
  { state: ['b', 'b', ['a', 'a']], both: 'R2 inStep', toTidsbanken: 'R2 inStep', toCustomerp: 'R2 inStep' },
  { state: ['-', '-', ['a', 'a']], both: 'R2 inStep', toTidsbanken: 'R2 inStep', toCustomerp: 'R2 inStep' },
  {
    state: ['-', 'b', 'none'],
    both: 'R3 customerp:=b review',
    toTidsbanken: 'R3 info againstDirection',
    toCustomerp: 'R3 customerp:=b review',
  },
  {
    state: ['a', '-', 'none'],
    both: 'R4 tidsbanken:=a review',
    toTidsbanken: 'R4 tidsbanken:=a review',
    toCustomerp: 'R4 info againstDirection',
  },
  {
    state: ['a', 'b', 'none'],
    both: 'R5 firstDifference?customerp',
    toTidsbanken: 'R5 firstDifference?customerp',
    toCustomerp: 'R5 firstDifference?tidsbanken',
  },
  { state: ['a', 'b', ['a', 'b']], both: 'R6 accepted', toTidsbanken: 'R6 accepted', toCustomerp: 'R6 accepted' },
  { state: ['-', 'b', ['-', 'b']], both: 'R6 accepted', toTidsbanken: 'R6 accepted', toCustomerp: 'R6 accepted' },
  {
    state: ['b', 'a', ['a', 'a']],
    both: 'R7 tidsbanken:=b auto',
    toTidsbanken: 'R7 tidsbanken:=b auto',
    toCustomerp: 'R7 againstDirection?tidsbanken',
  },
  {
    state: ['b', '-', ['-', '-']],
    both: 'R7 tidsbanken:=b auto',
    toTidsbanken: 'R7 tidsbanken:=b auto',
    toCustomerp: 'R7 againstDirection?tidsbanken',
  },
  {
    state: ['a', 'b', ['a', 'a']],
    both: 'R8 customerp:=b auto',
    toTidsbanken: 'R8 againstDirection?customerp',
    toCustomerp: 'R8 customerp:=b auto',
  },
  {
    state: ['-', 'a', ['a', 'a']],
    both: 'R9 tidsbanken:=- review',
    toTidsbanken: 'R9 tidsbanken:=- review',
    toCustomerp: 'R9 againstDirection?tidsbanken',
  },
  {
    state: ['a', '-', ['a', 'a']],
    both: 'R10 customerp:=- review',
    toTidsbanken: 'R10 againstDirection?customerp',
    toCustomerp: 'R10 customerp:=- review',
  },
  {
    state: ['-', 'b', ['a', 'a']],
    both: 'R11 clearedVersusEdited?tidsbanken',
    toTidsbanken: 'R11 clearedVersusEdited?customerp',
    toCustomerp: 'R11 clearedVersusEdited?tidsbanken',
  },
  {
    state: ['b', '-', ['a', 'a']],
    both: 'R11 clearedVersusEdited?customerp',
    toTidsbanken: 'R11 clearedVersusEdited?customerp',
    toCustomerp: 'R11 clearedVersusEdited?tidsbanken',
  },
  {
    state: ['b', 'c', ['a', 'a']],
    both: 'R12 bothEdited?-',
    toTidsbanken: 'R12 bothEdited?customerp',
    toCustomerp: 'R12 bothEdited?tidsbanken',
  },
];

describe('5.1 group table', () => {
  const cases = EXPECTED.flatMap((row) =>
    (['both', 'toTidsbanken', 'toCustomerp'] as const).map((direction) => ({
      state: row.state,
      direction,
      is: row[direction],
    })),
  );
  it.each(cases)('$state $direction: $is', ({ state, direction, is }) => {
    expect(line(decideGroup(given(state, { direction })))).toBe(is);
  });

  it.each(EXPECTED)('D1 direction off is R1: $state', ({ state }) => {
    expect(line(decideGroup(given(state, { direction: 'off' })))).toBe(OUT);
  });

  it('every class of values reaches its row, and every row is reached', () => {
    const reached = new Set<RuleRow>();
    const values = ['-', 'a', 'b', 'c'];
    const bases: State[2][] = ['none', ...values.flatMap((x) => values.map((y): State[2] => [x, y]))];
    for (const e of ['?', ...values]) {
      for (const t of ['?', ...values]) {
        for (const base of bases) reached.add(decideGroup(given([e, t, base])).row);
      }
    }
    expect([...reached].toSorted()).toEqual(
      ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12'].toSorted(),
    );
  });

  it.each([
    { name: 'R9', state: ['-', 'a', ['a', 'a']] as State, to: 'tidsbanken' as Side },
    { name: 'R10', state: ['a', '-', ['a', 'a']] as State, to: 'customerp' as Side },
  ])('$name is only told where $to cannot be cleared (N5)', ({ name, state, to }) => {
    const clearable = { ...plain.clearable, [to]: [false] };
    expect(line(decideGroup(given(state, { clearable })))).toBe(`${name} info notClearable`);
  });

  it('R5 suggests the master', () => {
    expect(line(decideGroup(given(['a', 'b', 'none'], { master: 'tidsbanken' })))).toBe(
      'R5 firstDifference?tidsbanken',
    );
  });

  it('D1 policy restore writes the sending side back, and clears only after review', () => {
    const restore = { direction: 'toTidsbanken', against: 'restore' } as const;
    expect(line(decideGroup(given(['a', 'b', ['a', 'a']], restore)))).toBe('R8 tidsbanken:=a auto');
    expect(line(decideGroup(given(['a', '-', ['a', 'a']], restore)))).toBe('R10 tidsbanken:=a review');
    expect(line(decideGroup(given(['-', 'b', ['-', '-']], restore)))).toBe('R8 tidsbanken:=- review');
  });

  it('D3 a group that needs review is never automatic', () => {
    expect(line(decideGroup(given(['b', 'a', ['a', 'a']], { needsReview: true })))).toBe('R7 tidsbanken:=b review');
  });

  it('2.2 equality between the sides may cut; drift does not', () => {
    const cut = { same: (e: Tuple, t: Tuple): boolean => e[0]?.slice(0, 3) === t[0]?.slice(0, 3) };
    expect(line(decideGroup(given(['abcdef', 'abc', ['abcd', 'abc']], cut)))).toBe('R2 inStep');
    expect(line(decideGroup(given(['abcdef', 'x', ['abcd', 'x']], cut)))).toBe('R7 tidsbanken:=abcdef auto');
  });

  it('N4 a group with one empty member is not empty, and is written whole', () => {
    const base = { customerp: ['Gata 1', '0150'], tidsbanken: ['Gata 1', '0150'] };
    const partly = { ...plain, base, e: ['Gata 2', null], t: ['Gata 1', '0150'] };
    expect(line(decideGroup(partly))).toBe('R7 tidsbanken:=Gata 2,- auto');
    const clearing = (tidsbanken: boolean[]): string =>
      line(decideGroup({ ...partly, clearable: { customerp: [], tidsbanken } }));
    expect(clearing([true, false])).toBe('R7 info notClearable');
    expect(clearing([false, true])).toBe('R7 tidsbanken:=Gata 2,- auto');
  });
});

const at = (customerp: number | null, tidsbanken: number | null): Pair<number | null> => ({ customerp, tidsbanken });

describe('R12 policies', () => {
  const edited: State = ['b', 'c', ['a', 'a']];
  it.each([
    { policy: 'customerp' as const, is: 'R12 tidsbanken:=b auto' },
    { policy: 'tidsbanken' as const, is: 'R12 customerp:=c auto' },
  ])('policy $policy decides', ({ policy, is }) => {
    expect(line(decideGroup(given(edited, { policy })))).toBe(is);
  });

  it('D1 a one-way group stays with the person, whatever the policy', () => {
    const over = { direction: 'toTidsbanken', policy: 'tidsbanken' } as const;
    expect(line(decideGroup(given(edited, over)))).toBe('R12 bothEdited?customerp');
  });

  const no = { customerp: false, tidsbanken: false };
  it.each([
    { name: 'just over the margin', modifiedAt: at(MARGIN + 1, 0), explainedByUs: no, is: 'R12 tidsbanken:=b auto' },
    { name: 'the other way', modifiedAt: at(0, MARGIN + 1), explainedByUs: no, is: 'R12 customerp:=c auto' },
    { name: 'at the margin', modifiedAt: at(MARGIN, 0), explainedByUs: no, is: 'R12 bothEdited?-' },
    { name: 'equal times', modifiedAt: at(5, 5), explainedByUs: no, is: 'R12 bothEdited?-' },
    { name: 'one unknown', modifiedAt: at(null, 9 * MARGIN), explainedByUs: no, is: 'R12 bothEdited?-' },
    {
      name: 'one is ours',
      modifiedAt: at(0, 9 * MARGIN),
      explainedByUs: { ...no, tidsbanken: true },
      is: 'R12 bothEdited?-',
    },
  ])('D4 newest: $name', ({ modifiedAt, explainedByUs, is }) => {
    const times = { modifiedAt, explainedByUs, marginMs: MARGIN };
    expect(line(decideGroup(given(edited, { policy: 'newest', times })))).toBe(is);
  });
});

const pairOf = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Pair<T>> =>
  fc.record({ customerp: arbitrary, tidsbanken: arbitrary });

const swapped = <T>(pair: Pair<T>): Pair<T> => ({ customerp: pair.tidsbanken, tidsbanken: pair.customerp });

/** What the world looks like once the outcome was carried out and verified (W1). */
const follow = (g: GroupInput, o: GroupOutcome): GroupInput => {
  if (o.kind === 'inStep') return { ...g, base: o.base };
  if (o.kind !== 'write' || g.e === 'unobserved' || g.t === 'unobserved') return g;
  return { ...g, e: o.desired, t: o.desired, base: { customerp: o.desired, tidsbanken: o.desired } };
};

describe('properties', () => {
  const value = fc.constantFrom(null, 'a', 'b', 'c');
  const members = fc.tuple(value, value);
  const observed = fc.oneof(
    { weight: 6, arbitrary: members },
    { weight: 1, arbitrary: fc.constant('unobserved' as const) },
  );
  const anyGroup: fc.Arbitrary<GroupInput> = fc.record({
    e: observed,
    t: observed,
    base: fc.option(pairOf(members)),
    same: fc.constant(equalTuples),
    direction: fc.constantFrom(...DIRECTIONS),
    clearable: pairOf(fc.tuple(fc.boolean(), fc.boolean())),
    master: fc.constantFrom<Side>('customerp', 'tidsbanken'),
    policy: fc.constantFrom('ask', 'customerp', 'tidsbanken', 'newest'),
    against: fc.constantFrom('report', 'restore'),
    needsReview: fc.boolean(),
    times: fc.record({
      modifiedAt: pairOf(fc.option(fc.integer({ min: 0, max: 3 * MARGIN }))),
      explainedByUs: pairOf(fc.boolean()),
      marginMs: fc.constant(MARGIN),
    }),
  });
  const RUNS = { numRuns: 2000 };

  const MIRROR: Partial<Record<RuleRow, RuleRow>> = { R3: 'R4', R4: 'R3', R7: 'R8', R8: 'R7', R9: 'R10', R10: 'R9' };
  const DIRECTION: Record<Direction, Direction> = {
    both: 'both',
    off: 'off',
    toTidsbanken: 'toCustomerp',
    toCustomerp: 'toTidsbanken',
  };
  const mirrorInput = (g: GroupInput): GroupInput => ({
    ...g,
    e: g.t,
    t: g.e,
    base: g.base && swapped(g.base),
    same: (e, t) => g.same(t, e),
    direction: DIRECTION[g.direction],
    clearable: swapped(g.clearable),
    master: otherSide(g.master),
    policy: g.policy === 'customerp' || g.policy === 'tidsbanken' ? otherSide(g.policy) : g.policy,
    times: {
      ...g.times,
      modifiedAt: swapped(g.times.modifiedAt),
      explainedByUs: swapped(g.times.explainedByUs),
    },
  });
  const mirrorOutcome = (o: GroupOutcome): unknown => ({
    ...o,
    row: MIRROR[o.row] ?? o.row,
    ...('to' in o && { to: otherSide(o.to) }),
    ...('base' in o && { base: swapped(o.base) }),
    ...('suggests' in o && { suggests: o.suggests && otherSide(o.suggests) }),
  });

  it('D2 swapping the sides mirrors the outcome', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        expect(decideGroup(mirrorInput(g))).toEqual(mirrorOutcome(decideGroup(g)));
      }),
      RUNS,
    );
  });

  it('I4 once its write is done it asks for no more', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        const first = decideGroup(g);
        const next = decideGroup(follow(g, first));
        expect(first.kind === 'write' ? next.kind : next).toEqual(first.kind === 'write' ? 'inStep' : first);
      }),
      RUNS,
    );
  });

  it('D5 an accepted difference stays accepted', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        if (g.e === 'unobserved' || g.t === 'unobserved') return;
        const next = decideGroup({ ...g, base: { customerp: g.e, tidsbanken: g.t } });
        expect(['inStep', 'accepted', 'skip']).toContain(next.kind);
      }),
      RUNS,
    );
  });

  it('I18 ⊥ is written only where it was observed, and only where it can be', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        const o = decideGroup(g);
        if (o.kind !== 'write') return;
        const source = o.to === 'customerp' ? g.t : g.e;
        const target = o.to === 'customerp' ? g.e : g.t;
        expect(o.desired).toEqual(source);
        const emptied = o.desired.flatMap((v, i) => (v === null && target[i] !== null ? [g.clearable[o.to][i]] : []));
        expect(emptied).not.toContain(false);
        expect(isEmpty(o.desired) && o.needs === 'auto').toBe(false);
      }),
      RUNS,
    );
  });

  it('I11 nothing is written or suggested against the direction', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        const o = decideGroup(g);
        const to = o.kind === 'write' ? o.to : o.kind === 'ask' && o.suggests !== null ? otherSide(o.suggests) : null;
        if (to === null) return;
        expect(g.direction).not.toBe('off');
        expect(g.direction).not.toBe(to === 'customerp' ? 'toTidsbanken' : 'toCustomerp');
      }),
      RUNS,
    );
  });

  it('N1 an unobserved side is never drift and never written', () => {
    fc.assert(
      fc.property(anyGroup, (g) => {
        expect(decideGroup({ ...g, e: 'unobserved' }).kind).toBe('skip');
        expect(decideGroup({ ...g, t: 'unobserved' }).kind).toBe('skip');
      }),
      RUNS,
    );
  });
});
