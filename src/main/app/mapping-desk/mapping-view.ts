import type { FieldView, MappingRow, MappingView } from '../../../shared/contract/mapping-views.ts';
import { flowOf } from '../../../shared/domain.ts';
import type { Kind, Pair } from '../../../shared/domain.ts';
import type { FieldDeclaration } from '../../mapping/field-declaration.ts';
import type { Fields } from '../../mapping/mapping-problem.ts';
import { VALUE_TYPES } from '../../mapping/mapping.ts';
import type { CreationRule, FlowMapping, Property } from '../../mapping/mapping.ts';
import type { FlowConfig } from '../workspace/workspace-config.ts';

/** A mapping as the window shows it. */
export const mappingView = (
  mapping: FlowMapping,
  version: string,
  fields: Fields,
  own: FlowConfig['properties'],
  referring: Kind[],
  chosenId: Pair<string | null>,
): Omit<MappingView, 'held'> => ({
  flow: flowOf(mapping.kind),
  version,
  rows: mapping.properties.map((property) => rowView(property, Object.keys(own?.[property.name] ?? {}))),
  keys: mapping.keys.map((key) => ({ ...key })),
  create: { customerp: creationView(mapping.create.customerp), tidsbanken: creationView(mapping.create.tidsbanken) },
  filter: { customerp: mapping.filter?.customerp ?? [], tidsbanken: mapping.filter?.tidsbanken ?? [] },
  referring,
  choosesNumber: { customerp: chosenId.customerp !== null, tidsbanken: chosenId.tidsbanken !== null },
  fields: { customerp: fieldViews(fields.customerp), tidsbanken: fieldViews(fields.tidsbanken) },
  types: [...VALUE_TYPES],
});

const rowView = (property: Property, set: string[]): MappingRow => ({
  name: property.name,
  customerp: property.customerp,
  tidsbanken: property.tidsbanken,
  type: property.type,
  direction: property.direction,
  group: property.group ?? null,
  master: property.master,
  reference: property.reference ?? null,
  required: property.required,
  clearable: property.clearable,
  sensitive: property.sensitive,
  key: property.key,
  negated: property.negated,
  maxLength: given(property.maxLength),
  values: property.values ?? null,
  onCreate: given(property.onCreate ?? {}),
  convert: given(property.convert ?? {}),
  when: given(property.when ?? {}),
  set,
});

/** Without the sides that have nothing. */
const given = <T>({
  customerp,
  tidsbanken,
}: { readonly [Side in keyof Pair<T>]?: T | undefined }): Partial<Pair<T>> => ({
  ...(customerp === undefined ? {} : { customerp }),
  ...(tidsbanken === undefined ? {} : { tidsbanken }),
});

const creationView = ({ rule, referredToBy, numbers }: CreationRule) => ({
  rule,
  referredToBy: referredToBy ?? [],
  numbers: numbers ?? null,
});

const fieldViews = (declared: Readonly<Record<string, FieldDeclaration>>): FieldView[] =>
  Object.entries(declared)
    .map(([path, { json, readOnly, maxLength }]) => ({ path, json, readOnly, maxLength: maxLength ?? null }))
    .toSorted((a, b) => a.path.localeCompare(b.path, 'nb'));
