import { describe, expect, it } from 'vitest';
import { DIRECTIONS } from '../../../../shared/domain.ts';
import { Marks } from '../marks.ts';
import { EXISTENCE_CELLS, existenceAgrees } from './existence-cells.ts';
import { TABLE_CELLS, tableAgrees } from './table-cells.ts';

/** Both tables of section 5, every state of them: the product decides as the text says. */

describe('section 5, state by state', () => {
  it('5.1: no cell of row, direction and policy is left out', { timeout: 120_000 }, () => {
    const marks = new Marks();
    for (const direction of DIRECTIONS) tableAgrees(direction, marks);
    expect(marks.of('cell of 5.1:').map(([cell]) => cell)).toEqual([...TABLE_CELLS].toSorted());
    expect(marks.count('planner cases')).toBe(1_088_000);
  });

  it('5.2: no cell of both sides and their capabilities is left out', () => {
    const marks = new Marks();
    existenceAgrees(marks);
    expect(marks.of('cell of 5.2:').map(([cell]) => cell)).toEqual([...EXISTENCE_CELLS].toSorted());
  });
});
