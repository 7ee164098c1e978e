import type { HttpDeps } from './exchange.ts';

/**
 * Time that passes by waiting only, and at once: what is slept is added to the monotonic clock, and to the wall's from
 * `startAt` (ms UTC) on. Waits in `slept`, ms.
 */
export function impatientDeps(startAt = 0, random = 0): HttpDeps & { readonly slept: readonly number[] } {
  let passed = 0;
  const slept: number[] = [];
  return {
    now: () => startAt + passed,
    monotonic: () => passed,
    random: () => random,
    slept,
    sleep: (ms) => {
      slept.push(ms);
      passed += ms;
      return Promise.resolve();
    },
  };
}
