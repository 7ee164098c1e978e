import { cpuRatiosOf, median, medianMs, peakMb, ratiosOf } from './measure.ts';
import type { Figure } from './measure.ts';

const HEAD = ['Case', 'Pairs', 'n', 'Product', 'Floor', 'Ratio', 'Spread', 'CPU', 'Requests', 'Peak MB', 'Goal', 'Met'];

export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...figures.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(figure: Figure): string[] {
  const ratios = ratiosOf(figure);
  const { goal } = figure;
  return [
    figure.name,
    figure.size.toLocaleString('en'),
    String(figure.product.length),
    figure.product.length === 0 ? '–' : time(medianMs(figure.product)),
    figure.floor.length === 0 ? '–' : time(medianMs(figure.floor)),
    ratios.length === 0 ? '–' : median(ratios).toFixed(2),
    ratios.length === 0 ? '–' : `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    ratios.length === 0 ? '–' : median(cpuRatiosOf(figure)).toFixed(2),
    figure.floor.length === 0
      ? '–'
      : `${String(figure.product.at(-1)?.requests ?? 0)} / ${String(figure.floor.at(-1)?.requests ?? 0)}`,
    figure.product.length === 0 ? '–' : String(peakMb(figure.product)),
    goal?.text ?? '–',
    goal === null ? '–' : `${goal.met ? 'yes' : 'no'} (${goal.value.toFixed(2)})`,
  ];
}

export const time = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);
