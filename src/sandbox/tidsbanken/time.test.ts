import { describe, expect, it } from 'vitest';
import { incomingDigits, osloText, quirkText, utcText, wallText } from './time.ts';

const at = (text: string): number => Date.parse(text);

describe('the clock quirk (Q11)', () => {
  it.each([
    ['winter', '2025-01-20T09:30:00.120Z', '2025-01-20T09:30:00.12+01:00', 1],
    ['summer', '2025-07-20T09:30:00.000Z', '2025-07-20T09:30:00+02:00', 2],
    ['the last second of winter', '2025-03-30T00:59:59.000Z', '2025-03-30T00:59:59+01:00', 1],
    ['the first of summer', '2025-03-30T01:00:00.000Z', '2025-03-30T01:00:00+02:00', 2],
    ['the last of summer', '2025-10-26T00:59:59.000Z', '2025-10-26T00:59:59+02:00', 2],
    ['the first of winter', '2025-10-26T01:00:00.000Z', '2025-10-26T01:00:00+01:00', 1],
  ])('%s', (_name, instant, shown, hoursEarly) => {
    expect(quirkText(at(instant), true)).toBe(shown);
    expect(at(instant) - at(shown)).toBe(hoursEarly * 3_600_000);
  });

  it('switched off, tells the true time', () => {
    expect(at(osloText(at('2025-07-20T09:30:00Z'), true))).toBe(at('2025-07-20T09:30:00Z'));
    expect(osloText(at('2025-01-20T23:30:00Z'), true)).toBe('2025-01-21T00:30:00+01:00');
  });
});

it('Q12: fractions are trimmed, or left when so switched', () => {
  expect(utcText(at('2025-01-01T10:00:00.000Z'), true)).toBe('2025-01-01T10:00:00Z');
  expect(utcText(at('2025-01-01T10:00:00.450Z'), true)).toBe('2025-01-01T10:00:00.45Z');
  expect(utcText(at('2025-01-01T10:00:00.000Z'), false)).toBe('2025-01-01T10:00:00.000Z');
});

it('Q13: dates echo an offset, and an offset sent in shifts the day', () => {
  expect(wallText('2025-01-06T00:00:00')).toBe('2025-01-06T00:00:00+01:00');
  expect(wallText('2025-06-30T00:00:00')).toBe('2025-06-30T00:00:00+02:00');
  expect(incomingDigits('2025-01-06T00:00:00+01:00', true)).toBe('2025-01-05T23:00:00');
  expect(incomingDigits('2025-01-06T00:00:00+01:00', false)).toBe('2025-01-06T00:00:00');
  expect(incomingDigits('2025-01-06', true)).toBe('2025-01-06T00:00:00');
});

it.each(['2025-02-30', '2025-13-01', 'today', '2025-01-06T25:00:00', ''])('%s is no date', (text) => {
  expect(incomingDigits(text, true)).toBeUndefined();
});
