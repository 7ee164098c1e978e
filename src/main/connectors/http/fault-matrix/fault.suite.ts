import type { Socket } from 'node:net';
import type { ConnectorFailure, WriteResult } from '../../connector.ts';
import { answer } from '../answering-server.ts';

/** What the system would have said, had nothing come between. */
export interface Truth {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

export type ReadOutcome = 'ok' | ConnectorFailure['kind'];
export type WriteOutcome = WriteResult['kind'];

/** What section 8 and J3 say of a fault. */
export interface Expected {
  readonly read: ReadOutcome;
  readonly update: WriteOutcome;
  /** On a system that numbers its records by itself. */
  readonly create: WriteOutcome;
  /** On a system where the creator chooses the id. */
  readonly createWithChosenId: WriteOutcome;
}

/** One way in which the answer to a request that arrived goes wrong. */
export interface WireFault {
  readonly name: string;
  readonly expected: Expected;
  /** The answer is whole and true, only odd: it makes no sense where the system has not acted. */
  readonly isTrue: boolean;
  readonly strike: (socket: Socket, truth: Truth) => void;
}

/** Stands in every body and page of the matrix, and must stand in no message (J2). */
export const CANARY = 'Kanarifugl';

type Writes = WriteOutcome | Omit<Expected, 'read'>;

const expectedOf = (read: ReadOutcome, writes: Writes): Expected => ({
  read,
  ...(typeof writes === 'string' ? { update: writes, create: writes, createWithChosenId: writes } : writes),
});

/** A fault after which nobody knows, or nothing was done, or the system said no. */
export const fault = (name: string, read: ReadOutcome, writes: Writes, strike: WireFault['strike']): WireFault => ({
  name,
  expected: expectedOf(read, writes),
  isTrue: false,
  strike,
});

/** An odd answer that is to be understood all the same. */
export const odd = (name: string, strike: WireFault['strike']): WireFault => ({
  name,
  expected: expectedOf('ok', 'acked'),
  isTrue: true,
  strike,
});

/** Accepted, without telling which record was made. */
export const NO_ID = { update: 'acked', create: 'unknown', createWithChosenId: 'acked' } as const;

/** The true answer as bytes; `headers` go over its own. */
export const said = (
  truth: Truth,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = truth.body,
) => answer(truth.status, body, { ...truth.headers, ...headers });

/** Head and body apart, for a cut between them. */
export function parts(truth: Truth): { head: Buffer; body: Buffer } {
  const bytes = said(truth);
  const cut = bytes.indexOf('\r\n\r\n') + 4;
  return { head: bytes.subarray(0, cut), body: bytes.subarray(cut) };
}
