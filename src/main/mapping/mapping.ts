import { z } from 'zod';
import { DIRECTIONS, KINDS, SIDES, type Side } from '../../shared/domain.ts';

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

/** Names a property in the mapping, in keys and in labels. */
export const PropertyName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*$/, 'must be a name such as costCentre: letters and digits, beginning with a small letter');

const EXPRESSION_LENGTH = 300;
const Expression = z.string().min(1).max(EXPRESSION_LENGTH);

/**
 * Expressions between a field's own value and the property's, `value` in either (expression.ts). One that cannot be
 * computed is an invalid value of that property only (N4). Without `write` the field is only read.
 */
export const Conversion = z.strictObject({ read: Expression, write: Expression.optional() }).meta({ id: 'conversion' });
export type Conversion = z.output<typeof Conversion>;

/** People write `is: [true]` or `is: [1]`; what is compared is text. */
export const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Fields of one side, as dotted paths, each with the texts of which it must have one. */
const HoldsWhere = z
  .record(z.string().min(1), z.array(Scalar).min(1))
  .refine((fields) => Object.keys(fields).length > 0, { error: 'names at least one field' });

/**
 * The records for which a row holds: for any other its value is unobserved (N1), so nothing is compared or written by it,
 * and no new record of that side gets it before it was read there.
 */
export const RowCondition = z
  .strictObject({ customerp: HoldsWhere.optional(), tidsbanken: HoldsWhere.optional() })
  .refine(({ customerp, tidsbanken }) => customerp !== undefined || tidsbanken !== undefined, {
    error: 'names fields of customerp, tidsbanken or both',
  })
  .meta({ id: 'rowCondition' });
export type RowCondition = z.output<typeof RowCondition>;

/** One mapped pair of fields (sync-semantics 1, Property). */
export const Property = z.strictObject({
  name: PropertyName,
  /**
   * Dotted paths of the two fields; how each is spelled stands in the systems' descriptors. `Fornavn + Etternavn` are
   * several fields of one side that together hold the value (field-path.ts).
   */
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
  /** Canonical value that a new record of that side gets where its source is empty (7.2). */
  onCreate: z.strictObject({ customerp: z.string().optional(), tidsbanken: z.string().optional() }).optional(),
  convert: z.strictObject({ customerp: Conversion.optional(), tidsbanken: Conversion.optional() }).optional(),
  when: RowCondition.optional(),
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

const Numeral = z.number().int().positive();

/** Numbers for new records, both ends included (K8). */
export const NumberRange = z
  .strictObject({ from: Numeral, to: Numeral })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be less than from' });
export type NumberRange = z.output<typeof NumberRange>;

export const CREATION_RULES = ['every', 'never', 'ifReferredTo'] as const;

/**
 * `every`: each record gets a counterpart, proposed and, where `automatic`, without asking. `never`: shown only.
 * `ifReferredTo`: as `every` for records that a synchronised record of a kind in `referredToBy` points to, else `never`.
 */
export const CreationRule = z
  .strictObject({
    rule: z.enum(CREATION_RULES),
    referredToBy: z.array(z.enum(KINDS)).min(1).optional(),
    automatic: z.boolean().default(false),
    /** K8: where the source's number cannot be used, the next free one of these is; absent: a person is asked. */
    numbers: NumberRange.optional(),
  })
  .refine(({ rule, referredToBy }) => (rule === 'ifReferredTo') === (referredToBy !== undefined), {
    path: ['referredToBy'],
    error: 'belongs to the rule ifReferredTo, and to no other',
  });
export type CreationRule = z.output<typeof CreationRule>;

const Texts = z.array(Scalar).min(1).optional();

export const TESTS = ['is', 'isNot', 'startsWith', 'isEmpty'] as const;

/**
 * One condition of a filter, on a mapped property or on a field as its system has it. `is`, `isNot` and `startsWith`
 * name texts of which one fits. A value that cannot be read fits nothing.
 */
export const Condition = z
  .strictObject({
    property: PropertyName.optional().describe('A property of this flow: its canonical value is looked at.'),
    field: z
      .string()
      .min(1)
      .optional()
      .describe('A field of the system, as a dotted path: its own value is looked at.'),
    is: Texts,
    isNot: Texts,
    startsWith: Texts,
    isEmpty: z.boolean().optional(),
  })
  .refine(({ property, field }) => (property === undefined) !== (field === undefined), {
    error: 'a condition names either a property or a field',
  })
  .refine((condition) => TESTS.filter((test) => condition[test] !== undefined).length === 1, {
    error: `a condition has one of ${TESTS.join(', ')}`,
  })
  .meta({ id: 'condition' });
export type Condition = z.output<typeof Condition>;

/** Which records of each side take part: those for which all conditions of their side hold. */
export const Filter = z
  .strictObject({
    customerp: z.array(Condition).min(1).optional(),
    tidsbanken: z.array(Condition).min(1).optional(),
  })
  .refine(({ customerp, tidsbanken }) => customerp !== undefined || tidsbanken !== undefined, {
    error: 'a filter has conditions for customerp, tidsbanken or both',
  });
export type Filter = z.output<typeof Filter>;

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
  filter: Filter.optional(),
});
export type FlowMapping = z.output<typeof FlowMapping>;

/** A property is in use when it is read at all: a key, or one with a direction. A sensitive one that is off never is. */
export const isActive = (property: Property): boolean =>
  property.direction !== 'off' || (property.key && !property.sensitive);

/** Whether changes are written to that side's field after creation. */
export const isWrittenTo = (property: Property, side: Side): boolean =>
  !property.key &&
  (property.direction === 'both' || property.direction === (side === 'customerp' ? 'toCustomerp' : 'toTidsbanken'));

export const groupOf = (property: Property): string => property.group ?? property.name;
