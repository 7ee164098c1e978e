import { startAnsweringServer } from '../../connectors/http/answering-server.ts';
import type { Truth, WireFault } from '../../connectors/http/fault-matrix/fault.suite.ts';
import { said } from '../../connectors/http/fault-matrix/fault.suite.ts';

/** A request as it passes. */
export interface Passing {
  readonly method: string;
  /** Path and query, decoded. */
  readonly address: string;
  readonly body: string;
}

export interface Strike {
  readonly fault: Pick<WireFault, 'strike'>;
  /** The system acts first, and only its answer goes wrong. A read is always answered by the system. */
  readonly after: boolean;
}

/** Says for each request whether it is struck, and counts it. Null lets it pass. */
export type Marksman = (request: Passing) => Strike | null;

export interface FaultyProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands in front of one system over raw sockets: passes requests on, or lets a fault answer them. */
export function startFaultyProxy(upstream: string, aim: Marksman): Promise<FaultyProxy> {
  return startAnsweringServer((socket, text) => {
    const request = parse(text);
    const strike = aim(request.passing);
    const isHeldBack = strike !== null && !strike.after && request.passing.method !== 'GET';
    const answered = isHeldBack ? Promise.resolve(guess(request.passing)) : forward(upstream, request);
    // A system that is gone cannot be told apart from a cut line.
    void answered.then(
      (truth) => (strike === null ? socket.write(said(truth)) : strike.fault.strike(socket, truth)),
      () => socket.destroy(),
    );
  });
}

interface Request {
  readonly passing: Passing;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const HOP = /^(host|connection|content-length|accept-encoding|transfer-encoding)$/i;

function parse(text: string): Request {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  return {
    passing: { method, address: decodeURIComponent(path), body: text.slice(end + 4) },
    path,
    headers: Object.fromEntries(headers.filter(([name = '']) => !HOP.test(name))) as Record<string, string>,
  };
}

const KEPT = ['etag', 'date', 'retry-after', 'location'] as const;

async function forward(upstream: string, { passing, path, headers }: Request): Promise<Truth> {
  const { method, body } = passing;
  const response = await fetch(upstream + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  });
  const kept = KEPT.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: response.status,
    headers: Object.fromEntries(kept) as Record<string, string>,
    body: await response.text(),
  };
}

/** What the system might have said of a write that it never saw. */
const guess = ({ method, body }: Passing): Truth => ({
  status: method === 'POST' ? 201 : 200,
  headers: {},
  body: body.replace(/^\[|\]$/g, ''),
});
