import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../sync/testing/virtual-clock.ts';
import type { Answer, Exchange, HttpDeps, HttpRequest } from './exchange.ts';
import { Pace } from './pace.ts';
import { createPacedClient } from './paced-client.ts';
import { Places } from './places.ts';
import type { PacedClient } from './paced-client.ts';

const never = new AbortController().signal;

const depsOf = (clock: VirtualClock): HttpDeps => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  sleep: (ms, signal) => clock.sleep(ms, signal),
  random: () => 0,
});

/** A system that lets so many requests pass, as a token bucket, and answers after `latencyMs`. */
class LimitedSystem {
  readonly seen: { readonly at: number; readonly method: string; readonly status: number }[] = [];
  readonly #clock: VirtualClock;
  readonly #limit: { readonly perSecond: number; readonly burst: number; readonly latencyMs: number };
  #tokens: number;
  #at = 0;

  constructor(clock: VirtualClock, limit: { perSecond: number; burst: number; latencyMs: number }) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit.burst;
  }

  get refused(): number {
    return this.seen.filter(({ status }) => status === 429).length;
  }

  send = async ({ method }: HttpRequest): Promise<Exchange> => {
    const { perSecond, burst, latencyMs } = this.#limit;
    const at = this.#clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + ((at - this.#at) * perSecond) / 1000);
    this.#at = at;
    const passes = this.#tokens >= 1 - 1e-9;
    if (passes) this.#tokens -= 1;
    this.seen.push({ at, method, status: passes ? 200 : 429 });
    await this.#clock.sleep(latencyMs, never);
    return answer(passes ? 200 : 429, passes ? {} : { 'retry-after': '1' });
  };
}

const answer = (status: number, headers: Record<string, string> = {}): Answer => ({
  kind: 'answered',
  status,
  headers,
  body: { kind: 'empty' },
});

function paced(clock: VirtualClock, send: (request: HttpRequest) => Promise<Exchange>, perSecond: number | null) {
  const deps = depsOf(clock);
  const pace = new Pace(deps, { requestsPerSecond: perSecond, burst: 1 });
  const wire = {
    send,
    requestCount: () => 0,
    bytes: () => ({ bytesSent: 0, bytesReceived: 0 }),
    close: () => undefined,
  };
  return createPacedClient(wire, pace, new Places(4), deps);
}

const request = (method: 'GET' | 'PUT', signal = never): HttpRequest => ({ method, path: 'a', label: 'a', signal });

const announced = () => Promise.resolve('announced');

const isRefused = (exchange: Exchange): boolean => exchange.kind === 'answered' && exchange.status === 429;

/** Updates as the apply stage makes them, so many at a time: read, write, read back; a refusal begins it anew. */
async function update(client: PacedClient, many: number, atOnce: number): Promise<void> {
  let left = many;
  const asked = async (method: 'GET' | 'PUT'): Promise<boolean> => {
    const send = () => client.send(request(method));
    const exchange = method === 'PUT' ? await client.admit(never, send) : await send();
    return exchange !== null && !isRefused(exchange);
  };
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      while (!((await asked('GET')) && (await asked('PUT'))));
      while (!(await asked('GET')));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

describe('300 updates while a system lets ten requests a second pass (J3)', () => {
  it.each([
    { latencyMs: 1, burst: 10 },
    { latencyMs: 20, burst: 10 },
    { latencyMs: 150, burst: 10 },
    { latencyMs: 20, burst: 2 },
  ])('told of the limit, $latencyMs ms, burst of $burst: at least 97 % of it, none refused', async (system) => {
    const clock = new VirtualClock();
    const limited = new LimitedSystem(clock, { perSecond: 10, ...system });
    await update(paced(clock, limited.send, 10), 300, 8);
    const seconds = (limited.seen.at(-1)?.at ?? 0) / 1000;
    expect(limited.seen).toHaveLength(900);
    expect(limited.refused).toBe(0);
    expect(900 / (10 * seconds)).toBeGreaterThanOrEqual(0.97);
  });

  it('not told of it: the first refusal teaches it, and only what was on its way with it is refused besides', async () => {
    const clock = new VirtualClock();
    const limited = new LimitedSystem(clock, { perSecond: 10, burst: 10, latencyMs: 20 });
    await update(paced(clock, limited.send, null), 300, 8);
    const [first = 0, ...later] = limited.seen.filter(({ status }) => status === 429).map(({ at }) => at);
    expect(later.filter((at) => at > first + 20)).toEqual([]);
    expect((limited.seen.at(-1)?.at ?? 0) / 1000).toBeLessThan(90 / 0.8);
  });
});

describe('what a system asks of one request holds for all', () => {
  it.each([
    { what: 'seconds', status: 429, after: '30', rests: 30_000 },
    { what: 'a date', status: 429, after: new Date(new VirtualClock().now() + 45_000).toUTCString(), rests: 45_000 },
    { what: 'nothing usable', status: 429, after: 'soon', rests: 1_000 },
    { what: 'an absurd time', status: 429, after: '99999999', rests: 15 * 60_000 },
    { what: 'a rest, being overloaded', status: 503, after: '20', rests: 20_000 },
    { what: 'nothing, being broken', status: 503, after: 'later', rests: 0 },
  ])('$status with $what: nothing leaves for $rests ms', async ({ status, after, rests }) => {
    const clock = new VirtualClock();
    const client = paced(clock, async () => answer(status, { 'retry-after': after }), null);
    await client.send(request('GET'));
    const refusedAt = clock.monotonic();
    await client.admit(never, announced);
    expect(clock.monotonic() - refusedAt).toBeGreaterThanOrEqual(rests);
    expect(clock.monotonic() - refusedAt).toBeLessThanOrEqual(rests + 10);
    expect(client.traffic().refused).toBe(status === 429 ? 1 : 0);
  });

  it('a longer rest that is asked for meanwhile counts for those who wait already', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(depsOf(clock), { requestsPerSecond: null, burst: 1 });
    pace.refused(0, 1_000);
    const waiting = pace.turn('read', never);
    pace.refused(0, 5_000);
    expect(await waiting).toBe(5_000);
  });

  it('writes go before reads that came earlier: what they are based on grows old (A6)', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(depsOf(clock), { requestsPerSecond: 1, burst: 1 });
    await pace.turn('read', never);
    const order: string[] = [];
    await Promise.all([
      pace.turn('read', never).then(() => order.push('read')),
      pace.turn('read', never).then(() => order.push('read')),
      pace.turn('write', never).then(() => order.push('write')),
    ]);
    expect(order).toEqual(['write', 'read', 'read']);
  });
});

describe('waiting', () => {
  it('ends at once when the signal fires, and nothing is left behind that would wake up later', async () => {
    const clock = new VirtualClock();
    const client = paced(clock, async () => answer(429, { 'retry-after': '600' }), null);
    await client.send(request('GET'));
    const stop = new AbortController();
    clock.onSleep = () => setImmediate(() => stop.abort());
    const cancelled = client.send(request('GET', stop.signal));
    stop.abort();
    expect(await cancelled).toEqual({ kind: 'notSent', why: 'cancelled', detail: 'cancelled' });
    expect(await client.admit(stop.signal, announced)).toBeNull();
    expect(clock.monotonic()).toBeLessThan(600_000);
  });

  it('whoever comes while an abandoned rest ends still gets a turn', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(depsOf(clock), { requestsPerSecond: null, burst: 1 });
    pace.refused(0, 5_000);
    const stop = new AbortController();
    const first = pace.turn('read', stop.signal);
    stop.abort();
    const second = pace.turn('read', never);
    expect(await first).toBeNull();
    expect(await second).toBe(5_000);
  });

  it('is counted: how many waited, and how long', async () => {
    const clock = new VirtualClock();
    const pace = new Pace(depsOf(clock), { requestsPerSecond: 1, burst: 1 });
    await Promise.all([0, 1, 2].map(() => pace.turn('read', never)));
    expect(pace.waits.waits).toBe(2);
    expect(pace.waits.waitedMs).toBeGreaterThan(1_100);
    expect(pace.waits.waitedMs).toBeLessThan(1_300);
  });
});
