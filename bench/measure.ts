import type { Measured } from './child.ts';

/** One line of the table. Times in ms; ratios are product ÷ floor of one pair. */
export interface Figure {
  readonly name: string;
  readonly size: number;
  readonly product: readonly Measured[];
  readonly floor: readonly Measured[];
  readonly goal: Goal | null;
  /** What a reader needs beside the figures: requests, statements, what the floor is. */
  readonly notes: readonly string[];
}

export interface Goal {
  readonly text: string;
  readonly value: number;
  readonly met: boolean;
}

/** A person asks more than once; the first answer alone would measure a cold start. */
export const SCREEN_TURNS = 5;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

export const medianMs = (measured: readonly Measured[]): number => median(measured.map(({ ms }) => ms));

export const ratiosOf = ({ product, floor }: Pick<Figure, 'product' | 'floor'>): number[] =>
  product.flatMap(({ ms }, at) => {
    const below = floor[at];
    return below === undefined ? [] : [ms / below.ms];
  });

/** The same of processor time; the threads of SQLite and of the garbage collector are in it. */
export const cpuRatiosOf = ({ product, floor }: Pick<Figure, 'product' | 'floor'>): number[] =>
  product.flatMap(({ cpuMs }, at) => {
    const below = floor[at];
    return below === undefined ? [] : [cpuMs / below.cpuMs];
  });

export const peakMb = (measured: readonly Pick<Measured, 'peakBytes'>[]): number =>
  Math.round(Math.max(0, ...measured.map(({ peakBytes }) => peakBytes)) / 1e6);

/** How often a case is measured: so many pairs of runs, but none that would begin later than this, ms after the first. */
export interface Turns {
  readonly pairs: number;
  readonly withinMs: number;
}

/** Floor, product, floor, product …: what the machine does besides meets both alike. One pair is always measured. */
export async function alternate(
  { pairs, withinMs }: Turns,
  floor: (turn: number) => Promise<Measured>,
  product: (turn: number) => Promise<Measured>,
): Promise<Pick<Figure, 'product' | 'floor'>> {
  const found = { product: [] as Measured[], floor: [] as Measured[] };
  const begunAt = performance.now();
  for (let turn = 0; turn === 0 || (turn < pairs && performance.now() - begunAt < withinMs); turn++) {
    found.floor.push(await floor(turn));
    found.product.push(await product(turn));
  }
  return found;
}

export const atMost = (text: string, value: number, limit: number): Goal => ({ text, value, met: value <= limit });
