import type { Kind } from '../../shared/domain.ts';
import { FlowMapping, type ValueType } from './mapping.ts';

type Extra = Partial<Omit<FlowMapping['properties'][number], 'name' | 'customerp' | 'tidsbanken' | 'type'>>;

const property = (name: string, customerp: string, tidsbanken: string, type: ValueType, extra: Extra = {}) => ({
  name,
  customerp,
  tidsbanken,
  type,
  ...extra,
});
const strong = (name: string, placeholders: string[] = []) =>
  ({ name, properties: [name], strength: 'strong', placeholders }) as const;
const weak = (name: string, properties: string[], placeholders: string[] = []) =>
  ({ name, properties, strength: 'weak', placeholders }) as const;
const reference = (kind: Kind, extra: Extra = {}): Extra => ({ reference: kind, ...extra });

const ADDRESS = { group: 'address' };
const DELIVERY = { group: 'delivery' };
const LIFECYCLE = { group: 'lifecycle' };
const START = { group: 'start' };
const SENSITIVE = { direction: 'off', sensitive: true } as const;
const KEY = { key: true };
const NO_PHONE = ['+4700000000', '+4799999999'];

/** Each record of Customerp gets a counterpart once approved; one that is only in Tidsbanken is shown (design, 1). */
const COUNTERPART_IN_TIDSBANKEN = {
  customerp: { rule: 'never', automatic: false },
  tidsbanken: { rule: 'every', automatic: false },
} as const;
const LINK_ONLY = {
  customerp: { rule: 'never', automatic: false },
  tidsbanken: { rule: 'never', automatic: false },
} as const;

const department = {
  kind: 'department',
  keys: [strong('number')],
  create: LINK_ONLY,
  properties: [
    property('number', 'number', 'Id', 'id', KEY),
    property('name', 'name', 'Navn', 'string', { required: true }),
    property('active', 'active', 'Synlig', 'boolean', LIFECYCLE),
  ],
  lifecycle: { property: 'active', inactive: 'false' },
  label: ['number', 'name'],
} as const;

const customer = {
  kind: 'customer',
  keys: [
    strong('orgNo', ['000000000', '999999999']),
    strong('number', ['0']),
    weak('nameAndPostcode', ['name', 'postcode'], ['0000']),
    weak('nameAndEmail', ['name', 'email']),
    weak('nameAndPhone', ['name', 'phone'], NO_PHONE),
  ],
  create: COUNTERPART_IN_TIDSBANKEN,
  properties: [
    property('number', 'number', 'Id', 'id', KEY),
    property('name', 'name', 'Navn', 'string', { required: true }),
    property('orgNo', 'organizationNumber', 'Organisasjonsnummer', 'orgNo'),
    property('street', 'address.line1', 'Gateadresse', 'string', ADDRESS),
    property('street2', 'address.line2', 'Postadresse', 'string', ADDRESS),
    property('postcode', 'address.postalCode', 'Postnr', 'postcode', ADDRESS),
    property('city', 'address.city', 'Poststed', 'string', ADDRESS),
    property('deliveryStreet', 'deliveryAddress.line1', 'Leveringsadresse', 'string', DELIVERY),
    property('deliveryStreet2', 'deliveryAddress.line2', 'Leveringsadresse2', 'string', DELIVERY),
    property('deliveryPostcode', 'deliveryAddress.postalCode', 'LevPostNr', 'postcode', DELIVERY),
    property('deliveryCity', 'deliveryAddress.city', 'LevPoststed', 'string', DELIVERY),
    property('phone', 'phone', 'Telefon', 'phone'),
    property('mobile', 'mobile', 'Mobil', 'phone'),
    property('email', 'email', 'Epost', 'email'),
    property('website', 'website', 'Url', 'string'),
  ],
  label: ['name'],
} as const;

const employee = {
  kind: 'employee',
  keys: [
    strong('number', ['0']),
    weak('nameAndEmail', ['firstName', 'lastName', 'email']),
    weak('nameAndMobile', ['firstName', 'lastName', 'mobile'], NO_PHONE),
  ],
  create: COUNTERPART_IN_TIDSBANKEN,
  properties: [
    property('number', 'number', 'Id', 'integerKey', KEY),
    property('firstName', 'firstName', 'Fornavn', 'string'),
    property('lastName', 'lastName', 'Etternavn', 'string', { required: true }),
    property('email', 'email', 'Epost', 'email'),
    property('mobile', 'mobile', 'Mobil', 'phone'),
    property('homePhone', 'homePhone', 'TlfPrivat', 'phone'),
    property('street', 'address.line1', 'Adresse', 'string', ADDRESS),
    property('postcode', 'address.postalCode', 'Postnummer', 'postcode', ADDRESS),
    property('city', 'address.city', 'Poststed', 'string', ADDRESS),
    property('birthDate', 'birthDate', 'Fodt', 'date', SENSITIVE),
    property('nationalId', 'nationalId', 'Personnummer', 'nationalId', SENSITIVE),
    property('bankAccount', 'bankAccount', 'Lonnskonto', 'string', SENSITIVE),
    property('jobTitle', 'jobTitle', 'Tittel', 'string'),
    property('department', 'departmentId', 'AvdelingId', 'reference', reference('department')),
    property('defaultProject', 'defaultProjectId', 'ProsjektId', 'reference', reference('project', { deferred: true })),
    property('hireDate', 'hireDate', 'AnsattDato', 'date'),
    property('employmentPercentage', 'employmentPercentage', 'Stillingsprosent', 'integer'),
    property('active', 'active', 'Aktiv', 'boolean', LIFECYCLE),
    property('terminated', 'terminated', 'Sluttet', 'boolean', LIFECYCLE),
    property('terminationDate', 'terminationDate', 'SluttetDato', 'date', LIFECYCLE),
  ],
  lifecycle: { property: 'active', inactive: 'false' },
  label: ['firstName', 'lastName'],
} as const;

const project = {
  kind: 'project',
  keys: [strong('number', ['0']), weak('nameAndCustomer', ['name', 'customer'])],
  create: COUNTERPART_IN_TIDSBANKEN,
  properties: [
    property('number', 'number', 'Id', 'id', KEY),
    property('name', 'name', 'Navn', 'string', { required: true }),
    property('customer', 'customerId', 'KundeId', 'reference', reference('customer', { required: true })),
    property('department', 'departmentId', 'AvdelingId', 'reference', reference('department')),
    property('manager', 'managerId', 'AnsvarligId', 'reference', reference('employee')),
    property('startDate', 'startDate', 'StartDato', 'date', START),
    property('started', 'started', 'Startet', 'boolean', START),
    property('endDate', 'endDate', 'AvsluttetDato', 'date'),
    property('closed', 'closed', 'Avsluttet', 'boolean', LIFECYCLE),
    property('internal', 'internal', 'InterntProsjekt', 'boolean'),
    property('orderDate', 'orderDate', 'BestillingsDato', 'date'),
    property('customerOrderNumber', 'customerOrderNumber', 'KundensBestillingsnummer', 'string'),
  ],
  lifecycle: { property: 'closed', inactive: 'true', joinsWhenInactive: ['endDate'] },
  label: ['number', 'name'],
} as const;

/**
 * The mapping a workspace starts with: the pairs of the fact sheet's section 5.4, each in both directions except keys,
 * which are set at creation; sensitive ones are there and off. In the order of O1.
 */
export const defaultMapping = (): FlowMapping[] =>
  [department, customer, employee, project].map((flow) => FlowMapping.parse(flow));
