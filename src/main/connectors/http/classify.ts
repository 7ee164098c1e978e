import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { ConnectorFailure, WriteResult } from '../connector.ts';
import type { Answer, Exchange, HttpRequest } from './exchange.ts';
import { LONGEST_WAIT_MS } from './retry.ts';

/** What classification knows of the request, besides what came of it. */
export interface Context {
  readonly request: Pick<HttpRequest, 'method' | 'label'>;
  /** ms UTC, for a Retry-After date from a system that shows no clock. */
  readonly now: number;
  /** A word or two for an error body (a code, a field name); never its text. Empty when it says nothing. */
  readonly explain: (body: Json) => string;
}

/** An answer that was accepted: status 2xx. `json` is null when the body was empty. */
export interface Accepted {
  readonly json: Json | null;
  readonly empty: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export type NotAcked = Exclude<WriteResult, { kind: 'acked' }>;

// A longer wait is a mistake of the system's; what waits must not wait for years.
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;
/** Where 429 names no usable waiting time. */
export const DEFAULT_RETRY_AFTER_MS = 1_000;

/** A read (C6): 2xx with JSON, or why not. HTML, an empty body and a cut one are failures, never "nothing there". */
export function classifyRead(exchange: Exchange, context: Context): Result<Accepted, ConnectorFailure> {
  if (exchange.kind === 'notSent')
    return fail(readInterrupted(exchange.why, tell(context, exchange.detail), 'unreachable'));
  if (exchange.kind === 'lost') return fail(readInterrupted(exchange.why, tell(context, exchange.detail), 'cut'));
  if (!isSuccess(exchange.status)) return fail(readRefused(exchange, context));
  const { body } = exchange;
  if (body.kind === 'broken') return fail(readInterrupted(body.why, tell(context, 'the answer broke off'), 'cut'));
  if (body.kind === 'unreadable') return fail({ kind: 'unreadable', detail: tell(context, body.why) });
  if (body.kind === 'empty') return fail({ kind: 'unreadable', detail: tell(context, 'the answer is empty') });
  return ok({ json: body.value, empty: false, headers: exchange.headers });
}

function readInterrupted(
  why: 'unreachable' | 'cut' | 'timeout' | 'cancelled',
  detail: string,
  otherwise: 'unreachable' | 'cut',
): ConnectorFailure {
  return why === 'timeout' || why === 'cancelled' ? { kind: why, detail } : { kind: otherwise, detail };
}

function readRefused(answer: Answer, context: Context): ConnectorFailure {
  const { status } = answer;
  const detail = tellStatus(answer, context);
  if (status === 401 || status === 403) return { kind: 'signInNeeded', status, detail };
  if (status === 408) return { kind: 'timeout', detail };
  // An overloaded system says 503 with the time to wait; for a read it means the same as 429.
  const asked = askedToWait(answer, context.now);
  if (asked !== null) return { kind: 'slowDown', retryAfterMs: asked.ms, detail };
  if (status >= 500 || status === 425) return { kind: 'serverError', status, detail };
  return { kind: 'refused', status, detail };
}

/** A write (section 8), up to reading the accepted answer. Whatever is not certain is `unknown`. */
export function classifyWrite(exchange: Exchange, context: Context): Result<Accepted, NotAcked> {
  if (exchange.kind === 'notSent') return fail({ kind: 'notSent', detail: tell(context, exchange.detail) });
  if (exchange.kind === 'lost') return fail({ kind: 'unknown', detail: tell(context, exchange.detail) });
  if (!isSuccess(exchange.status)) return fail(writeRefused(exchange, context));
  const { body } = exchange;
  if (body.kind === 'broken') return fail({ kind: 'unknown', detail: tell(context, 'the answer broke off') });
  if (body.kind === 'unreadable') return fail({ kind: 'unknown', detail: tell(context, body.why) });
  return ok({
    json: body.kind === 'json' ? body.value : null,
    empty: body.kind === 'empty',
    headers: exchange.headers,
  });
}

function writeRefused(answer: Answer, context: Context): NotAcked {
  const { status } = answer;
  const detail = tellStatus(answer, context);
  if (status === 401 || status === 403) return { kind: 'signInNeeded', status, detail };
  if (status === 409 || status === 412) return { kind: 'conflict', status, detail };
  const asked = askedToWait(answer, context.now);
  // A write that was answered 503 may have been carried out all the same.
  if (asked?.isTooMany === true) return { kind: 'slowDown', retryAfterMs: asked.ms, detail };
  if (status === 408 || status === 425 || status >= 500) return { kind: 'unknown', detail };
  return { kind: 'refused', status, detail };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** "PUT prosjekt/Kunde: …": every message names what was asked for. */
export const tell = (context: Pick<Context, 'request'>, what: string): string =>
  `${context.request.method} ${context.request.label}: ${what}.`;

function tellStatus(answer: Answer, context: Context): string {
  const why = answer.body.kind === 'json' ? context.explain(answer.body.value) : '';
  const asked = askedToWait(answer, context.now)?.ms ?? 0;
  const wait =
    asked <= LONGEST_WAIT_MS
      ? ''
      : `, asks to wait ${minutes(asked)} min, and no more than ${minutes(LONGEST_WAIT_MS)} are waited`;
  return tell(context, `HTTP ${answer.status}${why === '' ? '' : ` (${why})`}${wait}`);
}

const minutes = (ms: number): string => String(Math.ceil(ms / 60_000));

export interface AskedWait {
  /** ms; absurd values are cut off at a day. */
  readonly ms: number;
  /** 429: there were too many requests. Else the system is overloaded by others (503). */
  readonly isTooMany: boolean;
}

/** Whether the system asks to be left alone for a while, and how long. */
export function askedToWait(exchange: Exchange, now: number): AskedWait | null {
  if (exchange.kind !== 'answered') return null;
  const { status, headers } = exchange;
  const asked = retryAfterMs(headers, now);
  if (status === 429) return { ms: asked ?? DEFAULT_RETRY_AFTER_MS, isTooMany: true };
  return status === 503 && asked !== null ? { ms: asked, isTooMany: false } : null;
}

/**
 * Retry-After in ms: seconds or an HTTP date; null when missing or senseless. A date is measured against the system's
 * own clock where it shows one, since ours may be wrong by hours.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_RETRY_AFTER_MS);
  const until = httpDate(text);
  if (until === null) return null;
  return Math.min(Math.max(0, until - (httpDate(headers['date'] ?? '') ?? now)), LONGEST_RETRY_AFTER_MS);
}

/** The three-letter weekday form that HTTP prescribes, as ms UTC; anything else is null. */
export function httpDate(text: string): number | null {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
