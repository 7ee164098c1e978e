import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject } from '../../../shared/json.ts';
import type { Json } from '../../../shared/json.ts';
import { parseLossless } from '../http/lossless-json.ts';
import { presetDescriptor } from '../create-connector.ts';
import type { KindDescriptor } from './descriptor.ts';
import { address, answeredRecord, createBody, odataLiteral, recordPath, selectParams, updateBody } from './requests.ts';

const kindOf = (kind: KindDescriptor | undefined): KindDescriptor => {
  if (kind === undefined) throw new Error('no such kind');
  return kind;
};
const tidsbanken = presetDescriptor('tidsbanken').kinds;
const kunde = kindOf(tidsbanken.customer);
const ansatt = kindOf(tidsbanken.employee);
const prosjekt = kindOf(tidsbanken.project);
const avdeling = kindOf(tidsbanken.department);
const customer = kindOf(presetDescriptor('customerp-rest').kinds.customer);
const values = (entries: Record<string, Json>): ReadonlyMap<string, Json> => new Map(Object.entries(entries));

describe('addresses', () => {
  it('Q14: every value survives the query string', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const url = new URL(address('things', { $filter: value }), 'http://x/');
        expect(url.searchParams.get('$filter')).toBe(value);
      }),
    ));

  it('Q14: a plus sign is %2B', () => {
    expect(address('p', { $filter: 'T ge 2025-01-20T09:30:00+01:00' })).toBe(
      'p?$filter=T%20ge%202025-01-20T09%3A30%3A00%2B01%3A00',
    );
  });

  it('an id stays one segment of the path', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(id !== '.' && id !== '..');
        const { pathname } = new URL(recordPath('ansatt/Avdeling/{id}', id, 'string') ?? '', 'http://x/base/');
        expect(pathname.startsWith('/base/ansatt/Avdeling/')).toBe(true);
        expect(decodeURIComponent(pathname.split('/')[4] ?? '')).toBe(id);
      }),
    ));

  it.each(['', '.', '..'])('%j would name another place', (id) =>
    expect(recordPath('a/{id}', id, 'string')).toBeNull(),
  );

  it('an OData key is quoted where it is text', () => {
    expect(recordPath('Kunde({odataKey})', "O'Neil & Sønn", 'string')).toBe(
      'Kunde(%27O%27%27Neil%20%26%20S%C3%B8nn%27)',
    );
    expect(recordPath('Linje({odataKey})', '42', 'integer')).toBe('Linje(42)');
  });
});

describe('OData literals (Q10)', () => {
  it.each([
    { value: "O'Neil", json: 'string', is: "'O''Neil'" },
    { value: '007', json: 'string', is: "'007'" },
    { value: '007', json: 'integer', is: '7' },
    { value: '12345678901234567890', json: 'integer', is: '12345678901234567890' },
    { value: '1 or 1 eq 1', json: 'integer', is: null },
    { value: '1.5', json: 'number', is: '1.5' },
    { value: 'true', json: 'boolean', is: 'true' },
    { value: 'ja', json: 'boolean', is: null },
  ] as const)('$value as $json', ({ value, json, is }) => expect(odataLiteral(value, json)).toBe(is));
});

describe('chosen fields', () => {
  it('id and modified time come along, each once', () => {
    expect(selectParams(kunde, ['Navn', 'Id'])).toEqual({ $select: 'Id,SistEndretDato,Navn' });
    expect(selectParams(customer, ['address.city'])).toEqual({ fields: 'id,updatedAt,address.city' });
    // A list is asked for as a whole.
    expect(selectParams(customer, ['phones.0.number', 'phones.1.number'])).toEqual({ fields: 'id,updatedAt,phones' });
  });
  it('all', () => {
    expect(selectParams(kunde, 'all')).toEqual({ $select: '*' });
    expect(selectParams(customer, 'all')).toEqual({});
  });
});

describe('create bodies', () => {
  it('Q1, Q3: Ansatt is an array of one without nulls, its Id a number', () => {
    expect(createBody(ansatt, values({ Id: 1042, Fornavn: 'Ingrid', Fodt: null }))).toBe(
      '[{"Id":1042,"Fornavn":"Ingrid"}]',
    );
  });
  it('Q3: Kunde is one object', () =>
    expect(createBody(kunde, values({ Id: 'K1', Navn: 'Å' }))).toBe('{"Id":"K1","Navn":"Å"}'));
  it('dotted paths nest', () => {
    expect(createBody(customer, values({ name: 'A', 'address.city': 'TROMSØ', 'address.line1': 'Gata 1' }))).toBe(
      '{"name":"A","address":{"city":"TROMSØ","line1":"Gata 1"}}',
    );
  });
  it('Q24: server-kept fields are never sent', () => {
    expect(createBody(prosjekt, values({ Id: 'P', PostId: 4, SistEndretDato: 'x' }))).toBe('{"Id":"P"}');
  });
});

describe('update bodies', () => {
  it('partial: only the touched fields, a null clears, the id is in the path (Q7)', () => {
    const current = { Id: '20', Navn: 'Nord', Synlig: true };
    const body = updateBody(avdeling, {
      nativeId: '20',
      values: values({ Navn: 'Sør', Id: '20', Adresse: null }),
      current,
    });
    expect(body).toBe('{"Navn":"Sør","Adresse":null}');
  });

  it('A4, Q2: the whole record, unknown fields verbatim, server-kept ones and annotations left out', () => {
    const current = parseLossless(
      '{"@odata.context":"x","Id":"K1","Navn":"Gammel","Ukjent":{"Tall":25.0},"Stor":12345678901234567890,' +
        '"Navn@odata.type":"s","Null":null,"SistEndretDato":"2025-01-20T09:30:00+01:00","OpprettetAvId":100}',
    );
    if (!isJsonObject(current)) throw new Error('not an object');
    expect(updateBody(kunde, { nativeId: 'K1', values: values({ Navn: 'Ny', Epost: null }), current })).toBe(
      '[{"Id":"K1","Navn":"Ny","Ukjent":{"Tall":25.0},"Stor":12345678901234567890,"Null":null,"Epost":null}]',
    );
  });

  it('Q13: untouched Prosjekt dates go as wall clock', () => {
    const current = { Id: 'P', StartDato: '2025-01-06T00:00:00+01:00', FerdigDato: null, AnsvarligId: 1042 };
    expect(updateBody(prosjekt, { nativeId: 'P', values: values({ Navn: 'Ny' }), current })).toBe(
      '[{"Id":"P","StartDato":"2025-01-06T00:00:00","FerdigDato":null,"AnsvarligId":1042,"Navn":"Ny"}]',
    );
  });

  it('where a PUT is known to merge, only the touched fields and the id', () => {
    const merging = { ...kunde, capabilities: { ...kunde.capabilities, putMerges: true } };
    const body = updateBody(merging, {
      nativeId: 'K1',
      values: values({ Navn: 'Ny' }),
      current: { Id: 'K1', Url: 'u' },
    });
    expect(body).toBe('[{"Navn":"Ny","Id":"K1"}]');
  });

  it('an integer id of any length is a number', () => {
    const body = updateBody(ansatt, {
      nativeId: '9007199254740993',
      values: values({}),
      current: { Id: '9007199254740993' },
    });
    expect(body).toBe('[{"Id":9007199254740993}]');
  });

  it('A4, I6: numbers of fields that nobody maps go back digit by digit', () => {
    const current = parseLossless('{"Id":"K1","Rabatt":0.1234567890123456789,"Inne":{"Tak":1e400}}');
    if (!isJsonObject(current)) throw new Error('an object was expected');
    const body = updateBody(kunde, { nativeId: 'K1', values: values({ Navn: 'Ny' }), current });
    expect(body).toBe('[{"Id":"K1","Rabatt":0.1234567890123456789,"Inne":{"Tak":1e400},"Navn":"Ny"}]');
  });

  it('does not touch the record that was read', () => {
    const current = { Id: 'K1', Navn: 'Gammel', Inne: { a: 1 } };
    const before = structuredClone(current);
    updateBody(kunde, { nativeId: 'K1', values: values({ Navn: 'Ny', 'Inne.a': 2 }), current });
    expect(current).toEqual(before);
  });
});

it.each([
  { json: { Id: 1 }, is: { Id: 1 } },
  { json: [{ Id: 1 }], is: { Id: 1 } },
  { json: { value: [{ Id: 1 }] }, is: { Id: 1 } },
  { json: { value: { Id: 1 } }, is: { Id: 1 } },
  { json: [], is: null },
  { json: 'ok', is: null },
  { json: null, is: null },
])('the record in an answer: $json', ({ json, is }) => expect(answeredRecord(json, ['value'])).toEqual(is));
