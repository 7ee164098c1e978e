import { describe, expect, it } from 'vitest';
import { CHANGE_STATES, OPEN_CHANGE_STATES } from '../../../shared/domain.ts';
import { ALLOWED_EDGES, FLOORED, belowFloor, forbiddenEdges } from './coverage.ts';
import { Marks } from './marks.ts';

describe('what a deep run must have come by', () => {
  it('2.5: every open state has ways out, an end has none, and every state is reached', () => {
    expect(Object.keys(ALLOWED_EDGES).toSorted()).toEqual([...OPEN_CHANGE_STATES].toSorted());
    const reached = new Set(Object.values(ALLOWED_EDGES).flat());
    // Planned again: an approval that has lapsed (V2).
    expect(CHANGE_STATES.filter((state) => !reached.has(state))).toEqual([]);
  });

  it('a name counts with what follows it after a space, and with nothing else', () => {
    const marks = new Marks();
    marks.add('row:R1', 49);
    marks.add('row:R10', 60);
    marks.add('Z:Z1 during collect', 30);
    marks.add('Z:Z1 again', 20);
    marks.add('Z:Z10 during backup', 1);
    const below = new Map(belowFloor(marks).map(({ name, count }) => [name, count]));
    expect(below.get('row:R1')).toBe(49);
    expect(below.has('row:R10')).toBe(false);
    expect(below.has('Z:Z1')).toBe(false);
    expect(below.get('Z:Z10')).toBe(1);
    expect(below.size).toBe(FLOORED.length - 2);
  });

  it('a way that a change may not take is told', () => {
    const marks = new Marks();
    marks.add('edge:planned → approved', 5);
    marks.add('edge:verified → sending');
    expect(forbiddenEdges(marks)).toEqual([{ name: 'verified → sending', count: 1 }]);
  });
});
