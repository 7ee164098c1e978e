import { expect, test } from 'vitest';
import { findingOf } from './finding.ts';

test.each([
  ['customer: readable', { kind: 'customer', found: 'readable', fields: '' }],
  ['project: readable, no record yet', { kind: 'project', found: 'noRecord', fields: '' }],
  [
    'employee: readable; a sample record lacks Mobil, Epost',
    { kind: 'employee', found: 'lacks', fields: 'Mobil, Epost' },
  ],
  ['customer: HTTP 403', null],
  ['invoice: readable', null],
])('%s is told in the language of the window', (line, finding) => {
  expect(findingOf(line)).toEqual(finding);
});
