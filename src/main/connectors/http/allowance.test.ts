import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance, HEADROOM, LEARNT_FOR_MS, LEAST_PER_SECOND } from './allowance.ts';

/** So many leave as early as they may, from `from` on; when each left, ms. */
function leave(allowance: Allowance, many: number, from = 0): number[] {
  const times: number[] = [];
  let now = from;
  for (let n = 0; n < many; n++) {
    now = allowance.next(now);
    allowance.take(now);
    times.push(now);
  }
  return times;
}

const told = (requestsPerSecond: number, burst = 1): Allowance => new Allowance({ requestsPerSecond, burst });
const untold = (): Allowance => new Allowance({ requestsPerSecond: null, burst: 1 });

describe('how many requests a system is sent (J3)', () => {
  it('as many as come while nobody has told a limit', () => {
    expect(leave(untold(), 100)).toEqual(Array.from({ length: 100 }, () => 0));
  });

  it('no faster than what was told, and hardly slower', () => {
    assert(
      property(
        integer({ min: 1, max: 100 }),
        integer({ min: 1, max: 20 }),
        array(integer({ min: 0, max: 3_000 }), { minLength: 2, maxLength: 300 }),
        (rate, burst, quiet) => {
          const allowance = told(rate, burst);
          const times: number[] = [];
          let now = 0;
          for (const ms of quiet) {
            now = allowance.next(now + (ms % 7 === 0 ? ms : 0));
            allowance.take(now);
            times.push(now);
          }
          // A token bucket at the system's end, with room for one more than the burst and for timers that come late.
          let tokens = burst + 1 + (5 * rate) / 1000;
          times.forEach((at, n) => {
            const passed = at - (times[n - 1] ?? at);
            tokens = Math.min(burst + 1 + (5 * rate) / 1000, tokens + (passed * rate) / 1000) - 1;
            expect(tokens).toBeGreaterThanOrEqual(0);
          });
        },
      ),
    );
    const times = leave(told(10), 900);
    expect(900 / ((times.at(-1) ?? 0) / 1000)).toBeGreaterThan(10 * 0.97);
  });

  it('a burst may leave at once after a quiet moment', () => {
    const allowance = told(10, 5);
    expect(leave(allowance, 6, 60_000).map((at) => at - 60_000)).toEqual([0, 0, 0, 0, 0, expect.closeTo(10, 0)]);
  });

  it('a timer that came late costs nothing: the next one is due when it would have been', () => {
    const allowance = told(10);
    allowance.take(0);
    const due = allowance.next(0);
    allowance.take(due + 20);
    expect(allowance.next(due + 20)).toBeCloseTo(due + 1000 / (10 * HEADROOM), 5);
  });
});

describe('a refusal lowers the rate, quiet gives it back (AIMD)', () => {
  it('nothing leaves before the time that the system asked for', () => {
    const allowance = told(10);
    allowance.take(0);
    allowance.refuse(5, 0, 7_000);
    expect(allowance.next(6)).toBe(7_005);
  });

  it('half of what it was; a tenth of the full rate comes back each minute, and no more than was told', () => {
    const allowance = told(10);
    allowance.take(0);
    allowance.refuse(0, 0, 0);
    const full = 10 * HEADROOM;
    for (const [at, share] of [
      [0, 0.5],
      [60_000, 0.6],
      [240_000, 0.9],
      [3_600_000, 1],
    ] as const)
      expect(allowance.rate(at)).toBeCloseTo(full * share, 6);
  });

  it('those that were on their way together lower it once', () => {
    const allowance = told(10);
    for (const leftAt of [0, 1, 2, 3]) allowance.refuse(4 + leftAt, leftAt, 1_000);
    expect(allowance.rate(10)).toBeCloseTo((10 * HEADROOM) / 2, 2);
    allowance.refuse(2_000, 1_500, 1_000);
    expect(allowance.rate(2_000)).toBeCloseTo((10 * HEADROOM) / 4, 1);
  });

  it('never below what an update needs to be written freshly (A6)', () => {
    const allowance = told(1);
    for (let n = 1; n < 20; n++) allowance.refuse(n * 10_000, n * 10_000 - 1, 0);
    expect(allowance.rate(200_000)).toBeGreaterThanOrEqual(LEAST_PER_SECOND);
  });

  it.each([
    { limit: 'ten a second, ten at once', passes: 10, inMs: 50, asked: 950, learns: 9 },
    { limit: 'a hundred a minute', passes: 100, inMs: 2_000, asked: 58_000, learns: 1.5 },
    { limit: 'twenty a second after a long run', passes: 600, inMs: 30_000, asked: 0, learns: 18 },
  ])('a limit that nobody told is learnt from what passed: $limit', ({ passes, inMs, asked, learns }) => {
    const allowance = untold();
    for (let n = 0; n < passes; n++) allowance.pass((n * inMs) / passes);
    allowance.refuse(inMs, inMs - 1, asked);
    expect(allowance.rate(inMs)).toBeCloseTo(learns, 1);
    expect(allowance.rate(inMs + LEARNT_FOR_MS - 1), 'not exceeded while it is believed').toBeCloseTo(learns, 1);
    expect(allowance.rate(inMs + LEARNT_FOR_MS), 'then it is tried again').toBeNull();
  });
});
