import { expect, it } from 'vitest';
import { APP_URL, isOurPage, opensSystems } from './addresses.ts';

it.each([
  [APP_URL, true],
  ['app://ui/index.html#/review', true],
  ['app://ui.example/', false],
  ['app://other/', false],
  ['https://ui/', false],
  ['file:///index.html', false],
  ['about:blank', false],
  ['not a url', false],
])('%s is our page: %s', (url, is) => expect(isOurPage(url)).toBe(is));

it.each([
  ['http://127.0.0.1:4011/_sandbox/edit', true],
  ['https://api.tidsbanken.net/', true],
  ['http://127.0.0.1:4013/', false],
  ['http://api.tidsbanken.net/', false],
  ['https://api.tidsbanken.net.example/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
])('%s may be opened in the browser: %s', (url, may) =>
  expect(opensSystems(['http://127.0.0.1:4011', 'https://api.tidsbanken.net/v1', 'broken'])(url)).toBe(may),
);
