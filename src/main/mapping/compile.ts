import {
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
import type { JsonObject } from '../../shared/json.ts';
import { canon } from './canon.ts';
import { choicesOf } from './choices.ts';
import type { Concealer } from './conceal.ts';
import { comparedLength } from './equality.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { declarationOf, partsOf, type FieldPart } from './field-path.ts';
import { filterFields, filterOf, marked } from './filter.ts';
import type { Fields, MappingProblem } from './mapping-problem.ts';
import { groupWhenInactive, mappingProblems } from './mapping-problems.ts';
import { groupOf, isActive, type FlowMapping, type MatchKey, type Property } from './mapping.ts';
import { openRecord, readRecord, readersOf, type OpenValues, type ReadRecord } from './reading.ts';
import { conditionFields } from './row-condition.ts';
import { flowVersion, shapeOf, type FlowShape } from './shape.ts';
import { combinedForm, isClearable, writeForm, type WriteForm, type WriteOp } from './write-form.ts';

/** A property in use, with what the two systems declare about its fields. */
export type CompiledProperty = Property & {
  readonly fields: Pair<FieldDeclaration>;
  /** The fields themselves: one a side, or several that hold the value together. */
  readonly parts: Pair<readonly FieldPart[]>;
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
  /** The same by group, to tell what another mapping touches (S5). */
  readonly shape: FlowShape;
  /** Those in use, keys included. */
  readonly properties: readonly CompiledProperty[];
  /** The groups of a record that is in use on both sides. For a given pair ask `groupsFor`. */
  readonly groups: readonly Group[];
  /** The groups once either side is inactive (2.3). */
  readonly inactiveGroups: readonly Group[];
  /** A property in use, by name; undefined if there is none. */
  property(name: string): CompiledProperty | undefined;
  /** Dotted paths to ask that side for: rows in use, and what filter and conditions look at. Nothing that is off leaves. */
  fieldsToRead(side: Side): readonly string[];
  /**
   * Sensitive values come concealed (J1): nothing that is kept or shown is made from anything else. What the filter leaves
   * out is marked (`isOutOfScope`).
   */
  read(side: Side, raw: JsonObject, options?: ReadOptions): ReadRecord;
  /** The sensitive values themselves, for a payload that leaves at once. Never kept, logged or told (I19). */
  open(side: Side, raw: JsonObject): OpenValues;
  /** What a person calls the record; empty if none of its naming properties has a value. */
  label(props: Props): string;
  keyValues(props: Props, resolve?: ResolveReference): KeyValue[];
  /** The JSON for one field of that side, from a value in the clear. Throws for a property that is not in use. */
  write(side: Side, property: string, value: Value, spelling?: string, op?: WriteOp): WriteForm;
}

/**
 * Binds a mapping to the fields that the two descriptors declare, or says everything that is wrong with it. A mapping
 * with a sensitive property in use needs a concealer.
 */
export function compileFlow(
  mapping: FlowMapping,
  fields: Fields,
  concealer: Concealer | null = null,
): Result<CompiledFlow, MappingProblem[]> {
  const problems = mappingProblems(mapping, fields, concealer !== null);
  if (problems.length > 0) return fail(problems);
  const properties = mapping.properties.filter(isActive).map((property) => compileProperty(property, fields));
  const byName = new Map(properties.map((property) => [property.name, property]));
  const readers = {
    customerp: readersOf(properties, 'customerp', concealer),
    tidsbanken: readersOf(properties, 'tidsbanken', concealer),
  };
  const filters = { customerp: filterOf(mapping, 'customerp'), tidsbanken: filterOf(mapping, 'tidsbanken') };
  const paths = {
    customerp: pathsOf(mapping, properties, 'customerp'),
    tidsbanken: pathsOf(mapping, properties, 'tidsbanken'),
  };
  const keys = mapping.keys.map((key) => compileKey(key, byName));
  const groups = groupsOf(mapping, properties, groupOf);
  return ok({
    kind: mapping.kind,
    mapping,
    version: flowVersion(mapping, properties, concealer),
    shape: shapeOf(mapping, groups, properties, concealer),
    properties,
    groups,
    inactiveGroups: groupsOf(mapping, properties, (property) => groupWhenInactive(mapping, property)),
    property: (name) => byName.get(name),
    fieldsToRead: (side) => paths[side],
    read: (side, raw, options) => {
      const seen = readRecord(readers[side], raw, options?.fullRecord === true);
      const props = marked(seen.props, raw, filters[side]);
      return props === seen.props ? seen : { ...seen, props };
    },
    open: (side, raw) => openRecord(readers[side], raw),
    label: (props) => labelOf(mapping, props),
    keyValues: (props, resolve) => keys.flatMap((key) => keyValue(key, props, resolve) ?? []),
    write: (side, name, value, spelling, op) => {
      const property = byName.get(name);
      if (property === undefined) throw new Error(`No property "${name}" is in use for ${mapping.kind} records`);
      const form = writeForm(property, side, value, spelling, property.fields[side], op);
      return combinedForm(form, property.parts[side], op ?? 'update');
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
  const parts = {
    customerp: partsOn(property, 'customerp', declared),
    tidsbanken: partsOn(property, 'tidsbanken', declared),
  };
  const fields = { customerp: declarationOf(parts.customerp), tidsbanken: declarationOf(parts.tidsbanken) };
  return {
    ...property,
    fields,
    parts,
    // What stands for a sensitive value is made from the cut value, and is compared whole.
    comparedLength: property.sensitive ? null : comparedLength(property, fields),
    clearableOn: {
      customerp: isClearable(property, fields.customerp),
      tidsbanken: isClearable(property, fields.tidsbanken),
    },
  };
}

function partsOn(property: Property, side: Side, declared: Fields): readonly FieldPart[] {
  const parts = partsOf(property, side, declared[side]);
  if (parts === null) throw new Error(`${property[side]} was found declared a moment ago`);
  return parts;
}

const pathsOf = (mapping: FlowMapping, properties: readonly CompiledProperty[], side: Side): string[] => [
  ...new Set([
    ...properties.flatMap((property) => property.parts[side].map(({ path }) => path)),
    ...properties.flatMap((property) => conditionFields(property, side)),
    ...filterFields(mapping, side),
  ]),
];

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
