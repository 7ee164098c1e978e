import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { sharesOf } from './profile.ts';

const line = (name: string, ms: number): string => `${ms.toFixed(0).padStart(8)} ms  ${name}`;

/** `node bench/product/top.ts FILE…`: where the time of a CPU profile goes, by own time and by time under it. */
for (const path of process.argv.slice(2)) {
  const shares = sharesOf(JSON.parse(readFileSync(path, 'utf8')) as Profiler.Profile);
  console.log(`\n${path}\n  own time`);
  for (const { name, selfMs } of shares.toSorted((a, b) => b.selfMs - a.selfMs).slice(0, 15))
    console.log(line(name, selfMs));
  console.log('  with all under it');
  for (const { name, totalMs } of shares.toSorted((a, b) => b.totalMs - a.totalMs).slice(0, 30))
    console.log(line(name, totalMs));
}
