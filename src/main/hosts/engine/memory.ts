import type { ResourceLimits } from 'node:worker_threads';

/**
 * How large V8 lets one half of the young generation grow, MB. Left to itself it takes up to 32 of them, and a first sync
 * fills them with what is of no use a moment later: at 100,000 pairs this limit saves more than 100 MB, and costs next to no
 * processor time (docs/benchmarks.md).
 */
export const SEMI_SPACE_MB = 4;

/** V8 counts two halves and as much again for what is too large for them. */
const PARTS_OF_YOUNG_GENERATION = 3;

/**
 * What may be held at all, MB: many times what a million pairs need. Below 2,048 V8 collects when twice as much is there as was
 * in use, and not four times as much.
 */
export const OLD_SPACE_MB = 2_000;

/** For an engine in a thread. */
export const ENGINE_THREAD_LIMITS: ResourceLimits = {
  maxOldGenerationSizeMb: OLD_SPACE_MB,
  maxYoungGenerationSizeMb: PARTS_OF_YOUNG_GENERATION * SEMI_SPACE_MB,
};

/** For an engine in a process of its own, as Node takes it. */
export const NODE_FLAGS: readonly string[] = [
  `--max-semi-space-size=${String(SEMI_SPACE_MB)}`,
  `--max-old-space-size=${String(OLD_SPACE_MB)}`,
];

/** The same as Electron takes it: it hands the arguments of a process to Chromium, which gives V8 what stands here. */
export const ELECTRON_FLAGS: readonly string[] = [`--js-flags=${NODE_FLAGS.join(' ')}`];
