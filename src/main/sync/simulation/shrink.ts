import { simulate } from './simulate.ts';
import type { Step } from './steps.ts';
import type { Traits } from './traits.ts';
import type { Mutant } from './world.ts';

/** A story that once went wrong; kept so that it never does again. */
export interface Failing {
  readonly seed: number;
  /** The rule that was broken. */
  readonly rule: string;
  readonly note: string;
  /** What the world was set up with then; the seed alone may come to mean another world. */
  readonly traits: Traits;
  readonly steps: readonly Step[];
}

/**
 * Leaves out steps as long as the same rule stays broken: halves first, single steps last. Returns the shortest story
 * found within so many simulations.
 */
export async function shrink(
  seed: number,
  rule: string,
  steps: readonly Step[],
  options: { readonly mutant?: Mutant; readonly mostRuns?: number } = {},
): Promise<readonly Step[]> {
  const { mutant, mostRuns = 300 } = options;
  let shortest = steps;
  let left = mostRuns;
  const stillFails = async (shorter: readonly Step[]): Promise<boolean> => {
    if (left === 0) return false;
    left -= 1;
    const { violations } = await simulate(seed, { steps: shorter, ...(mutant === undefined ? {} : { mutant }) });
    return violations.some((violation) => violation.rule === rule);
  };
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < shortest.length;) {
      const shorter = shortest.toSpliced(from, size);
      if (await stillFails(shorter)) shortest = shorter;
      else from += size;
    }
  }
  return shortest;
}
