import { EPISODES } from './episodes.ts';
import type { Episode } from './episodes.ts';
import { isEdit, isFault } from './story.ts';
import type { Step } from './story.ts';
import { Novelties } from './novelties.ts';
import { Rarities } from './rarities.ts';
import { Teller } from './teller.ts';
import { Undoing } from './undoing.ts';
import { traitsOf } from './traits.ts';
import type { Traits } from './traits.ts';

export { isEdit, isFault };
export type { CrashAt, Edit, Fault, Person, RunStep, Step } from './story.ts';

/** The worlds that every `npm test` plays; `npm run test:deep` plays any number. */
export const SEEDS_OF_CI: readonly number[] = Array.from({ length: 56 }, (_, index) => index + 1);

/** What every story has at least. */
export const LEAST = { edits: 40, faults: 8 } as const;

const ROUNDS = 8;
const EPISODE_A_ROUND = 0.6;

/** The story of a seed: rounds of edits, faults and decisions, each with a run at its end, and an episode now and then. */
export function stepsOf(seed: number, traits: Traits = traitsOf(seed)): Step[] {
  const teller = new Teller(seed);
  const episodes = episodesOf(teller, traits);
  const undoing = new Undoing(seed);
  const novelties = new Novelties(seed, traits);
  const rarities = new Rarities(seed);
  const steps: Step[] = [teller.run({ mode: 'all', crash: teller.random.chance(0.1) })];
  for (let round = 0; round < ROUNDS; round++)
    steps.push(
      ...teller.round(),
      ...(episodes[round]?.(teller, traits) ?? []),
      ...undoing.afterRound(),
      ...novelties.afterRound(),
      ...rarities.afterRound(),
    );
  if (steps.filter(isEdit).length < LEAST.edits || steps.filter(isFault).length < LEAST.faults)
    throw new Error(`The story of seed ${String(seed)} has too little in it.`);
  return steps;
}

/** For each round the episode that follows it, if any. */
function episodesOf({ random }: Teller, traits: Traits): readonly (Episode | undefined)[] {
  const fitting = EPISODES.filter((episode) => episode.fits(traits));
  const weights = Object.fromEntries(fitting.map(({ name, weight }) => [name, weight]));
  return Array.from({ length: ROUNDS }, () => {
    const name = random.chance(EPISODE_A_ROUND) ? random.weighted(weights) : null;
    return fitting.find((episode) => episode.name === name)?.tell;
  });
}
