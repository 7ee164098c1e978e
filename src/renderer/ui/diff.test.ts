import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markDifference } from './diff.ts';
import type { Piece } from './diff.ts';

const joined = (pieces: readonly Piece[]): string => pieces.map((piece) => piece.text).join('');
const shown = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.same ? piece.text : `[${piece.text}]`)).join('');

const same = (pieces: readonly Piece[]): string => joined(pieces.filter((piece) => piece.same));

describe('markDifference', () => {
  it.each([
    { rule: 'equal values have no mark', before: 'Åse', after: 'Åse', is: ['Åse', 'Åse'] },
    {
      rule: 'only the differing middle is marked',
      before: 'Storgata 1 B',
      after: 'Storgata 2 B',
      is: ['Storgata [1] B', 'Storgata [2] B'],
    },
    {
      rule: 'an insertion marks one side only',
      before: 'Bakeri AS',
      after: 'Bakeri A/S',
      is: ['Bakeri AS', 'Bakeri A[/]S'],
    },
    {
      rule: 'unlike words are marked whole, not letter by letter',
      before: 'Oslo',
      after: 'Bergen',
      is: ['[Oslo]', '[Bergen]'],
    },
    { rule: 'a letter outside the first plane stays whole', before: 'a𝒳b', after: 'a𝒴b', is: ['a[𝒳]b', 'a[𝒴]b'] },
  ])('$rule', ({ before, after, is }) => {
    const marked = markDifference(before, after);
    expect([shown(marked.before), shown(marked.after)]).toEqual(is);
  });

  it('never loses or invents a character', () =>
    assert(
      property(string({ unit: 'grapheme' }), string({ unit: 'grapheme' }), (before, after) => {
        const marked = markDifference(before, after);
        expect([joined(marked.before), joined(marked.after)]).toEqual([before, after]);
      }),
    ));

  it('what is unmarked is the same on both sides', () =>
    assert(
      property(string(), string(), (before, after) => {
        const marked = markDifference(before, after);
        expect(same(marked.before)).toBe(same(marked.after));
      }),
    ));
});
