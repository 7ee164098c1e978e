import { array, assert, asyncProperty, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT_MOST_MS, QUIET_MS, quietOf } from './quiet.ts';

/** When it is quiet, in ms from the beginning, where a window asks at these times. */
async function quietAt(asks: readonly number[], signal = new AbortController().signal): Promise<number> {
  let at = 0;
  const left = asks.toSorted((a, b) => a - b);
  const quiet = quietOf({
    now: () => at,
    sleep: async (ms, { aborted }) => {
      if (aborted) throw new Error('given up');
      const until = at + ms;
      while (left[0] !== undefined && left[0] < until) {
        at = left.shift() ?? at;
        quiet.asked();
      }
      at = until;
    },
  });
  await quiet.come(signal);
  return at;
}

describe('what waits for a quiet window', () => {
  it.each([
    { asks: [], at: QUIET_MS, what: 'begins when nothing was asked for a while' },
    { asks: [400], at: 400 + QUIET_MS, what: 'waits on after the first screen has asked' },
    {
      asks: [400, 1_800, 3_200],
      at: 3_200 + QUIET_MS,
      what: 'waits for as long as a person goes from screen to screen',
    },
    { asks: [400, 5_000], at: 400 + QUIET_MS, what: 'uses the first pause' },
  ])('$what', async ({ asks, at }) => {
    expect(await quietAt(asks)).toBe(at);
  });

  it('begins after the longest time, however much is asked', async () => {
    expect(await quietAt(Array.from({ length: 100 }, (_, n) => n * 500))).toBe(AT_MOST_MS);
  });

  it('begins neither within a while of a question before the longest time, nor after that', async () => {
    await assert(
      asyncProperty(array(nat(2 * AT_MOST_MS)), async (asks) => {
        const at = await quietAt(asks);
        expect(at).toBeLessThanOrEqual(AT_MOST_MS);
        const justBefore = asks.filter((asked) => asked < at && asked > at - QUIET_MS);
        expect(at === AT_MOST_MS || justBefore.length === 0).toBe(true);
      }),
    );
  });

  it('is given up with its signal', async () => {
    await expect(quietAt([], AbortSignal.abort())).rejects.toThrow('given up');
  });
});
