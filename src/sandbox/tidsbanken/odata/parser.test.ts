import { describe, expect, it } from 'vitest';
import { Refusal } from '../../messages.ts';
import type { Row } from '../../store.ts';
import { ENTITIES, type Entity } from '../entities.ts';
import { compileFilter } from './evaluate.ts';
import { parseExpand, parseFilter, parseOrderBy, parseSelect } from './parser.ts';
import { readQuery } from './query.ts';

/** The answer of a filter, or 'refused'. */
function outcome(source: string, entity: Entity, row: Row): boolean | 'refused' {
  try {
    return compileFilter(parseFilter(source), { entity, stamps: 'digits' })(row);
  } catch (error) {
    if (error instanceof Refusal && error.answer.status === 400) return 'refused';
    throw error;
  }
}

const kunde = {
  key: "K'1",
  at: Date.parse('2025-01-20T09:30:00.120Z'),
  data: {
    Id: "K'1",
    Navn: 'Nordlys Rør AS',
    Poststed: 'TROMSØ',
    Epost: '',
    Telefon: null,
    SistEndretDato: '2025-01-20T09:30:00.120Z',
  },
};
const ansatt = {
  key: 42,
  at: null,
  data: {
    Id: 42,
    Fornavn: 'Åse',
    Aktiv: true,
    Stillingsprosent: 80,
    Fodt: '1988-04-17T00:00:00',
    SluttetDato: null,
    SistEndretDato: null,
  },
};

describe('$filter', () => {
  it.each([
    ["Id eq 'K''1'", true],
    ["id EQ 'x'", 'refused'],
    ["navn eq 'Nordlys Rør AS'", true],
    ["Id ne 'K''1'", false],
    ["Id in ('a', 'K''1')", true],
    ["Id in ('a')", false],
    ["startswith(Navn,'Nord')", true],
    ["startswith(Navn,'Nord') eq true", true],
    ["endswith(Navn, 'AS') and contains(Navn,'Rør')", true],
    ["tolower(Poststed) eq 'tromsø'", true],
    ["not (Navn eq 'x') and (Poststed eq 'a' or Poststed eq 'TROMSØ')", true],
    ["Navn eq 'x' or Poststed eq 'TROMSØ' and Epost eq ''", true],
    ["not startswith(Navn,'Nord')", false],
    ['Telefon eq null', true],
    ["Telefon gt 'a'", false],
    ['SistEndretDato gt 1970-01-01', true],
    ['SistEndretDato gt 2025-01-20T09:30:00.12Z', false],
    ['SistEndretDato ge 2025-01-20T09:30:00.12Z', true],
    ['SistEndretDato ge 2025-01-20T09:30:00.12+01:00', true],
    ['SistEndretDato gt 2025-01-20T09:30:00 01:00', 'refused'],
    ['Id eq 100', 'refused'],
    ["Finnes eq 'x'", 'refused'],
    ["Navn eq 'x", 'refused'],
    ["substringof('x',Navn)", 'refused'],
    ['Navn', 'refused'],
    ["(Navn eq 'x'", 'refused'],
    ['SistEndretDato gt 2025-02-31', 'refused'],
  ])('%s -> %s', (source, expected) => {
    expect(outcome(source, ENTITIES.Kunde, kunde)).toBe(expected);
  });

  it.each([
    ['Id eq 42', true],
    ["Id eq '42'", 'refused'],
    ['Id in (1,42)', true],
    ['Aktiv eq true and Stillingsprosent ge 79.5', true],
    ['Aktiv', true],
    ['Fodt lt 1990-01-01', true],
    ['Fodt eq 1988-04-17T00:00:00Z', true],
    ['SluttetDato eq null', true],
    ['SluttetDato le 2030-01-01', false],
    ['SistEndretDato gt 1970-01-01', false],
    ['Id gt -1', true],
  ])('%s -> %s', (source, expected) => {
    expect(outcome(source, ENTITIES.Ansatt, ansatt)).toBe(expected);
  });
});

describe('the other options', () => {
  it('reads $select, $orderby and $expand', () => {
    expect(parseSelect('*')).toEqual(['*']);
    expect(parseSelect('id, Navn')).toEqual(['id', 'Navn']);
    expect(parseOrderBy('Navn desc, Id')).toEqual([
      { name: 'Navn', descending: true },
      { name: 'Id', descending: false },
    ]);
    expect(parseExpand('avdeling($select=Id,Navn),anlegg')).toEqual([
      { name: 'avdeling', select: ['Id', 'Navn'] },
      { name: 'anlegg', select: [] },
    ]);
  });

  it.each(['$top=-1', '$top=a', '$count=yes', '$apply=x', '$top=1&$top=2', '$expand=avdeling($filter=x)'])(
    'refuses %s',
    (text) => {
      expect(() => readQuery(new URLSearchParams(text))).toThrow(Refusal);
    },
  );

  it('takes an empty option for none', () => {
    expect(readQuery(new URLSearchParams('$orderby=&$filter='))).toMatchObject({ orderBy: [], filter: null });
  });
});
