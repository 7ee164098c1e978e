import { FLOOR, belowFloor, forbiddenEdges } from '../coverage.ts';
import type { Marks } from '../marks.ts';
import { EXISTENCE_CELLS } from './existence-cells.ts';
import { TABLE_CELLS } from './table-cells.ts';

/** The figures of a deep run, as lines of text. */
export function figures(marks: Marks): string[] {
  const line = (title: string, prefix: string): string => {
    const counts = marks.of(prefix).map(([name, count]) => `${name} ${String(count)}`);
    return `${title}: ${counts.length === 0 ? 'none' : counts.join(', ')}`;
  };
  return [
    line('Edits', 'edit:'),
    line('Faults', 'fault:'),
    line('Decisions', 'person:'),
    line('Outcomes of writes', 'outcome:'),
    line('Rows of 5.1', 'row:'),
    line('Cells of 5.2', 'cell:'),
    line('Mismatches', 'mismatch:'),
    line('Edges of change states', 'edge:'),
    line('Changes', 'change:'),
    line('Rails', 'rail:'),
    line('Crash points of section 10', 'Z:'),
    line('Crashes', 'crash:'),
    line('Creates: faults', 'create fault:'),
    line('Creates: outcomes', 'create outcome:'),
    line('Creates: crashes', 'create crash:'),
    line('Planner: rows', 'planner:'),
    line('Oracle checks', 'check:'),
    line('Left to a person', 'left:'),
  ];
}

/** What says that too little was tested, or that a change went where none may go. */
export const shortcomings = (marks: Marks, floorApplies: boolean): string[] => [
  ...forbiddenEdges(marks).map(
    ({ name, count }) => `a change went from ${name}, which 2.5 does not allow (${String(count)} times)`,
  ),
  ...(floorApplies ? belowFloor(marks) : []).map(
    ({ name, count }) => `${name} was reached ${String(count)} times, not ${String(FLOOR)}`,
  ),
];

export interface Sums {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly workers: number;
  readonly violations: number;
  readonly mutants: number;
}

/** The last lines of a deep run. */
export function table(marks: Marks, { seconds, cpuSeconds, workers, violations, mutants }: Sums): string[] {
  const rows: readonly (readonly [string, string | number])[] = [
    ['seeds', marks.count('seeds')],
    ['runs', marks.count('runs')],
    ['edits', marks.count('edits')],
    ['faults', marks.count('faults')],
    ['crashes', marks.count('crashes')],
    ['crash points hit', marks.of('crash:').length],
    ['crash runs of creates', marks.count('create runs')],
    ['crash points of creates hit', marks.of('create crash:').length],
    ['planner cases', marks.count('planner cases')],
    ['cells of 5.1', `${String(marks.of('cell of 5.1:').length)} of ${String(TABLE_CELLS.length)}`],
    ['cells of 5.2', `${String(marks.of('cell of 5.2:').length)} of ${String(EXISTENCE_CELLS.length)}`],
    ['mutants caught', `${String(marks.count('mutants caught'))} of ${String(mutants)}`],
    ['oracle checks', marks.sum('check:')],
    ['violations', violations],
    ['seconds', `${seconds.toFixed(0)} (${cpuSeconds.toFixed(0)} of processor time, ${String(workers)} workers)`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${String(value)}`);
}
