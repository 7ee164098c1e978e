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
  const next = new ShapeCount().next(SMALL, gone);
  expect(next).toEqual({ records: 0, observed: { name: 0, city: 0 } });
  expect(missingProperties(next, new ShapeCount().seen(next, 20))).toEqual([]);
});

it('C6: a field that is back after a while is not expected of more records than there are', () => {
  const count = new ShapeCount();
  for (let n = 0; n < 2; n++) {
    count.addKnown(record('name'));
    count.add(record('name', 'city'));
  }
  expect(count.next(SMALL, [])).toEqual(SMALL);
});
