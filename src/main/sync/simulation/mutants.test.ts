import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { simulate } from './simulate.ts';
import { SEEDS_OF_CI } from './steps.ts';

/** Each deliberate fault of the engine is caught by the worlds that CI plays, or they prove nothing. */

const MUTANT_MS = 300_000;

it.each(Object.entries(MUTANTS))(
  '%s',
  async (_, mutant) => {
    let caught: string | null = null;
    for (const seed of SEEDS_OF_CI) {
      const { violations } = await simulate(seed, { mutant });
      caught = violations[0]?.rule ?? null;
      if (caught !== null) break;
    }
    expect(caught).not.toBeNull();
  },
  MUTANT_MS,
);
