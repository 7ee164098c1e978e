import type { DescriptorInput } from '../descriptor/descriptor.ts';

/**
 * Tidsbanken API v3. The facts behind each line, and how certain they are, stand in docs/connectors/tidsbanken.md. Plain
 * data: an operator whose Tidsbanken behaves otherwise copies it and changes a line.
 */

type Fields = NonNullable<NonNullable<DescriptorInput['kinds']>['customer']>['fields'];
type Field = Fields[string];

/** Unset text is "", an unset date or number is null (Q15). */
const text: Field = { json: 'string', clear: '' };
const number: Field = { json: 'number', clear: null };
const integer: Field = { json: 'integer', clear: null };
/** Some sources say that flags come as text; both are read, booleans are written. */
const flag: Field = { json: 'boolean', trueValues: ['true', 'True'], falseValues: ['false', 'False'] };
/** Prosjekt's dates are Oslo's wall clock; they come with an offset and go without (Q13). */
const wallClock: Field = { json: 'string', dateStyle: 'wallClock', clear: null };
const utcDate: Field = { json: 'string', dateStyle: 'utc', clear: null };
const keyText: Field = { json: 'string' };
const keyInteger: Field = { json: 'integer' };
/** Their type is not known, so how to empty them is not known either. */
const unsure: Field = { json: 'string' };
const keptTime: Field = { json: 'string', dateStyle: 'utc', readOnly: true };
const keptNumber: Field = { json: 'integer', readOnly: true };

const each = (field: Field, ...names: string[]): Fields => Object.fromEntries(names.map((name) => [name, field]));
const auditFields: Fields = {
  ...each(keptTime, 'SistEndretDato', 'OpprettetDato'),
  ...each(keptNumber, 'SistEndretAvId', 'OpprettetAvId'),
};

const avdelingFields: Fields = {
  Id: keyText,
  ...each(text, 'Navn', 'Adresse', 'Postnr', 'Poststed', 'Organisasjonsnr'),
  Avdelingsleder: unsure,
  Synlig: flag,
  SistEndretDato: keptTime,
};

const kundeFields: Fields = {
  Id: keyText,
  ...each(text, 'Navn', 'Organisasjonsnummer', 'Gateadresse', 'Postadresse', 'Postnr', 'Poststed'),
  ...each(text, 'Leveringsadresse', 'Leveringsadresse2', 'LevPostNr', 'LevPoststed'),
  ...each(text, 'Telefon', 'Mobil', 'Epost', 'Url'),
  ...each(unsure, 'Kontaktperson', 'Betalingsbetingelser', 'Kundebehandler'),
  ...auditFields,
};

const ansattFields: Fields = {
  Id: keyInteger,
  ...each(text, 'Fornavn', 'Etternavn', 'Adresse', 'Postnummer', 'Poststed', 'TlfPrivat', 'Mobil', 'Epost', 'Tittel'),
  ...each(text, 'Lonnskonto', 'Personnummer', 'AvdelingId', 'Identifikator', 'Notat', 'Element1Id', 'Element2Id'),
  ...each(text, 'Kjonn', 'IceNavn', 'IceNr'),
  ...each(utcDate, 'Fodt', 'AnsattDato', 'SluttetDato'),
  ...each(flag, 'Aktiv', 'Sluttet', 'Innleie'),
  ...each(number, 'AntallFerieDager', 'AntallHalveFerieDager'),
  /** Project "0" is the system's own "no project" (Q22). */
  ProsjektId: { json: 'string', emptyValues: ['0'], clear: '0' },
  Stillingsprosent: integer,
  Kommune: { json: 'integer', emptyValues: ['9999'], clear: '9999' },
  MalId: integer,
  Fastlonn: unsure,
  PersonaliaBekreftet: keptTime,
  ...auditFields,
};

const prosjektFields: Fields = {
  Id: keyText,
  PostId: keptNumber,
  ...each(text, 'Navn', 'Notat', 'KundensBestillingsnummer', 'KundeId', 'AvdelingId', 'EksternId'),
  ...each(text, 'Element1Id', 'Element2Id', 'FakturaKundeId', 'AnleggId', 'Kontaktperson', 'Betalingsbetingelser'),
  ...each(unsure, 'Status', 'PostType', 'ProsjektGruppeId', 'Prosjekttype'),
  FerdigGrad: number,
  ...each(integer, 'AnsvarligId', 'SelgerId'),
  ...each(flag, 'InterntProsjekt', 'Startet', 'Ferdig', 'Avsluttet'),
  ...each(wallClock, 'BestillingsDato', 'StartDato', 'FerdigDato', 'AvsluttetDato'),
  ...auditFields,
};

/** Rows past the last are an empty page with 200; the order by Id keeps skip paging stable (1.3). */
const listOf = (path: string) =>
  ({
    path,
    query: { $orderby: 'Id', $count: 'true' },
    items: 'value',
    total: '@odata.count',
    paging: { type: 'skip', sizeParam: '$top', skipParam: '$skip' },
    select: { param: '$select', all: '*' },
    delta: { param: '$filter', template: 'SistEndretDato ge {since}' },
  }) as const;

/** OData's own description of an area. That it is there is inferred; the lint says so where it cannot be read. */
const describedIn = (area: string, type: string) =>
  ({ schema: { format: 'odata', path: `${area}/$metadata`, type } }) as const;

/** Look-ups always filter: the key-in-parentheses forms differ from kind to kind (Q8). */
const lookUp = { find: { type: 'odata', param: '$filter', sizeParam: '$top' }, read: 'find' } as const;

const trueClock = { field: 'SistEndretDato', rule: 'asWritten', zone: 'Europe/Oslo' } as const;
/** Kunde and Prosjekt glue Oslo's offset on UTC digits (1.5, Q11). Inferred: set `asWritten` where it was repaired. */
const digitsClock = { field: 'SistEndretDato', rule: 'utcDigits', zone: 'Europe/Oslo' } as const;

const can = {
  conditionalWrite: false,
  pointRead: true,
  filterByKey: true,
  stableOrder: true,
  count: true,
  delta: true,
  create: true,
  clientChosenId: 'Id',
  /** A refused duplicate is likely and unproven. */
  createOnExisting: 'unknown',
} as const;
/** PUT seems to merge (Q6); until `doctor --prove` has shown it, the whole record is sent. */
const fullWrite = { partialUpdate: false, putMerges: 'unknown' } as const;

export const tidsbanken: DescriptorInput = {
  name: 'tidsbanken',
  title: 'Tidsbanken API v3',
  side: 'tidsbanken',
  baseUrl: 'https://api.tidsbanken.net',
  headers: { 'x-api-version': '3.0' },
  signIn: {
    type: 'headers',
    headers: { 'tb-key': 'tb-key', 'Ocp-Apim-Subscription-Key': 'Ocp-Apim-Subscription-Key' },
  },
  tenantSecret: 'tb-key',
  probe: { path: 'ansatt/avdeling', query: { $select: 'Id', $top: '1' } },
  error: { object: 'error', words: ['error.code', 'error.target'] },
  kinds: {
    department: {
      id: { field: 'Id', json: 'string' },
      modified: trueClock,
      list: listOf('ansatt/avdeling'),
      ...describedIn('ansatt', 'Avdeling'),
      ...lookUp,
      create: { path: 'ansatt/Avdeling', body: 'object', nulls: 'strip' },
      update: { method: 'PATCH', path: 'ansatt/Avdeling/{id}', body: 'object' },
      capabilities: { ...can, partialUpdate: true, putMerges: true, archive: true, systemIds: ['1'] },
      fields: avdelingFields,
    },
    customer: {
      id: { field: 'Id', json: 'string' },
      modified: digitsClock,
      list: listOf('prosjekt/Kunde'),
      ...describedIn('prosjekt', 'Kunde'),
      ...lookUp,
      create: { path: 'prosjekt/Kunde', body: 'object', nulls: 'strip' },
      update: { method: 'PUT', path: 'prosjekt/Kunde', body: 'array', idInBody: true },
      /** Kunde has no active flag. */
      capabilities: { ...can, ...fullWrite, archive: false },
      fields: kundeFields,
    },
    employee: {
      id: { field: 'Id', json: 'integer' },
      modified: trueClock,
      list: listOf('ansatt/ansatt'),
      ...describedIn('ansatt', 'Ansatt'),
      ...lookUp,
      create: { path: 'ansatt/Ansatte', body: 'array', nulls: 'strip' },
      update: { method: 'PUT', path: 'ansatt/ansatt', body: 'array', idInBody: true },
      capabilities: { ...can, ...fullWrite, archive: true, systemIds: ['100'] },
      fields: ansattFields,
    },
    project: {
      id: { field: 'Id', json: 'string' },
      modified: digitsClock,
      list: listOf('prosjekt/Prosjekt'),
      ...describedIn('prosjekt', 'Prosjekt'),
      ...lookUp,
      create: { path: 'prosjekt/Prosjekt', body: 'object', nulls: 'strip' },
      update: { method: 'PUT', path: 'prosjekt/Prosjekt', body: 'array', idInBody: true },
      capabilities: { ...can, ...fullWrite, archive: true, systemIds: ['0'] },
      fields: prosjektFields,
    },
  },
};
