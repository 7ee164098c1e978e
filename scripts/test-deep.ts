import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Marks } from '../src/main/sync/simulation/marks.ts';
import { shrink } from '../src/main/sync/simulation/shrink.ts';
import { simulate } from '../src/main/sync/simulation/simulate.ts';
import { stepsOf } from '../src/main/sync/simulation/steps.ts';

/**
 * `npm run test:deep -- --seeds N [--from N] [--minutes N] [--story]`: worlds from seeds, judged by the invariants of
 * docs/sync-rules.md. Ends with 1 when one was broken; the shortest story found is kept for CI.
 */

const REGRESSIONS = join(import.meta.dirname, '../src/main/sync/simulation/regressions');
const MOST_SHRUNK = 3;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '15' },
    story: { type: 'boolean', default: false },
  },
});
const [seeds, from, minutes] = [Number(values.seeds), Number(values.from), Number(values.minutes)];

const startedAt = Date.now();
const marks = new Marks();
const failing: number[] = [];
let told = 0;
for (let seed = from; seed < from + seeds && Date.now() - startedAt < minutes * 60_000; seed++) {
  told += 1;
  const simulated = await simulate(seed);
  marks.addAll(simulated.marks);
  if (values.story) console.log(simulated.tell());
  const [violation] = simulated.violations;
  if (violation === undefined) continue;
  failing.push(seed);
  marks.add('violations', simulated.violations.length);
  console.log(`seed ${String(seed)}: ${violation.rule}, ${violation.what}`);
  if (failing.length <= MOST_SHRUNK) await keepShortest(seed, violation.rule, violation.what);
}
report();
process.exitCode = failing.length > 0 ? 1 : 0;

async function keepShortest(seed: number, rule: string, note: string): Promise<void> {
  const steps = await shrink(seed, rule, stepsOf(seed));
  const { tell } = await simulate(seed, { steps });
  console.log(tell());
  mkdirSync(REGRESSIONS, { recursive: true });
  const path = join(REGRESSIONS, `${rule}-${String(seed)}.json`);
  writeFileSync(path, `${JSON.stringify({ seed, rule, note, steps }, null, 2)}\n`);
  console.log(`kept as ${path}`);
}

function report(): void {
  const seconds = (Date.now() - startedAt) / 1_000;
  const line = (title: string, prefix: string): void => {
    const counts = marks.of(prefix).map(([name, count]) => `${name} ${String(count)}`);
    console.log(`${title}: ${counts.length === 0 ? 'none' : counts.join(', ')}`);
  };
  line('Edits', 'edit:');
  line('Faults', 'fault:');
  line('Decisions', 'person:');
  line('Outcomes of writes', 'outcome:');
  line('Rows of 5.1', 'row:');
  line('Cells of 5.2', 'existence:');
  line('Mismatches', 'mismatch:');
  line('Edges of change states', 'edge:');
  line('Changes', 'change:');
  line('Rails', 'rail:');
  line('Crash points of section 10', 'Z:');
  line('Crashes', 'crash:');
  line('Oracle checks', 'check:');
  line('Left to a person', 'left:');
  console.log(
    `${String(told)} seeds in ${seconds.toFixed(0)} s: ${String(marks.count('runs'))} runs, ${String(marks.count('edits'))} edits, ` +
      `${String(marks.count('faults'))} faults, ${String(marks.count('crashes'))} crashes at ${String(marks.of('crash:').length)} points, ` +
      `${String(marks.sum('check:'))} oracle checks, ${String(marks.count('violations'))} violations in ${String(failing.length)} seeds`,
  );
}
