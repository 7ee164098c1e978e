import { median } from '../measure.ts';
import { time } from '../table.ts';

/** One figure of a screen, measured some times. */
export interface UiMeasure {
  readonly screen: string;
  readonly what: string;
  readonly unit: 'ms' | 'MB';
  readonly goal: number | null;
  readonly values: number[];
}

/** What was measured, in the order in which it was first met. */
export class Measures {
  readonly #all = new Map<string, UiMeasure>();

  add(screen: string, what: string, value: number, goal: number | null, unit: UiMeasure['unit'] = 'ms'): void {
    const name = `${screen}: ${what}`;
    const known = this.#all.get(name) ?? { screen, what, unit, goal, values: [] };
    known.values.push(value);
    this.#all.set(name, known);
  }

  all(): UiMeasure[] {
    return [...this.#all.values()];
  }
}

const HEAD = ['Screen', 'What', 'n', 'Median', 'Spread', 'Goal', 'Met'];

export function uiTable(measures: readonly UiMeasure[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...measures.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf({ screen, what, unit, goal, values }: UiMeasure): string[] {
  const shown = (value: number): string => (unit === 'ms' ? time(value) : `${value.toFixed(0)} MB`);
  const middle = median(values);
  return [
    screen,
    what,
    String(values.length),
    shown(middle),
    `${shown(Math.min(...values))} – ${shown(Math.max(...values))}`,
    goal === null ? '–' : `≤ ${shown(goal)}`,
    goal === null ? '–' : middle <= goal ? 'yes' : 'no',
  ];
}

/** The value that this share of all values does not exceed. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
