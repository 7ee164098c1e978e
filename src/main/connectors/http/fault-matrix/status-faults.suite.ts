import { CANARY, fault, said } from './fault.suite.ts';
import type { ReadOutcome, WireFault, WriteOutcome } from './fault.suite.ts';

/** What a system, or something in front of it, says with a status. */

const TEXT = JSON.stringify({
  error: { code: 'said.so', message: `${CANARY} was here`, details: [{ field: 'name' }] },
});
const HTML = `<html><body>${CANARY}</body></html>`;

function status(
  code: number,
  read: ReadOutcome,
  write: WriteOutcome,
  headers: Record<string, string> = {},
  more: { readonly as?: string; readonly body?: string } = {},
): WireFault {
  const name = more.as === undefined ? String(code) : `${String(code)} ${more.as}`;
  return fault(name, read, write, (s) => s.write(said({ status: code, headers, body: more.body ?? TEXT })));
}

const REDIRECTS = [300, 301, 302, 303, 304, 305, 307, 308] as const;
const REFUSALS = [
  400, 402, 404, 405, 406, 407, 410, 411, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499,
] as const;
const FAILURES = [500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599] as const;
const wait = (retryAfter: string): Record<string, string> => ({ 'retry-after': retryAfter });

/** Where a followed redirect would lead; `/trap` is answered by nobody. */
const to = (location: string): Record<string, string> => ({ location });

export const STATUS_FAULTS: readonly WireFault[] = [
  ...REDIRECTS.map((code) => status(code, 'refused', 'refused', to('/trap'))),
  status(302, 'refused', 'refused', to('http://127.0.0.1:1/trap'), { as: 'to another host' }),
  status(307, 'refused', 'refused', {}, { as: 'to nowhere' }),
  status(308, 'refused', 'refused', to('?again'), { as: 'in a circle' }),
  ...REFUSALS.map((code) => status(code, 'refused', 'refused')),
  status(400, 'refused', 'refused', { 'content-type': 'text/html' }, { as: 'with HTML', body: HTML }),
  status(404, 'refused', 'refused', { 'content-type': 'text/html' }, { as: 'of a proxy', body: HTML }),
  status(401, 'signInNeeded', 'signInNeeded'),
  status(403, 'signInNeeded', 'signInNeeded'),
  status(403, 'signInNeeded', 'signInNeeded', { 'content-type': 'text/html' }, { as: 'with HTML', body: HTML }),
  status(408, 'timeout', 'unknown'),
  status(409, 'refused', 'conflict'),
  status(412, 'refused', 'conflict'),
  status(425, 'serverError', 'unknown'),
  status(429, 'slowDown', 'slowDown'),
  status(429, 'slowDown', 'slowDown', wait('2'), { as: 'for 2 s' }),
  status(429, 'slowDown', 'slowDown', wait('0'), { as: 'for 0 s' }),
  status(429, 'slowDown', 'slowDown', wait('-5'), { as: 'for less than nothing' }),
  status(429, 'slowDown', 'slowDown', wait('soon'), { as: 'for a word' }),
  status(429, 'slowDown', 'slowDown', wait('1.5'), { as: 'for a fraction' }),
  status(429, 'slowDown', 'slowDown', wait('99999999999999999999'), { as: 'for an age' }),
  status(429, 'slowDown', 'slowDown', wait('Wed, 01 Jan 2020 00:00:00 GMT'), { as: 'until a day long past' }),
  status(429, 'slowDown', 'slowDown', wait('Fri, 01 Jan 2120 00:00:00 GMT'), { as: 'until the next century' }),
  ...FAILURES.map((code) => status(code, 'serverError', 'unknown')),
  status(502, 'serverError', 'unknown', { 'content-type': 'text/html' }, { as: 'with HTML', body: HTML }),
  status(500, 'serverError', 'unknown', {}, { as: 'without a body', body: '' }),
  status(503, 'slowDown', 'unknown', wait('2'), { as: 'for 2 s' }),
  status(503, 'serverError', 'unknown', wait('later'), { as: 'for a word' }),
  status(999, 'serverError', 'unknown'),
];
