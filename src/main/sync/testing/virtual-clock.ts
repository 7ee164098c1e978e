import type { Clock } from '../context.ts';

/** A Monday morning in winter, so that no summer time plays into tests that do not speak of it. */
export const START = Date.UTC(2026, 0, 5, 7, 0, 0);

/** Time that passes only when somebody waits for it or says so. */
export class VirtualClock implements Clock {
  #now: number;
  #monotonic = 0;
  readonly #waits = new Set<Wait>();
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

  /**
   * Passes `ms` as soon as nobody has anything else to do; a wait ends early when its signal fires. Of several who wait,
   * the one whose time comes first is woken first.
   */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.onSleep(ms);
    if (signal.aborted) return;
    const woken = Promise.withResolvers<undefined>();
    const wait = { until: this.#monotonic + ms, wake: () => woken.resolve(undefined) };
    this.#waits.add(wait);
    signal.addEventListener('abort', wait.wake, { once: true });
    // What others can do at once, they have done before an immediate is called.
    setImmediate(() => this.#wakeNext());
    await woken.promise;
    signal.removeEventListener('abort', wait.wake);
    this.#waits.delete(wait);
  }

  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  /** Somebody set the computer's clock back: the wall time jumps, what has passed stays passed (T5). */
  turnBack(ms: number): void {
    this.#now -= ms;
  }

  #wakeNext(): void {
    const [next] = [...this.#waits].toSorted((a, b) => a.until - b.until);
    if (next === undefined) return;
    this.#waits.delete(next);
    this.advance(Math.max(0, next.until - this.#monotonic));
    next.wake();
  }
}

interface Wait {
  /** On the monotonic clock, ms. */
  readonly until: number;
  readonly wake: () => void;
}
