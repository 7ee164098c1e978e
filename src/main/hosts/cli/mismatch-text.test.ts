import { expect, it } from 'vitest';
import type { MismatchKind } from '../../../shared/domain.ts';
import { mismatchSentence } from './mismatch-text.ts';
import type { Candidate } from './mismatch-text.ts';
import { comparable } from './value-text.ts';

const candidate = (nativeId: string, linked: boolean): Candidate => ({
  side: 'tidsbanken',
  nativeId,
  label: '',
  agreesOn: [],
  keys: [],
  linked,
});

interface Case {
  readonly kind: MismatchKind;
  readonly detail: Readonly<Record<string, string>>;
  readonly candidates?: readonly string[];
  readonly linked?: boolean;
  readonly says: string;
}

it.each<Case>([
  {
    kind: 'bothEdited',
    detail: { row: 'R12', 'customerp.email': 'c@x.example', 'tidsbanken.email': 't@x.example' },
    says: 'email: Customerp "c@x.example", Tidsbanken "t@x.example"',
  },
  {
    kind: 'firstDifference',
    detail: {
      row: 'R5',
      'customerp.street': 'Møllebakken 3',
      'customerp.city': 'Vadsø',
      'tidsbanken.street': '',
      'tidsbanken.city': 'Vadsø',
    },
    says: 'street: Customerp "Møllebakken 3", Tidsbanken empty',
  },
  {
    kind: 'bothEdited',
    detail: { row: 'R12', 'customerp.manager': '5', 'tidsbanken.manager': '5' },
    says: 'manager: Customerp "5", Tidsbanken "5"',
  },
  { kind: 'bothEdited', detail: { row: 'R12' }, says: 'the values are not shown' },
  {
    kind: 'severalCandidates',
    detail: { keys: 'number, orgNo' },
    candidates: ['10002', '10021'],
    says: 'Tidsbanken 10002, 10021 could be it (number, orgNo agrees)',
  },
  {
    kind: 'weakMatch',
    detail: { keys: 'nameAndPostcode' },
    says: 'the other looks like it (nameAndPostcode agrees); no number proves it',
  },
  { kind: 'sharedKey', detail: { keys: 'orgNo' }, says: 'orgNo: several records hold the same' },
  {
    kind: 'sharedKey',
    detail: { keys: 'orgNo' },
    candidates: ['7'],
    says: 'orgNo: several records hold the same: Tidsbanken 7',
  },
  {
    kind: 'keyContradiction',
    detail: { keys: 'orgNo' },
    candidates: ['7'],
    linked: true,
    says: 'orgNo: leads to Tidsbanken 7, which is linked already',
  },
  {
    kind: 'keyContradiction',
    detail: { keys: 'orgNo' },
    candidates: ['7'],
    says: 'orgNo: joins the two, another number parts them',
  },
  {
    kind: 'unlinkedReference',
    detail: { side: 'customerp', property: 'customer', kind: 'customer', nativeId: 'c30' },
    says: 'customer in Customerp: refers to customer c30, which has no counterpart',
  },
  {
    kind: 'invalidValue',
    detail: { side: 'tidsbanken', property: 'phone', reason: '8 to 15 digits are expected' },
    says: 'phone in Tidsbanken: 8 to 15 digits are expected',
  },
  {
    kind: 'invalidValue',
    detail: { property: 'name', reason: 'required' },
    says: 'name: required, and empty',
  },
  { kind: 'idCollision', detail: { property: 'number', id: '12', why: 'taken' }, says: 'number: 12 is taken' },
  {
    kind: 'idCollision',
    detail: { property: 'number', id: '12', why: 'usedUp', from: '900', to: '999' },
    says: 'number: 12 cannot be used, and no number from 900 to 999 is left',
  },
  {
    kind: 'idCollision',
    detail: { property: 'number', id: '', why: 'invalid' },
    says: 'number: empty, and the new record needs one',
  },
  {
    kind: 'rail',
    detail: { rail: 'S1', op: 'create', side: 'tidsbanken', count: '31', limit: '10' },
    says: 'S1 create in Tidsbanken: 31, limit 10',
  },
  {
    kind: 'goneVersusEdited',
    detail: { goneIn: 'customerp', confirmed: 'yes' },
    says: 'gone in Customerp, edited in Tidsbanken',
  },
  {
    kind: 'goneInTidsbanken',
    detail: { goneIn: 'tidsbanken', confirmed: 'no' },
    says: 'gone in Tidsbanken; not confirmed by a second full reading yet',
  },
  {
    kind: 'identityChanged',
    detail: { 'tidsbanken.orgNo': '326230588 → 334345815' },
    says: 'orgNo: in Tidsbanken 326230588 → 334345815',
  },
])('$kind: $says', ({ kind, detail, candidates = [], linked = false, says }) => {
  const shown = candidates.map((id) => candidate(id, linked));
  expect(mismatchSentence({ kind, detail: { ...detail } }, shown)).toBe(says);
});

it('a group of many properties names three that differ, and how many more', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const detail = Object.fromEntries(
    names.flatMap((name) => [
      [`customerp.${name}`, '1'],
      [`tidsbanken.${name}`, '2'],
    ]),
  );
  const said = mismatchSentence({ kind: 'bothEdited', detail });
  expect(said).toBe(
    'a: Customerp "1", Tidsbanken "2"; b: Customerp "1", Tidsbanken "2"; c: Customerp "1", Tidsbanken "2"; 2 more',
  );
});

it('both values are cut to the same width', () => {
  const { customerp, tidsbanken } = comparable({ customerp: 'a'.repeat(80), tidsbanken: 'b'.repeat(80) });
  expect(customerp).toBe(`"${'a'.repeat(39)}…"`);
  expect(tidsbanken).toBe(`"${'b'.repeat(39)}…"`);
});

it('what differs is never what is cut', () => {
  const begin = 'Rør og varme, avdeling for offentlige byggeprosjekter ';
  expect(comparable({ customerp: `${begin}nord`, tidsbanken: `${begin}sør` })).toEqual({
    customerp: '"…sjekter nord"',
    tidsbanken: '"…sjekter sør"',
  });
});

it('a value that is the beginning of the other is told apart', () => {
  const long = 'x'.repeat(60);
  expect(comparable({ customerp: long, tidsbanken: `${long}y` })).toEqual({
    customerp: '"…xxxxxxxx"',
    tidsbanken: '"…xxxxxxxxy"',
  });
});
