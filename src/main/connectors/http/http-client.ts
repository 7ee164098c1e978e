import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { Socket } from 'node:net';
import type { AxiosResponse, InternalAxiosRequestConfig, RawAxiosRequestHeaders } from 'axios';
import { parseLossless } from './lossless-json.ts';
import type { Answer, Body, Exchange, HttpRequest, Interruption } from './exchange.ts';

// An import reads every name of `node:http`, and one of them loads all of Node's own fetch, which nothing here uses.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface HttpClientOptions {
  /** Scheme, host and path prefix. Requests never leave it: absolute addresses and redirects are not followed. */
  readonly baseUrl: string;
  /** Sent with each request; may hold secrets, which appear nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: {
    /** Until the connection stands, TLS included, ms. */
    readonly connectMs: number;
    /** The whole exchange from first byte out to last byte in, ms. */
    readonly requestMs: number;
    /** The largest body accepted, counted after decompression, bytes. */
    readonly maxBytes: number;
  };
}

/** One request, one exchange: this layer never retries anything and never throws for what a network does. */
export interface HttpClient {
  send(request: HttpRequest): Promise<Exchange>;
  /** Requests that reached the wire. */
  requestCount(): number;
  /** Bodies as they crossed the wire. */
  bytes(): { readonly bytesSent: number; readonly bytesReceived: number };
  close(): void;
}

type Axios = Pick<typeof import('axios'), 'AxiosHeaders' | 'create' | 'getAdapter'>;

/** @param load called with the first request, and again with the next one for as long as it fails */
export function createHttpClient(
  options: HttpClientOptions,
  load: () => Promise<Axios> = () => import('axios'),
): HttpClient {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  let coming: Promise<Wire> | null = null;
  const wire = async (): Promise<Wire | null> => {
    try {
      return await (coming ??= createWire(options, agents, load));
    } catch {
      coming = null;
      return null;
    }
  };
  let sent = 0;
  const bytes = { bytesSent: 0, bytesReceived: 0 };
  return {
    requestCount: () => sent,
    bytes: () => ({ ...bytes }),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
    send: async (request) => {
      const ready = await wire();
      if (ready === null)
        return { kind: 'notSent', why: 'unreachable', detail: 'what sends requests could not be loaded' };
      if (request.signal.aborted) return { kind: 'notSent', why: 'cancelled', detail: 'cancelled' };
      const watch = new Watch(options.limits, request.signal, () => {
        sent += 1;
        bytes.bytesSent += Buffer.byteLength(request.body ?? '');
      });
      try {
        return await answerOf(ready, request, watch, options.limits.maxBytes);
      } catch (error) {
        return failedExchange(watch, error);
      } finally {
        watch.stop();
        bytes.bytesReceived += watch.bytesReceived;
      }
    },
  };
}

/** Carries one request out. */
type Wire = (
  request: Pick<InternalAxiosRequestConfig, 'data' | 'method' | 'signal' | 'transport' | 'url'> & {
    readonly headers: RawAxiosRequestHeaders;
  },
) => Promise<AxiosResponse<Readable>>;

/**
 * axios, loaded with the first request: a person who only looks at the store would wait longer for it than for that.
 * Without what it would do anew for each request: to put the settings together, and to go through interceptors and
 * transformations, of which there are none here. That was half of its time.
 */
async function createWire(
  options: HttpClientOptions,
  agents: { http: Agent; https: Agent },
  load: () => Promise<Axios>,
): Promise<Wire> {
  const { AxiosHeaders, create, getAdapter } = await load();
  const { defaults } = create({
    baseURL: options.baseUrl,
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    httpAgent: agents.http,
    httpsAgent: agents.https,
    // The sandbox and other loopback systems are never reached through a company's proxy; others follow its settings.
    ...(isLoopback(new URL(options.baseUrl).hostname) ? { proxy: false as const } : {}),
    responseType: 'stream',
    // axios takes a compressed body that ends early for a whole one; a cut answer must not pass for an empty one.
    decompress: false,
    validateStatus: () => true,
  });
  const common = {
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate, br',
    'User-Agent': 'Tidsbro',
    ...options.headers,
  };
  const carry = getAdapter('http');
  return ({ headers, ...request }) =>
    carry({ ...defaults, ...request, headers: new AxiosHeaders({ ...common, ...headers }) });
}

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(\.\d{1,3}){3}$/.test(hostname);

async function answerOf(wire: Wire, request: HttpRequest, watch: Watch, maxBytes: number): Promise<Answer> {
  const response = await wire({
    method: request.method,
    url: request.path,
    headers: { ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }), ...request.headers },
    ...(request.body === undefined ? {} : { data: Buffer.from(request.body, 'utf8') }),
    transport: watch.transport,
    signal: watch.signal,
  });
  const headers = plainHeaders(response.headers);
  const body = await readBody(response.data, headers['content-encoding'] ?? '', watch, {
    isShort: Number(headers['content-length'] ?? Number.NaN) <= SHORT_BYTES,
    maxBytes,
    isText: request.isText === true,
  });
  return { kind: 'answered', status: response.status, headers, body };
}

function plainHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

interface BodyRules {
  /** By its own word; no word, no short one. */
  readonly isShort: boolean;
  readonly maxBytes: number;
  readonly isText: boolean;
}

async function readBody(
  stream: Readable,
  encoding: string,
  watch: Watch,
  { isShort, maxBytes, isText }: BodyRules,
): Promise<Body> {
  const bytes = await (isShort ? listenedTo : iterated)(stream, watch, maxBytes);
  if (bytes === null)
    return watch.bytesReceived > maxBytes ? tooLarge(maxBytes) : { kind: 'broken', why: watch.interruption ?? 'cut' };
  try {
    return parseBody(await unfolded(bytes, encoding.trim().toLowerCase(), maxBytes), isText);
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes);
    return { kind: 'unreadable', why: 'the answer cannot be decompressed' };
  }
}

/**
 * Listening to a body costs less than iterating over it, which an update feels (three bodies of one record). Over a long
 * one it costs more: pages of a full reading took a tenth more processor time.
 */
const SHORT_BYTES = 65_536;

/** All that comes, or null when it ends too early or becomes too much. */
function listenedTo(stream: Readable, watch: Watch, maxBytes: number): Promise<Buffer | null> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => {
      watch.bytesReceived += chunk.length;
      chunks.push(chunk);
      if (watch.bytesReceived <= maxBytes) return;
      done(null);
      stream.destroy();
    });
    stream.once('end', () => done(Buffer.concat(chunks)));
    for (const tooEarly of ['error', 'close']) stream.once(tooEarly, () => done(null));
    // It may have been cut before anybody listened.
    if (stream.destroyed) done(null);
  });
}

/** The same. */
async function iterated(stream: Readable, watch: Watch, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      watch.bytesReceived += chunk.length;
      if (watch.bytesReceived > maxBytes) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number): Body => ({
  kind: 'unreadable',
  why: `the answer is larger than ${String(maxBytes)} bytes`,
});

const UNFOLD = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
} as const;
const unfoldRaw = promisify(inflateRaw);

/** Refuses what ends too early, and stops at `maxBytes`: a small compressed body may hold gigabytes. */
async function unfolded(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const isKnown = (name: string): name is keyof typeof UNFOLD => Object.hasOwn(UNFOLD, name);
  if (bytes.length === 0 || !isKnown(encoding)) return bytes;
  const limit = { maxOutputLength: maxBytes };
  // Some servers mean bare deflate by that name; a zlib head is told by its first byte.
  const isBare = encoding === 'deflate' && ((bytes[0] ?? 0) & 0x0f) !== 8;
  return isBare ? unfoldRaw(bytes, limit) : UNFOLD[encoding](bytes, limit);
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function parseBody(bytes: Buffer, isText: boolean): Body {
  let text: string;
  try {
    text = UTF_8.decode(bytes);
  } catch {
    return { kind: 'unreadable', why: 'the answer is not UTF-8 text' };
  }
  if (text.trim() === '') return { kind: 'empty' };
  if (isText) return { kind: 'json', value: text };
  try {
    return { kind: 'json', value: parseLossless(text) };
  } catch {
    return {
      kind: 'unreadable',
      why: text.trimStart().startsWith('<') ? 'the answer is HTML' : 'the answer is not JSON',
    };
  }
}

function failedExchange(watch: Watch, error: unknown): Exchange {
  const code = codeOf(error);
  const inBrackets = code === '' ? '' : ` (${code})`;
  const reason = watch.interruption;
  if (!watch.established || NEVER_TRUSTED.test(code)) {
    return { kind: 'notSent', why: reason ?? 'unreachable', detail: reason ?? `no connection${inBrackets}` };
  }
  return { kind: 'lost', why: reason ?? 'cut', detail: reason ?? `connection lost${inBrackets}` };
}

// The certificate was refused on our side, so the request was never handed over.
const NEVER_TRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : '';
}

/**
 * Watches one request: its two deadlines, the caller's signal, and whether its connection ever stood. Node holds back
 * every byte until then, so a failure before it proves that nothing was sent; after it nothing can be proven, also on
 * a kept-alive connection that the system had closed meanwhile.
 */
class Watch {
  established = false;
  /** Of the body, as it came. */
  bytesReceived = 0;
  interruption: Exclude<Interruption, 'cut'> | null = null;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #connectMs: number;
  readonly #onEstablished: () => void;
  readonly #total: NodeJS.Timeout;
  #connect: NodeJS.Timeout | undefined;

  constructor(limits: HttpClientOptions['limits'], caller: AbortSignal, onEstablished: () => void) {
    this.#caller = caller;
    this.#connectMs = limits.connectMs;
    this.#onEstablished = onEstablished;
    this.#total = setTimeout(() => this.#interrupt('timeout'), limits.requestMs);
    caller.addEventListener('abort', this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stands between axios and Node, to see the socket that a request gets. */
  readonly transport = {
    request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
      const request = (options.protocol === 'https:' ? https : http).request(options, onAnswer);
      request.once('socket', (socket) => this.#seeSocket(request, socket));
      return request;
    },
  };

  stop(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#connect);
    this.#caller.removeEventListener('abort', this.#cancel);
  }

  #seeSocket(request: ClientRequest, socket: Socket): void {
    if (request.reusedSocket || !socket.connecting) return this.#establish();
    this.#connect = setTimeout(() => this.#interrupt('timeout'), this.#connectMs);
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => this.#establish());
  }

  #establish(): void {
    clearTimeout(this.#connect);
    this.established = true;
    this.#onEstablished();
  }

  readonly #cancel = (): void => this.#interrupt('cancelled');

  #interrupt(why: 'timeout' | 'cancelled'): void {
    this.interruption ??= why;
    this.#controller.abort();
  }
}
