import type { DescriptorInput } from '../descriptor/descriptor.ts';

/** Customerp's own REST API: the sandbox's ERP, and a model for descriptors of others. */

type Fields = NonNullable<NonNullable<DescriptorInput['kinds']>['customer']>['fields'];
type Field = Fields[string];

/** Null clears a field, unless it is required. */
const textOf = (maxLength: number): Field => ({ json: 'string', clear: null, maxLength });
const text = textOf(255);
const name: Field = { json: 'string', maxLength: 100 };
const number: Field = { json: 'number', clear: null };
const flag: Field = { json: 'boolean' };
const date: Field = { json: 'string', dateStyle: 'date', clear: null };
const kept: Field = { json: 'string', readOnly: true };
const keptTime: Field = { json: 'string', dateStyle: 'utc', readOnly: true };

const each = (field: Field, ...names: string[]): Fields => Object.fromEntries(names.map((path) => [path, field]));
const within = (object: string, ...names: string[]): Fields => each(text, ...names.map((part) => `${object}.${part}`));

const identity: Fields = {
  id: kept,
  /** The business key: chosen at creation, fixed after it. */
  number: { json: 'string', maxLength: 50 },
  version: { json: 'integer', readOnly: true },
  updatedAt: keptTime,
};
const departmentFields: Fields = { ...identity, name, active: flag };
const common: Fields = { ...identity, createdAt: keptTime, externalReference: text, notes: textOf(4000) };

const customerFields: Fields = {
  ...common,
  name,
  organizationNumber: text,
  ...within('address', 'line1', 'line2', 'postalCode', 'city'),
  ...within('deliveryAddress', 'line1', 'line2', 'postalCode', 'city'),
  ...each(text, 'phone', 'mobile', 'email', 'website'),
  active: flag,
  creditLimit: number,
};

const employeeFields: Fields = {
  ...common,
  ...each(name, 'firstName', 'lastName'),
  ...each(text, 'email', 'mobile', 'homePhone'),
  ...within('address', 'line1', 'postalCode', 'city'),
  ...each(date, 'birthDate', 'hireDate', 'terminationDate'),
  ...each(text, 'nationalId', 'bankAccount', 'jobTitle', 'type', 'departmentId', 'defaultProjectId'),
  ...each(flag, 'active', 'terminated'),
  employmentPercentage: number,
};

const projectFields: Fields = {
  ...common,
  name,
  ...each(text, 'customerId', 'departmentId', 'managerId', 'customerOrderNumber'),
  ...each(date, 'startDate', 'endDate', 'orderDate'),
  ...each(flag, 'started', 'closed', 'internal'),
  budget: number,
};

const collectionOf = (collection: string, schema: string, keys: readonly string[]) => {
  const path = `api/v1/${collection}`;
  return {
    id: { field: 'id', json: 'string' },
    modified: { field: 'updatedAt', rule: 'asWritten', zone: 'UTC' },
    version: 'etag',
    list: {
      path,
      items: 'items',
      total: 'total',
      paging: { type: 'cursor', sizeParam: 'limit', cursorParam: 'cursor', next: 'nextCursor' },
      select: { param: 'fields' },
      delta: { param: 'updatedSince', template: '{since}' },
    },
    find: { type: 'params', params: Object.fromEntries(keys.map((key) => [key, key])), sizeParam: 'limit' },
    read: { path: `${path}/{id}` },
    create: { path, body: 'object', nulls: 'strip' },
    update: { method: 'PATCH', path: `${path}/{id}`, body: 'object' },
    // The record itself has no lengths; the body that creates one has.
    schema: { format: 'openapi', path: 'api/v1/openapi.json', schemas: [schema, `${schema}Create`] },
  } satisfies Partial<NonNullable<DescriptorInput['kinds']['customer']>>;
};

const can = {
  partialUpdate: true,
  putMerges: true,
  conditionalWrite: true,
  pointRead: true,
  filterByKey: true,
  stableOrder: true,
  count: true,
  delta: true,
  archive: true,
  create: true,
  /** `number` is chosen by the caller and unique, but records are addressed by the id that the system gives. */
  clientChosenId: null,
  createOnExisting: 'rejects',
  markerField: 'externalReference',
} as const;

export const customerpRest: DescriptorInput = {
  name: 'customerp-rest',
  title: 'Customerp REST API',
  side: 'customerp',
  signIn: { type: 'bearer', secret: 'bearer' },
  probe: { path: 'api/v1/company', companyId: 'id' },
  error: { object: 'error', words: ['error.code', 'error.details.field'] },
  limits: { pageSize: 500 },
  kinds: {
    department: {
      ...collectionOf('departments', 'Department', ['number']),
      capabilities: { ...can, markerField: null },
      fields: departmentFields,
    },
    customer: {
      ...collectionOf('customers', 'Customer', ['number', 'externalReference', 'organizationNumber', 'email']),
      capabilities: can,
      fields: customerFields,
    },
    employee: {
      ...collectionOf('employees', 'Employee', ['number', 'externalReference', 'email']),
      capabilities: can,
      fields: employeeFields,
    },
    project: {
      ...collectionOf('projects', 'Project', ['number', 'externalReference']),
      capabilities: can,
      fields: projectFields,
    },
  },
};
