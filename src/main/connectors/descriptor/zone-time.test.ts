import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTime, formatTime, parseTime, withoutOffset } from './zone-time.ts';

const asWritten = { rule: 'asWritten', zone: 'Europe/Oslo' } as const;
const utcDigits = { rule: 'utcDigits', zone: 'Europe/Oslo' } as const;

const part = (min: number, max: number, digits: number) =>
  fc.integer({ min, max }).map((n) => String(n).padStart(digits, '0'));

describe('T3 and fact sheet 1.5: what a written time means', () => {
  it.each([
    { what: 'Z, with a fraction', text: '2025-01-14T08:12:33.45Z', rule: asWritten, is: '2025-01-14T08:12:33.450Z' },
    { what: 'Z, without (Q12)', text: '2019-07-22T11:05:09Z', rule: asWritten, is: '2019-07-22T11:05:09.000Z' },
    {
      what: 'seven digits of a second',
      text: '2025-01-14T08:12:33.1234567Z',
      rule: asWritten,
      is: '2025-01-14T08:12:33.123Z',
    },
    { what: 'an offset', text: '2025-01-20T09:30:00+01:00', rule: asWritten, is: '2025-01-20T08:30:00.000Z' },
    { what: 'no offset, winter', text: '2025-01-20T09:30:00', rule: asWritten, is: '2025-01-20T08:30:00.000Z' },
    { what: 'no offset, summer', text: '2025-07-20T09:30:00', rule: asWritten, is: '2025-07-20T07:30:00.000Z' },
    {
      what: 'the repeated autumn hour: the earlier',
      text: '2025-10-26T02:30:00',
      rule: asWritten,
      is: '2025-10-26T00:30:00.000Z',
    },
    {
      what: 'the hour that spring leaves out',
      text: '2025-03-30T02:30:00',
      rule: asWritten,
      is: '2025-03-30T01:30:00.000Z',
    },
    { what: 'a bare date', text: '2025-01-20', rule: asWritten, is: '2025-01-19T23:00:00.000Z' },
    {
      what: 'the first day there is, when clocks went by the sun',
      text: '0001-01-01T00:00:00',
      rule: asWritten,
      is: '0000-12-31T23:06:32.000Z',
    },
    {
      what: 'Q11 winter: the digits are UTC',
      text: '2025-01-20T09:30:00.12+01:00',
      rule: utcDigits,
      is: '2025-01-20T09:30:00.120Z',
    },
    {
      what: 'Q11 summer: the digits are UTC',
      text: '2025-07-20T09:30:00+02:00',
      rule: utcDigits,
      is: '2025-07-20T09:30:00.000Z',
    },
  ])('$what', ({ text, rule, is }) => {
    const at = parseTime(text, rule);
    expect(at === null ? null : new Date(at).toISOString()).toBe(is);
  });

  it.each([
    '',
    'yesterday',
    '2025-02-30T00:00:00Z',
    '2025-13-01',
    '2025-01-01T25:00:00Z',
    '2025-01-01T10:61:00Z',
    '1736841153',
  ])('%j is no time', (text) => expect(parseTime(text, asWritten)).toBeNull());

  it.each([asWritten, utcDigits])('what is written for a filter reads back as the same instant ($rule)', (rule) =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(formatTime(date.getTime(), rule), rule)).toBe(date.getTime());
        },
      ),
    ),
  );

  it('T3: what is read digit by digit is what is read otherwise', () => {
    const text = fc
      .tuple(
        fc.tuple(part(0, 9999, 4), part(0, 13, 2), part(0, 32, 2)).map((date) => date.join('-')),
        fc.constantFrom('T', 'T', 'T', ' ', 't'),
        fc.tuple(part(0, 25, 2), part(0, 60, 2), part(0, 61, 2)).map((clock) => clock.join(':')),
        fc.oneof(fc.constant(''), fc.stringMatching(/^[.,][0-9]{0,10}$/)),
        fc.constantFrom('Z', '', 'z', '+01:00', '-03:30', '+0200', ' Z', '+99:99', '+1:00', 'Z '),
      )
      .map((parts) => parts.join(''));
    const spoilt = fc
      .tuple(text, fc.nat(28), fc.constantFrom(':', '-', '.', 'Z', '0', ' ', '\u0660'))
      .map(([whole, at, mark]) => whole.slice(0, at) + mark + whole.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(text, spoilt), fc.constantFrom(asWritten, utcDigits), (time, rule) => {
        expect(parseTime(time, rule)).toBe(anyTime(time, rule));
      }),
      { numRuns: 5_000 },
    );
  });

  it('Q11: the filter shows digits and offset as the system does', () => {
    expect(formatTime(Date.UTC(2025, 0, 20, 9, 30), utcDigits)).toBe('2025-01-20T09:30:00.000+01:00');
    expect(formatTime(Date.UTC(2025, 6, 20, 9, 30), utcDigits)).toBe('2025-07-20T09:30:00.000+02:00');
  });
});

it.each([
  ['2025-01-06T00:00:00+01:00', '2025-01-06T00:00:00'],
  ['2025-01-06T00:00:00.5+0100', '2025-01-06T00:00:00.5'],
  ['2025-01-06T00:00:00Z', '2025-01-06T00:00:00'],
  ['2025-01-06T00:00:00', '2025-01-06T00:00:00'],
  ['2025-01-06', '2025-01-06'],
  ['', ''],
])('Q13: %s goes out as %s', (came, goes) => expect(withoutOffset(came)).toBe(goes));
