import { fail } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../connector.ts';
import type { HttpDeps } from './exchange.ts';

export const MOST_RETRIES = 5;
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 30_000;
/** What a system may ask for with Retry-After before the read is given up, and all waits of one read together. */
export const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Repeats a read that failed for a reason that may pass (J3). Only reads may come here: a write that is sent twice may
 * be carried out twice. The last failure is the answer when the attempts, or the time to wait, are used up.
 */
export async function retryRead<T>(
  deps: HttpDeps,
  signal: AbortSignal,
  attempt: () => Promise<Result<T, ConnectorFailure>>,
): Promise<Result<T, ConnectorFailure>> {
  let waited = 0;
  for (let retries = 0; ; retries += 1) {
    const result = await attempt();
    if (result.ok || retries === MOST_RETRIES || !MAY_PASS[result.failure.kind]) return result;
    const wait = waitBefore(result.failure, retries, deps.random());
    if (waited + wait > LONGEST_WAIT_MS) return result;
    waited += wait;
    await deps.sleep(wait, signal);
    if (signal.aborted) return fail({ kind: 'cancelled', detail: 'Cancelled while waiting to try again.' });
  }
}

const MAY_PASS: Record<ConnectorFailure['kind'], boolean> = {
  unreachable: true,
  timeout: true,
  serverError: true,
  cut: true,
  slowDown: true,
  // A gateway's HTML page in place of an answer is gone a second later as often as not.
  unreadable: true,
  signInNeeded: false,
  refused: false,
  cancelled: false,
};

/** Full jitter: clients that failed together do not come back together. What the system asked for is the least. */
export function waitBefore(failure: ConnectorFailure, retries: number, random: number): number {
  const backoff = random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retries);
  return failure.kind === 'slowDown' ? failure.retryAfterMs + backoff : backoff;
}
