import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIDES } from '../../../shared/domain.ts';
import type { Pair, Side } from '../../../shared/domain.ts';
import { Clusters } from './clusters.ts';
import { isFree } from './key-index.ts';
import { matchClusters, matchRecords } from './match.ts';
import type { IdPair, MatchKeyValue, MatchRecord, MatchResult } from './types.ts';

const keyed = (...values: string[]): MatchKeyValue[] =>
  values.map((value) => ({ key: 'number', strength: 'strong', value }));

const batchesOf = (clusters: Clusters, atLeast = 1): number[][] =>
  [...clusters.batches(atLeast)].map((batch) => batch.flat());

describe('clusters of records that share key values', () => {
  it('records hang together directly and through others; the order is that of the first ones', () => {
    const clusters = new Clusters();
    for (const values of [['a'], ['b'], ['c'], ['b', 'd'], ['e'], ['d']]) clusters.add(keyed(...values));
    expect(batchesOf(clusters)).toEqual([[0], [1, 3, 5], [2], [4]]);
    expect(batchesOf(clusters, 3)).toEqual([
      [0, 1, 3, 5],
      [2, 4],
    ]);
  });

  it('one that comes late joins what was apart', () => {
    const clusters = new Clusters();
    for (const values of [['a'], ['b'], ['a', 'b']]) clusters.add(keyed(...values));
    expect(batchesOf(clusters)).toEqual([[0, 1, 2]]);
  });

  it('a holder is told of, and brings no value into play (M2)', () => {
    const clusters = new Clusters();
    clusters.add(keyed('a'));
    expect(clusters.touches(keyed('b', 'a'))).toBe(true);
    clusters.addHolder(keyed('a', 'b'), null);
    expect(clusters.touches(keyed('b'))).toBe(false);
    clusters.addHolder(keyed('c'), null);
    expect(batchesOf(clusters)).toEqual([[0, 1], [2]]);
  });

  it('the two of a link are told of as one (M2)', () => {
    const clusters = new Clusters();
    for (const value of ['a', 'b', '7']) clusters.add(keyed(value));
    clusters.addHolder(keyed('a'), 7);
    clusters.addHolder(keyed('b'), 7);
    expect(batchesOf(clusters)).toEqual([[0, 1, 3, 4], [2]]);
  });

  it('the same value of another key is another value', () => {
    const clusters = new Clusters();
    clusters.add([{ key: 'number', value: '1' }]);
    clusters.add([{ key: 'orgNo', value: '1' }]);
    expect(batchesOf(clusters)).toHaveLength(2);
  });

  it('any number of records and values', () => {
    const clusters = new Clusters();
    for (let at = 0; at < 20_000; at++) clusters.add(keyed(`left ${at}`, `pair ${at >> 1}`));
    const batches = batchesOf(clusters);
    expect(batches.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, at) => at));
    expect(batches.every((batch) => batch.length % 2 === 0)).toBe(true);
    expect(batches.length).toBeGreaterThan(9_900);
  });
});

const sideOf = (prefix: string): fc.Arbitrary<MatchRecord[]> =>
  fc
    .array(
      fc.record({
        keys: fc.uniqueArray(
          fc.record({
            key: fc.constantFrom('orgNo', 'number', 'name'),
            value: fc.constantFrom('1', '2', '3', '4', '5', '6'),
          }),
          { maxLength: 3, selector: ({ key }) => key },
        ),
        isLinked: fc.boolean(),
        blocked: fc.constantFrom('no' as const, 'no' as const, 'no' as const, 'setAside' as const, 'returned' as const),
      }),
      { maxLength: 12 },
    )
    .map((records) =>
      records.map(({ keys, isLinked, blocked }, at) => ({
        nativeId: `${prefix}${String(at).padStart(2, '0')}`,
        keys: keys.map(({ key, value }) => ({
          key,
          value,
          strength: key === 'name' ? ('weak' as const) : ('strong' as const),
        })),
        linkId: isLinked ? at + 1 : null,
        blocked: isLinked ? ('no' as const) : blocked,
      })),
    );

/** As `candidateBatches` does it: free records first, then who was set aside, then linked ones that are touched. */
function inBatches(
  records: Pair<readonly MatchRecord[]>,
  neverLink: readonly IdPair[],
  atLeast: number,
): MatchResult[] {
  const clusters = new Clusters();
  const numbered: { side: Side; record: MatchRecord }[] = [];
  const all = SIDES.flatMap((side) => records[side].map((record) => ({ side, record })));
  for (const one of all) if (isFree(one.record)) numbered[clusters.add(one.record.keys)] = one;
  for (const one of all)
    if (one.record.linkId === null && !isFree(one.record))
      numbered[clusters.addHolder(one.record.keys, one.record.linkId)] = one;
  for (const one of all)
    if (one.record.linkId !== null && clusters.touches(one.record.keys))
      numbered[clusters.addHolder(one.record.keys, one.record.linkId)] = one;
  return [...clusters.batches(atLeast)].map((batch) =>
    matchClusters(
      batch.map((cluster) => cluster.flatMap((number) => numbered[number] ?? [])),
      neverLink,
    ),
  );
}

const texts = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).toSorted();

describe('M7: matching cluster by cluster', () => {
  it('comes to what matching everything at once comes to', () => {
    fc.assert(
      fc.property(
        sideOf('E'),
        sideOf('T'),
        fc.array(
          fc.record({ customerpId: fc.constantFrom('E00', 'E01'), tidsbankenId: fc.constantFrom('T00', 'T01') }),
        ),
        fc.constantFrom(1, 8),
        (customerp, tidsbanken, neverLink, atLeast) => {
          const whole = matchRecords({ complete: true, records: { customerp, tidsbanken }, neverLink });
          const parts = inBatches({ customerp, tidsbanken }, neverLink, atLeast);
          expect(texts(parts.flatMap((part) => part.links))).toEqual(texts(whole.links));
          expect(texts(parts.flatMap((part) => part.findings))).toEqual(texts(whole.findings));
          for (const side of SIDES) {
            expect(texts(parts.flatMap((part) => part.unmatched[side]))).toEqual(texts(whole.unmatched[side]));
            expect(texts(parts.flatMap((part) => part.setAside[side]))).toEqual(texts(whole.setAside[side]));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
