import { Allowance } from './allowance.ts';
import type { RateLimit } from './allowance.ts';
import type { HttpDeps } from './exchange.ts';

interface Waiter {
  readonly since: number;
  readonly go: (at: number) => void;
}

/** What was waited for a system's limits so far. */
export interface Waits {
  /** Requests that had to wait. */
  readonly waits: number;
  /** All their waits together, ms; several may have waited at the same time. */
  readonly waitedMs: number;
}

/**
 * The one gate to a system: every request waits here for its turn, reads and writes alike, so that what the system says
 * to one of them (429, Retry-After) holds for all. Writes go first: what they are based on was just read and grows old.
 */
export class Pace {
  readonly #deps: Pick<HttpDeps, 'monotonic' | 'sleep'>;
  readonly #allowance: Allowance;
  readonly #queues = { write: [] as Waiter[], read: [] as Waiter[] };
  #rest: AbortController | null = null;
  #waits: Waits = { waits: 0, waitedMs: 0 };

  constructor(deps: Pick<HttpDeps, 'monotonic' | 'sleep'>, limit: RateLimit) {
    this.#deps = deps;
    this.#allowance = new Allowance(limit);
  }

  get waits(): Waits {
    return this.#waits;
  }

  /** When it may leave (monotonic, ms), which is now; null: the signal fired while it waited. */
  turn(kind: 'read' | 'write', signal: AbortSignal): Promise<number | null> {
    const now = this.#deps.monotonic();
    if (this.#rest === null && this.#allowance.next(now) <= now) {
      this.#allowance.take(now);
      return Promise.resolve(now);
    }
    if (signal.aborted) return Promise.resolve(null);
    return this.#wait(this.#queues[kind], now, signal);
  }

  /** The system answered, and not that there were too many. */
  passed(): void {
    this.#allowance.pass(this.#deps.monotonic());
  }

  /** The system said that there were too many requests; one of them had left at `leftAt`. */
  refused(leftAt: number, askedMs: number): void {
    this.#allowance.refuse(this.#deps.monotonic(), leftAt, askedMs);
  }

  /** The system asked for a rest, without blaming the number of requests. */
  pause(askedMs: number): void {
    this.#allowance.pause(this.#deps.monotonic(), askedMs);
  }

  #wait(queue: Waiter[], since: number, signal: AbortSignal): Promise<number | null> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        since,
        go: (at) => {
          signal.removeEventListener('abort', leave);
          resolve(at);
        },
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        this.#count(since);
        // A timer that nobody waits for would hold the process for up to a quarter of an hour.
        if (this.#first() === undefined) this.#rest?.abort();
        resolve(null);
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      if (this.#rest === null) void this.#letThrough(new AbortController());
    });
  }

  async #letThrough(rest: AbortController): Promise<void> {
    this.#rest = rest;
    while (this.#first() !== undefined && !rest.signal.aborted) {
      const now = this.#deps.monotonic();
      const at = this.#allowance.next(now);
      if (at > now) await this.#deps.sleep(at - now, rest.signal);
      else this.#letOneThrough(now);
    }
    this.#rest = null;
    // Somebody may have come while the abandoned rest was ending.
    if (this.#first() !== undefined) void this.#letThrough(new AbortController());
  }

  #letOneThrough(now: number): void {
    const waiter = this.#queues.write.shift() ?? this.#queues.read.shift();
    if (waiter === undefined) return;
    this.#allowance.take(now);
    this.#count(waiter.since);
    waiter.go(now);
  }

  #first(): Waiter | undefined {
    return this.#queues.write[0] ?? this.#queues.read[0];
  }

  #count(since: number): void {
    const { waits, waitedMs } = this.#waits;
    this.#waits = { waits: waits + 1, waitedMs: waitedMs + this.#deps.monotonic() - since };
  }
}
