import { SIDES, type Side } from '../../shared/domain.ts';
import { canonicalJson } from './canonical-json.ts';
import { choicesOf } from './choices.ts';
import { isZone } from './dates.ts';
import { pathsIn } from './field-path.ts';
import { filterProblems } from './filter.ts';
import type { Fields, Found, MappingProblem } from './mapping-problem.ts';
import { groupOf, isActive, isWrittenTo, type FlowMapping, type Property } from './mapping.ts';
import { conditionProblems } from './row-condition.ts';
import { rowProblems } from './row-problems.ts';

/**
 * Everything that keeps a mapping from being compiled against these fields; empty when nothing does. `canConceal`:
 * whether there is a key to conceal sensitive values with (J1).
 */
export function mappingProblems(mapping: FlowMapping, fields: Fields, canConceal: boolean): MappingProblem[] {
  const active = mapping.properties.filter(isActive);
  const found: Found[] = [
    ...duplicates(mapping),
    ...active.flatMap((property) => [
      ...fieldProblems(property, fields),
      ...typeProblems(property),
      ...rowProblems(property),
      ...conditionProblems(property, mapping, fields),
    ]),
    ...writtenTwice(active),
    ...groupProblems(mapping, active),
    ...unknownNames(mapping, active),
    ...sensitiveProblems(mapping, active, canConceal),
    ...filterProblems(mapping, fields),
  ];
  return found.map((problem) => ({
    ...problem,
    recordKind: mapping.kind,
    notDone: `The flow of ${mapping.kind} records was not started.`,
  }));
}

function duplicates(mapping: FlowMapping): Found[] {
  const names = mapping.properties.map((property) => property.name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => ({
    kind: 'duplicateProperty',
    property: name,
    what: `The property "${name}" stands in the mapping more than once.`,
    todo: 'Give each property a name of its own.',
  }));
}

const fieldProblems = (property: Property, fields: Fields): Found[] =>
  SIDES.flatMap((side) =>
    pathsIn(property[side]).flatMap((field): Found[] => {
      const at = { property: property.name, side };
      const declaration = Object.hasOwn(fields[side], field) ? fields[side][field] : undefined;
      if (declaration === undefined) {
        const what = `The field "${field}" of "${property.name}" is not declared for ${side}.`;
        return [{ ...at, kind: 'undeclaredField', what, todo: 'Declare it in the descriptor, or correct the path.' }];
      }
      if (declaration.readOnly && isWrittenTo(property, side)) {
        const what = `The field "${field}" of "${property.name}" is kept by ${side} and cannot be written.`;
        return [{ ...at, kind: 'readOnlyField', what, todo: 'Choose a direction that does not write to it.' }];
      }
      if (property.type === 'datetime' && !isZone(declaration.zone)) {
        const what = `The time zone of the field "${field}" of ${side} is unknown.`;
        return [{ ...at, kind: 'unknownZone', what, todo: 'Declare an IANA name such as Europe/Oslo.' }];
      }
      return [];
    }),
  );

function typeProblems(property: Property): Found[] {
  const at = { property: property.name };
  const { name, type } = property;
  const problems: Found[] = [];
  if (property.negated && type !== 'boolean') {
    const what = `"${name}" is negated but is no boolean.`;
    problems.push({ ...at, kind: 'negatedNotBoolean', what, todo: 'Remove "negated" or correct the type.' });
  }
  if (type === 'reference' && property.reference === undefined) {
    const what = `"${name}" is a reference but does not say to which kind.`;
    problems.push({ ...at, kind: 'referenceKind', what, todo: 'Name the kind it points to.' });
  }
  if (type === 'enum' && SIDES.some((side) => !areChoicesClear(property, side))) {
    const what = `The values of "${name}" are missing or one spelling stands for two of them.`;
    problems.push({ ...at, kind: 'enumValues', what, todo: 'Give each value one spelling of its own on each side.' });
  }
  return problems;
}

/** Each spelling leads to one value and each value's own name to itself; else a value would not read back as written. */
function areChoicesClear(property: Property, side: Side): boolean {
  const names = Object.keys(property.values ?? {});
  const choices = choicesOf(property, side);
  const reached = names.every((name) => choices.get(property.values?.[name]?.[side] ?? '') === name);
  return names.length > 0 && reached && names.every((name) => choices.get(name) === name);
}

/** J1, 2.2: a sensitive value is never kept as it is, names no record, and finds no partner. */
function sensitiveProblems(mapping: FlowMapping, active: readonly Property[], canConceal: boolean): Found[] {
  const naming = new Set([...mapping.label, ...mapping.keys.flatMap((key) => key.properties)]);
  return active
    .filter(({ sensitive }) => sensitive)
    .flatMap(({ name }): Found[] => {
      if (!canConceal) {
        const what = `"${name}" is sensitive, and there is no key to conceal its values with.`;
        return [
          { property: name, kind: 'sensitiveWithoutKey', what, todo: 'Switch it off, or open the workspace anew.' },
        ];
      }
      if (!naming.has(name)) return [];
      const what = `"${name}" is sensitive and stands in the label or in a match key.`;
      return [{ property: name, kind: 'sensitiveNames', what, todo: 'Name and match records by other properties.' }];
    });
}

/** Two properties that write the same field would swing it to and fro. */
const writtenTwice = (active: readonly Property[]): Found[] =>
  SIDES.flatMap((side) => {
    const written = active
      .filter((property) => isWrittenTo(property, side))
      .flatMap((property) => pathsIn(property[side]).map((path) => ({ property, path })));
    const again = written.filter(({ path }, i) => written.findIndex((other) => other.path === path) !== i);
    return again.map(({ property, path }) => ({
      kind: 'fieldWrittenTwice' as const,
      property: property.name,
      side,
      what: `The field "${path}" of ${side} is written by "${property.name}" and by another property.`,
      todo: 'Let one property write it.',
    }));
  });

/** A group is decided as one, so its members go the same way and have the same master (2.3 groups included). */
function groupProblems(mapping: FlowMapping, active: readonly Property[]): Found[] {
  const leaders = new Map<string, Property>();
  const members = active.filter((property) => !property.key);
  for (const property of members) {
    const group = groupWhenInactive(mapping, property);
    if (!leaders.has(group)) leaders.set(group, property);
    if (!leaders.has(groupOf(property))) leaders.set(groupOf(property), property);
  }
  const disagrees = (property: Property): boolean =>
    [groupOf(property), groupWhenInactive(mapping, property)].some((group) => {
      const leader = leaders.get(group);
      const isWhen = canonicalJson(leader?.when ?? null) === canonicalJson(property.when ?? null);
      return leader?.direction !== property.direction || leader.master !== property.master || !isWhen;
    });
  return members.filter(disagrees).map((property) => ({
    kind: 'groupDisagrees',
    property: property.name,
    what: `"${property.name}" has another direction, master or condition than the rest of its group.`,
    todo: 'Give all properties of a group the same direction, master and condition.',
  }));
}

/** The group of a property once either side of the record is inactive (2.3). */
export function groupWhenInactive(mapping: FlowMapping, property: Property): string {
  const { lifecycle } = mapping;
  if (lifecycle?.joinsWhenInactive?.includes(property.name) !== true) return groupOf(property);
  const flag = mapping.properties.find((other) => other.name === lifecycle.property);
  return flag === undefined ? groupOf(property) : groupOf(flag);
}

function unknownNames(mapping: FlowMapping, active: readonly Property[]): Found[] {
  const known = new Set(active.map((property) => property.name));
  const { lifecycle } = mapping;
  const named = [
    ...mapping.keys.flatMap((key) => key.properties.map((name) => ({ name, by: `the match key "${key.name}"` }))),
    ...mapping.label.map((name) => ({ name, by: 'the label' })),
    ...(lifecycle === undefined ? [] : [{ name: lifecycle.property, by: 'the lifecycle' }]),
    ...(lifecycle?.joinsWhenInactive ?? []).map((name) => ({ name, by: 'the lifecycle' })),
  ];
  return named
    .filter(({ name }) => !known.has(name))
    .map(({ name, by }) => ({
      kind: 'unknownProperty',
      property: name,
      what: `"${name}", named by ${by}, is not a property that is in use.`,
      todo: 'Add the property, switch it on, or name another.',
    }));
}
