/** The four collections and their fields: validation, field choice, OpenAPI and the edit page all read this table. */
export type CollectionName = 'customers' | 'employees' | 'projects' | 'departments';

export interface FieldSpec {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'date' | 'dateTime' | 'object';
  /** Kept by the server, or fixed at creation. */
  readonly readOnly: boolean;
  readonly nullable: boolean;
  readonly required: boolean;
  readonly maxLength: number;
  readonly initial: unknown;
  /** The collection this field names a record of. */
  readonly refersTo: CollectionName | null;
  readonly fields: readonly FieldSpec[];
}

export interface Collection {
  readonly name: CollectionName;
  readonly singular: string;
  readonly idPrefix: string;
  readonly idDigits: number;
  readonly fields: readonly FieldSpec[];
  readonly listed: readonly string[];
}

function spec(name: string, type: FieldSpec['type'], more: Partial<FieldSpec> = {}): FieldSpec {
  const base = {
    readOnly: false,
    nullable: true,
    required: false,
    maxLength: 255,
    initial: null,
    refersTo: null,
    fields: [],
  };
  return { name, type, ...base, ...more };
}

const strings = (...names: string[]): FieldSpec[] => names.map((name) => spec(name, 'string'));
const dates = (...names: string[]): FieldSpec[] => names.map((name) => spec(name, 'date'));
const flag = (name: string, initial: boolean): FieldSpec => spec(name, 'boolean', { nullable: false, initial });
const reference = (name: string, refersTo: CollectionName): FieldSpec => spec(name, 'string', { refersTo });
const named = (...names: string[]): FieldSpec[] =>
  names.map((name) => spec(name, 'string', { nullable: false, required: true, maxLength: 100 }));
const notes = (): FieldSpec => spec('notes', 'string', { maxLength: 4000 });

const KEPT = { readOnly: true, nullable: false } as const;
const identity = (): FieldSpec[] => [
  spec('id', 'string', KEPT),
  // Chosen at creation when the caller likes, and never after.
  spec('number', 'string', { ...KEPT, maxLength: 50 }),
];
const bookkeeping = (): FieldSpec[] => [
  spec('version', 'number', KEPT),
  spec('createdAt', 'dateTime', KEPT),
  spec('updatedAt', 'dateTime', KEPT),
];

function address(name: string, ...parts: string[]): FieldSpec {
  return spec(name, 'object', {
    fields: strings(...parts),
    initial: Object.fromEntries(parts.map((part) => [part, null])),
  });
}

const customers: Collection = {
  name: 'customers',
  singular: 'customer',
  idPrefix: 'c',
  idDigits: 6,
  listed: ['number', 'name', 'organizationNumber', 'address.city', 'phone', 'email'],
  fields: [
    ...identity(),
    ...named('name'),
    ...strings('organizationNumber'),
    address('address', 'line1', 'line2', 'postalCode', 'city'),
    address('deliveryAddress', 'line1', 'line2', 'postalCode', 'city'),
    ...strings('phone', 'mobile', 'email', 'website'),
    flag('active', true),
    ...strings('externalReference'),
    spec('creditLimit', 'number'),
    notes(),
    ...bookkeeping(),
  ],
};

const employees: Collection = {
  name: 'employees',
  singular: 'employee',
  idPrefix: 'e',
  idDigits: 6,
  listed: ['number', 'firstName', 'lastName', 'email', 'mobile', 'departmentId'],
  fields: [
    ...identity(),
    ...named('firstName', 'lastName'),
    ...strings('email', 'mobile', 'homePhone'),
    address('address', 'line1', 'postalCode', 'city'),
    ...dates('birthDate'),
    ...strings('nationalId', 'bankAccount', 'jobTitle'),
    reference('departmentId', 'departments'),
    reference('defaultProjectId', 'projects'),
    ...dates('hireDate', 'terminationDate'),
    flag('terminated', false),
    flag('active', true),
    spec('employmentPercentage', 'number'),
    ...strings('type', 'externalReference'),
    notes(),
    ...bookkeeping(),
  ],
};

const projects: Collection = {
  name: 'projects',
  singular: 'project',
  idPrefix: 'p',
  idDigits: 6,
  listed: ['number', 'name', 'customerId', 'departmentId', 'managerId', 'closed'],
  fields: [
    ...identity(),
    ...named('name'),
    reference('customerId', 'customers'),
    reference('departmentId', 'departments'),
    reference('managerId', 'employees'),
    ...dates('startDate'),
    flag('started', false),
    ...dates('endDate'),
    flag('closed', false),
    flag('internal', false),
    ...dates('orderDate'),
    ...strings('customerOrderNumber', 'externalReference'),
    spec('budget', 'number'),
    notes(),
    ...bookkeeping(),
  ],
};

const departments: Collection = {
  name: 'departments',
  singular: 'department',
  idPrefix: 'd',
  idDigits: 2,
  listed: ['number', 'name', 'active'],
  fields: [
    ...identity(),
    ...named('name'),
    flag('active', true),
    spec('version', 'number', KEPT),
    spec('updatedAt', 'dateTime', KEPT),
  ],
};

export const COLLECTIONS: Readonly<Record<CollectionName, Collection>> = {
  customers,
  employees,
  projects,
  departments,
};

export function findCollection(name: string): Collection | undefined {
  return Object.values(COLLECTIONS).find((collection) => collection.name === name);
}
