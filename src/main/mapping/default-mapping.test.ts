import { describe, expect, it } from 'vitest';
import { KINDS } from '../../shared/domain.ts';
import { presetDescriptor, type PresetName } from '../connectors/create-connector.ts';
import { defaultMapping } from './default-mapping.ts';
import { mappingFindings } from './lint/mapping-findings.ts';
import type { Property } from './mapping.ts';

const flows = defaultMapping();
const all = flows.flatMap((flow) => flow.properties.map((property) => ({ kind: flow.kind, ...property })));
const field = (kind: string, name: string): string | undefined =>
  all.find((property) => property.kind === kind && property.name === name)?.tidsbanken;

describe('the default mapping (fact sheet 5.4)', () => {
  it('O1 has every kind, in order', () => expect(flows.map((flow) => flow.kind)).toEqual(KINDS));

  it('goes both ways, except what is sensitive', () => {
    for (const { direction, sensitive } of all) expect(direction).toBe(sensitive ? 'off' : 'both');
    expect(all.filter(({ sensitive }) => sensitive).map(({ tidsbanken }) => tidsbanken)).toEqual([
      'Fodt',
      'Personnummer',
      'Lonnskonto',
    ]);
  });

  it('Q10 has one key a kind: Id, whose leading zeros count except for employees', () => {
    const keys = all.filter(({ key }) => key);
    expect(keys.map(({ kind, tidsbanken, type }) => [kind, tidsbanken, type])).toEqual([
      ['department', 'Id', 'id'],
      ['customer', 'Id', 'id'],
      ['employee', 'Id', 'integerKey'],
      ['project', 'Id', 'id'],
    ]);
  });

  it('Q18, Q19 spells the look-alikes right', () => {
    expect(field('employee', 'postcode')).toBe('Postnummer');
    expect(field('customer', 'postcode')).toBe('Postnr');
    expect(field('customer', 'deliveryPostcode')).toBe('LevPostNr');
    expect(field('customer', 'deliveryCity')).toBe('LevPoststed');
    expect(field('project', 'closed')).toBe('Avsluttet');
    expect(field('project', 'endDate')).toBe('AvsluttetDato');
  });

  it('creates nothing by itself, and nothing at all in Customerp', () => {
    for (const { create } of flows) {
      expect(create.customerp.rule).toBe('never');
      expect(create.customerp.automatic || create.tidsbanken.automatic).toBe(false);
    }
    expect(flows.map(({ create }) => create.tidsbanken.rule)).toEqual(['never', 'every', 'every', 'every']);
  });

  it('2.2 no national id and no other sensitive value is a match key', () => {
    const sensitive = new Set(all.filter((property) => property.sensitive).map(({ name }) => name));
    for (const { keys } of flows)
      expect(keys.flatMap((key) => key.properties).filter((name) => sensitive.has(name))).toEqual([]);
  });

  /** Each row of the fact sheet's table, with the JSON type that Tidsbanken's field has there. */
  it.each<[string, string, string, Property['type'], 's' | 'i' | 'b' | 'dt']>([
    ['customer', 'number', 'Id', 'id', 's'],
    ['customer', 'name', 'Navn', 'string', 's'],
    ['customer', 'orgNo', 'Organisasjonsnummer', 'orgNo', 's'],
    ['customer', 'street', 'Gateadresse', 'string', 's'],
    ['customer', 'street2', 'Postadresse', 'string', 's'],
    ['customer', 'postcode', 'Postnr', 'postcode', 's'],
    ['customer', 'city', 'Poststed', 'string', 's'],
    ['customer', 'deliveryStreet', 'Leveringsadresse', 'string', 's'],
    ['customer', 'deliveryStreet2', 'Leveringsadresse2', 'string', 's'],
    ['customer', 'deliveryPostcode', 'LevPostNr', 'postcode', 's'],
    ['customer', 'deliveryCity', 'LevPoststed', 'string', 's'],
    ['customer', 'phone', 'Telefon', 'phone', 's'],
    ['customer', 'mobile', 'Mobil', 'phone', 's'],
    ['customer', 'email', 'Epost', 'email', 's'],
    ['customer', 'website', 'Url', 'string', 's'],
    ['employee', 'number', 'Id', 'integerKey', 'i'],
    ['employee', 'firstName', 'Fornavn', 'string', 's'],
    ['employee', 'lastName', 'Etternavn', 'string', 's'],
    ['employee', 'email', 'Epost', 'email', 's'],
    ['employee', 'mobile', 'Mobil', 'phone', 's'],
    ['employee', 'homePhone', 'TlfPrivat', 'phone', 's'],
    ['employee', 'street', 'Adresse', 'string', 's'],
    ['employee', 'postcode', 'Postnummer', 'postcode', 's'],
    ['employee', 'city', 'Poststed', 'string', 's'],
    ['employee', 'birthDate', 'Fodt', 'date', 'dt'],
    ['employee', 'nationalId', 'Personnummer', 'nationalId', 's'],
    ['employee', 'bankAccount', 'Lonnskonto', 'string', 's'],
    ['employee', 'jobTitle', 'Tittel', 'string', 's'],
    ['employee', 'department', 'AvdelingId', 'reference', 's'],
    ['employee', 'defaultProject', 'ProsjektId', 'reference', 's'],
    ['employee', 'hireDate', 'AnsattDato', 'date', 'dt'],
    ['employee', 'employmentPercentage', 'Stillingsprosent', 'integer', 'i'],
    ['employee', 'active', 'Aktiv', 'boolean', 'b'],
    ['employee', 'terminated', 'Sluttet', 'boolean', 'b'],
    ['employee', 'terminationDate', 'SluttetDato', 'date', 'dt'],
    ['project', 'number', 'Id', 'id', 's'],
    ['project', 'name', 'Navn', 'string', 's'],
    ['project', 'customer', 'KundeId', 'reference', 's'],
    ['project', 'department', 'AvdelingId', 'reference', 's'],
    ['project', 'manager', 'AnsvarligId', 'reference', 'i'],
    ['project', 'startDate', 'StartDato', 'date', 'dt'],
    ['project', 'started', 'Startet', 'boolean', 'b'],
    ['project', 'endDate', 'AvsluttetDato', 'date', 'dt'],
    ['project', 'closed', 'Avsluttet', 'boolean', 'b'],
    ['project', 'internal', 'InterntProsjekt', 'boolean', 'b'],
    ['project', 'orderDate', 'BestillingsDato', 'date', 'dt'],
    ['project', 'customerOrderNumber', 'KundensBestillingsnummer', 'string', 's'],
    ['department', 'number', 'Id', 'id', 's'],
    ['department', 'name', 'Navn', 'string', 's'],
    ['department', 'active', 'Synlig', 'boolean', 'b'],
  ])('%s %s is %s, a %s over %s', (kind, name, tidsbanken, type, json) => {
    const row = all.find((one) => one.kind === kind && one.name === name);
    expect(row).toMatchObject({ tidsbanken, type });
    const declared = presetDescriptor('tidsbanken').kinds[row?.kind ?? 'customer']?.fields[tidsbanken];
    const JSON_OF = { s: 'string', i: 'integer', b: 'boolean', dt: 'string' } as const;
    expect(declared).toMatchObject({ json: JSON_OF[json], readOnly: false });
  });

  it('has no other rows', () => expect(all).toHaveLength(50));

  it('leaves the lint nothing to find in what both systems declare', () => {
    for (const flow of flows) {
      const of = (preset: PresetName) => presetDescriptor(preset).kinds[flow.kind];
      const facts = {
        fields: { customerp: of('customerp-rest')?.fields ?? {}, tidsbanken: of('tidsbanken')?.fields ?? {} },
        canConceal: false,
        chosenId: {
          customerp: of('customerp-rest')?.capabilities.clientChosenId ?? null,
          tidsbanken: of('tidsbanken')?.capabilities.clientChosenId ?? null,
        },
      };
      expect(mappingFindings(flow, facts)).toEqual([]);
    }
  });

  it('each call gives a copy of its own', () => {
    expect(defaultMapping()[0]).not.toBe(flows[0]);
    expect(defaultMapping()).toEqual(flows);
  });
});
