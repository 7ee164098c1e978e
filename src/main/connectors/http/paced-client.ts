import type { Traffic } from '../connector.ts';
import { askedToWait } from './classify.ts';
import type { Exchange, HttpDeps, HttpRequest } from './exchange.ts';
import type { HttpClient } from './http-client.ts';
import type { Pace } from './pace.ts';
import { LONGEST_WAIT_MS } from './retry.ts';

/** An HTTP client whose requests keep to the limits of their system, each of them. */
export interface PacedClient {
  /** A read waits here until it may leave. A write leaves at once: its caller has waited with `admit`. */
  send(request: HttpRequest): Promise<Exchange>;
  /**
   * True when one write may leave; false when the signal fired while it waited. It is asked for before the write is announced durably
   * (A5, K3): what waits here is not under way yet, and no transaction is open.
   */
  admit(signal: AbortSignal): Promise<boolean>;
  traffic(): Traffic;
}

export function createPacedClient(
  http: HttpClient,
  pace: Pace,
  deps: Pick<HttpDeps, 'now' | 'monotonic'>,
): PacedClient {
  let refused = 0;
  let answeringMs = 0;
  const heed = (exchange: Exchange, leftAt: number): void => {
    const asked = askedToWait(exchange, deps.now());
    if (asked?.isTooMany !== true && exchange.kind === 'answered') pace.passed();
    if (asked === null) return;
    // Whoever asks for more gets nothing in that time but a look now and then; the failure tells it (J3).
    const ms = Math.min(asked.ms, LONGEST_WAIT_MS);
    if (!asked.isTooMany) return pace.pause(ms);
    refused += 1;
    pace.refused(leftAt, ms);
  };
  return {
    admit: async (signal) => (await pace.turn('write', signal)) !== null,
    traffic: () => ({ ...http.bytes(), ...pace.waits, answeringMs, refused }),
    send: async (request) => {
      const leftAt = request.method === 'GET' ? await pace.turn('read', request.signal) : deps.monotonic();
      if (leftAt === null) return { kind: 'notSent', why: 'cancelled', detail: 'cancelled' };
      const exchange = await http.send(request);
      answeringMs += deps.monotonic() - leftAt;
      heed(exchange, leftAt);
      return exchange;
    },
  };
}
