import { afterEach, describe, expect, it } from 'vitest';
import type { FlowMapping, Property } from '../../mapping/mapping.ts';
import { Property as PropertySchema } from '../../mapping/mapping.ts';
import { ansatt, employee } from '../testing/records.ts';
import { APPROVE_ALL, Fakes } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Employees with these rows in place of those of the same names. */
const set = (rows: readonly Property[], without: readonly string[] = []): void => {
  fakes.close();
  const isOther = ({ name }: Property): boolean => !without.includes(name) && !rows.some((row) => row.name === name);
  fakes = new Fakes({
    mapping: (flow): FlowMapping =>
      flow.kind === 'employee'
        ? {
            ...flow,
            keys: flow.keys.slice(0, 1),
            label: ['number'],
            properties: [...flow.properties.filter(isOther), ...rows],
          }
        : flow,
  });
};
const row = (values: object): Property => PropertySchema.parse(values);

describe('one field of one side, several of the other', () => {
  const NAME = row({ name: 'title', customerp: 'jobTitle', tidsbanken: 'Fornavn + Etternavn', type: 'string' });
  const begin = async (jobTitle: string): Promise<string> => {
    set([NAME], ['firstName', 'lastName', 'jobTitle']);
    fakes.tidsbanken.put('employee', ansatt(7, { Fornavn: 'Kari Anne', Etternavn: 'Prøve' }));
    const id = fakes.customerp.put('employee', employee('7', { jobTitle }));
    await fakes.run(APPROVE_ALL);
    return id;
  };

  it('R2 together they are the one value', async () => {
    const id = await begin('Kari Anne  Prøve');
    expect([fakes.customerp.received, fakes.tidsbanken.received]).toEqual([[], []]);
    fakes.tidsbanken.edit('employee', '7', { Etternavn: 'Person' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.customerp.raw('employee', id)['jobTitle']).toBe('Kari Anne Person');
  });

  it('R7 the last word goes into the last field, all else into the first; I4 the next run is quiet', async () => {
    const id = await begin('Kari Anne Prøve');
    fakes.customerp.edit('employee', id, { jobTitle: 'Ola Nordre Test' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('employee', '7')).toMatchObject({ Fornavn: 'Ola Nordre', Etternavn: 'Test' });
    const sent = fakes.tidsbanken.received.length;
    await fakes.run({ ...APPROVE_ALL, full: true });
    expect([fakes.tidsbanken.received.length, fakes.customerp.received.length]).toEqual([sent, 0]);
  });

  it('only mapped fields are asked for, the parts among them', () => {
    set([NAME], ['firstName', 'lastName', 'jobTitle']);
    const asked = fakes.flows.get('employee')?.fieldsToRead('tidsbanken') ?? [];
    expect(asked).toEqual(expect.arrayContaining(['Fornavn', 'Etternavn']));
    expect(asked).not.toContain('Tittel');
  });
});

describe('a conversion', () => {
  const PERCENT = row({
    name: 'employmentPercentage',
    customerp: 'employmentPercentage',
    tidsbanken: 'Stillingsprosent',
    type: 'integer',
    convert: { customerp: { read: 'int(double(value) / 10.0)', write: 'value * 10.0' } },
  });

  it('R7, R8 holds in both directions', async () => {
    set([PERCENT]);
    fakes.tidsbanken.put('employee', ansatt(7, { Stillingsprosent: 80 }));
    const id = fakes.customerp.put('employee', employee('7', { employmentPercentage: 800 }));
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.received).toEqual([]);
    fakes.customerp.edit('employee', id, { employmentPercentage: 500 });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('employee', '7')['Stillingsprosent']).toBe(50);
    fakes.tidsbanken.edit('employee', '7', { Stillingsprosent: 60 });
    await fakes.run(APPROVE_ALL);
    expect(fakes.customerp.raw('employee', id)['employmentPercentage']).toBe(600);
  });

  it('N4 that cannot be computed holds that property, and no other', async () => {
    set([row({ ...PERCENT, convert: { customerp: { read: 'value.substring(1)', write: 'value' } } })]);
    fakes.tidsbanken.put('employee', ansatt(7, { Stillingsprosent: 80 }));
    const id = fakes.customerp.put('employee', employee('7', { employmentPercentage: 80 }));
    await fakes.run(APPROVE_ALL);
    expect(await fakes.mismatchKinds()).toEqual(['invalidValue']);
    fakes.customerp.edit('employee', id, { mobile: '90000001' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('employee', '7')).toMatchObject({ Mobil: '+4790000001', Stillingsprosent: 80 });
  });
});
