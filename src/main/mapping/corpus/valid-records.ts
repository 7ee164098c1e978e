import type { Kind, Pair } from '../../../shared/domain.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { defaultMapping } from '../default-mapping.ts';
import { FlowMapping } from '../mapping.ts';

/** For tests: what the corpus starts from. Every case is one of these records with one thing wrong. */

/** `more`: with the value types that the default mapping does not use, or keeps off. */
export const CORPUS_FLOWS = ['default', 'more'] as const;
export type CorpusFlow = (typeof CORPUS_FLOWS)[number];
export type CorpusKind = Exclude<Kind, 'department'>;

export const VALID: Readonly<Record<CorpusKind, Pair<JsonObject>>> = {
  customer: {
    customerp: {
      id: 'c-10057',
      number: 'K10057',
      version: 3,
      updatedAt: '2025-01-14T08:12:33Z',
      name: 'Nordlys Prøve AS',
      organizationNumber: '310123404',
      address: { line1: 'Prøvegata 1', line2: 'Postboks 12', postalCode: '0150', city: 'Oslo' },
      deliveryAddress: { line1: 'Lagerveien 2', line2: 'Port B', postalCode: '5003', city: 'Bergen' },
      phone: '+4722000042',
      mobile: '+4790000042',
      email: 'post@nordlys.example',
      website: 'https://nordlys.example',
    },
    tidsbanken: {
      Id: 'K10057',
      SistEndretDato: '2025-01-14T08:12:33+01:00',
      Navn: 'Nordlys Prøve AS',
      Organisasjonsnummer: '310123404',
      Gateadresse: 'Prøvegata 1',
      Postadresse: 'Postboks 12',
      Postnr: '0150',
      Poststed: 'Oslo',
      Leveringsadresse: 'Lagerveien 2',
      Leveringsadresse2: 'Port B',
      LevPostNr: '5003',
      LevPoststed: 'Bergen',
      Telefon: '22000042',
      Mobil: '+4790000042',
      Epost: 'post@nordlys.example',
      Url: 'https://nordlys.example',
    },
  },
  employee: {
    customerp: {
      id: 'e-1042',
      number: '1042',
      version: 1,
      updatedAt: '2025-01-14T08:12:33Z',
      firstName: 'Prøve',
      lastName: 'Testesen',
      email: 'prove.testesen@nordlys.example',
      mobile: '+4790000043',
      homePhone: '+4722000043',
      address: { line1: 'Prøvegata 3', postalCode: '0151', city: 'Oslo' },
      birthDate: '1980-01-18',
      nationalId: '18818012345',
      bankAccount: '00000000000',
      jobTitle: 'Rørlegger',
      departmentId: 'd-20',
      defaultProjectId: 'p-77',
      hireDate: '2020-02-03',
      terminationDate: null,
      employmentPercentage: 80,
      active: true,
      terminated: false,
      type: 'K',
      notes: 'Første linje\nAndre linje',
    },
    tidsbanken: {
      Id: 1042,
      SistEndretDato: '2025-01-14T09:12:33+01:00',
      Fornavn: 'Prøve',
      Etternavn: 'Testesen',
      Epost: 'prove.testesen@nordlys.example',
      Mobil: '90000043',
      TlfPrivat: '22000043',
      Adresse: 'Prøvegata 3',
      Postnummer: '0151',
      Poststed: 'Oslo',
      Fodt: '1980-01-18T00:00:00Z',
      Personnummer: '18818012345',
      Lonnskonto: '00000000000',
      Tittel: 'Rørlegger',
      AvdelingId: '20',
      ProsjektId: '77',
      AnsattDato: '2020-02-03T00:00:00Z',
      SluttetDato: null,
      Stillingsprosent: 80,
      Aktiv: true,
      Sluttet: false,
      Kjonn: 'Kvinne',
      Notat: 'Første linje\r\nAndre linje',
    },
  },
  project: {
    customerp: {
      id: 'p-77',
      number: '77',
      version: 9,
      updatedAt: '2025-01-14T08:12:33Z',
      name: 'Prøvebrua',
      customerId: 'c-10057',
      departmentId: 'd-20',
      managerId: 'e-1042',
      startDate: '2025-01-06',
      started: true,
      endDate: '2025-12-19',
      closed: false,
      internal: false,
      orderDate: '2024-11-01',
      customerOrderNumber: 'B-0042',
      budget: 37.5,
      externalReference: '2025-01-14T08:12:33Z',
    },
    tidsbanken: {
      Id: '77',
      SistEndretDato: '2025-01-14T08:12:33+01:00',
      Navn: 'Prøvebrua',
      KundeId: 'K10057',
      AvdelingId: '20',
      AnsvarligId: 1042,
      StartDato: '2025-01-06T00:00:00+01:00',
      Startet: true,
      AvsluttetDato: '2025-12-19T00:00:00+01:00',
      Avsluttet: false,
      InterntProsjekt: false,
      BestillingsDato: '2024-11-01T00:00:00+01:00',
      KundensBestillingsnummer: 'B-0042',
      FerdigGrad: 37.5,
      EksternId: '2025-01-14T09:12:33',
    },
  },
};

type Row = Readonly<Record<string, unknown>>;

const MORE: Readonly<Record<CorpusKind, readonly Row[]>> = {
  customer: [],
  employee: [
    { name: 'nationalId', customerp: 'nationalId', tidsbanken: 'Personnummer', type: 'nationalId', sensitive: true },
    {
      name: 'gender',
      customerp: 'type',
      tidsbanken: 'Kjonn',
      type: 'enum',
      values: { female: { customerp: 'K', tidsbanken: 'Kvinne' }, male: { customerp: 'M', tidsbanken: 'Mann' } },
    },
    { name: 'note', customerp: 'notes', tidsbanken: 'Notat', type: 'multiline' },
  ],
  project: [
    { name: 'budget', customerp: 'budget', tidsbanken: 'FerdigGrad', type: 'decimal' },
    { name: 'importedAt', customerp: 'externalReference', tidsbanken: 'EksternId', type: 'datetime' },
  ],
};

/** The mapping of one kind: the default, or the default with the properties above in place of those that are off. */
export function corpusMapping(flow: CorpusFlow, kind: Kind): FlowMapping {
  const mapping = defaultMapping().find((one) => one.kind === kind);
  if (mapping === undefined) throw new Error(`no default mapping for ${kind}`);
  if (flow === 'default' || kind === 'department') return mapping;
  const added = new Set(MORE[kind].map((row) => row['name']));
  const kept = mapping.properties.filter(({ name }) => !added.has(name));
  return FlowMapping.parse({ ...mapping, properties: [...kept, ...MORE[kind]] });
}
