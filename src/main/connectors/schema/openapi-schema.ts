import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import { atPath, isJsonObject } from '../../../shared/json.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { KindSchema, SchemaField } from '../../mapping/lint/system-schema.ts';

const DEEPEST = 4;
type Fields = Record<string, SchemaField>;

/**
 * The fields of component schemas of an OpenAPI document, by dotted path. Of several names, such as the record and the
 * body that creates it, the first that says something of a field is heard. Fails with what is missing.
 */
export function openApiSchema(document: Json, names: readonly string[]): Result<KindSchema, string> {
  if (!isJsonObject(document) || typeof document['openapi'] !== 'string') return fail('it is no OpenAPI document');
  const fields: Fields = {};
  let closed = true;
  for (const name of names) {
    const schema = atPath(document, `components.schemas.${name}`);
    if (schema === undefined || !isJsonObject(schema)) return fail(`it has no schema “${name}”`);
    const [first] = names;
    if (name === first) closed = resolved(document, schema)['additionalProperties'] === false;
    addFields(document, schema, { under: '', depth: 0, fields });
  }
  return ok({ document: 'OpenAPI', closed, ignoresCase: false, fields });
}

interface Into {
  readonly under: string;
  readonly depth: number;
  readonly fields: Fields;
}

function addFields(document: JsonObject, schema: JsonObject, into: Into): void {
  const { under, depth, fields } = into;
  const own = resolved(document, schema);
  for (const part of listOf(own['allOf'])) addFields(document, part, into);
  const members = own['properties'];
  if (members === undefined || !isJsonObject(members) || depth >= DEEPEST) return;
  for (const [name, member] of Object.entries(members)) {
    if (!isJsonObject(member)) continue;
    const one = resolved(document, member);
    const path = `${under}${name}`;
    if (typesOf(one).includes('object') || one['properties'] !== undefined || one['allOf'] !== undefined)
      addFields(document, one, { under: `${path}.`, depth: depth + 1, fields });
    else fields[path] = { ...fieldOf(one), ...fields[path] };
  }
}

const listOf = (json: Json | undefined): JsonObject[] =>
  Array.isArray(json) ? (json as readonly Json[]).filter(isJsonObject) : [];

/** Follows a reference within the document, one step: a circle leads nowhere. */
function resolved(document: JsonObject, schema: JsonObject): JsonObject {
  const ref = schema['$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return schema;
  const target = atPath(document, ref.slice(2).replaceAll('/', '.'));
  return target !== undefined && isJsonObject(target) ? target : schema;
}

const typesOf = ({ type }: JsonObject): string[] =>
  (Array.isArray(type) ? (type as readonly Json[]) : [type ?? null]).filter((one) => typeof one === 'string');

const JSON_TYPES = ['string', 'integer', 'number', 'boolean'] as const;

function fieldOf(schema: JsonObject): SchemaField {
  const types = typesOf(schema);
  const json = JSON_TYPES.filter((one) => types.includes(one));
  const { maxLength, readOnly } = schema;
  const [only] = json;
  return {
    ...(only === undefined || json.length > 1 ? {} : { json: only }),
    ...(typeof maxLength === 'number' && Number.isInteger(maxLength) && maxLength > 0 ? { maxLength } : {}),
    ...(readOnly === true ? { readOnly } : {}),
  };
}
