import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, listen, startAnsweringServer } from './answering-server.ts';
import type { AnsweringServer, Behaviour } from './answering-server.ts';
import { classifyRead, classifyWrite } from './classify.ts';
import type { Context } from './classify.ts';
import type { Exchange } from './exchange.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpClient } from './http-client.ts';

const MAX_BYTES = 100_000;
const SECRET = 'a-key-nobody-may-see';
const NOW = Date.UTC(2025, 2, 3, 12, 0, 0);

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function server(behave: Behaviour): Promise<AnsweringServer> {
  const started = await startAnsweringServer(behave);
  open.push(started);
  return started;
}

function client(baseUrl: string, limits: { connectMs?: number; requestMs?: number } = {}): HttpClient {
  const made = createHttpClient({
    baseUrl,
    headers: { 'tb-key': SECRET },
    limits: { connectMs: 2_000, requestMs: 2_000, maxBytes: MAX_BYTES, ...limits },
  });
  open.push(made);
  return made;
}

const never = new AbortController().signal;
const get = (http: HttpClient, signal = never): Promise<Exchange> =>
  http.send({ method: 'GET', path: 'things?a=1', label: 'things', signal });
const put = (http: HttpClient, signal = never): Promise<Exchange> =>
  http.send({ method: 'PUT', path: 'things', label: 'things', body: '[{"Id":"æ"}]', signal });
const context = (method: 'GET' | 'PUT'): Context => ({
  request: { method, label: 'things' },
  now: NOW,
  explain: () => '',
});

const readKind = (exchange: Exchange): string => {
  const result = classifyRead(exchange, context('GET'));
  return result.ok ? 'ok' : result.failure.kind;
};
const writeKind = (exchange: Exchange): string => {
  const result = classifyWrite(exchange, context('PUT'));
  return result.ok ? 'accepted' : result.failure.kind;
};

const said =
  (status: number, body: string | Buffer = '{}', headers: Record<string, string> = {}): Behaviour =>
  (socket) =>
    socket.write(answer(status, body, headers));
/** As careless servers do: the error repeats the whole request. */
const echo =
  (status: number): Behaviour =>
  (socket, request) =>
    socket.write(answer(status, JSON.stringify({ error: { message: request } })));

const answered = (data: Readable, config: InternalAxiosRequestConfig, length: string): AxiosResponse<Readable> => ({
  data,
  config,
  status: 200,
  statusText: 'OK',
  headers: { 'content-length': length },
});

describe('what sends the requests, loaded with the first of them', () => {
  it('is answered with a failure that proves nothing was sent when it cannot be loaded, and asked for again', async () => {
    const { url } = await server(said(200));
    const loads = [() => Promise.reject(new Error('no such file')), () => import('axios')];
    const http = createHttpClient(
      { baseUrl: url, headers: {}, limits: { connectMs: 2_000, requestMs: 2_000, maxBytes: MAX_BYTES } },
      () => (loads.shift() ?? (() => Promise.reject(new Error('loaded a third time'))))(),
    );
    open.push(http);
    expect(await get(http)).toEqual({
      kind: 'notSent',
      why: 'unreachable',
      detail: 'what sends requests could not be loaded',
    });
    expect(http.requestCount()).toBe(0);
    expect(await put(http)).toMatchObject({ kind: 'answered', status: 200 });
    expect(await put(http)).toMatchObject({ kind: 'answered', status: 200 });
  });

  it.each([
    ['short', '2'],
    ['long', '1000000'],
  ])(
    'a %s answer that was cut before anybody listened to it is a broken one, and keeps nobody waiting',
    async (_, length) => {
      const data = Readable.from(['{}']).destroy();
      const axios = await import('axios');
      const http = createHttpClient(
        {
          baseUrl: 'http://127.0.0.1:9',
          headers: {},
          limits: { connectMs: 2_000, requestMs: 2_000, maxBytes: MAX_BYTES },
        },
        async () => ({ ...axios, getAdapter: () => async (config) => answered(data, config, length) }),
      );
      open.push(http);
      const exchange = await get(http);
      expect(exchange).toMatchObject({ kind: 'answered', body: { kind: 'broken', why: 'cut' } });
    },
  );
});

describe('what the wire does, and what it means (section 8, C6)', () => {
  const bomb = gzipSync(Buffer.alloc(MAX_BYTES * 50, ' '));
  const cases: { what: string; behave: Behaviour; read: string; write: string; requestMs?: number }[] = [
    { what: 'JSON', behave: said(200), read: 'ok', write: 'accepted' },
    {
      what: 'JSON, gzipped',
      behave: said(200, gzipSync('{}'), { 'content-encoding': 'gzip' }),
      read: 'ok',
      write: 'accepted',
    },
    { what: '201', behave: said(201), read: 'ok', write: 'accepted' },
    {
      what: '204 without a body',
      behave: (s) => s.write('HTTP/1.1 204 No\r\n\r\n'),
      read: 'unreadable',
      write: 'accepted',
    },
    { what: '200 with an empty body', behave: said(200, ''), read: 'unreadable', write: 'accepted' },
    { what: '200 with HTML', behave: said(200, '<html>Sign in</html>'), read: 'unreadable', write: 'unknown' },
    { what: '200 with truncated JSON', behave: said(200, '{"value":[{"Id"'), read: 'unreadable', write: 'unknown' },
    {
      what: '200 with bytes that are no UTF-8',
      behave: said(200, Buffer.from([0x22, 0xe6, 0x22])),
      read: 'unreadable',
      write: 'unknown',
    },
    {
      what: '200 with a broken gzip body',
      behave: said(200, 'not gzip', { 'content-encoding': 'gzip' }),
      read: 'unreadable',
      write: 'unknown',
    },
    {
      what: 'a gzip bomb',
      behave: said(200, bomb, { 'content-encoding': 'gzip' }),
      read: 'unreadable',
      write: 'unknown',
    },
    {
      what: 'a body over the limit',
      behave: said(200, `"${'x'.repeat(MAX_BYTES)}"`),
      read: 'unreadable',
      write: 'unknown',
    },
    { what: 'reset before the status line', behave: (s) => s.resetAndDestroy(), read: 'cut', write: 'unknown' },
    { what: 'closed before the status line', behave: (s) => s.end(), read: 'cut', write: 'unknown' },
    {
      what: 'closed in the body',
      behave: (s) => s.end(answer(200, '{"value":[', { 'content-length': '500' })),
      read: 'cut',
      write: 'unknown',
    },
    {
      what: 'reset in the body',
      behave: (s) => s.write(answer(200, '{"v', { 'content-length': '500' }), () => s.resetAndDestroy()),
      read: 'cut',
      write: 'unknown',
    },
    { what: 'not HTTP', behave: (s) => s.end('SSH-2.0-x\r\n'), read: 'cut', write: 'unknown' },
    { what: 'silence', behave: () => undefined, read: 'timeout', write: 'unknown', requestMs: 60 },
    {
      what: 'a stalled body',
      behave: (s) => s.write(answer(200, '{"v', { 'content-length': '500' })),
      read: 'timeout',
      write: 'unknown',
      requestMs: 60,
    },
    { what: '301', behave: said(301, '', { location: '/elsewhere' }), read: 'refused', write: 'refused' },
    {
      what: '307 to another host',
      behave: said(307, '', { location: 'http://127.0.0.1:1/' }),
      read: 'refused',
      write: 'refused',
    },
    { what: '400', behave: said(400), read: 'refused', write: 'refused' },
    { what: '401', behave: said(401), read: 'signInNeeded', write: 'signInNeeded' },
    { what: '403', behave: said(403), read: 'signInNeeded', write: 'signInNeeded' },
    { what: '404', behave: said(404), read: 'refused', write: 'refused' },
    { what: '408', behave: said(408), read: 'timeout', write: 'unknown' },
    { what: '409', behave: said(409), read: 'refused', write: 'conflict' },
    { what: '412', behave: said(412), read: 'refused', write: 'conflict' },
    {
      what: '409 with a body cut short',
      behave: (s) => s.end(answer(409, '{', { 'content-length': '9' })),
      read: 'refused',
      write: 'conflict',
    },
    { what: '422', behave: said(422), read: 'refused', write: 'refused' },
    { what: '425', behave: said(425), read: 'serverError', write: 'unknown' },
    { what: '429', behave: said(429, ''), read: 'slowDown', write: 'slowDown' },
    { what: '500', behave: said(500), read: 'serverError', write: 'unknown' },
    { what: '502 with HTML', behave: said(502, '<html>'), read: 'serverError', write: 'unknown' },
    { what: '503', behave: said(503), read: 'serverError', write: 'unknown' },
    { what: '503 with Retry-After', behave: said(503, '', { 'retry-after': '3' }), read: 'slowDown', write: 'unknown' },
  ];
  it.each(cases)('$what: read $read, write $write', async ({ behave, read, write, requestMs = 2_000 }) => {
    const system = await server(behave);
    const http = client(system.url, { requestMs });
    expect(readKind(await get(http))).toBe(read);
    expect(writeKind(await put(http))).toBe(write);
    expect(system.requests).toHaveLength(2);
    expect(http.requestCount()).toBe(2);
  });
});

describe('nothing was sent', () => {
  it('a refused port', async () => {
    const system = await startAnsweringServer(() => undefined);
    await system.close();
    const http = client(system.url);
    expect(await get(http)).toEqual({ kind: 'notSent', why: 'unreachable', detail: 'no connection (ECONNREFUSED)' });
    expect(writeKind(await put(http))).toBe('notSent');
    expect(http.requestCount()).toBe(0);
  });

  it('a name that does not exist', async () => {
    const exchange = await put(client('http://tidsbro.invalid'));
    expect(exchange).toMatchObject({ kind: 'notSent', why: 'unreachable' });
  });

  it('TLS that does not come about', async () => {
    const system = await server((socket) => socket.end());
    // It speaks no TLS: the handshake, which holds nothing of the request, is all it ever gets.
    const plain = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 No\r\n\r\n'));
    const port = await listen(plain);
    open.push(plain);
    const http = client(`https://127.0.0.1:${port}`);
    expect(writeKind(await put(http))).toBe('notSent');
    expect(system.requests).toHaveLength(0);
  });

  it('a TLS handshake that never ends runs into the time to connect', async () => {
    const silent = createServer((socket) => open.push({ close: () => socket.destroy() }));
    const port = await listen(silent);
    const http = client(`https://127.0.0.1:${port}`, { connectMs: 50 });
    expect(await put(http)).toMatchObject({ kind: 'notSent', why: 'timeout' });
    silent.close();
  });

  it('cancelled before', async () => {
    const system = await server((socket) => socket.write(answer(200, '{}')));
    const exchange = await put(client(system.url), AbortSignal.abort());
    expect(exchange).toMatchObject({ kind: 'notSent', why: 'cancelled' });
    expect(system.requests).toHaveLength(0);
  });
});

describe('something may have been sent', () => {
  it.each([
    { what: 'before the answer', first: '' },
    { what: 'within the answer', first: answer(200, '{"v', { 'content-length': '500' }) },
  ])('cancelled $what: the read is cancelled, the write unknown', async ({ first }) => {
    for (const [send, kind, expected] of [
      [get, readKind, 'cancelled'],
      [put, writeKind, 'unknown'],
    ] as const) {
      const stop = new AbortController();
      const system = await server((socket) => socket.write(first, () => stop.abort()));
      expect(kind(await send(client(system.url), stop.signal))).toBe(expected);
    }
  });

  it('a kept-alive connection that the system drops counts as unknown for a write', async () => {
    const system = await server((socket, _request, count) =>
      count === 1 ? socket.write(answer(200, '{}')) : socket.resetAndDestroy(),
    );
    const http = client(system.url);
    expect(readKind(await get(http))).toBe('ok');
    expect(writeKind(await put(http))).toBe('unknown');
    expect(system.connections()).toBe(1);
    expect(system.requests).toHaveLength(2);
  });
});

describe('the request', () => {
  it('carries the headers, the encoded path below the base URL, and the body as UTF-8 JSON', async () => {
    const system = await server((socket) => socket.write(answer(200, '{}')));
    await put(client(`${system.url}/api/v1/`));
    expect(system.requests[0]).toMatch(/^PUT \/api\/v1\/things HTTP\/1\.1\r\n/);
    expect(system.requests[0]).toContain('tb-key: a-key-nobody-may-see');
    expect(system.requests[0]).toMatch(/content-type: application\/json\r\n/i);
    expect(system.requests[0]).toMatch(/\r\n\r\n\[\{"Id":"æ"\}\]$/);
  });

  it.each(['//evil.example/x', 'http://127.0.0.1:1/x'])('%s stays below the base URL', async (path) => {
    const system = await server((socket) => socket.write(answer(404, '{}')));
    const exchange = await client(system.url).send({ method: 'GET', path, label: 'x', signal: never });
    expect(exchange).toMatchObject({ kind: 'answered', status: 404 });
    expect(system.requests).toHaveLength(1);
  });

  it('S3, I19: no outcome holds a secret', async () => {
    const outcomes: unknown[] = [];
    for (const behave of [echo(400), echo(500), (s) => s.resetAndDestroy()] satisfies Behaviour[]) {
      const http = client((await server(behave)).url);
      outcomes.push(classifyRead(await get(http), context('GET')), classifyWrite(await put(http), context('PUT')));
    }
    expect(outcomes).toHaveLength(6);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });

  it('integers beyond 2^53 keep their digits', async () => {
    const system = await server((socket) => socket.write(answer(200, '{"id":9007199254740993}')));
    expect(await get(client(system.url))).toMatchObject({ body: { kind: 'json', value: { id: '9007199254740993' } } });
  });
});
