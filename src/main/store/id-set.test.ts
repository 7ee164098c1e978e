import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('is a set of row ids, told in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200_000)), fc.nat(200_000), (ids, other) => {
      const set = new IdSet();
      for (const id of ids) set.add(id);
      const expected = [...new Set(ids)].toSorted((a, b) => a - b);
      expect([...set]).toEqual(expected);
      expect(set.size).toBe(expected.length);
      expect(set.has(other)).toBe(ids.includes(other));
    }),
  );
});
