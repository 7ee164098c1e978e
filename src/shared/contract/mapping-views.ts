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

/** Expressions between a field's own value and the property's; without `write` the field is only read. */
const Expression = z.string().min(1).max(300);
const ConversionView = z.strictObject({ read: Expression, write: Expression.optional() });
const SideConversions = z.strictObject({ customerp: ConversionView.optional(), tidsbanken: ConversionView.optional() });
export type SideConversions = z.output<typeof SideConversions>;

/** Fields of a side, each with the texts of which a record must have one for the row to hold (N1). */
const HoldsWhere = z.record(z.string().min(1).max(300), z.array(z.string().min(1).max(200)).min(1).max(200));
const SideConditions = z.strictObject({ customerp: HoldsWhere.optional(), tidsbanken: HoldsWhere.optional() });
export type SideConditions = z.output<typeof SideConditions>;

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
  convert: SideConversions,
  when: SideConditions,
  /** Words of this row that workspace.yaml sets; all others have their default. */
  set: z.array(z.string()),
});
export type MappingRow = z.output<typeof MappingRow>;

const Name = z.string().min(1).max(100);
const Values = z.array(z.string().min(1).max(200)).max(200);
export const MatchKeyView = z.strictObject({
  name: Name,
  properties: z.array(Name).max(20),
  /** strong: links by itself where unambiguous. weak: a suggestion for a person (M3, M4). */
  strength: z.enum(['strong', 'weak']),
  /** Values that only look like a key (M2). */
  placeholders: Values,
});
export type MatchKeyView = z.output<typeof MatchKeyView>;

const Numeral = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export const CREATION_RULES = ['every', 'ifReferredTo', 'never'] as const;
export const CreationView = z.strictObject({
  rule: z.enum(CREATION_RULES),
  /** The kinds of which a record has to refer to it; empty but for `ifReferredTo`. */
  referredToBy: z.array(z.enum(KINDS)),
  /** The range that a new record's number is taken from where the source's own cannot be used (K8); null: it is asked. */
  numbers: z.strictObject({ from: Numeral, to: Numeral }).nullable(),
});
export type CreationView = z.output<typeof CreationView>;

/** One condition of a filter: on a property's canonical value, or on a field as its system has it. One test of four. */
export const ConditionView = z.strictObject({
  property: Name.optional(),
  field: z.string().min(1).max(300).optional(),
  is: Values.optional(),
  isNot: Values.optional(),
  startsWith: Values.optional(),
  isEmpty: z.boolean().optional(),
});
export type ConditionView = z.output<typeof ConditionView>;

/** All conditions of a side hold for a record that takes part; none: every record does. */
const FilterView = z.strictObject({
  customerp: z.array(ConditionView).max(50),
  tidsbanken: z.array(ConditionView).max(50),
});
export type FilterView = z.output<typeof FilterView>;

export const MappingView = z.object({
  flow: FlowName,
  /** Names the mapping that this is; a save of another one is refused. */
  version: z.string(),
  rows: z.array(MappingRow),
  keys: z.array(MatchKeyView),
  create: z.object({ customerp: CreationView, tidsbanken: CreationView }),
  filter: FilterView,
  /** Kinds of which records refer to records of this flow. */
  referring: z.array(z.enum(KINDS)),
  /** On which sides whoever creates a record chooses its number. */
  choosesNumber: z.object({ customerp: z.boolean(), tidsbanken: z.boolean() }),
  fields: z.object({ customerp: z.array(FieldView), tidsbanken: z.array(FieldView) }),
  types: z.array(z.string()),
  /** Rows of the file by which personal data would flow; nothing of them is synced until a save confirms them. */
  held: z.array(z.string()),
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
  sensitive: z.boolean().nullable().optional(),
  onCreate: z.strictObject({ customerp: Field.optional(), tidsbanken: Field.optional() }).nullable().optional(),
  convert: SideConversions.nullable().optional(),
  when: SideConditions.nullable().optional(),
});
export type RowEdit = z.output<typeof RowEdit>;

/** Rows by name; a name that no row has is a new row. */
export const RowEdits = z.record(z.string().min(1).max(100), RowEdit);
export type RowEdits = z.output<typeof RowEdits>;

/** What holds for the whole flow, word by word as it is to be; what is left out stays. */
export const RuleEdits = z.strictObject({
  keys: z.array(MatchKeyView).max(50).optional(),
  create: z.strictObject({ customerp: CreationView.optional(), tidsbanken: CreationView.optional() }).optional(),
  filter: FilterView.optional(),
});
export type RuleEdits = z.output<typeof RuleEdits>;

/** A mapping as it is being edited: edits over workspace.yaml as it stands. */
export const MappingDraft = z.object({ flow: FlowName, edits: RowEdits, rules: RuleEdits.optional() });
export type MappingDraft = z.output<typeof MappingDraft>;

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
  /** What the verdict rests on. */
  source: z.enum(['mapping', 'descriptor', 'schema', 'records']),
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

const ScopeView = z.object({
  records: z.number().int(),
  leaving: z.number().int().nullable(),
  entering: z.number().int().nullable(),
});

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
  createChanged: z.boolean(),
  filterChanged: z.boolean(),
  /** Records that a changed filter leaves out or brings in, by side; null: only a reading tells. */
  scope: z.object({ customerp: ScopeView, tidsbanken: ScopeView }),
  /** Rows by which personal data would flow that did not so far; a save has to name them (`confirmed`). */
  sensitive: z.array(z.object({ row: z.string(), how: z.enum(['compared', 'shown']) })),
  /** Linked pairs of the flow, and how many of them are compared anew, by row (S5). */
  pairs: z.number().int(),
  comparedAnew: z.record(z.string(), z.number().int()),
  /** Records with a value that is no longer read, by leaving row. */
  noLongerRead: z.record(z.string(), z.number().int()),
});
export type MappingEffect = z.output<typeof MappingEffect>;
