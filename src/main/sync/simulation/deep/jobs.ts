import { createHash } from 'node:crypto';
import type { Direction } from '../../../../shared/domain.ts';
import { forbiddenEdges } from '../coverage.ts';
import { Marks } from '../marks.ts';
import { MUTANTS } from '../mutants.ts';
import { shrink } from '../shrink.ts';
import type { Failing } from '../shrink.ts';
import { simulate } from '../simulate.ts';
import { SEEDS_OF_CI, stepsOf } from '../steps.ts';
import { traitsOf } from '../traits.ts';
import { groupsAgree, pairsAgree } from '../../second-reconciler/agreement.suite.ts';
import { PAIRS, SINGLES, randomCase } from './create-case.ts';
import type { CreateCase } from './create-case.ts';
import { COUNTERS, playFamily, shrinkCreate } from './create-families.ts';
import type { FailingCreate } from './create-families.ts';
import { runCreate } from './create-run.ts';
import type { CreateRun } from './create-run.ts';
import { existenceAgrees } from './existence-cells.ts';
import { tableAgrees } from './table-cells.ts';

/** One piece of a deep run: small enough that many processes share the work, and large enough to be worth the message. */
export type Job =
  | { readonly part: 'worlds'; readonly seeds: readonly number[]; readonly story: boolean; readonly watched: boolean }
  | { readonly part: 'shrinkWorld'; readonly seed: number; readonly rule: string; readonly what: string }
  | { readonly part: 'groups' | 'pairs of groups'; readonly seed: number; readonly runs: number }
  | { readonly part: 'table'; readonly direction: Direction }
  | { readonly part: 'existence' }
  | { readonly part: 'singles'; readonly family: number }
  /** `counter`: which of the `COUNTERS` the first crash goes by; a whole family would be a long job. */
  | { readonly part: 'pairs'; readonly family: number; readonly counter: number }
  | { readonly part: 'creates'; readonly from: number; readonly runs: number }
  | { readonly part: 'shrinkCreate'; readonly case: CreateCase; readonly rule: string }
  | { readonly part: 'mutant'; readonly name: string }
  | { readonly part: 'hash'; readonly seeds: readonly number[] };

/** Something that broke a rule. */
export interface Found {
  readonly part: Job['part'];
  /** Of the seed or the case, for people. */
  readonly where: string;
  readonly rule: string;
  readonly what: string;
  /** What may come to a shorter story of it. */
  readonly next: Job | null;
}

/** A story to be kept in `regressions`, so that CI tells it from now on. */
export interface Kept {
  readonly file: string;
  readonly content: unknown;
}

export interface Answer {
  readonly marks: readonly (readonly [string, number])[];
  readonly found: readonly Found[];
  readonly told: readonly string[];
  readonly kept: readonly Kept[];
  /** Processor time, ms. */
  readonly cpuMs: number;
}

type Outcome = Partial<Omit<Answer, 'cpuMs' | 'marks'>>;

/** Does one job. Throws only when something is wrong with the test itself. */
export async function perform(job: Job): Promise<Answer> {
  const begun = process.cpuUsage();
  const marks = new Marks();
  const outcome = await performPart(job, marks);
  const { user, system } = process.cpuUsage(begun);
  return { found: [], told: [], kept: [], ...outcome, marks: marks.entries(), cpuMs: (user + system) / 1_000 };
}

function performPart(job: Job, marks: Marks): Promise<Outcome> | Outcome {
  switch (job.part) {
    case 'worlds':
      return playWorlds(job, marks);
    case 'shrinkWorld':
      return shrinkWorld(job);
    case 'groups':
    case 'pairs of groups':
    case 'table':
    case 'existence':
      return agree(job, marks);
    case 'singles':
    case 'pairs':
    case 'creates':
      return playCreates(job, marks);
    case 'shrinkCreate':
      return keepCreate(job);
    case 'mutant':
      return catchMutant(job.name, marks);
    case 'hash':
      return hashes(job.seeds);
  }
}

async function playWorlds({ seeds, story, watched }: Extract<Job, { part: 'worlds' }>, marks: Marks): Promise<Outcome> {
  const found: Found[] = [];
  const told: string[] = [];
  for (const seed of seeds) {
    const simulated = await simulate(seed, { watched });
    marks.add('seeds');
    marks.addAll(simulated.marks);
    if (story) told.push(simulated.tell());
    for (const { name } of forbiddenEdges(simulated.marks))
      found.push({
        part: 'worlds',
        where: `seed ${String(seed)}`,
        rule: '2.5',
        what: `a change went from ${name}`,
        next: null,
      });
    const [first] = simulated.violations;
    if (first === undefined) continue;
    const { rule, what } = first;
    found.push({
      part: 'worlds',
      where: `seed ${String(seed)}`,
      rule,
      what,
      next: { part: 'shrinkWorld', seed, rule, what },
    });
  }
  return { found, told };
}

async function shrinkWorld({ seed, rule, what }: Extract<Job, { part: 'shrinkWorld' }>): Promise<Outcome> {
  const steps = await shrink(seed, rule, stepsOf(seed));
  const { tell } = await simulate(seed, { steps });
  const content: Failing = { seed, rule, note: what, traits: traitsOf(seed), steps };
  return { told: [tell()], kept: [{ file: `${rule}-${String(seed)}.json`, content }] };
}

type Planner = Extract<Job, { part: 'groups' | 'pairs of groups' | 'table' | 'existence' }>;

function agree(job: Planner, marks: Marks): Outcome {
  try {
    if (job.part === 'table') tableAgrees(job.direction, marks);
    else if (job.part === 'existence') existenceAgrees(marks);
    else {
      const { seed, runs } = job;
      const reached = job.part === 'groups' ? groupsAgree({ runs, seed }) : pairsAgree({ runs, seed });
      marks.add('planner cases', runs);
      for (const [row, count] of reached) marks.add(`planner:${row}`, count);
    }
    return {};
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { found: [{ part: job.part, where: JSON.stringify(job), rule: 'section 5', what, next: null }] };
  }
}

type Creates = Extract<Job, { part: 'singles' | 'pairs' | 'creates' }>;

async function playCreates(job: Creates, marks: Marks): Promise<Outcome> {
  const found: Found[] = [];
  const told = (given: CreateCase, { marks: more, broken: [first] }: CreateRun): void => {
    marks.addAll(more);
    if (first === undefined) return;
    const { rule, what } = first;
    const next: Job = { part: 'shrinkCreate', case: given, rule };
    found.push({ part: job.part, where: `create ${JSON.stringify(given)}`, rule, what, next });
  };
  if (job.part === 'creates') {
    for (let seed = job.from; seed < job.from + job.runs; seed++) {
      const given = randomCase(seed);
      told(given, await runCreate(given));
    }
  } else {
    const family = (job.part === 'singles' ? SINGLES : PAIRS)[job.family];
    if (family === undefined) throw new Error(`There is no family ${String(job.family)} of ${job.part}.`);
    await playFamily(family, job.part === 'pairs' ? COUNTERS.slice(job.counter, job.counter + 1) : COUNTERS, told);
  }
  return { found };
}

async function keepCreate({ case: given, rule }: Extract<Job, { part: 'shrinkCreate' }>): Promise<Outcome> {
  const { case: shortest, broken } = await shrinkCreate(given, rule);
  const { story } = await runCreate(shortest);
  const content: FailingCreate = { rule, note: broken.what, case: shortest };
  const name = createHash('sha256').update(JSON.stringify(shortest)).digest('hex').slice(0, 8);
  return {
    told: [JSON.stringify(shortest), ...story, broken.what],
    kept: [{ file: `creates/${rule}-${name}.json`, content }],
  };
}

/** The mutant must be caught by the same worlds that CI plays. */
async function catchMutant(name: string, marks: Marks): Promise<Outcome> {
  const mutant = MUTANTS[name];
  if (mutant === undefined) throw new Error(`There is no mutant ${name}.`);
  for (const seed of SEEDS_OF_CI) {
    const { violations } = await simulate(seed, { mutant });
    const [caught] = violations;
    if (caught === undefined) continue;
    marks.add('mutants caught');
    return { told: [`mutant ${name}: caught by ${caught.rule} in seed ${String(seed)}`] };
  }
  return {
    found: [{ part: 'mutant', where: name, rule: 'mutant', what: 'no world of the CI slice catches it', next: null }],
  };
}

async function hashes(seeds: readonly number[]): Promise<Outcome> {
  const told: string[] = [];
  for (const seed of seeds) told.push(`${String(seed)} ${(await simulate(seed)).hash}`);
  return { told };
}
