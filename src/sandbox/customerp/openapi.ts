import { COLLECTIONS, type Collection, type FieldSpec } from './schema.ts';

type Schema = Record<string, unknown>;

const TYPES: Readonly<Record<FieldSpec['type'], Schema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  // No `format: date`: old records hold impossible dates, and a reader must cope with them.
  date: { type: 'string', description: 'A date, YYYY-MM-DD' },
  dateTime: { type: 'string', format: 'date-time' },
  object: { type: 'object' },
};

/** The interface described for client authors; made from the same table that validates requests. */
export function openApi(): Schema {
  const collections = Object.values(COLLECTIONS);
  return {
    openapi: '3.1.0',
    info: { title: 'Customerp', version: '1.0.0', description: 'A simulated ERP.' },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }],
    paths: {
      '/company': {
        get: { summary: 'The company the key belongs to', responses: { 200: answer('Company'), 401: problem() } },
      },
      '/openapi.json': { get: { summary: 'This document', responses: { 200: { description: 'OpenAPI 3.1' } } } },
      ...Object.fromEntries(collections.flatMap(pathsOf)),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Company: object({ id: TYPES.string, name: TYPES.string }, ['id', 'name']),
        Error: errorSchema(),
        ...Object.fromEntries(collections.flatMap(schemasOf)),
      },
    },
  };
}

function title({ singular }: Collection): string {
  return singular.charAt(0).toUpperCase() + singular.slice(1);
}

function body(schema: string, type: string): Schema {
  return { required: true, content: { [type]: { schema: ref(schema) } } };
}

function pathsOf(collection: Collection): [string, Schema][] {
  const name = title(collection);
  return [
    [
      `/${collection.name}`,
      {
        get: {
          summary: `List ${collection.name} by id`,
          parameters: listParameters(collection),
          responses: { 200: answer(`${name}Page`), 400: problem(), 401: problem(), 429: problem() },
        },
        post: {
          summary: `Create a ${collection.singular}`,
          requestBody: body(`${name}Create`, 'application/json'),
          responses: { 201: answer(name), 401: problem(), 409: problem(), 422: problem() },
        },
      },
    ],
    [
      `/${collection.name}/{id}`,
      {
        parameters: [{ name: 'id', in: 'path', required: true, schema: TYPES.string }],
        get: {
          summary: `Read a ${collection.singular}`,
          responses: { 200: answer(name), 401: problem(), 404: problem() },
        },
        patch: {
          summary: `Change a ${collection.singular} by JSON merge patch`,
          parameters: [{ name: 'If-Match', in: 'header', schema: TYPES.string }],
          requestBody: body(`${name}Patch`, 'application/merge-patch+json'),
          responses: {
            200: answer(name),
            401: problem(),
            404: problem(),
            412: problem(),
            422: problem(),
            428: problem(),
          },
        },
      },
    ],
  ];
}

function listParameters({ fields }: Collection): Schema[] {
  const query = (name: string, schema: Schema): Schema => ({ name, in: 'query', schema });
  const filters = ['number', 'externalReference', 'organizationNumber', 'email'];
  return [
    query('limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
    query('cursor', TYPES.string),
    query('updatedSince', TYPES.dateTime),
    query('fields', { type: 'string', description: 'Names separated by commas; dotted inside an address' }),
    ...filters.filter((name) => fields.some((field) => field.name === name)).map((name) => query(name, TYPES.string)),
  ];
}

function schemasOf(collection: Collection): [string, Schema][] {
  const name = title(collection);
  const { fields } = collection;
  const writable = fields.filter((field) => !field.readOnly);
  const number = fields.filter((field) => field.name === 'number');
  const required = writable.filter((field) => field.required).map((field) => field.name);
  const page = {
    items: { type: 'array', items: ref(name) },
    nextCursor: { type: ['string', 'null'] },
    total: { type: 'integer' },
  };
  return [
    [
      name,
      object(
        properties(fields, false),
        fields.map((field) => field.name),
      ),
    ],
    [`${name}Create`, object(properties([...number, ...writable], true), required)],
    [`${name}Patch`, object(properties(writable, true), [])],
    [`${name}Page`, object(page, Object.keys(page))],
  ];
}

function properties(fields: readonly FieldSpec[], limits: boolean): Schema {
  return Object.fromEntries(fields.map((field) => [field.name, property(field, limits)]));
}

function property(field: FieldSpec, limits: boolean): Schema {
  const base: Schema = { ...TYPES[field.type] };
  if (field.type === 'object') Object.assign(base, object(properties(field.fields, limits), []));
  if (limits && field.type === 'string') base['maxLength'] = field.maxLength;
  if (field.nullable) base['type'] = [base['type'], 'null'];
  if (field.readOnly) base['readOnly'] = true;
  return base;
}

function object(members: Schema, required: readonly string[]): Schema {
  return { type: 'object', properties: members, required, additionalProperties: false };
}

function errorSchema(): Schema {
  const detail = object({ field: TYPES.string, message: TYPES.string }, ['field', 'message']);
  const error = object({ code: TYPES.string, message: TYPES.string, details: { type: 'array', items: detail } }, [
    'code',
    'message',
  ]);
  return object({ error }, ['error']);
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function answer(schema: string): Schema {
  return { description: schema, content: { 'application/json': { schema: ref(schema) } } };
}

function problem(): Schema {
  return answer('Error');
}
