import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { KindSchema, SchemaField } from '../../mapping/lint/system-schema.ts';

/**
 * OData's `$metadata` (CSDL in XML), as far as the lint asks: types with their properties, what they inherit, and complex
 * types as dotted paths. Not a whole XML parser on purpose: a document type, which could make entities, is refused.
 */

const DEEPEST = 4;

interface EdmType {
  readonly name: string;
  readonly base: string | null;
  readonly open: boolean;
  readonly properties: { readonly name: string; readonly type: string; readonly maxLength: number | null }[];
}

/** The fields of one entity type. Fails with what is missing. */
export function odataSchema(xml: string, entity: string): Result<KindSchema, string> {
  if (/<!DOCTYPE/i.test(xml)) return fail('it has a document type');
  if (!/<(\w+:)?Edmx[\s>]/.test(xml)) return fail('it is no OData metadata');
  const types = typesIn(xml);
  const type = types.get(entity);
  if (type === undefined) return fail(`it has no entity type “${entity}”`);
  const fields: Record<string, SchemaField> = {};
  addFields(types, type, { under: '', depth: 0, fields });
  return ok({ document: '$metadata', closed: !type.open, ignoresCase: true, fields });
}

interface Into {
  readonly under: string;
  readonly depth: number;
  readonly fields: Record<string, SchemaField>;
}

function addFields(types: ReadonlyMap<string, EdmType>, type: EdmType, into: Into): void {
  const { under, depth, fields } = into;
  if (depth >= DEEPEST) return;
  const base = type.base === null ? undefined : types.get(type.base);
  if (base !== undefined) addFields(types, base, { ...into, depth: depth + 1 });
  for (const property of type.properties) {
    const complex = types.get(bare(property.type));
    const path = `${under}${property.name}`;
    if (complex !== undefined) addFields(types, complex, { under: `${path}.`, depth: depth + 1, fields });
    else fields[path] = fieldOf(property);
  }
}

const JSON_OF: Readonly<Record<string, NonNullable<SchemaField['json']>>> = {
  'Edm.String': 'string',
  'Edm.Guid': 'string',
  'Edm.Date': 'string',
  'Edm.DateTimeOffset': 'string',
  'Edm.TimeOfDay': 'string',
  'Edm.Byte': 'integer',
  'Edm.SByte': 'integer',
  'Edm.Int16': 'integer',
  'Edm.Int32': 'integer',
  'Edm.Int64': 'integer',
  'Edm.Decimal': 'number',
  'Edm.Double': 'number',
  'Edm.Single': 'number',
  'Edm.Boolean': 'boolean',
};

function fieldOf({ type, maxLength }: EdmType['properties'][number]): SchemaField {
  const json = JSON_OF[type];
  return { ...(json === undefined ? {} : { json }), ...(maxLength === null ? {} : { maxLength }) };
}

const TAG = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/** Entity and complex types by their name without the namespace. */
function typesIn(xml: string): Map<string, EdmType> {
  const types = new Map<string, EdmType>();
  let open: EdmType | null = null;
  for (const [, closing, tag = '', attributes = '', alone] of xml.replaceAll(/<!--[\s\S]*?-->/g, '').matchAll(TAG)) {
    const element = bare(tag.replace(':', '.'));
    const isType = element === 'EntityType' || element === 'ComplexType';
    if (closing === '/') {
      if (isType) open = null;
    } else if (isType) {
      const type = typeOf(attributes);
      types.set(type.name, type);
      if (alone !== '/') open = type;
    } else if (element === 'Property') open?.properties.push(propertyOf(attributes));
  }
  return types;
}

function typeOf(attributes: string): EdmType {
  const { Name = '', BaseType, OpenType } = attributesIn(attributes);
  return {
    name: Name,
    base: BaseType === undefined ? null : bare(BaseType),
    open: OpenType === 'true',
    properties: [],
  };
}

function propertyOf(attributes: string): EdmType['properties'][number] {
  const { Name = '', Type = '', MaxLength = '' } = attributesIn(attributes);
  return { name: Name, type: Type, maxLength: /^[1-9]\d{0,8}$/.test(MaxLength) ? Number(MaxLength) : null };
}

const attributesIn = (text: string): Partial<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
      name,
      double ?? single ?? '',
    ]),
  );

const bare = (name: string): string => (name.startsWith('Edm.') ? name : name.slice(name.lastIndexOf('.') + 1));
