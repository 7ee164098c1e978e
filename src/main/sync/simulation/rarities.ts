import { otherSide, SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { Random } from './random.ts';
import type { RunStep, Step } from './story.ts';

/** Chance of each after a round: as often as the floors of a deep run need it, which has no time to spare. */
const CHANCE = { refusedFirst: 0.005, clockBack: 0.005 } as const;
/** Above every value that a story gives out otherwise. */
const FIRST_VALUE = 3_000_000;
const MINUTE_MS = 60_000;

/**
 * What chance and episodes bring about too seldom for the floors of coverage.ts. From a stream of its own, so that the
 * rest of a story stays what it was.
 */
export class Rarities {
  readonly #random: Random;
  #value = FIRST_VALUE;

  constructor(seed: number) {
    this.#random = new Random(seed ^ 0x5a1d);
  }

  /** Steps after a round; mostly none. */
  afterRound(): Step[] {
    const happens = (name: keyof typeof CHANCE): boolean => this.#random.chance(CHANCE[name]);
    return [
      ...(happens('refusedFirst') ? this.#refusedFirst() : []),
      ...(happens('clockBack') ? this.#clockBack() : []),
    ];
  }

  /** O3: the customer of a new project is refused, and the project's approval is stale with it. */
  #refusedFirst(): Step[] {
    const side = this.#random.oneOf(SIDES);
    return [{ do: 'together', side, value: this.#unique() }, answer(otherSide(side), 'refused'), run('all')];
  }

  /** T5: the computer's clock is set back while the outcome of a write is not known. */
  #clockBack(): Step[] {
    const side = this.#random.oneOf(SIDES);
    const at = this.#random.next();
    return [
      { do: 'edit', side, kind: 'customer', at, property: this.#random.next(), value: this.#unique() },
      answer(otherSide(side), 'unknown'),
      run('all'),
      { do: 'turnBack', ms: 10 * MINUTE_MS },
      run('apply'),
    ];
  }

  #unique = (): number => (this.#value += 1);
}

const answer = (side: Side, how: 'refused' | 'unknown'): Step => ({
  do: 'answer',
  side,
  answer: how,
  acts: false,
  afterMs: 0,
  alters: false,
  times: 1,
});

const run = (mode: RunStep['mode']): RunStep => ({
  do: 'run',
  mode,
  full: false,
  wait: false,
  crash: null,
  stopAt: null,
  meanwhile: [],
});
