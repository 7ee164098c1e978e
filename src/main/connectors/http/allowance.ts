export interface RateLimit {
  /** What the system lets pass, by its own account or the operator's; null: nobody has said. */
  readonly requestsPerSecond: number | null;
  /** So many may leave at once after a quiet moment. */
  readonly burst: number;
}

/** A little below what is allowed: our seconds and the system's are not the same length. */
export const HEADROOM = 0.99;
/** Below this an update could not leave within the 5 s that its look at the record stays fresh (A6). */
export const LEAST_PER_SECOND = 0.5;
/** Of the full rate, given back in each minute without a refusal. */
export const RECOVERY_PER_MINUTE = 0.1;
/** So long a limit is believed that was only learnt from a refusal. */
export const LEARNT_FOR_MS = 10 * 60_000;
const WINDOW_MS = 60_000;

interface Lowered {
  readonly at: number;
  readonly to: number;
  readonly ceiling: number;
}

/**
 * How many requests one system is sent, as a token bucket counted in time: each request moves the moment at which the
 * next one is due. A refusal lowers the rate at once and by much, quiet gives it back slowly (AIMD). Knows no clock: all
 * times are handed in, ms by the monotonic clock (T5).
 */
export class Allowance {
  readonly #limit: RateLimit;
  #lowered: Lowered | null = null;
  #due = Number.NEGATIVE_INFINITY;
  #resumesAt = Number.NEGATIVE_INFINITY;
  /** What has passed in this minute and the one before, to estimate a limit that nobody has told. */
  #windows: Windows | null = null;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Requests a second now; null: as many as come. */
  rate(now: number): number | null {
    const told = this.#limit.requestsPerSecond;
    if (this.#lowered !== null && told === null && now - this.#lowered.at >= LEARNT_FOR_MS) this.#lowered = null;
    if (this.#lowered === null) return told === null ? null : told * HEADROOM;
    const { at, to, ceiling } = this.#lowered;
    return Math.min(ceiling, to + (ceiling * RECOVERY_PER_MINUTE * (now - at)) / 60_000);
  }

  /** When the next request may leave: `now`, or later. */
  next(now: number): number {
    const rate = this.rate(now);
    return Math.max(now, this.#resumesAt, rate === null ? now : this.#due - this.#slack(1000 / rate));
  }

  /** One leaves. */
  take(now: number): void {
    const rate = this.rate(now);
    if (rate !== null) this.#due = Math.max(this.#due, now) + 1000 / rate;
  }

  /** The system has let one pass. Those still on their way are not counted: they may be refused together. */
  pass(now: number): void {
    this.#windows = counted(this.#windows, now);
  }

  /** Nothing leaves for so long. */
  pause(now: number, ms: number): void {
    this.#resumesAt = Math.max(this.#resumesAt, now + ms);
  }

  /** The system refused a request that left at `leftAt` because there were too many, and asks to wait for `ms`. */
  refuse(now: number, leftAt: number, ms: number): void {
    // What was on its way when the first of them was refused tells nothing new of the rate.
    const isNews = leftAt > this.#resumesAt;
    const rate = this.rate(now);
    this.pause(now, ms);
    if (!isNews) return;
    const told = this.#limit.requestsPerSecond;
    const allowed = rate ?? this.#seen(now + ms);
    const ceiling = told === null ? allowed * 0.9 : told * HEADROOM;
    this.#lowered = {
      at: now,
      to: Math.max(LEAST_PER_SECOND, rate === null ? ceiling : rate / 2),
      ceiling: Math.max(LEAST_PER_SECOND, ceiling),
    };
  }

  /** The system takes its next request at `until`: so many it has let pass until then, by second. */
  #seen(until: number): number {
    const [current, before] = this.#windows ?? [{ from: until, count: 1 }];
    const seconds = Math.max(0.001, (until - (before ?? current).from) / 1000);
    return (current.count + (before?.count ?? 0)) / seconds;
  }

  /** Timers come late; what that costs is made up for, but never more than a little. */
  #slack(intervalMs: number): number {
    const burst = this.#limit.requestsPerSecond === null ? 1 : this.#limit.burst;
    return (burst - 1) * intervalMs + Math.max(5, 0.9 * intervalMs);
  }
}

interface Window {
  readonly from: number;
  readonly count: number;
}

type Windows = readonly [Window, (Window | undefined)?];

function counted(windows: Windows | null, now: number): Windows {
  const [current, before] = windows ?? [{ from: now, count: 0 }];
  if (now - current.from >= 2 * WINDOW_MS) return [{ from: now, count: 1 }];
  if (now - current.from >= WINDOW_MS) return [{ from: now, count: 1 }, current];
  return [{ from: current.from, count: current.count + 1 }, before];
}
