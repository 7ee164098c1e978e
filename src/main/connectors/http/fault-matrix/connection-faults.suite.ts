import type { Socket } from 'node:net';
import { CANARY, fault, odd, parts, said } from './fault.suite.ts';
import type { Truth, WireFault } from './fault.suite.ts';

/** The request arrived; then the connection, or the form of HTTP itself, goes wrong. */

const UNKNOWN = 'unknown';
const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.ceil(bytes.length / 2));
const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const chunkedHead = (truth: Truth): string =>
  `HTTP/1.1 ${String(truth.status)} Said\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;

const stopsAt =
  (bytes: (truth: Truth) => Buffer, then: (socket: Socket) => void): WireFault['strike'] =>
  (socket, truth) =>
    socket.write(bytes(truth), () => then(socket));
const reset = (socket: Socket): unknown => socket.resetAndDestroy();
const close = (socket: Socket): unknown => socket.end();
const stall = (): void => undefined;

const midHead = (truth: Truth): Buffer => half(parts(truth).head);
const midBody = (truth: Truth): Buffer => Buffer.concat([parts(truth).head, half(parts(truth).body)]);
const rawHead = (truth: Truth, lines: readonly string[]): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${String(truth.status)} Said\r\ncontent-type: application/json\r\n${lines.join('\r\n')}\r\n\r\n${truth.body}`,
    'latin1',
  );
const lengthOf = (truth: Truth): number => Buffer.byteLength(truth.body);

/** A byte at a time: each one comes in time, the answer never does. */
function drip(socket: Socket, truth: Truth): void {
  const bytes = Buffer.concat([said(truth), Buffer.alloc(10_000, ' ')]);
  let at = 0;
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 5);
  socket.once('close', () => clearInterval(timer));
}

function endlessHints(socket: Socket): void {
  const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), 2);
  socket.once('close', () => clearInterval(timer));
}

export const CONNECTION_FAULTS: readonly WireFault[] = [
  fault('reset before the headers', 'cut', UNKNOWN, (s) => s.resetAndDestroy()),
  fault('closed before the headers', 'cut', UNKNOWN, (s) => s.end()),
  fault('reset in the headers', 'cut', UNKNOWN, stopsAt(midHead, reset)),
  fault('closed in the headers', 'cut', UNKNOWN, stopsAt(midHead, close)),
  fault(
    'reset after the headers',
    'cut',
    UNKNOWN,
    stopsAt((t) => parts(t).head, reset),
  ),
  fault('reset in the body', 'cut', UNKNOWN, stopsAt(midBody, reset)),
  fault('closed in the body', 'cut', UNKNOWN, stopsAt(midBody, close)),
  fault('silence', 'timeout', UNKNOWN, stall),
  fault('a stall in the headers', 'timeout', UNKNOWN, stopsAt(midHead, stall)),
  fault(
    'a stall after the headers',
    'timeout',
    UNKNOWN,
    stopsAt((t) => parts(t).head, stall),
  ),
  fault('a stall in the body', 'timeout', UNKNOWN, stopsAt(midBody, stall)),
  fault('a slow drip', 'timeout', UNKNOWN, drip),
  fault('an endless storm of 103', 'timeout', UNKNOWN, endlessHints),
  fault('chunks without an end', 'cut', UNKNOWN, (s, t) =>
    s.end(Buffer.concat([Buffer.from(chunkedHead(t)), chunk(Buffer.from(t.body))])),
  ),
  fault('a chunk cut short', 'cut', UNKNOWN, (s, t) =>
    s.end(Buffer.concat([Buffer.from(chunkedHead(t)), half(chunk(Buffer.from(t.body)))])),
  ),
  fault('a chunk size that is none', 'cut', UNKNOWN, (s, t) => s.end(`${chunkedHead(t)}zz\r\n${t.body}\r\n0\r\n\r\n`)),
  fault('content-length too long, closed', 'cut', UNKNOWN, (s, t) =>
    s.end(said(t, { 'content-length': String(lengthOf(t) + 7) })),
  ),
  fault('content-length too long, open', 'timeout', UNKNOWN, (s, t) =>
    s.write(said(t, { 'content-length': String(lengthOf(t) + 7) })),
  ),
  fault('content-length too short', 'unreadable', UNKNOWN, (s, t) =>
    s.end(said(t, { 'content-length': String(lengthOf(t) - 3) })),
  ),
  fault('content-length that is no number', 'cut', UNKNOWN, (s, t) => s.end(rawHead(t, ['content-length: many']))),
  fault('two content-lengths that differ', 'cut', UNKNOWN, (s, t) =>
    s.end(rawHead(t, [`content-length: ${String(lengthOf(t))}`, 'content-length: 2'])),
  ),
  fault('content-length and chunks', 'cut', UNKNOWN, (s, t) =>
    s.end(rawHead(t, [`content-length: ${String(lengthOf(t))}`, 'transfer-encoding: chunked'])),
  ),
  fault('a header with a control byte', 'cut', UNKNOWN, (s, t) =>
    s.end(rawHead(t, [`content-length: ${String(lengthOf(t))}`, 'x-odd: a\u0001b'])),
  ),
  fault('a header name with a blank', 'cut', UNKNOWN, (s, t) =>
    s.end(rawHead(t, [`content-length: ${String(lengthOf(t))}`, 'x odd: 1'])),
  ),
  fault('headers of 64 KB', 'cut', UNKNOWN, (s, t) => s.end(said(t, { 'x-long': CANARY.repeat(6_500) }))),
  fault('not HTTP', 'cut', UNKNOWN, (s) => s.end(`SSH-2.0-${CANARY}\r\n`)),
  fault('HTTP 0.9: a body and no head', 'cut', UNKNOWN, (s, t) => s.end(t.body)),
  fault('101, another protocol', 'timeout', UNKNOWN, (s) =>
    s.write('HTTP/1.1 101 Switching\r\nupgrade: songs\r\nconnection: upgrade\r\n\r\n'),
  ),
  odd('a storm of 1xx before the answer', (s, t) =>
    s.write(
      Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n'.repeat(200)), said(t)]),
    ),
  ),
  odd('HTTP/1.0, closed at the end', (s, t) =>
    s.end(`HTTP/1.0 ${String(t.status)} OK\r\ncontent-type: application/json\r\n\r\n${t.body}`),
  ),
  odd('the same content-type twice', (s, t) =>
    s.write(rawHead(t, ['content-type: application/json', `content-length: ${String(lengthOf(t))}`])),
  ),
  odd('a header with bytes of Latin-1', (s, t) =>
    s.write(rawHead(t, [`content-length: ${String(lengthOf(t))}`, 'x-by: Bj\u00f8rn'])),
  ),
  odd('garbage after the answer', (s, t) => s.write(Buffer.concat([said(t), Buffer.from(`\u0000${CANARY}`)]))),
  odd('two answers to one request', (s, t) => s.write(Buffer.concat([said(t), said(t, {}, `{"id":"${CANARY}"}`)]))),
  odd('closed right after the answer', (s, t) => s.end(said(t))),
  odd('a connection reset between two requests', (s, t) =>
    s.write(said(t), () => setImmediate(() => s.resetAndDestroy())),
  ),
  odd('one byte a packet', (s, t) => {
    s.setNoDelay(true);
    for (const byte of said(t)) s.write(Buffer.from([byte]));
  }),
];
