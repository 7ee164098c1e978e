import { flowOf } from '../../../shared/domain.ts';
import type { CreationRule, FlowMapping, MatchKey, Property } from '../../mapping/mapping.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import type { Creation, FlowConfig, PropertyRow } from './flow-config.ts';
import { mappingOf, NUMBER } from './mapping-of.ts';

/** The words of a flow in workspace.yaml that say its mapping; the others are policy. */
export const MAPPING_WORDS = [
  'enabled',
  'numbersAreShared',
  'create',
  'filter',
  'keys',
  'label',
  'lifecycle',
  'defaultRows',
  'properties',
] as const;
type CreateConfig = NonNullable<FlowConfig['create']>;
export type MappingConfig = Pick<FlowConfig, (typeof MAPPING_WORDS)[number]>;

const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/**
 * What workspace.yaml has to say so that a flow has this mapping: the inverse of `mappingOf`. As little as does, so that
 * what is left out keeps following the default; all rows (`defaultRows: false`) where no other way leads there. What
 * stands there already (`present`) stays, with the value that the mapping gives it.
 */
export function flowConfigOf(mapping: FlowMapping, usual: FlowMapping, present: MappingConfig = {}): MappingConfig {
  const rest = {
    ...said('enabled', mapping.enabled, usual.enabled, present),
    ...createConfig(mapping, usual, present),
    ...(mapping.filter === undefined ? {} : { filter: mapping.filter }),
    ...keysConfig(mapping, usual, present),
    ...said('label', mapping.label, usual.label, present),
    ...said('lifecycle', mapping.lifecycle ?? ('none' as const), usual.lifecycle ?? ('none' as const), present),
  };
  if (present.defaultRows !== false && !turnsKeys(mapping, usual)) {
    const rows = changedRows(mapping, usual, present);
    const few = { ...rest, ...rows, ...(present.defaultRows === true ? { defaultRows: true } : {}) };
    const made = mappingOf(usual, { flows: { [flowOf(usual.kind)]: few } }).properties;
    if (isSame(made, mapping.properties)) return few;
  }
  const all = mapping.properties.map((row) => [row.name, rowConfig(row, present)] as const);
  return { ...rest, defaultRows: false, properties: Object.fromEntries(all) };
}

/** A word with its value, where the value is not the usual one or the word stands there already. */
const said = <W extends keyof MappingConfig, V>(
  word: W,
  value: V,
  usual: V,
  present: MappingConfig,
): Partial<Record<W, V>> => {
  if (present[word] === undefined && isSame(value, usual)) return {};
  const set: Partial<Record<W, V>> = {};
  set[word] = value;
  return set;
};

/** `numbersAreShared: false` stays as long as the number is no key; an explicit list of keys says all else. */
function keysConfig(
  mapping: FlowMapping,
  usual: FlowMapping,
  present: MappingConfig,
): Pick<MappingConfig, 'keys' | 'numbersAreShared'> {
  const isKey = mapping.keys.some(({ name }) => name === NUMBER);
  const shared = present.numbersAreShared === undefined ? undefined : present.numbersAreShared || isKey;
  const left = shared === false ? usual.keys.filter(({ name }) => name !== NUMBER) : usual.keys;
  return {
    ...(shared === undefined ? {} : { numbersAreShared: shared }),
    ...said('keys', mapping.keys.map(keyConfig), left.map(keyConfig), present),
  };
}

const keyConfig = ({ name, properties, strength, placeholders }: MatchKey) => ({
  name,
  properties,
  strength: strength === 'strong' ? ('strong' as const) : ('suggestion' as const),
  ...(placeholders.length === 0 ? {} : { placeholders }),
});

function createConfig(
  { create }: FlowMapping,
  { create: usual }: FlowMapping,
  { create: present = {} }: MappingConfig,
): Pick<MappingConfig, 'create'> {
  const [inCustomerp, inTidsbanken] = [create.customerp.automatic, create.tidsbanken.automatic];
  const isUsual = inCustomerp === usual.customerp.automatic && inTidsbanken === usual.tidsbanken.automatic;
  const automatic = inCustomerp === inTidsbanken ? inCustomerp : { inCustomerp, inTidsbanken };
  const set: MappingConfig['create'] = {
    ...(present.inTidsbanken === undefined && isSame(creation(create.tidsbanken), creation(usual.tidsbanken))
      ? {}
      : { inTidsbanken: creation(create.tidsbanken) }),
    ...(present.inCustomerp === undefined && isSame(creation(create.customerp), creation(usual.customerp))
      ? {}
      : { inCustomerp: creation(create.customerp) }),
    ...(present.automatic === undefined && isUsual ? {} : { automatic }),
    ...numbersConfig(create),
  };
  return Object.keys(set).length === 0 ? {} : { create: set };
}

function numbersConfig({ customerp, tidsbanken }: FlowMapping['create']): Pick<CreateConfig, 'numbers'> {
  const numbers = {
    ...(customerp.numbers === undefined ? {} : { inCustomerp: customerp.numbers }),
    ...(tidsbanken.numbers === undefined ? {} : { inTidsbanken: tidsbanken.numbers }),
  };
  return Object.keys(numbers).length === 0 ? {} : { numbers };
}

const creation = ({ rule, referredToBy = [] }: CreationRule): Creation =>
  rule === 'ifReferredTo' ? { ifReferredTo: referredToBy } : rule;

type Words = Readonly<Record<string, unknown>>;

/** The words of a row that are not as usual, and those that stand there already. */
function wordsOf({ name, ...row }: Property, usual: Words, present: MappingConfig): PropertyRow {
  const there: Words = present.properties?.[name] ?? {};
  return Object.fromEntries(
    Object.entries(row).filter(([word, value]) => word in there || !isSame(value, usual[word])),
  );
}

function changedRows(
  mapping: FlowMapping,
  usual: FlowMapping,
  present: MappingConfig,
): Pick<MappingConfig, 'properties'> {
  const rows = mapping.properties.flatMap((row): [string, PropertyRow][] => {
    const before = usual.properties.find(({ name }) => name === row.name);
    if (before === undefined) return [[row.name, rowConfig(row, present)]];
    const words = wordsOf(row, { ...before }, present);
    return Object.keys(words).length === 0 ? [] : [[row.name, words]];
  });
  return rows.length === 0 ? {} : { properties: Object.fromEntries(rows) };
}

/** A default key's direction cannot be set by itself (flow-config.ts). */
const turnsKeys = (mapping: FlowMapping, usual: FlowMapping): boolean =>
  usual.properties.some(
    ({ key, name, direction }) =>
      key && mapping.properties.some((row) => row.name === name && row.direction !== direction),
  );

/** What a row is without being told. */
const PLAIN: Partial<Property> = {
  direction: 'both',
  master: 'customerp',
  required: false,
  sensitive: false,
  clearable: true,
  deferred: false,
  key: false,
  negated: false,
  maxLength: {},
};

const rowConfig = (row: Property, present: MappingConfig): PropertyRow => wordsOf(row, { ...PLAIN }, present);
