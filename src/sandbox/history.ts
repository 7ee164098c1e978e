import type { Clock } from './clock.ts';
import type { Data, Key } from './store.ts';

export type Origin = 'api' | 'outside';

/** One write that acted or was refused. `status` 0: the connection was cut before the system acted. */
export interface HistoryEntry {
  readonly seq: number;
  readonly at: string;
  readonly origin: Origin;
  readonly method: string;
  readonly path: string;
  readonly kind: string | null;
  readonly id: Key | null;
  readonly status: number;
  readonly before: Data | null;
  readonly after: Data | null;
  /** Name of the fault rule that hit this request, when one did. */
  readonly fault: string | null;
}

export interface Attempt {
  readonly origin: Origin;
  readonly method: string;
  readonly path: string;
  readonly fault: string | null;
}

export type Deed = Pick<HistoryEntry, 'kind' | 'id' | 'status' | 'before' | 'after'>;

/** Append-only: what tests hold the product's own journal against. */
export class History {
  readonly #entries: HistoryEntry[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get length(): number {
    return this.#entries.length;
  }

  add(attempt: Attempt, deed: Deed): void {
    const at = new Date(this.#clock.now()).toISOString();
    this.#entries.push({ seq: this.#entries.length + 1, at, ...attempt, ...deed });
  }

  /** Entries after a sequence number; sequence numbers start at 1 and hold no gaps. */
  since(seq: number): readonly HistoryEntry[] {
    return this.#entries.slice(Math.max(0, seq));
  }
}
