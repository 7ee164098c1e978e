import { describe, expect, it } from 'vitest';
import { RULE_ROWS } from '../../../shared/domain.ts';
import { forbiddenEdges } from './coverage.ts';
import { Marks } from './marks.ts';
import { simulate } from './simulate.ts';
import { SEEDS_OF_CI, isEdit, isFault, stepsOf } from './steps.ts';
import { traitsOf } from './traits.ts';

/** A slice of what `npm run test:deep` does at length: whole worlds from a seed, judged by the invariants of section 14. */

const SLICE_MS = 300_000;

describe('the simulation of worlds', () => {
  it(
    'no invariant is broken in any of them, and they are not idle',
    async () => {
      const marks = new Marks();
      for (const seed of SEEDS_OF_CI) {
        const simulated = await simulate(seed);
        marks.addAll(simulated.marks);
        expect(simulated.violations.length === 0 ? '' : simulated.tell()).toBe('');
      }
      expect(marks.count('edits') / SEEDS_OF_CI.length).toBeGreaterThanOrEqual(40);
      expect((marks.count('faults') + marks.count('crashes')) / SEEDS_OF_CI.length).toBeGreaterThanOrEqual(8);
      for (const check of ['write', 'run', 'landed', 'created', 'base', 'in step', 'stored'])
        expect(marks.count(`check:${check}`)).toBeGreaterThan(SEEDS_OF_CI.length);
      expect(marks.of('underWay:').map(([count]) => count)).toEqual(expect.arrayContaining(['1', '2', '3']));
      const rows = marks.of('row:').map(([row]) => row);
      expect(rows).toEqual(expect.arrayContaining([...RULE_ROWS, 'create', 'decision']));
      expect(marks.of('cell:').map(([cell]) => cell)).toEqual(
        expect.arrayContaining(['P/P', 'P/G', 'G/P', 'P/?', '?/P']),
      );
      expect(forbiddenEdges(marks)).toEqual([]);
    },
    SLICE_MS,
  );

  it.each([
    { world: 'one write after the other', writesAtOnce: 1 },
    { world: 'three writes at once', writesAtOnce: 3 },
  ] as const)('same seed, same trace: $world', { timeout: SLICE_MS }, async ({ writesAtOnce }) => {
    const options = { traits: { ...traitsOf(7), writesAtOnce } };
    const [first, second, other] = [await simulate(7, options), await simulate(7, options), await simulate(8, options)];
    expect(second.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
  });

  it('every story has at least 40 edits', () => {
    for (const seed of SEEDS_OF_CI) {
      const steps = stepsOf(seed);
      expect(steps.filter(isEdit).length).toBeGreaterThanOrEqual(40);
      expect(steps.filter(isFault).length).toBeGreaterThan(0);
    }
  });
});
