import { z } from 'zod';
import { DIRECTIONS, KINDS, SIDES } from '../../shared/domain.ts';

/** The value types of sync-semantics 2.2. */
export const VALUE_TYPES = [
  'string',
  'multiline',
  'email',
  'phone',
  'postcode',
  'date',
  'datetime',
  'integerKey',
  'orgNo',
  'nationalId',
  'integer',
  'decimal',
  'boolean',
  'enum',
  'reference',
  'id',
] as const;
export const ValueType = z.enum(VALUE_TYPES);
export type ValueType = z.output<typeof ValueType>;

/** One mapped pair of fields (sync-semantics 1, Property). */
export const Property = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  /** Dotted paths of the two fields; how each is spelled stands in the systems' descriptors. */
  customerp: z.string().min(1),
  tidsbanken: z.string().min(1),
  type: ValueType,
  direction: z.enum(DIRECTIONS).default('both'),
  /** Properties that only make sense together share a group; left out: a group of its own. */
  group: z.string().optional(),
  master: z.enum(SIDES).default('customerp'),
  required: z.boolean().default(false),
  sensitive: z.boolean().default(false),
  clearable: z.boolean().default(true),
  /** For type `reference`: the kind it points to. */
  reference: z.enum(KINDS).optional(),
  /** A reference that is left out at creation and written in a second pass (O1). */
  deferred: z.boolean().default(false),
  /** Business key: set at creation, never reconciled. */
  key: z.boolean().default(false),
  /** The one side holds the opposite of the other (closed against active). Booleans only. */
  negated: z.boolean().default(false),
  maxLength: z
    .strictObject({ customerp: z.number().int().optional(), tidsbanken: z.number().int().optional() })
    .default({}),
  /** For type `enum`: canonical value to each side's spelling. */
  values: z.record(z.string(), z.strictObject({ customerp: z.string(), tidsbanken: z.string() })).optional(),
});
export type Property = z.output<typeof Property>;

/** A key by which unlinked records find each other (M3). A weak key may need several properties at once. */
export const MatchKey = z.strictObject({
  name: z.string(),
  properties: z.array(z.string()).min(1),
  strength: z.enum(['strong', 'weak']),
  /** Values that only look like a key (M2). */
  placeholders: z.array(z.string()).default([]),
});
export type MatchKey = z.output<typeof MatchKey>;

/** `every`: each record gets a counterpart, proposed and, where `automatic`, without asking. `never`: shown only. */
export const CreationRule = z.strictObject({
  rule: z.enum(['every', 'never']),
  automatic: z.boolean().default(false),
});
export type CreationRule = z.output<typeof CreationRule>;

export const FlowMapping = z.strictObject({
  kind: z.enum(KINDS),
  enabled: z.boolean().default(true),
  keys: z.array(MatchKey),
  /** Creation of the counterpart on that side. */
  create: z.strictObject({ customerp: CreationRule, tidsbanken: CreationRule }),
  properties: z.array(Property),
  /** Property whose canonical `true`/`false` says that the record is in use; with its group it is the lifecycle (2.3). */
  lifecycle: z
    .strictObject({
      property: z.string(),
      inactive: z.string(),
      /** Properties that join the lifecycle group once either side is inactive, such as a project's end date (2.3). */
      joinsWhenInactive: z.array(z.string()).optional(),
    })
    .optional(),
  /** Properties whose values name the record to a person, in this order. */
  label: z.array(z.string()).min(1),
});
export type FlowMapping = z.output<typeof FlowMapping>;

export const groupOf = (property: Property): string => property.group ?? property.name;
