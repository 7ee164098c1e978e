import { expect, it } from 'vitest';
import { getterOf, isInList, pathToAskFor } from './field-path.ts';

const RAW = { name: 'Nordlys', phones: [{ number: '22334455' }, { number: null }], codes: ['a'], '0': 'zero' };

it.each([
  ['phones.0.number', '22334455'],
  ['phones.1.number', null],
  ['codes.0', 'a'],
  // The list was read and is shorter: the place is empty (N3), not unseen.
  ['phones.2.number', null],
  ['codes.7', null],
  ['phones.number', undefined],
  ['faxes.0.number', undefined],
  ['name.0', undefined],
  ['0', 'zero'],
])('%s reads %j', (path, value) => expect(getterOf(path)(RAW)).toEqual(value));

it.each([
  ['phones.0.number', 'phones', true],
  ['contact.phones.12', 'contact.phones', true],
  ['address.city', 'address.city', false],
  ['line1', 'line1', false],
  ['0', '0', false],
])('of %s, %s is asked for', (path, asked, inList) => {
  expect(pathToAskFor(path)).toBe(asked);
  expect(isInList(path)).toBe(inList);
});
