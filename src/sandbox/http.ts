import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from './clock.ts';
import { disguise, onlyDelays, type Fault, type Faults, type Hit } from './faults.ts';
import type { Attempt, History } from './history.ts';
import { Refusal, textOf, type Answer, type Ask } from './messages.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import type { Key } from './store.ts';

export interface Pace {
  readonly rateBurst: number;
  readonly ratePerSecond: number;
  readonly latencyMs: number;
}

export interface Target {
  readonly kind: string | null;
  readonly id: Key | null;
}

/** What the wire needs to know of a simulated system. */
export interface System {
  readonly clock: Clock;
  readonly history: History;
  readonly faults: Faults;
  readonly counts: Counts;
  readonly requests: RequestLog;
  /** Live values: switches may change them at any time. */
  readonly pace: Pace;
  /** The system's own interface. Writes report to the history with the attempt given. */
  handle(ask: Ask, attempt: Attempt): Answer;
  /** Doors for tests and pages for people; null when the path is not one of theirs. */
  open(ask: Ask): Answer | null;
  /** What a request is about, for the counts and for refused writes. */
  target(ask: Ask): Target;
  tooMany(retryAfterSeconds: number): Answer;
}

export class Counts {
  #total = 0;
  #byMethod: Record<string, number> = {};
  #byKind: Record<string, Record<string, number>> = {};
  #refused = 0;

  add(method: string, kind: string | null): void {
    this.#total++;
    this.#byMethod[method] = (this.#byMethod[method] ?? 0) + 1;
    const methods = (this.#byKind[kind ?? 'other'] ??= {});
    methods[method] = (methods[method] ?? 0) + 1;
  }

  /** One was answered 429. */
  refuse(): void {
    this.#refused++;
  }

  reset(): void {
    this.#refused = 0;
    this.#total = 0;
    this.#byMethod = {};
    this.#byKind = {};
  }

  report(): {
    total: number;
    refused: number;
    byMethod: Record<string, number>;
    byKind: Record<string, Record<string, number>>;
  } {
    return { total: this.#total, refused: this.#refused, byMethod: this.#byMethod, byKind: this.#byKind };
  }
}

const BODY_LIMIT = 64 * 1024 * 1024;
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export function makeServer(system: System): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 10_000 },
  });
  const bucket = new Bucket();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    const ask = read(request);
    const opened = localOnly(request) ?? attempt(() => system.open(ask));
    if (opened !== null) return send(reply, opened);
    return respond(system, bucket, ask, reply);
  });
  return app;
}

function read(request: FastifyRequest): Ask {
  const url = request.raw.url ?? '/';
  const cut = url.indexOf('?');
  const path = cut < 0 ? url : url.slice(0, cut);
  return {
    method: request.method,
    url,
    path,
    segments: path.split('/').filter(Boolean).map(decode),
    query: new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1)),
    headers: request.headers,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The doors ask for no key, so a page in somebody's browser must not be able to reach them. */
function localOnly(request: FastifyRequest): Answer | null {
  const name = request.headers.host?.replace(/:\d+$/, '');
  const origin = request.headers.origin;
  const ownPage = origin === undefined || origin === `http://${request.headers.host}`;
  if ((name === '127.0.0.1' || name === 'localhost') && ownPage) return null;
  return { status: 403, type: 'text/plain', body: 'Only for this computer.' };
}

/** The whole life of one request to the system: delay, fault, rate, deed, fault again. */
async function respond(system: System, bucket: Bucket, ask: Ask, reply: FastifyReply): Promise<FastifyReply> {
  system.counts.add(ask.method, system.target(ask).kind);
  const logged = system.requests.add(ask.method, ask.url);
  if (system.pace.latencyMs > 0) await wait(system.pace.latencyMs);
  const hit = system.faults.next(ask.method, ask.url);
  if (hit === null) {
    const answer = noted(logged, perform(system, bucket, ask, null));
    system.faults.remember(ask, answer);
    return send(reply, answer);
  }
  return strike(
    reply,
    hit.fault,
    system,
    ask,
    noted(logged, actsUnder(hit, ask) ? perform(system, bucket, ask, hit.name) : spare(system, ask, hit)),
  );
}

function noted(logged: LoggedRequest | null, answer: Answer): Answer {
  if (logged !== null) logged.status = answer.status;
  return answer;
}

/** A read may always be carried out: only a write has something to hold back. */
function actsUnder(hit: Hit, ask: Ask): boolean {
  return hit.after || onlyDelays(hit.fault) || !WRITES.has(ask.method);
}

function perform(system: System, bucket: Bucket, ask: Ask, fault: string | null): Answer {
  const note: Attempt = { origin: 'api', method: ask.method, path: ask.url, fault };
  const entries = system.history.length;
  const waitSeconds = bucket.take(system.pace);
  if (waitSeconds > 0) system.counts.refuse();
  const answer = waitSeconds > 0 ? system.tooMany(waitSeconds) : attempt(() => system.handle(ask, note));
  if (WRITES.has(ask.method) && system.history.length === entries) {
    system.history.add(note, { ...system.target(ask), status: answer.status, before: null, after: null });
  }
  return answer;
}

/** The write that a fault kept from happening: it is still an attempt. */
function spare(system: System, ask: Ask, { name, fault }: Hit): Answer {
  const note: Attempt = { origin: 'api', method: ask.method, path: ask.url, fault: name };
  const seen = disguise(fault, { status: 0 }, undefined).status;
  system.history.add(note, { ...system.target(ask), status: seen, before: null, after: null });
  return { status: 200, body: '{}' };
}

function attempt<A extends Answer | null>(act: () => A): A | Answer {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function send(reply: FastifyReply, { status, headers = {}, body = '', type }: Answer): FastifyReply {
  void reply.code(status).headers(headers);
  if (status === 204) return reply.send();
  return reply.type(type ?? 'application/json; charset=utf-8').send(body);
}

async function strike(
  reply: FastifyReply,
  fault: Fault,
  system: System,
  ask: Ask,
  truth: Answer,
): Promise<FastifyReply> {
  const answer = disguise(fault, truth, system.faults.lastPage(ask));
  if (fault.kind !== 'repeatPage') system.faults.remember(ask, truth);
  if (fault.kind === 'stall') return stall(reply, fault.ms);
  if (fault.kind === 'resetMidBody') return cutMidBody(reply, answer);
  if (fault.kind === 'slow') return drip(reply, answer, fault.bytesPerSecond);
  if (fault.kind === 'reset') {
    reply.hijack().raw.destroy();
    return reply;
  }
  if (fault.kind === 'latency') await wait(fault.ms);
  return send(reply, answer);
}

/** Holds the line without a word; with a time given it is cut then, else when the caller gives up. */
async function stall(reply: FastifyReply, ms: number | undefined): Promise<FastifyReply> {
  const { raw } = reply.hijack();
  if (ms !== undefined) {
    await Promise.race([wait(ms, undefined, { ref: false }), once(raw, 'close')]);
    raw.destroy();
  }
  return reply;
}

function startRaw(reply: FastifyReply, answer: Answer, body: Buffer): ServerResponse {
  const { raw } = reply.hijack();
  raw.writeHead(answer.status, {
    'content-type': answer.type ?? 'application/json; charset=utf-8',
    'content-length': body.length,
    ...answer.headers,
  });
  return raw;
}

function cutMidBody(reply: FastifyReply, answer: Answer): FastifyReply {
  const body = Buffer.from(textOf(answer) || '{}');
  const raw = startRaw(reply, answer, body);
  // The first half must have left before the cut, else the caller sees a plain reset.
  raw.write(body.subarray(0, Math.ceil(body.length / 2)), () => raw.destroy());
  return reply;
}

async function drip(reply: FastifyReply, answer: Answer, bytesPerSecond: number): Promise<FastifyReply> {
  const body = Buffer.from(textOf(answer));
  const raw = startRaw(reply, answer, body);
  const step = Math.max(1, Math.floor(bytesPerSecond / 10));
  for (let at = 0; at < body.length && !raw.destroyed; at += step) {
    raw.write(body.subarray(at, at + step));
    // eslint-disable-next-line no-await-in-loop -- slowness is the point
    await wait(100, undefined, { ref: false });
  }
  raw.end();
  return reply;
}

/** A token bucket on the machine's own time: a shifted clock must not open or shut it. */
class Bucket {
  #tokens = 0;
  #at = -Infinity;

  /** Seconds to wait, or 0 when the request may pass. A burst of 0 means no limit. */
  take({ rateBurst, ratePerSecond }: Pace): number {
    if (rateBurst <= 0) return 0;
    const now = performance.now();
    const refill = this.#at === -Infinity ? rateBurst : ((now - this.#at) / 1000) * ratePerSecond;
    this.#tokens = Math.min(rateBurst, this.#tokens + refill);
    this.#at = now;
    if (this.#tokens < 1) return Math.max(1, Math.ceil((1 - this.#tokens) / Math.max(ratePerSecond, 0.001)));
    this.#tokens -= 1;
    return 0;
  }
}
