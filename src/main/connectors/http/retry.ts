import { fail } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../connector.ts';
import type { HttpDeps } from './exchange.ts';

export const MOST_RETRIES = 5;
/** A gateway's HTML page may be gone a second later; a wrong address is not, and its operator waits for the answer. */
export const MOST_RETRIES_UNREADABLE = 1;
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
    if (result.ok || retries >= RETRIES[result.failure.kind]) return result;
    const wait = waitBefore(result.failure, retries, deps.random());
    if (waited + wait > LONGEST_WAIT_MS) return result;
    waited += wait;
    await deps.sleep(wait, signal);
    if (signal.aborted) return fail({ kind: 'cancelled', detail: 'Cancelled while waiting to try again.' });
  }
}

const RETRIES: Record<ConnectorFailure['kind'], number> = {
  unreachable: MOST_RETRIES,
  timeout: MOST_RETRIES,
  serverError: MOST_RETRIES,
  cut: MOST_RETRIES,
  slowDown: MOST_RETRIES,
  unreadable: MOST_RETRIES_UNREADABLE,
  signInNeeded: 0,
  refused: 0,
  cancelled: 0,
};

/** Full jitter: clients that failed together do not come back together. What the system asked for is the least. */
export function waitBefore(failure: ConnectorFailure, retries: number, random: number): number {
  const backoff = random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** retries);
  return failure.kind === 'slowDown' ? failure.retryAfterMs + backoff : backoff;
}
