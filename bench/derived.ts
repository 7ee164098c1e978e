import { atMost, medianMs, peakMb } from './measure.ts';
import type { Figure } from './measure.ts';

const MILLION = 1_000_000;

/** What the statement asks of the figures together: memory at each size, and how time grows with the pairs. */
export function derived(figures: readonly Figure[]): Figure[] {
  const sizes = [...new Set(figures.map(({ size }) => size))];
  return [
    ...sizes.flatMap((size) => memory(figures, size)),
    ...growth(figures, 'adopt', 1.1),
    ...deltaAtAMillion(figures),
  ];
}

/** The highest of all processes that ran the product at that size. */
function memory(figures: readonly Figure[], size: number): Figure[] {
  const limit = size >= MILLION ? 600 : 350;
  const worst = figures
    .filter((figure) => figure.size === size && figure.product.length > 0)
    .toSorted((a, b) => peakMb(b.product) - peakMb(a.product))[0];
  if (worst === undefined) return [];
  return [figureOf(`peak memory (${worst.name})`, size, atMost(`≤ ${String(limit)} MB`, peakMb(worst.product), limit))];
}

/** The exponent that leads from the smallest size to the largest. */
function growth(figures: readonly Figure[], name: string, limit: number): Figure[] {
  const [least, most] = ends(figures, name);
  if (least === undefined || most === undefined) return [];
  const exponent = Math.log(medianMs(most.product) / medianMs(least.product)) / Math.log(most.size / least.size);
  const from = least.size.toLocaleString('en');
  return [figureOf(`${name}: growth from ${from}`, most.size, atMost('time exponent ≤ 1.10', exponent, limit))];
}

function deltaAtAMillion(figures: readonly Figure[]): Figure[] {
  const [least, most] = ends(figures, 'no change, delta');
  if (least === undefined || most === undefined || most.size < MILLION) return [];
  const ratio = medianMs(most.product) / medianMs(least.product);
  return [figureOf('no change, delta: growth', most.size, atMost('≤ 1.5 × the time at 10,000', ratio, 1.5))];
}

function ends(figures: readonly Figure[], name: string): readonly [Figure | undefined, Figure | undefined] {
  const of = figures.filter((figure) => figure.name === name).toSorted((a, b) => a.size - b.size);
  return of.length < 2 ? [undefined, undefined] : [of[0], of.at(-1)];
}

const figureOf = (name: string, size: number, goal: Figure['goal']): Figure => ({
  name,
  size,
  product: [],
  floor: [],
  goal,
  notes: [],
});
