import { describe, expect, it } from 'vitest';
import { classifyRead, classifyWrite, DEFAULT_RETRY_AFTER_MS, httpDate, retryAfterMs } from './classify.ts';
import type { Context } from './classify.ts';
import type { Exchange } from './exchange.ts';

const NOW = Date.parse('2025-03-03T12:00:00Z');
const context: Context = {
  request: { method: 'PUT', label: 'prosjekt/Kunde' },
  now: NOW,
  explain: (body) => (JSON.stringify(body).includes('duplicate') ? 'duplicate' : ''),
};
const answered = (status: number, headers: Record<string, string> = {}, value = {}): Exchange => ({
  kind: 'answered',
  status,
  headers,
  body: { kind: 'json', value },
});

describe('Retry-After', () => {
  it.each([
    { what: 'seconds', headers: { 'retry-after': '7' }, ms: 7_000 },
    { what: 'zero', headers: { 'retry-after': '0' }, ms: 0 },
    { what: 'a date by our clock', headers: { 'retry-after': 'Mon, 03 Mar 2025 12:00:30 GMT' }, ms: 30_000 },
    {
      what: 'a date by the system clock, two hours off',
      headers: { date: 'Mon, 03 Mar 2025 14:00:00 GMT', 'retry-after': 'Mon, 03 Mar 2025 14:00:30 GMT' },
      ms: 30_000,
    },
    { what: 'a date gone by', headers: { 'retry-after': 'Mon, 03 Mar 2025 11:00:00 GMT' }, ms: 0 },
    { what: 'none', headers: {}, ms: null },
    { what: 'words', headers: { 'retry-after': 'soon' }, ms: null },
    { what: 'a negative number', headers: { 'retry-after': '-5' }, ms: null },
    { what: 'a fraction', headers: { 'retry-after': '1.5' }, ms: null },
    { what: 'an ISO date', headers: { 'retry-after': '2025-03-03T12:00:30Z' }, ms: null },
    { what: 'an absurd number', headers: { 'retry-after': '9'.repeat(400) }, ms: 86_400_000 },
  ])('$what', ({ headers, ms }) => expect(retryAfterMs(headers, NOW)).toBe(ms));

  it('429 without it asks for the least wait', () => {
    expect(classifyWrite(answered(429), context)).toMatchObject({ failure: { retryAfterMs: DEFAULT_RETRY_AFTER_MS } });
    expect(classifyRead(answered(429), context)).toMatchObject({ failure: { retryAfterMs: DEFAULT_RETRY_AFTER_MS } });
  });
});

describe('messages', () => {
  it('name the request, the status and what the error explains', () => {
    const result = classifyWrite(answered(409, {}, { error: { code: 'duplicate' } }), context);
    expect(result).toEqual({
      ok: false,
      failure: { kind: 'conflict', status: 409, detail: 'PUT prosjekt/Kunde: HTTP 409 (duplicate).' },
    });
  });
});

it('httpDate takes the prescribed form only', () => {
  expect(httpDate('Mon, 03 Mar 2025 12:00:00 GMT')).toBe(NOW);
  expect(httpDate('Mon Mar 3 2025')).toBeNull();
  expect(httpDate('Mon, 99 Xyz 2025 12:00:00 GMT')).toBeNull();
});
