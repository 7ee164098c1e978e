import type { Clock } from '../context.ts';

/** A Monday morning in winter, so that no summer time plays into tests that do not speak of it. */
export const START = Date.UTC(2026, 0, 5, 7, 0, 0);

/** Time that passes only when somebody waits for it or says so. */
export class VirtualClock implements Clock {
  #now: number;
  #monotonic = 0;
  /** Called at the start of each wait, such as to say *Stop* in the middle of one. */
  onSleep: (ms: number) => void = () => undefined;

  constructor(start = START) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Passes `ms` at once; a wait ends early when its signal fires. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.onSleep(ms);
    if (!signal.aborted) this.advance(ms);
  }

  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  /** Somebody set the computer's clock back: the wall time jumps, what has passed stays passed (T5). */
  turnBack(ms: number): void {
    this.#now -= ms;
  }
}
