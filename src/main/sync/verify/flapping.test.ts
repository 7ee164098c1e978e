import { describe, expect, it } from 'vitest';
import type { Side } from '../../../shared/domain.ts';
import { isFlapping } from './flapping.ts';

const write = (target: Side, expected: string, desired: string) => ({
  target,
  members: [{ property: 'email', expected, desired }],
});
const toT = (from: string, to: string) => write('tidsbanken', from, to);
const toE = (from: string, to: string) => write('customerp', from, to);

describe('W6: a group that swings', () => {
  it.each([
    { what: 'three edits to new values', writes: [toT('a', 'b'), toE('b', 'c'), toT('c', 'd')], is: false },
    { what: 'one edit taken back', writes: [toT('a', 'b'), toE('b', 'a')], is: false },
    { what: 'taken back and put again', writes: [toT('a', 'b'), toE('b', 'a'), toT('a', 'b')], is: true },
    { what: 'the same in one direction only', writes: [toT('a', 'b'), toT('b', 'a'), toT('a', 'b')], is: false },
    {
      what: 'two swings with new values between',
      writes: [toE('a', 'b'), toT('b', 'c'), toT('c', 'b'), toE('b', 'a')],
      is: true,
    },
  ])('$what: $is', ({ writes, is }) => expect(isFlapping(writes)).toBe(is));
});
