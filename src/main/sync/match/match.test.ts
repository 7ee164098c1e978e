import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../shared/domain.ts';
import { findingDraft, matchRecords } from './match.ts';
import type { IdPair, MatchFinding, MatchRecord, MatchResult } from './types.ts';

/** `orgNo` and `number` are strong, `name` is weak. */
type Keys = Readonly<Partial<Record<'orgNo' | 'number' | 'name', string>>>;

const record = (nativeId: string, keys: Keys, over: Partial<MatchRecord> = {}): MatchRecord => ({
  nativeId,
  keys: Object.entries(keys).map(([key, value]) => ({ key, strength: key === 'name' ? 'weak' : 'strong', value })),
  linkId: null,
  blocked: 'no',
  ...over,
});

const match = (customerp: MatchRecord[], tidsbanken: MatchRecord[], neverLink: IdPair[] = []): MatchResult =>
  matchRecords({ complete: true, records: { customerp, tidsbanken }, neverLink });

/** A finding in one line: `severalCandidates E1/- → 1,2`. */
const line = (f: MatchFinding): string =>
  `${f.mismatch} ${f.customerpId ?? '-'}/${f.tidsbankenId ?? '-'} → ${f.candidates.join()}`;
const found = (result: MatchResult): string[] => result.findings.map(line);
const linked = (result: MatchResult): string[] => result.links.map((l) => `${l.customerpId}~${l.tidsbankenId}`);

describe('M1 what may match', () => {
  it('nothing is concluded from an incomplete collection', () => {
    const records = { customerp: [record('E1', { orgNo: 'x' })], tidsbanken: [record('1', { orgNo: 'x' })] };
    expect(matchRecords({ complete: false, records, neverLink: [] })).toEqual({
      links: [],
      findings: [],
      unmatched: { customerp: [], tidsbanken: [] },
      setAside: { customerp: [], tidsbanken: [] },
    });
  });
  it('what came back is reappeared, whatever its keys say', () => {
    const result = match([record('E1', { orgNo: 'x' }, { blocked: 'returned' })], []);
    expect(found(result)).toEqual(['reappeared E1/- → ']);
  });
  it('what a person set aside does not match; what leads to it is asked about', () => {
    const result = match([record('E1', { orgNo: 'x' })], [record('1', { orgNo: 'x' }, { blocked: 'setAside' })]);
    expect([linked(result), found(result), result.setAside]).toEqual([
      [],
      ['reappeared E1/- → 1'],
      { customerp: [], tidsbanken: ['1'] },
    ]);
  });
  it.each([
    { by: 'a strong key', keys: { orgNo: 'x' }, tells: 'keyContradiction -/1 → E1' },
    { by: 'a weak key', keys: { name: 'a' }, tells: 'weakMatch -/1 → E1' },
  ])('V2: who is given a new counterpart joins nobody by $by; only the other one is asked about', ({ keys, tells }) => {
    const result = match([record('E1', keys, { blocked: 'wanted' })], [record('1', keys)]);
    expect([linked(result), found(result), result.unmatched]).toEqual([
      [],
      [tells],
      { customerp: ['E1'], tidsbanken: [] },
    ]);
  });
  it('pairs never to be linked have no candidate in each other', () => {
    const never = [{ customerpId: 'E1', tidsbankenId: '1' }];
    const result = match([record('E1', { orgNo: 'x', name: 'a' })], [record('1', { orgNo: 'x', name: 'a' })], never);
    expect([linked(result), result.unmatched]).toEqual([[], { customerp: ['E1'], tidsbanken: ['1'] }]);
  });
});

const twins = (prefix: string): MatchRecord[] => [
  record(`${prefix}1`, { orgNo: 'x', number: '1' }),
  record(`${prefix}2`, { orgNo: 'x', number: '2' }),
];

describe('M2 usable keys', () => {
  it('a value held twice on a side joins nobody; all holders are told', () => {
    const result = match([record('E1', { orgNo: 'x' }), record('E2', { orgNo: 'x' })], [record('1', { orgNo: 'x' })]);
    expect(linked(result)).toEqual([]);
    expect(found(result)).toEqual(['sharedKey -/1 → E1,E2', 'sharedKey E1/- → 1', 'sharedKey E2/- → 1']);
  });
  it('linked holders count, and are told while a holder is unlinked', () => {
    const result = match(
      [record('E1', { orgNo: 'x' }, { linkId: 8 }), record('E2', { orgNo: 'x' })],
      [record('1', { orgNo: 'x' }, { linkId: 8 })],
    );
    expect(found(result)).toEqual(['sharedKey E1/- → ', 'sharedKey E2/- → 1']);
    expect(result.findings.map(({ linkId }) => linkId)).toEqual([8, null]);
  });
  it('once all holders are linked there is nothing left to decide', () => {
    const both = [record('E1', { orgNo: 'x' }, { linkId: 8 }), record('E2', { orgNo: 'x' }, { linkId: 9 })];
    expect(match(both, []).findings).toEqual([]);
  });
  it('another usable strong key still links the holders of a shared one', () => {
    const result = match(twins('E'), twins('T'));
    expect([linked(result), found(result)]).toEqual([['E1~T1', 'E2~T2'], []]);
  });
  it('a shared weak key keeps unlinked holders from being created', () => {
    const result = match([record('E1', { name: 'a' }), record('E2', { name: 'a' })], []);
    expect([found(result), result.unmatched.customerp]).toEqual([['sharedKey E1/- → ', 'sharedKey E2/- → '], []]);
    expect(result.findings[0]?.takes).toEqual(['create', 'ignore', 'later']);
  });
});

describe('M4 links', () => {
  it('one partner by strong keys links, and the keys are kept (M6)', () => {
    const result = match([record('E1', { orgNo: 'x', number: '1' })], [record('7', { orgNo: 'x' })]);
    expect(result.links).toEqual([
      {
        customerpId: 'E1',
        tidsbankenId: '7',
        keys: { number: { customerp: '1', tidsbanken: null }, orgNo: { customerp: 'x', tidsbanken: 'x' } },
      },
    ]);
    expect(result.unmatched).toEqual({ customerp: [], tidsbanken: [] });
  });
  it('two partners are several candidates, for all of them', () => {
    const result = match(
      [record('E1', { orgNo: 'x', number: '1' })],
      [record('7', { orgNo: 'x' }), record('8', { number: '1' })],
    );
    expect(linked(result)).toEqual([]);
    expect(found(result)).toEqual([
      'severalCandidates -/7 → E1',
      'severalCandidates -/8 → E1',
      'severalCandidates E1/- → 7,8',
    ]);
  });
  it('a free partner and a taken one are several candidates as well', () => {
    const result = match(
      [record('E1', { orgNo: 'x', number: '1' }), record('E2', {}, { linkId: 5 })],
      [record('7', { orgNo: 'x' }), record('8', { number: '1' }, { linkId: 5 })],
    );
    expect(found(result)).toEqual(['severalCandidates -/7 → E1', 'severalCandidates E1/- → 7,8']);
  });
  it('a strong key that differs is a contradiction', () => {
    const result = match([record('E1', { orgNo: 'x', number: '1' })], [record('7', { orgNo: 'x', number: '7' })]);
    expect([linked(result), found(result)]).toEqual([[], ['keyContradiction E1/7 → ']]);
  });
  it('a differing strong key need not be usable to contradict', () => {
    const result = match(
      [record('E1', { orgNo: 'x', number: '1' })],
      [record('7', { orgNo: 'y', number: '1' }), record('8', { orgNo: 'y', number: '8' })],
    );
    expect(found(result)).toContain('keyContradiction E1/7 → ');
  });
  it('the partner of somebody else is a contradiction, never a second link (I9)', () => {
    const result = match([record('E1', { orgNo: 'x' })], [record('7', { orgNo: 'x' }, { linkId: 3 })]);
    expect([linked(result), found(result)]).toEqual([[], ['keyContradiction E1/- → 7']]);
  });
  it('weak only suggests', () => {
    const result = match([record('E1', { name: 'a', number: '1' })], [record('7', { name: 'a', number: '7' })]);
    expect([linked(result), found(result)]).toEqual([[], ['weakMatch E1/7 → ']]);
    expect(result.findings[0]).toMatchObject({ suggests: 'link', keys: ['name'] });
  });
  it('a partner that was linked by strong keys is no weak candidate any more', () => {
    const result = match(
      [record('E1', { orgNo: 'x' }), record('E2', { name: 'a' })],
      [record('7', { orgNo: 'x', name: 'a' })],
    );
    expect([linked(result), result.unmatched.customerp]).toEqual([['E1~7'], ['E2']]);
  });
  it('a weak candidate that is itself in question is still a candidate', () => {
    const result = match(
      [record('E1', { orgNo: 'x', number: '1' }), record('E2', { name: 'a' })],
      [record('7', { orgNo: 'x', number: '7', name: 'a' })],
    );
    expect(found(result)).toEqual(['keyContradiction E1/7 → ', 'weakMatch E2/- → 7']);
  });
});

describe('M5 no candidate', () => {
  it('is unmatched on its side', () => {
    const result = match([record('E1', { orgNo: 'x' })], [record('7', { orgNo: 'y' }), record('8', {})]);
    expect(result.unmatched).toEqual({ customerp: ['E1'], tidsbanken: ['7', '8'] });
  });
});

const shuffled = <T>(items: T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length });

describe('properties', () => {
  const value = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const anyRecord = fc.record({
    keys: fc.record({ orgNo: value, number: value, name: value }, { requiredKeys: [] }),
    state: fc.constantFrom('free', 'free', 'free', 'linked', 'setAside', 'returned'),
  });
  const anySide = (prefix: string): fc.Arbitrary<MatchRecord[]> =>
    fc.array(anyRecord, { maxLength: 7 }).map((records) =>
      records.map(({ keys, state }, i) =>
        record(`${prefix}${String(i)}`, keys as Keys, {
          linkId: state === 'linked' ? i : null,
          blocked: state === 'setAside' || state === 'returned' ? state : 'no',
        }),
      ),
    );
  const anyNever = fc.array(
    fc.record({ customerpId: fc.constantFrom('E0', 'E1'), tidsbankenId: fc.constantFrom('T0', 'T1') }),
    { maxLength: 2 },
  );
  const RUNS = { numRuns: 1000 };

  it('M7, I10: the order of the input does not matter', () => {
    const twice = fc
      .tuple(anySide('E'), anySide('T'), anyNever)
      .chain(([e, t, never]) => fc.tuple(fc.constant(match(e, t, never)), shuffled(e), shuffled(t), shuffled(never)));
    fc.assert(
      fc.property(twice, ([first, e, t, never]) => {
        expect(JSON.stringify(match(e, t, never))).toBe(JSON.stringify(first));
      }),
      RUNS,
    );
  });

  it('V4, I9: every unlinked record ends in exactly one place, and links are 1:1', () => {
    fc.assert(
      fc.property(anySide('E'), anySide('T'), anyNever, (customerp, tidsbanken, never) => {
        const result = match(customerp, tidsbanken, never);
        const told = result.findings.filter(({ linkId }) => linkId === null);
        const placed: Pair<(string | null)[]> = {
          customerp: [...result.links, ...told].map(({ customerpId }) => customerpId),
          tidsbanken: [...result.links, ...told].map(({ tidsbankenId }) => tidsbankenId),
        };
        for (const [side, records] of [
          ['customerp', customerp],
          ['tidsbanken', tidsbanken],
        ] as const) {
          const all = [...placed[side], ...result.unmatched[side], ...result.setAside[side]].filter(
            (id) => id !== null,
          );
          const expected = records.filter(({ linkId }) => linkId === null).map(({ nativeId }) => nativeId);
          expect(all.toSorted()).toEqual(expected.toSorted());
        }
      }),
      RUNS,
    );
  });

  it('D2: swapping the sides mirrors the links', () => {
    fc.assert(
      fc.property(anySide('E'), anySide('T'), (customerp, tidsbanken) => {
        const mirrored = match(tidsbanken, customerp).links.map((l) => `${l.tidsbankenId}~${l.customerpId}`);
        expect(mirrored.toSorted()).toEqual(linked(match(customerp, tidsbanken)).toSorted());
      }),
      RUNS,
    );
  });
});

const many = (prefix: string, keys: (i: number) => Keys): MatchRecord[] =>
  Array.from({ length: 100_000 }, (_, i) => record(`${prefix}${String(i)}`, keys(i)));

const ownKeys = (i: number): Keys => ({ orgNo: `o${String(i)}`, name: `n${String(i % 500)}` });

describe('100,000 records a side', () => {
  it('all with a partner', () => {
    expect(match(many('E', ownKeys), many('T', ownKeys)).links).toHaveLength(100_000);
  });
  it('all with the same value: each is told of a few others only', () => {
    const { findings } = match(
      many('E', () => ({ orgNo: 'x' })),
      many('T', () => ({ orgNo: 'x' })),
    );
    expect(findings).toHaveLength(200_000);
    expect(findings[0]?.candidates).toHaveLength(10);
  });
});

it('a finding becomes a draft whose fingerprint follows its candidates', () => {
  const versions = { mapping: 'm', policy: 'p', tenant: 't' };
  const { findings } = match([record('E1', { orgNo: 'x' })], [record('7', { orgNo: 'x' }, { linkId: 3 })]);
  const [draft, other] = [...findings, ...findings.map((f) => ({ ...f, candidates: ['8'] }))].map((finding) =>
    findingDraft(finding, 'customer', 'Fjord AS', versions),
  );
  expect(draft).toMatchObject({
    mismatch: 'keyContradiction',
    customerpId: 'E1',
    candidates: ['7'],
    detail: { keys: 'orgNo' },
  });
  expect(other?.fingerprint).not.toBe(draft?.fingerprint);
});
