import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { CASES } from '../bench/cases/index.ts';
import { derived } from '../bench/derived.ts';
import type { Figure, Turns } from '../bench/measure.ts';
import { Stage } from '../bench/stage.ts';
import { table } from '../bench/table.ts';

/**
 * `npm run bench -- [--case NAME]… [--size N]… [--pairs N] [--large] [--json FILE] [--profile DIR]`: Tidsbro beside the
 * least that the same work can cost on this machine, in turns. `--case` takes a part of a name. Without `--pairs` a case is
 * measured five times, or as often as 7.5 seconds allow: the whole ends within ten minutes.
 */

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true },
    pairs: { type: 'string' },
    large: { type: 'boolean', default: false },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});

const STANDARD = [10_000, 100_000];
const MILLION = 1_000_000;
const TURNS: Turns =
  values.pairs === undefined
    ? { pairs: 5, withinMs: 7_500 }
    : { pairs: Number(values.pairs), withinMs: Number.POSITIVE_INFINITY };

const sizes = values.size?.map(Number) ?? (values.large ? [...STANDARD, MILLION] : STANDARD);
const sizeless = Math.max(...sizes.filter((size) => size < MILLION));
const wanted = values.case ?? [''];
const figures: Figure[] = [];
const failed: string[] = [];
console.log(
  `load average ${loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')}`,
);
for (const size of sizes) await measureSize(size);
console.log(`\n${table([...figures, ...derived(figures)])}`);
console.log(
  '\nThe window itself, from its opening to a search and the first rows of Review, is measured by npm run bench:ui.',
);
for (const { name, size, notes } of figures) console.log(`\n${name}, ${String(size)}:\n  ${notes.join('\n  ')}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 1)}\n`);
for (const failure of failed) console.log(failure);
process.exitCode = failed.length > 0 ? 1 : 0;

async function measureSize(size: number): Promise<void> {
  const cases = CASES.filter(
    (one) =>
      wanted.some((name) => one.name.includes(name)) &&
      one.fits(size, values.large) &&
      (one.isSizeless !== true || size === sizeless),
  );
  if (cases.length === 0) return;
  const turns = size >= MILLION ? { ...TURNS, pairs: 1 } : TURNS;
  const stage = await Stage.open(size, values.profile ?? null);
  try {
    for (const one of cases) {
      try {
        const figure = await one.measure(stage, turns);
        figures.push(figure);
        console.log(table([figure]).split('\n').at(-1));
      } catch (error) {
        failed.push(`${one.name}, ${String(size)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await stage.close();
  }
}
