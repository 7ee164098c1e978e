import type { Traffic } from '../connector.ts';
import { askedToWait } from './classify.ts';
import type { Exchange, HttpDeps, HttpRequest } from './exchange.ts';
import type { HttpClient } from './http-client.ts';
import type { Pace } from './pace.ts';
import type { Places } from './places.ts';
import { LONGEST_WAIT_MS } from './retry.ts';

/** An HTTP client whose requests keep to the limits of their system, each of them. */
export interface PacedClient {
  /** A read waits here until it may leave. A write leaves at once: `admit` has waited for it. */
  send(request: HttpRequest): Promise<Exchange>;
  /** Runs `write`, which announces one write durably and sends it, once that may leave (`Connector.admit`). */
  admit<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T | null>;
  traffic(): Traffic;
}

export function createPacedClient(
  http: HttpClient,
  pace: Pace,
  places: Places,
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
  const leave = async (request: HttpRequest, leftAt: number): Promise<Exchange> => {
    const exchange = await http.send(request);
    answeringMs += deps.monotonic() - leftAt;
    heed(exchange, leftAt);
    return exchange;
  };
  return {
    admit: (signal, write) =>
      places.hold('write', signal, async () => ((await pace.turn('write', signal)) === null ? null : write())),
    traffic: () => ({ ...http.bytes(), ...pace.waits, answeringMs, refused }),
    send: async (request) => {
      if (request.method !== 'GET') return leave(request, deps.monotonic());
      const { signal } = request;
      const read = await places.hold('read', signal, async () => {
        const leftAt = await pace.turn('read', signal);
        return leftAt === null ? null : leave(request, leftAt);
      });
      return read ?? { kind: 'notSent', why: 'cancelled', detail: 'cancelled' };
    },
  };
}
