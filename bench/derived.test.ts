import { describe, expect, it } from 'vitest';
import type { Measured } from './child.ts';
import { derived } from './derived.ts';
import { alternate } from './measure.ts';
import type { Figure } from './measure.ts';
import { table } from './table.ts';

const measured = (ms: number, megabytes: number): Measured => ({
  ms,
  cpuMs: ms,
  peakBytes: megabytes * 1e6,
  requests: 1,
  detail: {},
});
const figure = (name: string, size: number, ms: number, megabytes: number): Figure => ({
  name,
  size,
  product: [measured(ms, megabytes)],
  floor: [],
  goal: null,
  notes: [],
});

describe('what the figures say together', () => {
  const figures = [
    figure('adopt', 10_000, 1_000, 200),
    figure('adopt', 1_000_000, 200_000, 610),
    figure('no change, delta', 10_000, 100, 90),
    figure('no change, delta', 1_000_000, 140, 91),
  ];

  it('the highest memory of each size, how adopting grows, and a delta at a million', () => {
    expect(derived(figures).map(({ name, size, goal }) => [name, size, goal?.met])).toEqual([
      ['peak memory (adopt)', 10_000, true],
      ['peak memory (adopt)', 1_000_000, false],
      ['adopt: growth from 10,000', 1_000_000, false],
      ['no change, delta: growth', 1_000_000, true],
    ]);
  });

  it('nothing of growth from one size alone', () => {
    expect(derived(figures.slice(0, 1)).map(({ name }) => name)).toEqual(['peak memory (adopt)']);
  });

  it('has lines in the table without times of its own', () => {
    expect(table(derived(figures)).split('\n')[2]).toBe(
      '| peak memory (adopt) | 10,000 | 0 | – | – | – | – | – | – | – | ≤ 350 MB | yes (200.00) |',
    );
  });
});

const run = (): Promise<Measured> => Promise.resolve(measured(1, 1));

describe('the pairs of a case', () => {
  it.each([
    { turns: { pairs: 3, withinMs: Number.POSITIVE_INFINITY }, ran: 3 },
    { turns: { pairs: 3, withinMs: 0 }, ran: 1 },
  ])('$turns.pairs within $turns.withinMs ms', async ({ turns, ran }) => {
    const { product, floor } = await alternate(turns, run, run);
    expect([product.length, floor.length]).toEqual([ran, ran]);
  });
});
