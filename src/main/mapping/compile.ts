import {
  SIDES,
  fail,
  ok,
  type Direction,
  type Kind,
  type Pair,
  type Props,
  type Result,
  type Side,
  type Value,
} from '../../shared/domain.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import { canon, observerOf } from './canon.ts';
import { digestOf } from './canonical-json.ts';
import { choicesOf } from './choices.ts';
import { comparedLength } from './equality.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { groupWhenInactive, isActive, mappingProblems, type Fields, type MappingProblem } from './mapping-problems.ts';
import { groupOf, type FlowMapping, type MatchKey, type Property } from './mapping.ts';
import type { Observation } from './observation.ts';
import { isClearable, writeForm, type WriteForm, type WriteOp } from './write-form.ts';

/** A property in use, with what the two systems declare about its fields. */
export type CompiledProperty = Property & {
  readonly fields: Pair<FieldDeclaration>;
  /** Code points up to which the two sides are compared (2.2, `maxLen`); null: uncut. */
  readonly comparedLength: number | null;
  /** Whether the field of that side may be emptied (N5). */
  readonly clearableOn: Pair<boolean>;
};

/** Properties that are compared, decided and written as one tuple. Never empty; keys are not among them. */
export interface Group {
  readonly name: string;
  readonly properties: readonly CompiledProperty[];
  readonly direction: Direction;
  readonly master: Side;
  readonly sensitive: boolean;
  /** Whether the whole group may be emptied on that side (R9 asks for `tidsbanken`, R10 for `customerp`). */
  readonly clearable: Pair<boolean>;
  /** Holds the flag that says active or closed (2.3). */
  readonly lifecycle: boolean;
  /** Never applied without a person, whatever the row of the table: lifecycle and sensitive groups (D3). */
  readonly needsReview: boolean;
}

export interface Finding {
  readonly property: string;
  readonly reason: string;
}

/** One raw record as the mapping sees it. An unobserved or invalid property has no key in `props` (N1, N4). */
export interface ReadRecord {
  readonly props: Props;
  readonly spellings: Readonly<Record<string, string>>;
  readonly invalid: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export interface ReadOptions {
  /** The whole record was asked for, so absent keys of fields with `omitsEmpty` are empty (N3). Default: no. */
  readonly fullRecord?: boolean;
}

/** A usable value of one match key (M2). */
export interface KeyValue {
  readonly key: string;
  readonly strength: MatchKey['strength'];
  readonly value: string;
}

/**
 * Turns a reference into a text that is the same on both sides, such as the id of the link it points to (O2); null
 * when there is none. Without it, keys that hold a reference are skipped: native ids of two systems do not compare.
 */
export type ResolveReference = (property: CompiledProperty, nativeId: string) => string | null;

/** A mapping bound to the declared fields of both systems; everything about a kind that does not depend on a record. */
export interface CompiledFlow {
  readonly kind: Kind;
  readonly mapping: FlowMapping;
  /** SHA-256 (hex) over what decides values: mapping but for creation rules, and used declarations; whatever the order of keys. */
  readonly version: string;
  /** Those in use, keys included. */
  readonly properties: readonly CompiledProperty[];
  /** The groups of a record that is in use on both sides. For a given pair ask `groupsFor`. */
  readonly groups: readonly Group[];
  /** The groups once either side is inactive (2.3). */
  readonly inactiveGroups: readonly Group[];
  /** A property in use, by name; undefined if there is none. */
  property(name: string): CompiledProperty | undefined;
  /** Dotted paths to ask that side for: properties in use only, so nothing that is off ever leaves the system. */
  fieldsToRead(side: Side): readonly string[];
  read(side: Side, raw: JsonObject, options?: ReadOptions): ReadRecord;
  /** What a person calls the record; empty if none of its naming properties has a value. */
  label(props: Props): string;
  keyValues(props: Props, resolve?: ResolveReference): KeyValue[];
  /** The JSON for one field of that side. Throws for a property that is not in use. */
  write(side: Side, property: string, value: Value, spelling?: string, op?: WriteOp): WriteForm;
}

/** Binds a mapping to the fields that the two descriptors declare, or says everything that is wrong with it. */
export function compileFlow(mapping: FlowMapping, fields: Fields): Result<CompiledFlow, MappingProblem[]> {
  const problems = mappingProblems(mapping, fields);
  if (problems.length > 0) return fail(problems);
  const properties = mapping.properties.filter(isActive).map((property) => compileProperty(property, fields));
  const byName = new Map(properties.map((property) => [property.name, property]));
  const readers = { customerp: readersOf(properties, 'customerp'), tidsbanken: readersOf(properties, 'tidsbanken') };
  const paths = { customerp: pathsOf(properties, 'customerp'), tidsbanken: pathsOf(properties, 'tidsbanken') };
  const keys = mapping.keys.map((key) => compileKey(key, byName));
  return ok({
    kind: mapping.kind,
    mapping,
    version: versionOf(mapping, properties),
    properties,
    groups: groupsOf(mapping, properties, groupOf),
    inactiveGroups: groupsOf(mapping, properties, (property) => groupWhenInactive(mapping, property)),
    property: (name) => byName.get(name),
    fieldsToRead: (side) => paths[side],
    read: (side, raw, options) => readRecord(readers[side], raw, options?.fullRecord === true),
    label: (props) => labelOf(mapping, props),
    keyValues: (props, resolve) => keys.flatMap((key) => keyValue(key, props, resolve) ?? []),
    write: (side, name, value, spelling, op) => {
      const property = byName.get(name);
      if (property === undefined) throw new Error(`No property "${name}" is in use for ${mapping.kind} records`);
      return writeForm(property, side, value, spelling, property.fields[side], op);
    },
  });
}

/**
 * The groups by which a pair is compared (2.3): while the record is in use on both sides, its end date is a group of
 * its own; once either side is inactive, it belongs to the lifecycle group.
 */
export function groupsFor(flow: CompiledFlow, customerp: Props, tidsbanken: Props): readonly Group[] {
  const { lifecycle } = flow.mapping;
  if (lifecycle === undefined) return flow.groups;
  const isInactive = [customerp, tidsbanken].some((props) => props[lifecycle.property] === lifecycle.inactive);
  return isInactive ? flow.inactiveGroups : flow.groups;
}

function compileProperty(property: Property, declared: Fields): CompiledProperty {
  const fields = {
    customerp: fieldOf(property, 'customerp', declared),
    tidsbanken: fieldOf(property, 'tidsbanken', declared),
  };
  return {
    ...property,
    fields,
    comparedLength: comparedLength(property, fields),
    clearableOn: {
      customerp: isClearable(property, fields.customerp),
      tidsbanken: isClearable(property, fields.tidsbanken),
    },
  };
}

function fieldOf(property: Property, side: Side, declared: Fields): FieldDeclaration {
  const field = declared[side][property[side]];
  if (field === undefined) throw new Error(`${property[side]} was found declared a moment ago`);
  return field;
}

const pathsOf = (properties: readonly CompiledProperty[], side: Side): string[] => [
  ...new Set(properties.map((property) => property[side])),
];

/** Used declarations only: a field that nobody maps may change without a preview run (S5, S7). */
/** Creation rules and the switch of a flow say nothing about values: changing them takes no base away (S5). */
const versionOf = (
  { kind, keys, properties: rows, lifecycle, label }: FlowMapping,
  properties: readonly CompiledProperty[],
): string =>
  digestOf({
    mapping: { kind, keys, properties: rows, lifecycle, label },
    fields: Object.fromEntries(
      SIDES.map((side) => [side, Object.fromEntries(properties.map((p) => [p[side], p.fields[side]]))]),
    ),
  });

function groupsOf(
  mapping: FlowMapping,
  properties: readonly CompiledProperty[],
  nameOf: (property: Property) => string,
): Group[] {
  const members = new Map<string, [CompiledProperty, ...CompiledProperty[]]>();
  for (const property of properties.filter(({ key }) => !key)) {
    const group = members.get(nameOf(property));
    if (group === undefined) members.set(nameOf(property), [property]);
    else group.push(property);
  }
  return [...members].map(([name, group]) => makeGroup(mapping, name, group));
}

function makeGroup(
  mapping: FlowMapping,
  name: string,
  properties: readonly [CompiledProperty, ...CompiledProperty[]],
): Group {
  const sensitive = properties.some((property) => property.sensitive);
  const lifecycle = properties.some((property) => property.name === mapping.lifecycle?.property);
  return {
    name,
    properties,
    direction: properties[0].direction,
    master: properties[0].master,
    sensitive,
    clearable: {
      customerp: properties.every((property) => property.clearableOn.customerp),
      tidsbanken: properties.every((property) => property.clearableOn.tidsbanken),
    },
    lifecycle,
    needsReview: lifecycle || sensitive,
  };
}

interface Reader {
  readonly name: string;
  readonly get: (raw: JsonObject) => Json | undefined;
  readonly observe: (raw: Json | undefined, fullRecord: boolean) => Observation;
}

const readersOf = (properties: readonly CompiledProperty[], side: Side): Reader[] =>
  properties.map((property) => ({
    name: property.name,
    get: getterOf(property[side]),
    observe: observerOf(property, side, property.fields[side]),
  }));

/** Paths are split once, here, not once a record. A null on the way reads as null: what it would hold is empty. */
function getterOf(path: string): Reader['get'] {
  const steps = path.split('.');
  if (steps.length === 1) return (raw) => (Object.hasOwn(raw, path) ? raw[path] : undefined);
  return (raw) => {
    let at: Json | undefined = raw;
    for (const step of steps) {
      if (at === null) return null;
      if (!isJsonObject(at) || !Object.hasOwn(at, step)) return undefined;
      at = at[step];
    }
    return at;
  };
}

// Most records have none of these; sharing the empty ones spares three objects a record.
const NO_SPELLINGS: Readonly<Record<string, string>> = Object.freeze({});
const NO_FINDINGS: readonly Finding[] = Object.freeze([]);

function readRecord(readers: readonly Reader[], raw: JsonObject, fullRecord: boolean): ReadRecord {
  const props: Record<string, Value> = {};
  let spellings: Record<string, string> | undefined;
  let invalid: Finding[] | undefined;
  let warnings: Finding[] | undefined;
  for (const { name, get, observe } of readers) {
    const seen = observe(get(raw), fullRecord);
    if (seen.state === 'invalid') (invalid ??= []).push({ property: name, reason: seen.reason });
    if (seen.state !== 'value') continue;
    props[name] = seen.value;
    if (seen.spelling !== undefined) (spellings ??= {})[name] = seen.spelling;
    if (seen.warning !== undefined) (warnings ??= []).push({ property: name, reason: seen.warning });
  }
  return {
    props,
    spellings: spellings ?? NO_SPELLINGS,
    invalid: invalid ?? NO_FINDINGS,
    warnings: warnings ?? NO_FINDINGS,
  };
}

const labelOf = (mapping: FlowMapping, props: Props): string =>
  mapping.label
    .map((name) => props[name] ?? '')
    .filter((text) => text !== '')
    .join(' ');

interface CompiledKey {
  readonly rule: MatchKey;
  readonly members: readonly { readonly property: CompiledProperty; readonly placeholders: ReadonlySet<string> }[];
}

function compileKey(rule: MatchKey, byName: ReadonlyMap<string, CompiledProperty>): CompiledKey {
  const properties = rule.properties.flatMap((name) => byName.get(name) ?? []);
  return {
    rule,
    members: properties.map((property) => ({ property, placeholders: placeholdersOf(rule, property) })),
  };
}

/** Placeholders are compared in canonical form, however the mapping spells them (M2). */
const placeholdersOf = (rule: MatchKey, property: CompiledProperty): Set<string> =>
  new Set(
    rule.placeholders.flatMap((placeholder) => {
      const seen = canon(property.type, placeholder, property.fields.customerp, {
        choices: choicesOf(property, 'customerp'),
      });
      return seen.state === 'value' && seen.value !== null ? [placeholder, seen.value] : [placeholder];
    }),
  );

const MEMBER_END = '\u001f'; // a control character: canonical text never holds it, so joined values cannot run together

function keyValue(key: CompiledKey, props: Props, resolve: ResolveReference | undefined): KeyValue | undefined {
  const parts: string[] = [];
  for (const { property, placeholders } of key.members) {
    const value = props[property.name] ?? null;
    if (value === null || placeholders.has(value)) return undefined;
    const part = property.type === 'reference' ? (resolve?.(property, value) ?? null) : value;
    if (part === null) return undefined;
    parts.push(key.rule.strength === 'weak' ? part.toLowerCase() : part);
  }
  return { key: key.rule.name, strength: key.rule.strength, value: parts.join(MEMBER_END) };
}
