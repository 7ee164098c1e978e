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
}

/** Creation rules and the switch of a flow say nothing about values: changing them takes no base away (S5). */
export const flowVersion = (
  { kind, keys, properties: rows, lifecycle, label }: FlowMapping,
  properties: readonly CompiledProperty[],
  concealer: Concealer | null,
): string =>
  digestOf({
    mapping: { kind, keys, properties: rows, lifecycle, label },
    // Used declarations only: a field that nobody maps may change without a preview run (S5, S7).
    fields: Object.fromEntries(
      SIDES.map((side) => [side, Object.fromEntries(properties.map((p) => [p[side], p.fields[side]]))]),
    ),
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
});

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
  };
}

const propertiesOf = ({ groups }: FlowShape): string[] =>
  Object.values(groups)
    .flatMap(({ properties }) => properties)
    .toSorted();
