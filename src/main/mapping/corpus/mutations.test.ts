import { describe, expect, it } from 'vitest';
import { fuzzBytes, fuzzStructure, type FuzzFigures } from './mutations.suite.ts';

/** Every state must have been met often, or the damage was too great or too small to prove anything. */
const isWorthwhile = (figures: FuzzFigures, states: readonly (keyof FuzzFigures)[]): boolean =>
  states.every((state) => figures[state] > 500);

describe('valid records with random damage: nothing throws, and nothing but what is empty becomes empty', () => {
  it('N1, N4 damaged bytes', { timeout: 90_000 }, () => {
    const figures = fuzzBytes({ runs: 20_000, seed: 71 });
    expect(isWorthwhile(figures, ['read', 'unreadable', 'values', 'invalid', 'unobserved'])).toBe(true);
  });

  it('N1, N4 damaged structure', { timeout: 90_000 }, () => {
    const figures = fuzzStructure({ runs: 20_000, seed: 72 });
    expect(isWorthwhile(figures, ['read', 'values', 'empty', 'invalid', 'unobserved'])).toBe(true);
  });
});
