import { expect, it } from 'vitest';
import { aMappingRow } from '../../testing/mapping.fixture.ts';
import { draftRows, isFreeName } from './draft.ts';

const rows = [aMappingRow({ name: 'street' }), aMappingRow({ name: 'phone', tidsbanken: 'Telefon', type: 'phone' })];

it('shows what would be saved, and which rows are edited', () => {
  expect(draftRows(rows, { phone: { direction: 'toTidsbanken' } })).toMatchObject([
    { name: 'street', edited: false },
    { name: 'phone', edited: true, direction: 'toTidsbanken', tidsbanken: 'Telefon', isNew: false },
  ]);
});

it('a new row stands last, with what it has so far', () => {
  expect(draftRows(rows, { costCentre: { customerp: 'costCentre' } }).at(-1)).toMatchObject({
    name: 'costCentre',
    customerp: 'costCentre',
    tidsbanken: '',
    isNew: true,
  });
});

it('a word that goes back to its default shows what it has now', () => {
  expect(draftRows(rows, { phone: { type: null } }).at(1)).toMatchObject({ type: 'phone', edited: true });
});

it.each([
  ['costCentre', true],
  ['street', false],
  ['Street', false],
  ['cost centre', false],
  ['', false],
])('a row may be called “%s”: %s', (name, free) => expect(isFreeName(name, rows)).toBe(free));
