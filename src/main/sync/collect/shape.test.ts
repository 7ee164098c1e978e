import { describe, expect, it } from 'vitest';
import { missingProperties, ShapeCount } from './shape.ts';
import type { Shape, Shaped } from './shape.ts';

const shape = (records: number, email: number) => ({ records, observed: { name: records, email } });

describe('C6: a mapped field that is no longer there', () => {
  it.each([
    { what: 'the first collection has nothing to compare with', before: null, now: shape(100, 0), is: [] },
    { what: 'all records lost it', before: shape(100, 100), now: shape(100, 0), is: ['email'] },
    { what: 'six of a hundred lost it', before: shape(100, 100), now: shape(100, 94), is: ['email'] },
    { what: 'five of a hundred are not yet more than five', before: shape(100, 100), now: shape(100, 95), is: [] },
    { what: 'six of a thousand are not yet 5 %', before: shape(1000, 1000), now: shape(1000, 994), is: [] },
    { what: 'four records lost it, all there are', before: shape(4, 4), now: shape(4, 0), is: [] },
    { what: 'fewer records have fewer of it', before: shape(200, 100), now: shape(100, 50), is: [] },
    { what: 'a delta of many records that lack it', before: shape(1000, 1000), now: shape(20, 0), is: ['email'] },
  ])('$what', ({ before, now, is }) => expect(missingProperties(before, now)).toEqual(is));
});

const record = (...names: string[]): Shaped => ({
  props: Object.fromEntries(names.map((name) => [name, 'x'])),
  invalid: [],
});
const SMALL: Shape = { records: 3, observed: { name: 3, city: 3 } };

it('C6: more that are gone than were ever counted leave nothing to measure by, and no false alarm', () => {
  const gone = Array.from({ length: 10 }, () => record('name', 'city'));
  const next = new ShapeCount().next(SMALL, 0, gone);
  expect(next).toEqual({ records: 0, observed: { name: 0, city: 0 } });
  expect(missingProperties(next, new ShapeCount().seen(next, 20))).toEqual([]);
});

it('C6: a field that is back after a while is not expected of more records than there are', () => {
  expect(changed(2, ['name'], ['name', 'city']).next(SMALL, 1, [])).toEqual(SMALL);
});

describe('C6: records that the sync itself has made, and that no shape has counted', () => {
  const all = ['name', 'city'];

  it('are counted from the next full collection on', () => {
    expect(new ShapeCount().next(SMALL, 20, [])).toEqual({ records: 20, observed: { name: 20, city: 20 } });
  });

  it('no false alarm where as many have changed as were ever counted', () => {
    const now = changed(3, all, all);
    expect(missingProperties(SMALL, now.seen(SMALL, 17))).toEqual([]);
    expect(now.next(SMALL, 17, [])).toEqual({ records: 20, observed: { name: 20, city: 20 } });
  });

  it('no false alarm where the only one that was counted and has not changed lacks a field', () => {
    const last: Shape = { records: 100, observed: { name: 100, city: 99 } };
    expect(missingProperties(last, changed(99, all, all).seen(last, 200))).toEqual([]);
  });

  it('a field that all of them have lost is missed all the same', () => {
    const now = changed(20, all, ['name']);
    expect(missingProperties(SMALL, now.seen(SMALL, 0))).toEqual(['city']);
  });
});

it('C6: what changes, comes and goes is counted exactly while every record was counted before', () => {
  const start: Shape = { records: 10, observed: { name: 10, city: 4 } };
  const now = changed(2, ['name', 'city'], ['name']);
  now.add(record('name', 'city'));
  const next = now.next(start, 7, [record('name', 'city')]);
  expect(next).toEqual({ records: 10, observed: { name: 10, city: 2 } });
});

/** So many records that were known with some properties, and came with others. */
function changed(times: number, before: readonly string[], now: readonly string[]): ShapeCount {
  const count = new ShapeCount();
  for (let n = 0; n < times; n++) {
    count.addKnown(record(...before));
    count.add(record(...now));
  }
  return count;
}
