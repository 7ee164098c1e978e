import { setTimeout as sleep } from 'node:timers/promises';

/** What may wait until a person does not. */
export interface Quiet {
  /** A window has asked for something. */
  readonly asked: () => void;
  /** Resolves when nothing has been asked for a while, or after some time all the same. Rejects when the signal fires. */
  readonly come: (signal: AbortSignal) => Promise<void>;
}

export interface QuietTimes {
  /** ms, never goes back. */
  readonly now: () => number;
  /** Resolves after `ms`; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Longer than a screen asks for what it shows; a person who only looks has stopped asking by then. */
export const QUIET_MS = 1_500;
/** What waits is begun after this in any case: a person may be waiting for it. */
export const AT_MOST_MS = 10_000;

const REAL: QuietTimes = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** Knows when windows have last asked for something. */
export function quietOf({ now, sleep: wait }: QuietTimes = REAL): Quiet {
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    asked: () => {
      askedAt = now();
    },
    come: async (signal) => {
      const from = now();
      for (;;) {
        const at = Math.min(Math.max(askedAt, from) + QUIET_MS, from + AT_MOST_MS);
        if (at <= now()) return;
        await wait(at - now(), signal);
      }
    },
  };
}
