import type { Json } from '../../../shared/json.ts';

/** Waiting, time and chance are handed in, so that tests neither wait nor depend on the clock. */
export interface HttpDeps {
  /** Wall time, ms UTC. */
  now(): number;
  /** ms, never goes back: for waits (T5). */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export interface HttpRequest {
  /** There is no DELETE, on purpose (X1, I12). */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Relative to the base URL, percent-encoded, with its query. */
  readonly path: string;
  /** What stands in messages: the path without ids, values and query. */
  readonly label: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** The answer is a text and no JSON: its body comes as that text. */
  readonly isText?: boolean;
  readonly signal: AbortSignal;
}

/** The body of an answer. `broken`: the status line came, the body did not come whole. */
export type Body =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: Interruption };

export type Interruption = 'cut' | 'timeout' | 'cancelled';

export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/**
 * What became of one request. `notSent` is a proof: no byte of it can have reached the system. `lost`: it may have
 * been received and acted on, and no answer came. The texts are made here and hold no header, body or address.
 */
export type Exchange =
  | { readonly kind: 'notSent'; readonly why: 'unreachable' | 'timeout' | 'cancelled'; readonly detail: string }
  | { readonly kind: 'lost'; readonly why: Interruption; readonly detail: string }
  | Answer;

export const realDeps: HttpDeps = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    }),
};
