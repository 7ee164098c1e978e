import { z } from 'zod';

/**
 * How one system spells one field. Declared per kind in its descriptor; the mapping names fields by dotted path only.
 * What is not declared is taken as the worst: not clearable, no sentinel, no maximum length.
 */
export const FieldDeclaration = z.strictObject({
  json: z.enum(['string', 'integer', 'number', 'boolean']),
  /** Kept by the system; never sent. */
  readOnly: z.boolean().default(false),
  /** What to send to empty the field (N5). Absent: it cannot be cleared. */
  clear: z.union([z.null(), z.string()]).optional(),
  /** Spellings that mean "empty" here besides null and "" (2.1), such as "0" for no project. */
  emptyValues: z.array(z.string()).default([]),
  /** In a full-record read an absent key means empty (N3). */
  omitsEmpty: z.boolean().default(false),
  maxLength: z.number().int().positive().optional(),
  /** How dates are written: `date` 2025-01-06, `wallClock` 2025-01-06T00:00:00 without offset, `utc` 2025-01-06T00:00:00Z. */
  dateStyle: z.enum(['date', 'wallClock', 'utc']).default('date'),
  /** How phone numbers are written: `e164` +4790000042, `national` 90000042 for Norwegian numbers. */
  phoneStyle: z.enum(['e164', 'national']).default('e164'),
  /** Spellings taken for true and false besides JSON booleans. */
  trueValues: z.array(z.string()).default([]),
  falseValues: z.array(z.string()).default([]),
  /** `,` as the decimal mark in numeric strings. */
  decimalComma: z.boolean().default(false),
  /** The zone of date-times without offset (T3), an IANA name. */
  zone: z.string().default('Europe/Oslo'),
});
export type FieldDeclaration = z.output<typeof FieldDeclaration>;
