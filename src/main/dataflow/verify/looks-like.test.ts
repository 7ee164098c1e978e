import { describe, expect, it } from 'vitest';
import { looksLike } from './looks-like.ts';
import type { Look } from './looks-like.ts';

const as = (type: Look['type'], extra: Partial<Look> = {}): Look => ({ type, isTurned: false, length: null, ...extra });

describe('7.6: what a system shows is judged without our own conversions', () => {
  it.each([
    { what: 'the text itself', look: as('string'), value: 'Sjekk æøå', raw: 'Sjekk æøå', is: true },
    {
      what: 'letters spoilt by a character set',
      look: as('string'),
      value: 'Sjekk æøå',
      raw: 'Sjekk Ã¦Ã¸Ã¥',
      is: false,
    },
    {
      what: 'a text cut where the field ends',
      look: as('string', { length: 5 }),
      value: 'Sjekk 7',
      raw: 'Sjekk',
      is: true,
    },
    {
      what: 'an e-mail address in capitals',
      look: as('email'),
      value: 'a@example.com',
      raw: 'A@example.com',
      is: true,
    },
    {
      what: 'a telephone number in national form',
      look: as('phone'),
      value: '+4700012345',
      raw: '000 12 345',
      is: true,
    },
    {
      what: 'a telephone number that lost a digit',
      look: as('phone'),
      value: '+4700012345',
      raw: '0012345',
      is: false,
    },
    { what: 'a postcode that lost its zero', look: as('postcode'), value: '0150', raw: 150, is: false },
    { what: 'a day with a clock time', look: as('date'), value: '2025-03-17', raw: '2025-03-17T00:00:00', is: true },
    {
      what: 'the day before, by a time zone',
      look: as('date'),
      value: '2025-03-17',
      raw: '2025-03-16T23:00:00Z',
      is: false,
    },
    {
      what: 'the same instant',
      look: as('datetime'),
      value: '2025-03-17T10:20:30.000Z',
      raw: '2025-03-17T11:20:30+01:00',
      is: true,
    },
    { what: 'a number as text', look: as('decimal'), value: '12.5', raw: '12,50', is: true },
    { what: 'another number', look: as('integer'), value: '99', raw: 9900, is: false },
    { what: 'a flag', look: as('boolean'), value: 'true', raw: true, is: true },
    {
      what: 'a flag that stands for the opposite',
      look: as('boolean', { isTurned: true }),
      value: 'true',
      raw: false,
      is: true,
    },
    {
      what: 'a flag that should stand for the opposite',
      look: as('boolean', { isTurned: true }),
      value: 'true',
      raw: true,
      is: false,
    },
    { what: 'a value of a list', look: as('enum', { spelled: { open: 'A' } }), value: 'open', raw: 'A', is: true },
    {
      what: 'another value of a list',
      look: as('enum', { spelled: { open: 'A' } }),
      value: 'open',
      raw: 'B',
      is: false,
    },
    { what: 'a reference has other ids', look: as('reference'), value: 'link:3', raw: '10003', is: null },
    { what: 'nothing there', look: as('string'), value: 'Sjekk', raw: undefined, is: null },
  ])('$what', ({ look, value, raw, is }) => expect(looksLike(value, raw, look)).toBe(is));
});
