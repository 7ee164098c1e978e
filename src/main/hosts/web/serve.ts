import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Log } from '../../log/log.ts';
import { contentSecurityPolicy, rendererFiles } from '../renderer-files.ts';
import { makeGuard } from './guard.ts';
import type { Guard } from './guard.ts';

// An import reads every name of `node:http`, and one of them loads all of Node's own fetch, for which a browser would wait.
const { createServer } = process.getBuiltinModule('node:http');

export interface ServeOptions {
  /** Takes the engine's end of a window's wire. */
  readonly connect: (port: MessagePort) => void;
  /** The built window, `out/renderer`. */
  readonly rendererDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: Log;
}

export interface WebHost {
  readonly url: string;
  /** Opens the window, once: it carries the ticket. */
  readonly link: string;
  /** Whether a browser has used the link. */
  readonly isUsed: () => boolean;
  /** Resolves when a window has been told something for the first time. */
  readonly told: Promise<void>;
  close(): Promise<void>;
}

const LARGEST_MESSAGE = 1024 * 1024;

/**
 * Serves the window and the contract on 127.0.0.1 only. The one-time link is exchanged for a cookie; every request and
 * the socket must come with our Host, no foreign Origin, and that cookie. All else is 403 or 404.
 * Rejects when the port is taken or the window has not been built. The engine stays the caller's to close.
 */
export async function serve({ connect, rendererDir, port, log }: ServeOptions): Promise<WebHost> {
  const fileAt = await rendererFiles(rendererDir);
  const server = createServer();
  const taken = await listen(server, port);
  const url = `http://127.0.0.1:${String(taken)}`;
  const guard = makeGuard(taken);
  const door: Door = { guard, fileAt, headers: securityHeaders(taken) };
  server.on('request', (request, response) => {
    answer(door, request, response).catch((error: unknown) => {
      log.error({ err: error }, 'A request failed.');
      response.destroy();
    });
  });
  const told = Promise.withResolvers<void>();
  const sockets = acceptSockets(server, guard, { connect, log, told: () => told.resolve() });
  return {
    url,
    link: `${url}/?ticket=${guard.ticket}`,
    isUsed: guard.isUsed,
    told: told.promise,
    close: () => closeAll(server, sockets),
  };
}

interface Door {
  readonly guard: Guard;
  readonly fileAt: Awaited<ReturnType<typeof rendererFiles>>;
  readonly headers: Readonly<Record<string, string>>;
}

const securityHeaders = (port: number): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(`ws://127.0.0.1:${String(port)} ws://localhost:${String(port)}`),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // The ticket must not travel on to the page of a system that is opened from the window.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
});

const SAY = {
  notHere: 'This address serves Tidsbro on this computer only.',
  noTicket:
    'Open the window with the link that “tidsbro serve” printed. A link works once; start it again for a new one.',
  nothing: 'There is nothing here.',
};

async function answer(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { guard, fileAt, headers } = door;
  const say = (status: number, text: string): void => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
  if (!guard.isFromHere(request)) return say(403, SAY.notHere);
  const { path, ticket } = partsOf(request.url ?? '/');
  if (ticket !== null && path === '/' && request.method === 'GET') return enter(door, request, response, ticket, say);
  if (!guard.hasCookie(request)) return say(403, SAY.noTicket);
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(404, SAY.nothing);
  const file = await fileAt(path);
  if (file === null) return say(404, SAY.nothing);
  response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

/** A reload of the used link by the browser that used it is no harm; anyone else is turned away. */
function enter(
  { guard, headers }: Door,
  request: IncomingMessage,
  response: ServerResponse,
  ticket: string,
  say: (status: number, text: string) => void,
): void {
  const first = guard.redeem(ticket);
  if (!first && !guard.hasCookie(request)) return say(403, SAY.noTicket);
  const cookie = first ? { 'set-cookie': guard.setCookie() } : {};
  response.writeHead(303, { ...headers, ...cookie, location: '/' }).end();
}

/** Split by hand: a URL parser would fold `..` away, and what is not asked for literally must not be served. */
function partsOf(target: string): { path: string; ticket: string | null } {
  const at = target.indexOf('?');
  const [path, query] = at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  return { path, ticket: new URLSearchParams(query).get('ticket') };
}

interface Line extends Pick<ServeOptions, 'connect' | 'log'> {
  readonly told: () => void;
}

function acceptSockets(server: Server, guard: Guard, { connect, log, told }: Line): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    // A browser always names the Origin of a socket, so here its absence is refused too.
    const allowed = guard.isFromHere(request) && request.headers.origin !== undefined && guard.hasCookie(request);
    if (!allowed) return refuse(socket, '403 Forbidden');
    if (request.url !== '/rpc') return refuse(socket, '404 Not Found');
    return sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', (error) => log.warn({ err: error }, 'A socket failed.'));
      connect(portOf(ws, told));
    });
  });
  return sockets;
}

/** A port that carries what the socket says, and says what it is told; each goes with the other. */
function portOf(ws: WebSocket, told: () => void): MessagePort {
  const { port1, port2 } = new MessageChannel();
  // Text is the wire's form; a socket hands it over as bytes all the same.
  ws.on('message', (data: RawData) => port1.postMessage(Buffer.isBuffer(data) ? data.toString() : data));
  ws.on('close', () => port1.close());
  port1.on('message', (text: string) => ws.send(text, told));
  port1.on('close', () => ws.close());
  return port2;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const ws of sockets.clients) ws.terminate();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
