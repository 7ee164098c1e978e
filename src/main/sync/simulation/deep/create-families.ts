import type { CrashAt } from '../steps.ts';
import type { CreateCase, Family } from './create-case.ts';
import { runCreate } from './create-run.ts';
import type { CreateRun } from './create-run.ts';
import type { Broken } from './create-judge.ts';

type Counter = Pick<CrashAt, 'counts' | 'when'>;

/** Whose crash points are played: each durable step and each request, before and after it. */
export const COUNTERS: readonly Counter[] = (['durable', 'requests'] as const).flatMap((counts) =>
  (['before', 'after'] as const).map((when) => ({ counts, when })),
);

/** Far more than a create has; a counter that never comes to its end is a fault of the test. */
const MOST_POINTS = 500;

/** Plays a family case by case, at every point there is; of the first crash, those that `first` counts. `told` hears of each. */
export async function playFamily(
  family: Family,
  first: readonly Counter[],
  told: (given: CreateCase, run: CreateRun) => void,
): Promise<void> {
  for await (const crash of reached([], family, first, told))
    if (family.crashes === 2) for await (const second of reached([crash], family, COUNTERS, told)) void second;
}

/** Every point of the run that follows those crashes, until the run is over before it comes to one. */
async function* reached(
  before: readonly CrashAt[],
  family: Family,
  counters: readonly Counter[],
  told: (given: CreateCase, run: CreateRun) => void,
): AsyncGenerator<CrashAt, void, void> {
  for (const counter of counters)
    for (let nth = 1; nth <= MOST_POINTS; nth++) {
      const crash: CrashAt = { ...counter, nth };
      const given: CreateCase = { ...family.case, crashes: [...before, crash] };
      const run = await runCreate(given);
      told(given, run);
      if (run.crashed.at(-1) !== true) break;
      yield crash;
    }
}

/** A create run that once went wrong; kept so that it never does again. */
export interface FailingCreate {
  readonly rule: string;
  readonly note: string;
  readonly case: CreateCase;
}

/** Leaves out whatever the same rule stays broken without: crashes, faults, other people, and lastly what is odd about the system. */
export async function shrinkCreate(given: CreateCase, rule: string): Promise<{ case: CreateCase; broken: Broken }> {
  const brokenBy = async (simpler: CreateCase): Promise<Broken | undefined> =>
    (await runCreate(simpler)).broken.find((b) => b.rule === rule);
  let shortest = given;
  let broken = await brokenBy(given);
  if (broken === undefined) throw new Error(`${rule} is not broken a second time by ${JSON.stringify(given)}.`);
  for (let again = true; again;) {
    again = false;
    for (const simpler of simplerThan(shortest)) {
      const still = await brokenBy(simpler);
      if (still === undefined) continue;
      [shortest, broken, again] = [simpler, still, true];
      break;
    }
  }
  return { case: shortest, broken };
}

function* simplerThan(given: CreateCase): Generator<CreateCase> {
  for (const index of given.crashes.keys()) yield { ...given, crashes: given.crashes.toSpliced(index, 1) };
  for (const index of given.faults.keys()) yield { ...given, faults: given.faults.toSpliced(index, 1) };
  if (given.meanwhile !== 'nothing') yield { ...given, meanwhile: 'nothing' };
  if (given.kind !== 'customer') yield { ...given, kind: 'customer' };
  for (const name of ['filter', 'pointRead'] as const)
    if (!given.abilities[name]) yield { ...given, abilities: { ...given.abilities, [name]: true } };
  if (given.abilities.onExisting === 'upserts')
    yield { ...given, abilities: { ...given.abilities, onExisting: 'rejects' } };
  if (!given.wait) yield { ...given, wait: true };
}
