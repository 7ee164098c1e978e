import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inNumericOrder, Numbers } from './numbers.ts';

/** K8: the next free number of a configured range. */

type Facts = ConstructorParameters<typeof Numbers>[0];

const numbers = (facts: Partial<Facts> = {}): Numbers =>
  new Numbers({
    property: 'number',
    isValid: () => true,
    seen: new Set(),
    chosenFor: new Map(),
    range: { from: 900, to: 904 },
    wanted: new Set(),
    ...facts,
  });

/** Numbers that are looked up when they are asked about. */
const asked = (seen: readonly string[], chosen: Readonly<Record<string, string>>): Numbers =>
  new Numbers(
    {
      property: 'number',
      isValid: () => true,
      seen: new Set(),
      chosenFor: new Map(),
      range: null,
      wanted: new Set(),
    },
    async (among) => ({
      seen: new Set(seen.filter((number) => among.includes(number))),
      chosenFor: new Map(Object.entries(chosen).filter(([number]) => among.includes(number))),
    }),
  );

const give = (given: Numbers, source: string): string | null => given.chosenIdFor(source).nextFree();

const nearby = fc.integer({ min: 895, max: 915 }).map(String);
const sources = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 25 });

describe('K8: the next free number', () => {
  it.each<[string, Partial<Facts>, string | null]>([
    ['the lowest of all', {}, '900'],
    ['not one that was ever seen there', { seen: new Set(['900']) }, '901'],
    ['not one that an intent or a creation under way has', { chosenFor: new Map([['900', 'another']]) }, '901'],
    ['not one that a record of the other system has itself', { wanted: new Set(['900', '901']) }, '902'],
    ['not one that the system does not take', { isValid: (id) => id !== '900' }, '901'],
    ['the one it was given before', { chosenFor: new Map([['903', 'one']]) }, '903'],
    ['another one where that is there by now', { chosenFor: new Map([['903', 'one']]), seen: new Set(['903']) }, '900'],
    ['a new one where the range is another by now', { chosenFor: new Map([['77', 'one']]) }, '900'],
    ['none where all are taken', { seen: new Set(['900', '901', '902', '903', '904']) }, null],
    ['none where it is not switched on', { range: null }, null],
  ])('%s', (_what, facts, expected) => {
    expect(give(numbers(facts), 'one')).toBe(expected);
  });

  it('stays the same for the record that asks again, and is not free for another', () => {
    const given = numbers();
    expect([give(given, 'one'), give(given, 'one'), give(given, 'two')]).toEqual(['900', '900', '901']);
    expect(given.chosenIdFor('two').isTaken('900')).toBe(true);
    expect(given.chosenIdFor('one').isTaken('900')).toBe(false);
  });

  it('no number is given twice, each is in the range and free, and none is left while somebody goes without', () => {
    fc.assert(
      fc.property(
        sources,
        fc.array(nearby),
        fc.array(nearby),
        fc.dictionary(nearby, fc.constantFrom('x', 'y')),
        (who, a, b, c) => {
          const facts = { seen: new Set(a), wanted: new Set(b), chosenFor: new Map(Object.entries(c)) };
          const range = { from: 900, to: 910 };
          const given = numbers({ ...facts, range });
          const all = who.map((source) => give(given, source));
          const got = all.filter((one) => one !== null);
          expect(new Set(got).size).toBe(got.length);
          for (const one of got) {
            expect(Number(one)).toBeGreaterThanOrEqual(900);
            expect(Number(one)).toBeLessThanOrEqual(910);
            expect(facts.seen.has(one)).toBe(false);
          }
          const next = give(given, 'the next one');
          expect(all.includes(null) ? next : null).toBeNull();
        },
      ),
    );
  });
});

describe('K8: a record’s own number', () => {
  it('is taken as it would be if all that are taken were known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(nearby),
        fc.dictionary(nearby, fc.constantFrom('x', 'y')),
        fc.array(nearby, { minLength: 1 }),
        async (seen, chosen, own) => {
          const all = numbers({ seen: new Set(seen), chosenFor: new Map(Object.entries(chosen)), range: null });
          const one = asked(seen, chosen);
          for (const number of own) {
            await one.learn([{ props: { number } }]);
            for (const source of ['x', 'z'])
              expect(one.chosenIdFor(source).isTaken(number)).toBe(all.chosenIdFor(source).isTaken(number));
          }
        },
      ),
    );
  });

  it('is nothing to ask about where there is none', async () => {
    const one = asked([''], {});
    await one.learn([{ props: {} }, { props: { number: null } }]);
    expect(one.chosenIdFor('x').isTaken('')).toBe(false);
  });
});

describe('M7', () => {
  it('the lowest id is asked for first, whatever the order', () => {
    const ids = ['K10', 'K9', '100', '20', '3'];
    expect(inNumericOrder(ids)).toEqual(['3', '20', '100', 'K9', 'K10']);
    expect(inNumericOrder(ids.toReversed())).toEqual(inNumericOrder(ids));
  });
});
