import { z } from 'zod';
import { DIRECTIONS, KINDS, SIDES } from '../domain.ts';
import { FlowName, SideName, ValueView } from './views.ts';

/** The mapping of a flow as the screen Mapping shows and edits it. Schemas make the types. */

/** One text a side, where there is one. */
const SideTexts = z.object({ customerp: z.string().optional(), tidsbanken: z.string().optional() });
const SideNumbers = z.object({ customerp: z.number().int().optional(), tidsbanken: z.number().int().optional() });

/** A field that a system declares. */
export const FieldView = z.object({
  path: z.string(),
  json: z.enum(['string', 'integer', 'number', 'boolean']),
  readOnly: z.boolean(),
  maxLength: z.number().int().nullable(),
});
export type FieldView = z.output<typeof FieldView>;

const SpellingView = z.object({ customerp: z.string(), tidsbanken: z.string() });

export const MappingRow = z.object({
  name: z.string(),
  /** Dotted paths; several with + between hold the value together. */
  customerp: z.string(),
  tidsbanken: z.string(),
  type: z.string(),
  direction: z.enum(DIRECTIONS),
  group: z.string().nullable(),
  master: z.enum(SIDES),
  reference: z.enum(KINDS).nullable(),
  required: z.boolean(),
  clearable: z.boolean(),
  sensitive: z.boolean(),
  key: z.boolean(),
  negated: z.boolean(),
  maxLength: SideNumbers,
  /** Value map: the value's own name, and each side's spelling of it. */
  values: z.record(z.string(), SpellingView).nullable(),
  onCreate: SideTexts,
  /** Expressions by which that side's field is read. */
  convert: SideTexts,
  /** Words of this row that workspace.yaml sets; all others have their default. */
  set: z.array(z.string()),
});
export type MappingRow = z.output<typeof MappingRow>;

const MatchKeyView = z.object({
  name: z.string(),
  properties: z.array(z.string()),
  strength: z.enum(['strong', 'weak']),
});
const CreationView = z.object({
  rule: z.enum(['every', 'never', 'ifReferredTo']),
  referredToBy: z.array(z.enum(KINDS)),
});

export const MappingView = z.object({
  flow: FlowName,
  /** Names the mapping that this is; a save of another one is refused. */
  version: z.string(),
  rows: z.array(MappingRow),
  keys: z.array(MatchKeyView),
  create: z.object({ customerp: CreationView, tidsbanken: CreationView }),
  fields: z.object({ customerp: z.array(FieldView), tidsbanken: z.array(FieldView) }),
  types: z.array(z.string()),
});
export type MappingView = z.output<typeof MappingView>;

const Length = z.number().int().min(1).max(1_000_000);
const Field = z.string().min(1).max(300);
/** Words of one row as workspace.yaml says them; null takes a word back to its default. */
export const RowEdit = z.strictObject({
  customerp: Field.nullable().optional(),
  tidsbanken: Field.nullable().optional(),
  type: z.string().max(40).nullable().optional(),
  direction: z.enum(DIRECTIONS).nullable().optional(),
  group: z.string().max(100).nullable().optional(),
  master: z.enum(SIDES).nullable().optional(),
  required: z.boolean().nullable().optional(),
  clearable: z.boolean().nullable().optional(),
  negated: z.boolean().nullable().optional(),
  maxLength: z.strictObject({ customerp: Length.optional(), tidsbanken: Length.optional() }).nullable().optional(),
  values: z.record(z.string().min(1).max(200), SpellingView).nullable().optional(),
});
export type RowEdit = z.output<typeof RowEdit>;

/** Rows by name; a name that no row has is a new row. */
export const RowEdits = z.record(z.string().min(1).max(100), RowEdit);
export type RowEdits = z.output<typeof RowEdits>;

export const LintExampleView = z.object({
  side: SideName,
  nativeId: z.string(),
  label: z.string(),
  value: ValueView.optional(),
  there: ValueView.optional(),
  back: ValueView.optional(),
});

export const LintFindingView = z.object({
  kind: z.string(),
  effect: z.enum(['stops', 'swings', 'waits', 'loses']),
  property: z.string().optional(),
  side: SideName.optional(),
  what: z.string(),
  todo: z.string(),
  /** What the sentences are made of, for a window that says them in its own language. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  count: z.number().int(),
  examples: z.array(LintExampleView),
});
export type LintFindingView = z.output<typeof LintFindingView>;

export const LintView = z.object({
  /** Records that were looked at; with `records: false` none. */
  records: z.object({ customerp: z.number().int(), tidsbanken: z.number().int() }),
  /** Sides whose records say nothing: they were never read whole, or by a mapping that was not kept. */
  unread: z.array(SideName),
  findings: z.array(LintFindingView),
});
export type LintView = z.output<typeof LintView>;

/** What one row makes of one record that was read. Values in canonical form; sensitive ones are masked and not sent. */
export const TryView = z.object({
  label: z.string(),
  side: SideName,
  /** Absent: the record does not tell. */
  value: ValueView.optional(),
  /** What the other side's field or fields would be sent. */
  sent: z.array(z.object({ field: z.string(), json: z.string() })),
  there: ValueView.optional(),
  back: ValueView.optional(),
  /** Why nothing would be sent. */
  leftOut: z
    .enum(['readOnly', 'emptyOnCreate', 'notClearable', 'notExpressible', 'notThisWay', 'sensitive', 'reference'])
    .nullable(),
  /** What the linked record holds there now. */
  partner: z.object({ nativeId: z.string(), value: ValueView.optional() }).nullable(),
});
export type TryView = z.output<typeof TryView>;

/** What becomes of the flow when a draft takes the place of its mapping. */
export const MappingEffect = z.object({
  /** Words that change, row by row. */
  changed: z.array(
    z.object({ row: z.string(), word: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  entering: z.array(z.string()),
  leaving: z.array(z.string()),
  /** Rows whose values are made another way, and rows that only go another way. */
  rewritten: z.array(z.string()),
  redirected: z.array(z.string()),
  keysChanged: z.boolean(),
  /** Linked pairs of the flow, and how many of them are compared anew, by row (S5). */
  pairs: z.number().int(),
  comparedAnew: z.record(z.string(), z.number().int()),
  /** Records with a value that is no longer read, by leaving row. */
  noLongerRead: z.record(z.string(), z.number().int()),
});
export type MappingEffect = z.output<typeof MappingEffect>;
