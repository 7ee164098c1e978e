import './node-version.ts';
import './compile-cache.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DIRECTIONS } from '../src/shared/domain.ts';
import { runKills } from '../src/main/app/testing/kills.suite.ts';
import type { KillFigures } from '../src/main/app/testing/kills.suite.ts';
import { SEEDS_FOR_FLOOR } from '../src/main/sync/simulation/coverage.ts';
import type { Answer, Found, Job } from '../src/main/sync/simulation/deep/jobs.ts';
import { PAIRS, SINGLES } from '../src/main/sync/simulation/deep/create-case.ts';
import { COUNTERS } from '../src/main/sync/simulation/deep/create-families.ts';
import { workOff } from '../src/main/sync/simulation/deep/pool.ts';
import { figures, shortcomings, table } from '../src/main/sync/simulation/deep/report.ts';
import { Marks } from '../src/main/sync/simulation/marks.ts';
import { MUTANTS } from '../src/main/sync/simulation/mutants.ts';

/**
 * `npm run test:deep`: the heavy proof. Worlds from seeds, crashes at every step of the create protocol, the planner
 * against its second reading, engine faults that must be caught, and kill -9 of the real program, all in parallel. Ends with 1 when a rule of
 * docs/sync-rules.md was broken, a fault was not caught, something was never reached, or a worker died.
 */

const SIMULATION = join(import.meta.dirname, '../src/main/sync/simulation');
const PROGRAM = join(SIMULATION, 'deep/worker.ts');
/** Only what hangs takes so long, even on a machine that others use as well. */
const MOST_JOB_MS = 30 * 60_000;
const MOST_SHRUNK = 3;
const SEEDS_A_JOB = 5;
const CASES_A_JOB = 5_000;
const CREATES_A_JOB = 100;
/** About so many crash points there are in all families. */
const SYSTEMATIC_CREATES = 38_000;
const HASHED_SEEDS = [1, 2, 3, 4];
const PARTS = ['worlds', 'creates', 'planner', 'mutants', 'hash', 'kills'] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    creates: { type: 'string', default: '20000' },
    cases: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '60' },
    workers: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string', multiple: true, default: [] },
    story: { type: 'boolean', default: false },
  },
});

const number = (name: 'seeds' | 'from' | 'creates' | 'cases' | 'kills' | 'minutes' | 'workers'): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} must be a number, and is ${values[name]}. Nothing was tested.`);
  process.exit(2);
};
const wrong = values.only.find((part) => !(PARTS as readonly string[]).includes(part));
if (wrong !== undefined) {
  console.error(`--only must be one of ${PARTS.join(', ')}, and is ${wrong}. Nothing was tested.`);
  process.exit(2);
}
const isOn = (part: Part): boolean => values.only.length === 0 || values.only.includes(part);
const [seeds, from, cases, workers] = [number('seeds'), number('from'), number('cases'), number('workers')];
const creates = number('creates');
const endsAt = performance.now() + number('minutes') * 60_000;

const marks = new Marks();
const found: Found[] = [];
const failures: string[] = [];
const cpuMs = new Map<string, number>();
let shrunk = 0;
let drawn = 0;
let toldMinute = 0;

const startedAt = performance.now();
if (isOn('hash')) await compareHashes();
// Real processes of their own, beside the workers.
const killing = isOn('kills') ? runKills(number('kills')) : null;
const jobs = jobsToDo();
await work();
// What the crash points came to is known only now; chance fills up the rest.
if (isOn('creates')) jobs.push(...randomCreates(Math.max(creates - marks.count('create runs'), 0)));
await work();
if (killing !== null) tellKills(await killing);
report();

function work(): Promise<void> {
  return workOff<Job, Answer>({
    workers,
    program: PROGRAM,
    jobs,
    mostMs: MOST_JOB_MS,
    goesOn: () => performance.now() < endsAt,
    answered: (job, answer) => {
      take(job, answer);
      tellProgress();
    },
    died: (job, how) => fail(`a worker died at ${JSON.stringify(job)}: ${how}`),
  });
}

/** A line a minute, so that nobody wonders. */
function tellProgress(): void {
  const minute = Math.floor((performance.now() - startedAt) / 60_000);
  if (minute === toldMinute) return;
  toldMinute = minute;
  console.log(`after ${String(minute)} min: ${String(jobs.length)} jobs left, ${String(found.length)} violations`);
}

/** The long ones first, so that no worker is left with one in the end. */
function jobsToDo(): Job[] {
  const todo: Job[] = [];
  if (isOn('mutants')) todo.push(...Object.keys(MUTANTS).map((name): Job => ({ part: 'mutant', name })));
  if (isOn('worlds'))
    todo.push(
      ...chunks(seeds, SEEDS_A_JOB).map(({ at, size }): Job => ({
        part: 'worlds',
        seeds: Array.from({ length: size }, (_, index) => from + at + index),
        story: values.story,
        // More would only say the same again.
        watched: at < SEEDS_FOR_FLOOR,
      })),
    );
  if (isOn('planner')) {
    todo.push(...DIRECTIONS.map((direction): Job => ({ part: 'table', direction })), { part: 'existence' });
    for (const part of ['groups', 'pairs of groups'] as const)
      todo.push(...chunks(cases / 2, CASES_A_JOB).map(({ at, size }): Job => ({ part, seed: from + at, runs: size })));
  }
  if (isOn('creates')) {
    const families: Job[] = [
      ...PAIRS.flatMap((_, family) => COUNTERS.map((__, counter): Job => ({ part: 'pairs', family, counter }))),
      ...SINGLES.map((_, family): Job => ({ part: 'singles', family })),
    ];
    // Fewer than all of them are spread over what there is; a tenth is left to chance.
    const share = Math.min(1, (0.9 * creates) / SYSTEMATIC_CREATES);
    todo.push(...families.filter((__, index) => Math.floor((index + 1) * share) > Math.floor(index * share)));
    todo.push(...randomCreates(creates / 10));
  }
  return todo;
}

function randomCreates(count: number): Job[] {
  const first = from + drawn;
  drawn += count;
  return chunks(count, CREATES_A_JOB).map(({ at, size }): Job => ({ part: 'creates', from: first + at, runs: size }));
}

function chunks(count: number, size: number): { readonly at: number; readonly size: number }[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    at: index * size,
    size: Math.min(size, count - index * size),
  }));
}

function take({ part }: Job, answer: Answer): void {
  cpuMs.set(part, (cpuMs.get(part) ?? 0) + answer.cpuMs);
  marks.addEntries(answer.marks);
  for (const text of answer.told) console.log(text);
  for (const { file, content } of answer.kept) {
    const path = join(SIMULATION, 'regressions', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
    console.log(`kept as ${path}`);
  }
  for (const one of answer.found) {
    found.push(one);
    console.log(`${one.where}: ${one.rule}, ${one.what}`);
    if (one.next === null || shrunk >= MOST_SHRUNK) continue;
    shrunk += 1;
    jobs.unshift(one.next);
  }
}

function fail(what: string): void {
  failures.push(what);
  console.log(what);
}

/** The same seed tells the same story in another process, or no failing seed could ever be looked at again. */
async function compareHashes(): Promise<void> {
  const alone = async (): Promise<string[]> => {
    const told: string[] = [];
    await workOff<Job, Answer>({
      workers: 1,
      program: PROGRAM,
      jobs: [{ part: 'hash', seeds: HASHED_SEEDS }],
      mostMs: MOST_JOB_MS,
      goesOn: () => true,
      answered: (_, answer) => told.push(...answer.told),
      died: (_, how) => fail(`a worker died at the traces: ${how}`),
    });
    return told;
  };
  const [one, other] = await Promise.all([alone(), alone()]);
  if (one.join() === other.join() && one.length === HASHED_SEEDS.length)
    console.log(`same trace of ${String(one.length)} seeds in two processes`);
  else fail(`the same seeds left other traces in another process: ${one.join(', ')} and ${other.join(', ')}`);
}

/** kill -9 of the real program, at random moments of its runs on the sandbox. */
function tellKills({ trials, killedWhileRunning, ...harm }: KillFigures): void {
  const told = Object.entries(harm).map(([name, count]) => `${name} ${String(count)}`);
  console.log(
    `kill -9: ${String(trials)} trials, ${String(killedWhileRunning)} in the middle of a run: ${told.join(', ')}`,
  );
  if (Object.values(harm).some((count) => count > 0)) fail('a kill did harm, told above');
}

function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(0);
}

function report(): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  const floorApplies = isOn('worlds') && marks.count('seeds') >= SEEDS_FOR_FLOOR;
  for (const text of figures(marks)) console.log(text);
  for (const text of shortcomings(marks, floorApplies)) fail(text);
  if (jobs.length > 0) fail(`NOT COMPLETE: the time was up with ${String(jobs.length)} jobs left`);
  const mutants = isOn('mutants') ? Object.keys(MUTANTS).length : 0;
  console.log(`Seconds of processor time: ${[...cpuMs].map(([part, ms]) => `${part} ${secondsOf(ms)}`).join(', ')}`);
  console.log('');
  const cpuSeconds = [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0) / 1_000;
  for (const text of table(marks, { seconds, cpuSeconds, workers, violations: found.length, mutants }))
    console.log(text);
  const ok = found.length === 0 && failures.length === 0;
  console.log(
    ok
      ? 'All as it must be.'
      : `${String(found.length)} violations and ${String(failures.length)} other failures, told above.`,
  );
  process.exitCode = ok ? 0 : 1;
}
