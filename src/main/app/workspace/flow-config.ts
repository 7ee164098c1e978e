import { z } from 'zod';
import { DIRECTIONS, KINDS, SIDES, kindOf } from '../../../shared/domain.ts';
import type { Flow } from '../../../shared/domain.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import {
  Conversion,
  Filter,
  NumberRange,
  PropertyName,
  RowCondition,
  Scalar,
  ValueType,
} from '../../mapping/mapping.ts';

/**
 * One flow of workspace.yaml: its policy, and its mapping laid over the default one. What is left out keeps the default
 * (mapping-of.ts); what is wrong is told at its path, which becomes a line.
 */

const ReferredTo = z.strictObject({ ifReferredTo: z.array(z.enum(KINDS)).min(1) });
const Creation = z
  .union([z.enum(['never', 'every']), ReferredTo], { error: 'must be every, never, or { ifReferredTo: [KIND, …] }' })
  .describe('Which records of the other side get a counterpart here.');
export type Creation = z.output<typeof Creation>;

const Automatic = z.union([
  z.boolean(),
  z.strictObject({ inCustomerp: z.boolean().optional(), inTidsbanken: z.boolean().optional() }),
]);

const MatchKey = z.strictObject({
  name: z.string(),
  properties: z.array(z.string()).min(1),
  strength: z
    .enum(['strong', 'suggestion'])
    .describe('strong: links by itself, where unambiguous. suggestion: a person decides (M3, M4).'),
  placeholders: z.array(z.string()).optional().describe('Values that only look like a key (M2).'),
});

const Length = z.number().int().positive();
const PropertyRow = z
  .strictObject({
    customerp: z.string().min(1).optional().describe("Customerp's field, dotted; several with + between."),
    tidsbanken: z.string().min(1).optional().describe("Tidsbanken's field, dotted; several with + between."),
    type: ValueType.optional(),
    direction: z.enum(DIRECTIONS).optional(),
    group: z.string().optional().describe('Properties of one group are compared, decided and written as one.'),
    master: z.enum(SIDES).optional(),
    reference: z.enum(KINDS).optional().describe('For type reference: the kind it points to.'),
    required: z.boolean().optional(),
    sensitive: z.boolean().optional(),
    clearable: z.boolean().optional(),
    deferred: z.boolean().optional(),
    key: z.boolean().optional(),
    negated: z.boolean().optional().describe('The one side holds the opposite of the other. Booleans only.'),
    maxLength: z.strictObject({ customerp: Length.optional(), tidsbanken: Length.optional() }).optional(),
    values: z
      .record(z.string(), z.strictObject({ customerp: Scalar, tidsbanken: Scalar }))
      .optional()
      .describe("For type enum: the value, and each side's spelling of it."),
    onCreate: z
      .strictObject({ customerp: Scalar.optional(), tidsbanken: Scalar.optional() })
      .optional()
      .describe('What a new record of that side gets where its source is empty.'),
    convert: z.strictObject({ customerp: Conversion.optional(), tidsbanken: Conversion.optional() }).optional(),
    when: RowCondition.optional().describe(
      'The records for which the row holds: a field, and the texts of which it has one.',
    ),
  })
  .meta({ id: 'propertyRow' });
export type PropertyRow = z.output<typeof PropertyRow>;

const Lifecycle = z.strictObject({
  property: PropertyName,
  inactive: Scalar,
  joinsWhenInactive: z.array(PropertyName).optional(),
});

const NeverLink = z.array(z.string().min(1));

/** Rows by name, in the order of the file. An editor is told the names of the default ones; any other is a new row. */
function propertiesOf(flow: Flow) {
  const rows = defaultMapping().find(({ kind }) => kind === kindOf(flow))?.properties ?? [];
  const known = Object.fromEntries(rows.map(({ name }) => [name, { $ref: '#/$defs/propertyRow' }]));
  return z.record(z.string(), PropertyRow).meta({ properties: known });
}

export const flowConfig = (flow: Flow) =>
  z
    .strictObject({
      enabled: z.boolean().optional(),
      /** Who wins when both sides were edited (R12, D4). */
      onConflict: z.enum(['ask', 'customerp', 'tidsbanken', 'newest']).optional(),
      /** What becomes of an edit on the side that only receives (D1). */
      againstDirection: z.enum(['report', 'restore']).optional(),
      /** False: each system numbers by itself, so equal numbers say nothing and different ones neither (M3, M4). */
      numbersAreShared: z.boolean().optional(),
      /** Ids of records that are never linked: templates, test records (C4). */
      neverLink: z.strictObject({ customerp: NeverLink.optional(), tidsbanken: NeverLink.optional() }).optional(),
      create: z
        .strictObject({
          inCustomerp: Creation.optional(),
          inTidsbanken: Creation.optional(),
          automatic: Automatic.optional(),
          numbers: z
            .strictObject({ inCustomerp: NumberRange.optional(), inTidsbanken: NumberRange.optional() })
            .optional()
            .describe("Where the other side's number is taken or does not fit: the next free one of this range (K8)."),
        })
        .optional(),
      filter: Filter.optional().describe('Which records take part: those for which all conditions of their side hold.'),
      keys: z.array(MatchKey).optional().describe('All match keys of the flow, in place of the default ones.'),
      label: z.array(PropertyName).min(1).optional().describe('Properties that name a record to a person.'),
      lifecycle: z.union([Lifecycle, z.literal('none')]).optional(),
      defaultRows: z.boolean().optional().describe('False: `properties` are all there are, none of the default rows.'),
      properties: propertiesOf(flow).optional().describe('Rows of the mapping by name, laid over the default ones.'),
    })
    .superRefine((config, context) => {
      for (const { path, message } of rowFaults(flow, config)) context.addIssue({ code: 'custom', path, message });
    });

type Rows = Readonly<Record<string, PropertyRow | undefined>>;
interface RowsConfig {
  readonly properties?: Rows | undefined;
  readonly defaultRows?: boolean | undefined;
}
interface Fault {
  readonly path: string[];
  readonly message: string;
}

function rowFaults(flow: Flow, { properties = {}, defaultRows = true }: RowsConfig): Fault[] {
  const usual = defaultRows ? (defaultMapping().find(({ kind }) => kind === kindOf(flow))?.properties ?? []) : [];
  return Object.entries(properties).flatMap(([name, row]): Fault[] => {
    if (row === undefined) return [];
    const path = ['properties', name];
    const bad = PropertyName.safeParse(name).error?.issues[0];
    if (bad !== undefined) return [{ path, message: bad.message }];
    const known = usual.find((one) => one.name === name);
    if (known === undefined) {
      const missing = (['customerp', 'tidsbanken', 'type'] as const).filter((word) => row[word] === undefined);
      if (missing.length === 0) return [];
      const message = `there is no default row of this name, so it needs ${missing.join(', ')} as well`;
      return [{ path, message }];
    }
    if (!known.key || row.direction === undefined) return [];
    return [{ path: [...path, 'direction'], message: 'a key is set at creation and has no direction' }];
  });
}

export type FlowConfig = z.output<ReturnType<typeof flowConfig>>;
