import { createServer as createPlain } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createSecure, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { listen } from '../answering-server.ts';
import { certify } from './certificate.suite.ts';
import type { Certified } from './certificate.suite.ts';
import type { Expected } from './fault.suite.ts';

/** Faults before a request can be received: the address, the connection, the certificate. */
export interface AddressFault {
  readonly name: string;
  readonly expected: Expected;
  /** Opens the place that misbehaves; `requests` counts what was readable there. */
  readonly open: () => Promise<Place>;
}

export interface Place {
  readonly url: string;
  readonly requests: () => number;
  readonly close: () => void;
}

const NOT_SENT: Expected = {
  read: 'unreachable',
  update: 'notSent',
  create: 'notSent',
  createWithChosenId: 'notSent',
};
const TOO_SLOW: Expected = { ...NOT_SENT, read: 'timeout' };
/** The request has left, readable for whoever was there. */
const CUT: Expected = { read: 'cut', update: 'unknown', create: 'unknown', createWithChosenId: 'unknown' };

const HOST = '127.0.0.1';
const DAY_MS = 24 * 3_600_000;
const span = (fromDays: number, untilDays: number): { from: Date; until: Date } => ({
  from: new Date(Date.now() + fromDays * DAY_MS),
  until: new Date(Date.now() + untilDays * DAY_MS),
});

const authority = certify({ issuer: null, name: 'Tidsbro test authority', host: HOST, ...span(-9, 9) });
const stranger = certify({ issuer: null, name: 'An authority nobody knows', host: HOST, ...span(-9, 9) });
const leaf = (name: string, change: { issuer?: Certified | null; host?: string; days?: [number, number] }): Certified =>
  certify({
    issuer: change.issuer === undefined ? authority : change.issuer,
    name,
    host: change.host ?? HOST,
    ...span(...(change.days ?? [-2, 2])),
  });

/** Lets this process trust the test's own authority, so that a certificate fails for the one reason that is tested. */
export const trustTestAuthority = (): void =>
  setDefaultCACertificates([...getCACertificates('default'), authority.cert]);

async function placeOf(server: Server, scheme: 'http' | 'https', requests = (): number => 0): Promise<Place> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  return {
    url: `${scheme}://${HOST}:${String(port)}`,
    requests,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A TLS server that answers whatever it can read. */
async function secure(certified: Certified, scheme: 'http' | 'https' = 'https'): Promise<Place> {
  let requests = 0;
  const server = createSecure({ cert: certified.cert, key: certified.keyPem }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      requests += 1;
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return placeOf(server, scheme, () => requests);
}

async function closedPort(): Promise<Place> {
  const place = await placeOf(createPlain(), 'http');
  place.close();
  return place;
}

const nowhere =
  (url: string): (() => Promise<Place>) =>
  () =>
    Promise.resolve({ url, requests: () => 0, close: () => undefined });

export const ADDRESS_FAULTS: readonly AddressFault[] = [
  { name: 'a name that does not exist', expected: NOT_SENT, open: nowhere('https://tidsbro.invalid') },
  { name: 'a refused port', expected: NOT_SENT, open: closedPort },
  {
    name: 'a certificate signed by itself',
    expected: NOT_SENT,
    open: () => secure(leaf('Alone', { issuer: null })),
  },
  {
    name: 'a certificate of another host',
    expected: NOT_SENT,
    open: () => secure(leaf('Elsewhere', { host: '192.0.2.1' })),
  },
  { name: 'a certificate that ran out', expected: NOT_SENT, open: () => secure(leaf('Old', { days: [-3, -1] })) },
  {
    name: 'a certificate of tomorrow',
    expected: NOT_SENT,
    open: () => secure(leaf('Early', { days: [1, 3] })),
  },
  {
    name: 'a certificate of an unknown authority',
    expected: NOT_SENT,
    open: () => secure(leaf('Strange', { issuer: stranger })),
  },
  {
    name: 'plain HTTP on a TLS port',
    expected: NOT_SENT,
    open: () =>
      placeOf(
        createPlain((socket) => socket.end('HTTP/1.1 400 No\r\n\r\n')),
        'https',
      ),
  },
  {
    name: 'a TLS handshake that is cut',
    expected: NOT_SENT,
    open: () =>
      placeOf(
        createPlain((socket) => socket.resetAndDestroy()),
        'https',
      ),
  },
  {
    name: 'a TLS handshake that never ends',
    expected: TOO_SLOW,
    open: () => placeOf(createPlain(), 'https'),
  },
  { name: 'TLS on a plain port', expected: CUT, open: () => secure(leaf('Right', {}), 'http') },
  {
    name: 'a connection closed as soon as it stands',
    expected: CUT,
    open: () =>
      placeOf(
        createPlain((socket) => socket.end()),
        'http',
      ),
  },
];

/** The same, with nothing wrong: proves that the others fail for what they are named after. */
export const soundTls = (): Promise<Place> => secure(leaf('Sound', {}));
