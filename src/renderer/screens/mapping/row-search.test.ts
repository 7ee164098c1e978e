import { describe, expect, it } from 'vitest';
import type { LintFindingView } from '../../../shared/contract/mapping-views.ts';
import { aMappingRow } from '../../testing/mapping.fixture.ts';
import { draftRows } from './draft.ts';
import { rowsThatFit } from './row-search.ts';
import type { RowSearch } from './row-search.ts';

const saved = [
  aMappingRow({ name: 'street', customerp: 'address.line1', tidsbanken: 'Gateadresse' }),
  aMappingRow({ name: 'phone', customerp: 'phone', tidsbanken: 'Telefon' }),
  aMappingRow({ name: 'notes', customerp: 'notes', tidsbanken: 'Merknad', direction: 'off' }),
  aMappingRow({ name: 'number', customerp: 'number', tidsbanken: 'Id', direction: 'off', key: true }),
];
const finding: LintFindingView = {
  kind: 'cut',
  effect: 'loses',
  source: 'records',
  property: 'street',
  what: '',
  todo: '',
  facts: {},
  count: 1,
  examples: [],
};
const facts = {
  saved: new Map(saved.map((row) => [row.name, row])),
  findings: new Map([
    [finding.property, [finding]],
    [undefined, [finding]],
  ]),
  held: new Set(['notes']),
  said: (name: string) => (name === 'phone' ? 'Telefonnummer' : name),
};
const found = (search: RowSearch, edits = {}): string[] =>
  rowsThatFit(draftRows(saved, edits), search, facts).map(({ name }) => name);

describe('rows are found', () => {
  it.each<[string, string[]]>([
    ['gateADR', ['street']],
    ['address.', ['street']],
    ['nummer', ['phone']],
    ['phone', ['phone']],
    ['e', ['street', 'phone', 'notes', 'number']],
    ['nothing like it', []],
  ])('by “%s”, in any case: %j', (find, names) => expect(found({ find })).toEqual(names));

  it('by the field that is being typed, and by the one that is saved', () => {
    const edits = { phone: { tidsbanken: 'Mobi' } };
    expect(found({ find: 'mobi' }, edits)).toEqual(['phone']);
    expect(found({ find: 'telefon' }, edits)).toEqual(['phone']);
  });
});

it.each<[RowSearch, string[]]>([
  [{}, ['street', 'phone', 'notes', 'number']],
  [{ only: 'findings' }, ['street']],
  [{ only: 'edited' }, ['phone']],
  [{ only: 'held' }, ['notes']],
  [{ only: 'on' }, ['street', 'phone', 'number']],
  [{ only: 'on', find: 'tele' }, ['phone']],
])('narrowed to %j: %j', (search, names) => expect(found(search, { phone: { type: 'string' } })).toEqual(names));
