import { SIDES } from '../../shared/domain.ts';
import { digestOf } from './canonical-json.ts';
import type { CompiledProperty, Group } from './compile.ts';
import type { Concealer } from './conceal.ts';
import type { FlowMapping } from './mapping.ts';

/** One group of a mapping, as far as another mapping can be compared with it. */
export interface GroupShape {
  /** SHA-256 over what decides the group's values: members, fields, types; a base agreed under another does not hold. */
  readonly values: string;
  /** SHA-256 over which way they flow and who is asked: another leaves the base, and shows another plan. */
  readonly flow: string;
  readonly properties: readonly string[];
}

/** A mapping by its groups. Plain data: a store keeps it, so that a later mapping can be held against it (S5). */
export interface FlowShape {
  readonly version: string;
  readonly groups: Readonly<Record<string, GroupShape>>;
  /** SHA-256 over the match keys and their fields. */
  readonly keys: string;
  /** SHA-256 over the filter; absent where there is none. */
  readonly filter?: string;
}

/** What becomes of a flow when one mapping takes the place of another. All names sorted. */
export interface MappingDiff {
  /** Groups whose base does not hold any more: their values are made another way, or their members are others. */
  readonly touched: readonly string[];
  /** Groups whose base holds, and whose changes may go another way than before. */
  readonly redirected: readonly string[];
  readonly entering: readonly string[];
  readonly leaving: readonly string[];
  /** Records may find other partners than before. */
  readonly keysChanged: boolean;
  /** Other records take part than before. */
  readonly filterChanged: boolean;
}

/** Creation rules and the switch of a flow say nothing about values: changing them takes no base away (S5). */
export const flowVersion = (
  { kind, keys, properties: rows, lifecycle, label, filter }: FlowMapping,
  properties: readonly CompiledProperty[],
  concealer: Concealer | null,
): string =>
  digestOf({
    mapping: { kind, keys, properties: rows, lifecycle, label, filter },
    // Used declarations only: a field that nobody maps may change without a preview run (S5, S7).
    fields: Object.fromEntries(
      SIDES.map((side) => [side, Object.fromEntries(properties.map((p) => [p[side], p.fields[side]]))]),
    ),
    ...(properties.some(isCombinedProperty)
      ? { parts: properties.filter(isCombinedProperty).map(({ parts }) => parts) }
      : {}),
    concealedBy: properties.some(({ sensitive }) => sensitive) ? concealer?.id : undefined,
  });

export function shapeOf(
  mapping: FlowMapping,
  groups: readonly Group[],
  properties: readonly CompiledProperty[],
  concealer: Concealer | null,
): FlowShape {
  const inKeys = new Set(mapping.keys.flatMap((key) => key.properties));
  return {
    version: flowVersion(mapping, properties, concealer),
    groups: Object.fromEntries(groups.map((group) => [group.name, groupShape(mapping, group, concealer)])),
    keys: digestOf({
      keys: mapping.keys,
      properties: properties.filter((p) => p.key || inKeys.has(p.name)).map(values),
    }),
    ...(mapping.filter === undefined ? {} : { filter: digestOf(mapping.filter) }),
  };
}

const groupShape = (mapping: FlowMapping, group: Group, concealer: Concealer | null): GroupShape => ({
  values: digestOf({
    members: group.properties.map(values),
    lifecycle: group.lifecycle ? mapping.lifecycle : undefined,
    concealedBy: group.sensitive ? concealer?.id : undefined,
  }),
  flow: digestOf(
    group.properties.map(({ direction, master, required, clearable, deferred }) => [
      direction,
      master,
      required,
      clearable,
      deferred,
    ]),
  ),
  properties: group.properties.map(({ name }) => name),
});

/** What a property's canonical values rest on; not which way they flow. */
const values = (property: CompiledProperty) => ({
  name: property.name,
  customerp: property.customerp,
  tidsbanken: property.tidsbanken,
  type: property.type,
  reference: property.reference,
  negated: property.negated,
  sensitive: property.sensitive,
  maxLength: property.maxLength,
  values: property.values,
  fields: property.fields,
  ...combined(property),
  convert: property.convert,
  when: property.when,
});

/** What is declared of several fields together does not tell all about each. */
const combined = (property: CompiledProperty) => (isCombinedProperty(property) ? { parts: property.parts } : {});
const isCombinedProperty = ({ parts }: CompiledProperty): boolean => SIDES.some((side) => parts[side].length > 1);

/** What another mapping touches (S5). Pure: for the engine, and for whoever asks before switching. */
export function mappingDiff(before: FlowShape, after: FlowShape): MappingDiff {
  const names = [...new Set([...Object.keys(before.groups), ...Object.keys(after.groups)])].toSorted();
  const [old, now] = [propertiesOf(before), propertiesOf(after)];
  const isTouched = (name: string): boolean => before.groups[name]?.values !== after.groups[name]?.values;
  return {
    touched: names.filter(isTouched),
    redirected: names.filter((name) => !isTouched(name) && before.groups[name]?.flow !== after.groups[name]?.flow),
    entering: now.filter((name) => !old.includes(name)),
    leaving: old.filter((name) => !now.includes(name)),
    keysChanged: before.keys !== after.keys,
    filterChanged: before.filter !== after.filter,
  };
}

const propertiesOf = ({ groups }: FlowShape): string[] =>
  Object.values(groups)
    .flatMap(({ properties }) => properties)
    .toSorted();
