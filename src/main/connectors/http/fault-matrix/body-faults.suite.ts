import { deflateRawSync, gzipSync } from 'node:zlib';
import { CANARY, fault, NO_ID, odd, said } from './fault.suite.ts';
import type { Truth, WireFault } from './fault.suite.ts';

/** A whole HTTP answer that says 2xx, with a body that is not what it should be (C6). */

const UNREADABLE = ['unreadable', 'unknown'] as const;
const ok = (truth: Truth): Truth => ({ ...truth, status: 200 });
const body = (name: string, make: (truth: Truth) => string | Buffer, headers: Record<string, string> = {}): WireFault =>
  fault(name, ...UNREADABLE, (s, t) => s.write(said(ok(t), headers, make(t))));

/** The status is believed, the record is not told: for a read that is nothing, for a write it is enough (section 8). */
const untold = (name: string, status: number, text: string): WireFault =>
  fault(name, 'unreadable', NO_ID, (s) => s.write(said({ status, headers: {}, body: text })));

const withMember = (t: Truth, member: string): string => t.body.replace(/^(\[?)\{/, `$1{${member},`);

const LONG = '12345678901234567890';
const nested = (levels: number, inside: string): string => '['.repeat(levels) + inside + ']'.repeat(levels);

export const MOST_BYTES = 300_000;

export const BODY_FAULTS: readonly WireFault[] = [
  body('truncated JSON', (t) => t.body.slice(0, Math.ceil(t.body.length / 2))),
  body('JSON with something behind it', (t) => `${t.body}${t.body}`),
  body('HTML with 200', () => `<!doctype html><title>${CANARY}</title>`, { 'content-type': 'text/html' }),
  body('HTML that calls itself JSON', () => `\n <html>${CANARY}</html>`),
  body('text with 200', () => `OK, ${CANARY} saved`, { 'content-type': 'text/plain' }),
  body('XML with 200', () => `<?xml version="1.0"?><ok>${CANARY}</ok>`, { 'content-type': 'application/xml' }),
  body('an error object with 200', () => JSON.stringify({ error: { code: 'internal', message: CANARY } })),
  body('an error text with 200', () => JSON.stringify({ error: CANARY })),
  body('a gzip bomb', () => gzipSync(Buffer.alloc(MOST_BYTES * 40, ' ')), { 'content-encoding': 'gzip' }),
  body('a body over the limit', () => `"${CANARY.repeat(MOST_BYTES / 8)}"`),
  body('gzip that is broken', (t) => gzipSync(t.body).fill(0x5a, 12, 24), { 'content-encoding': 'gzip' }),
  body('gzip that ends early', (t) => gzipSync(t.body).subarray(0, 30), { 'content-encoding': 'gzip' }),
  body('plain text that calls itself gzip', (t) => t.body, { 'content-encoding': 'gzip' }),
  body('gzip that does not say so', (t) => gzipSync(t.body)),
  body('gzip that calls itself br', (t) => gzipSync(t.body), { 'content-encoding': 'br' }),
  body('UTF-16', (t) => Buffer.from(t.body, 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }),
  body('Latin-1', () => Buffer.from('{"id":"7","name":"Bj\u00f8rn"}', 'latin1'), {
    'content-type': 'application/json; charset=iso-8859-1',
  }),
  body('a broken UTF-8 sequence', (t) => Buffer.concat([Buffer.from([0xc3, 0x28]), Buffer.from(t.body)])),
  body('nested a hundred thousand deep', (t) => withMember(t, `"deep":${nested(100_000, '')}`)),
  body('nested a hundred thousand deep around a long number', (t) => withMember(t, `"deep":${nested(100_000, LONG)}`)),
  body('a NaN', (t) => withMember(t, '"budget":NaN')),
  untold('empty 200', 200, ''),
  untold('blanks with 200', 200, '  \r\n'),
  untold('null', 200, 'null'),
  untold('an empty array', 200, '[]'),
  untold('an empty object', 200, '{}'),
  untold('a bare text', 200, `"${CANARY}"`),
  untold('a bare number', 200, '7'),
  untold('true', 200, 'true'),
  untold('201 without a body', 201, ''),
  untold('201 without an id', 201, JSON.stringify({ saved: CANARY })),
  untold('202, to be done later', 202, ''),
  fault('204', 'unreadable', NO_ID, (s) => s.write('HTTP/1.1 204 No\r\n\r\n')),
  fault('205', 'unreadable', NO_ID, (s) => s.write('HTTP/1.1 205 Reset\r\ncontent-length: 0\r\n\r\n')),
  odd('a byte order mark', (s, t) => s.write(said(t, {}, `\ufeff${t.body}`))),
  odd('a charset that it is not', (s, t) => s.write(said(t, { 'content-type': 'application/json; charset=us-ascii' }))),
  odd('JSON that calls itself text', (s, t) => s.write(said(t, { 'content-type': 'text/plain' }))),
  odd('an encoding that nobody knows', (s, t) => s.write(said(t, { 'content-encoding': 'x-none' }))),
  odd('gzip', (s, t) => s.write(said(t, { 'content-encoding': 'gzip' }, gzipSync(t.body)))),
  odd('raw deflate', (s, t) => s.write(said(t, { 'content-encoding': 'deflate' }, deflateRawSync(t.body)))),
  odd('a number of twenty digits', (s, t) => s.write(said(t, {}, withMember(t, '"big":12345678901234567890')))),
  odd('the same key twice', (s, t) => s.write(said(t, {}, withMember(t, '"id":"0","Id":"0","name":"x"')))),
  odd('nested five hundred deep around a long number', (s, t) =>
    s.write(said(t, {}, withMember(t, `"deep":${nested(500, LONG)}`))),
  ),
  odd('206', (s, t) => s.write(said({ ...t, status: 206 }))),
];
