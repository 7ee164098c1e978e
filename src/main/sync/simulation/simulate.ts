import { createHash } from 'node:crypto';
import { Marks } from './marks.ts';
import type { Violation } from './oracle.ts';
import { stepsOf } from './steps.ts';
import { isPerson } from './story.ts';
import type { Step } from './steps.ts';
import type { Traits } from './traits.ts';
import { Watch } from './watch.ts';
import { World } from './world.ts';
import type { Mutant } from './world.ts';

export interface Simulated {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** SHA-256 over everything that happened in both systems and all that the journal tells. */
  readonly hash: string;
  readonly marks: Marks;
  /** The whole story and, for each violation, the history of its record. */
  readonly tell: () => string;
}

/** One world from its seed, told to its end. `steps` replaces the seed's own story, such as by a shorter one. */
export async function simulate(
  seed: number,
  options: {
    readonly steps?: readonly Step[];
    readonly mutant?: Mutant;
    readonly traits?: Traits;
    /** Whether what leaves no trace is marked as well, which takes a tenth of the time. */
    readonly watched?: boolean;
  } = {},
): Promise<Simulated> {
  const marks = new Marks();
  const watch = new Watch(marks);
  const { mutant = (ctx) => ctx, watched = true } = options;
  const through: Mutant = watched ? (ctx) => mutant(watch.through(ctx)) : mutant;
  const world = new World(seed, marks, through, options.traits);
  try {
    const steps = options.steps ?? stepsOf(seed);
    for (const [index, step] of steps.entries()) {
      const act = (): Promise<void> => world.perform(step, index);
      await (watched && isPerson(step) ? watch.around(world.fakes.store, act) : act());
    }
    await world.heal();
    const { violations } = world.oracle;
    const { customerp, tidsbanken } = world.fakes;
    const { rows } = await world.fakes.store.journal.list({}, 0, 1_000_000);
    const trace = [customerp.history, tidsbanken.history, rows, violations];
    const hash = createHash('sha256').update(JSON.stringify(trace)).digest('hex');
    return { seed, violations, hash, marks, tell: () => tellStory(seed, world, violations) };
  } finally {
    world.close();
  }
}

const MOST_TOLD = 5;

function tellStory(seed: number, world: World, violations: readonly Violation[]): string {
  const told = violations.slice(0, MOST_TOLD).flatMap(({ rule, what, step, record }) => [
    `${rule} at step ${String(step)}${record === null ? '' : `, ${record.side} ${record.kind} ${record.nativeId}`}: ${what}`,
    ...(record === null
      ? []
      : world.fakes
          .of(record.side)
          .history.filter((deed) => deed.kind === record.kind && deed.nativeId === record.nativeId)
          .map((deed) => `    ${new Date(deed.at).toISOString()} ${deed.by} ${deed.op} ${JSON.stringify(deed.after)}`)),
  ]);
  return [`seed ${String(seed)}`, ...world.story, ...told].join('\n');
}
