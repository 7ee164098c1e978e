import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** A server for tests that answers with raw bytes, so that it can misbehave in any way a real one can. */
export interface AnsweringServer {
  readonly url: string;
  /** The requests as received, head and body. */
  readonly requests: readonly string[];
  /** Connections accepted. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Behaviour = (socket: Socket, request: string, count: number) => void;

/** Starts on a free loopback port; `behave` gets each whole request with its number, from 1. */
export async function startAnsweringServer(behave: Behaviour): Promise<AnsweringServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (!isWhole(text)) return;
      const request = text;
      text = '';
      requests.push(request);
      behave(socket, request, requests.length);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Listens on a free loopback port and tells which. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  return Buffer.byteLength(text.slice(end + 4)) >= length;
}

/** The bytes of an answer. The length given is the true one unless `headers` say otherwise. */
export function answer(status: number, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Said\r\n${head.join('')}\r\n`), bytes]);
}
