import { z } from 'zod';
import { KINDS } from '../../../shared/domain.ts';
import type { FieldDeclaration } from '../field-declaration.ts';

/** What a system itself says of one field. What it does not say is absent. */
export const SchemaField = z.strictObject({
  json: z.enum(['string', 'integer', 'number', 'boolean']).optional(),
  maxLength: z.number().int().positive().optional(),
  readOnly: z.boolean().optional(),
});
export type SchemaField = z.output<typeof SchemaField>;

/** One kind of records in a system's own words: its OData `$metadata`, or its OpenAPI document. */
export const KindSchema = z.strictObject({
  /** What a person calls the document: `$metadata`, `OpenAPI`. */
  document: z.string(),
  /** False: records may have fields that the document does not name, so a missing one proves nothing. */
  closed: z.boolean(),
  /** The system takes names in any case. */
  ignoresCase: z.boolean(),
  /** By dotted path. */
  fields: z.record(z.string(), SchemaField),
});
export type KindSchema = z.output<typeof KindSchema>;

export const SystemSchema = z.partialRecord(z.enum(KINDS), KindSchema);
export type SystemSchema = z.output<typeof SystemSchema>;

/** What the document says of a field; undefined where it does not name it. */
export function schemaField({ fields, ignoresCase }: KindSchema, path: string): SchemaField | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  if (!ignoresCase) return undefined;
  const low = path.toLowerCase();
  return Object.entries(fields).find(([name]) => name.toLowerCase() === low)?.[1];
}

/** The declared fields with what the system says of them laid over: its type, and the shorter of two lengths. Pure. */
export function withSchema(
  declared: Readonly<Record<string, FieldDeclaration>>,
  schema: KindSchema | null,
): Readonly<Record<string, FieldDeclaration>> {
  if (schema === null) return declared;
  return Object.fromEntries(
    Object.entries(declared).map(([path, field]) => [path, laidOver(field, schemaField(schema, path) ?? {})]),
  );
}

function laidOver(field: FieldDeclaration, { json, maxLength, readOnly }: SchemaField): FieldDeclaration {
  const length = Math.min(field.maxLength ?? Infinity, maxLength ?? Infinity);
  return {
    ...field,
    json: json ?? field.json,
    readOnly: field.readOnly || readOnly === true,
    ...(length === Infinity ? {} : { maxLength: length }),
  };
}
