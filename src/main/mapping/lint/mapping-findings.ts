import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Pair, Side } from '../../../shared/domain.ts';
import type { FieldDeclaration } from '../field-declaration.ts';
import { isActive, isWrittenTo } from '../mapping.ts';
import type { FlowMapping, Property, ValueType } from '../mapping.ts';
import { pathsIn } from '../field-path.ts';
import type { Fields, MappingProblem } from '../mapping-problem.ts';
import { mappingProblems } from '../mapping-problems.ts';
import { conditionFields } from '../row-condition.ts';
import { writeForm } from '../write-form.ts';
import type { LintFinding } from './finding.ts';
import { nearest } from './nearest.ts';
import { rowIn, sendsTo } from './round-trip.ts';
import { schemaField, withSchema } from './system-schema.ts';
import type { KindSchema } from './system-schema.ts';
import { NAME } from './words.ts';

/** What the lint knows of a flow besides its mapping. */
export interface LintFacts {
  readonly fields: Fields;
  /** Whether there is a key to conceal sensitive values with (J1). */
  readonly canConceal: boolean;
  /** The field that takes the id the creator chooses, by side; null where the system numbers by itself (2.4). */
  readonly chosenId: Pair<string | null>;
  /** What the systems themselves say of their fields; null or absent: nothing that is known. */
  readonly schemas?: Pair<KindSchema | null>;
}

type Found = Omit<LintFinding, 'recordKind' | 'count' | 'examples' | 'source'>;

/**
 * What is wrong with a mapping whatever the records hold: all that keeps it from being compiled, value types that a
 * field cannot hold, and what a new record must have and nothing sends. Pure.
 */
export function mappingFindings(mapping: FlowMapping, facts: LintFacts): LintFinding[] {
  const found: Found[] = [
    ...compileFindings(mapping, facts),
    ...mapping.properties.filter(isActive).flatMap((property) => misfits(property, facts.fields)),
    ...SIDES.flatMap((target) => creationFindings(mapping, target, facts)),
  ];
  const declared = found.map((finding) => ({ ...finding, source: sourceOf(finding.kind) }));
  const all = [...declared, ...schemaFindings(mapping, facts, found)];
  return all.map((finding) => ({ ...finding, recordKind: mapping.kind, count: 0, examples: [] }));
}

/** What rests on what a descriptor declares of a field; all else is the mapping's own. */
const DECLARED: ReadonlySet<LintFinding['kind']> = new Set(['undeclaredField', 'readOnlyField', 'typeMisfit']);
const sourceOf = (kind: LintFinding['kind']): LintFinding['source'] => (DECLARED.has(kind) ? 'descriptor' : 'mapping');

type Sourced = Found & Pick<LintFinding, 'source'>;

/** What the systems' own schemas add to what the descriptors have told: fields that are not there, other types, fields that are kept. */
function schemaFindings(mapping: FlowMapping, facts: LintFacts, told: readonly Found[]): Sourced[] {
  const { schemas = { customerp: null, tidsbanken: null } } = facts;
  const active = mapping.properties.filter(isActive);
  const fields = {
    customerp: withSchema(facts.fields.customerp, schemas.customerp),
    tidsbanken: withSchema(facts.fields.tidsbanken, schemas.tidsbanken),
  };
  const kept = mappingProblems(mapping, fields, facts.canConceal)
    .filter(({ kind }) => kind === 'readOnlyField')
    .map((problem) => problemFinding(mapping, fields, problem));
  const found = [...kept, ...active.flatMap((property) => misfits(property, fields))];
  const isTold = ({ kind, property, side }: Found): boolean =>
    told.some((one) => one.kind === kind && one.property === property && one.side === side);
  const added = [
    ...active.flatMap((property) => notInSchema(property, schemas)),
    ...found.filter((one) => !isTold(one)),
  ];
  return added.map((finding) => ({ ...finding, source: 'schema' }));
}

/** A field that a system does not have: where its document tells all fields, each request that asks for it fails. */
const notInSchema = (property: Property, schemas: Pair<KindSchema | null>): Found[] =>
  SIDES.flatMap((side) => {
    const schema = schemas[side];
    if (schema === null) return [];
    const paths = [...pathsIn(property[side]), ...conditionFields(property, side)];
    return paths
      .filter((path) => schemaField(schema, path) === undefined)
      .map((field): Found => {
        const near = nearest(field, Object.keys(schema.fields)) ?? '';
        return {
          kind: 'notInSchema',
          effect: schema.closed ? 'stops' : 'waits',
          property: property.name,
          side,
          what: `The ${schema.document} of ${NAME[side]} has no field “${field}”.`,
          todo: `${near === '' ? '' : `Did you mean “${near}”? `}Correct the path, or switch the row off.`,
          facts: { property: property.name, field, near, document: schema.document },
        };
      });
  });

const compileFindings = (mapping: FlowMapping, { fields, canConceal }: LintFacts): Found[] => [
  ...mappingProblems(mapping, fields, canConceal)
    .filter(({ kind }) => kind !== 'fieldWrittenTwice')
    .map((problem) => problemFinding(mapping, fields, problem)),
  ...SIDES.flatMap((side) => writtenTwice(mapping, side)),
];

function problemFinding(mapping: FlowMapping, fields: Fields, problem: MappingProblem): Found {
  const { kind, what, todo, property, side } = problem;
  const row = mapping.properties.find(({ name }) => name === property);
  const paths = row === undefined || side === undefined ? [] : pathsIn(row[side]);
  const field = side === undefined ? undefined : (paths.find((path) => !Object.hasOwn(fields[side], path)) ?? paths[0]);
  const near =
    kind === 'undeclaredField' && side !== undefined ? nearest(field ?? '', Object.keys(fields[side])) : null;
  return {
    kind,
    effect: 'stops',
    ...(property === undefined ? {} : { property }),
    ...(side === undefined ? {} : { side }),
    what,
    todo: near === null ? todo : `Did you mean “${near}”? ${todo}`,
    facts: { property: property ?? '', field: field ?? '', near: near ?? '' },
  };
}

/** Two rows that write one field would swing it to and fro. Told at each of them: either may be the wrong one. */
function writtenTwice(mapping: FlowMapping, side: Side): Found[] {
  const written = mapping.properties
    .filter((property) => isActive(property) && isWrittenTo(property, side))
    .flatMap((property) => pathsIn(property[side]).map((field) => ({ name: property.name, field })));
  return written.flatMap(({ name, field }): Found[] => {
    const other = written.find((one) => one.field === field && one.name !== name)?.name;
    if (other === undefined) return [];
    const what = `The field “${field}” of ${NAME[side]} is written by “${name}” and by “${other}”.`;
    const todo = 'Let one row write it.';
    return [{ kind: 'fieldWrittenTwice', effect: 'stops', property: name, side, what, todo, facts: { field, other } }];
  });
}

/** A value of each type as people write it; what cannot be written to a field and read again does not fit there. */
const PROBES: Readonly<Record<Exclude<ValueType, 'enum'>, readonly string[]>> = {
  string: ['Ærlig og sønn AS'],
  multiline: ['Linje 1\nLinje 2'],
  email: ['post@eksempel.no'],
  phone: ['+4790000042'],
  postcode: ['0150'],
  date: ['2026-01-31'],
  datetime: ['2026-01-31T11:30:00.000Z'],
  integerKey: ['42'],
  orgNo: ['987654325'],
  nationalId: ['01819012345'],
  integer: ['42'],
  decimal: ['12.5'],
  boolean: ['true', 'false'],
  reference: ['7'],
  id: ['7'],
};

function misfits(property: Property, declared: Fields): Found[] {
  const row = rowIn(property, declared);
  const probes = property.type === 'enum' ? Object.keys(property.values ?? {}) : PROBES[property.type];
  if (row === null || probes.length === 0) return [];
  return SIDES.flatMap((side) => {
    // What an expression makes of a made-up value says nothing; the records tell.
    if (property.convert?.[side] !== undefined) return [];
    const declaration = row.fields[side];
    if (probes.some((probe) => canHold(property, side, probe, declaration))) return [];
    const facts = { type: property.type, field: property[side], json: declaration.json };
    const what = `“${property.name}” is of the type ${facts.type}, and the field “${facts.field}” of ${NAME[side]} is ${WORD_OF[declaration.json]}: it cannot hold one.`;
    const todo = 'Choose the type that the field has, or another field.';
    return [{ kind: 'typeMisfit', effect: 'swings', property: property.name, side, what, todo, facts }];
  });
}

const WORD_OF: Readonly<Record<FieldDeclaration['json'], string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/** A field that is only read must fit as well; whether it may be written is another question. */
const canHold = (property: Property, side: Side, probe: string, declaration: FieldDeclaration): boolean =>
  writeForm(property, side, probe, undefined, { ...declaration, readOnly: false }, 'update').kind === 'write';

/** What a new record on `target` must have (M5, K8) and no row sends there. */
function creationFindings(mapping: FlowMapping, target: Side, { chosenId }: LintFacts): Found[] {
  if (mapping.create[target].rule === 'never') return [];
  const active = mapping.properties.filter(isActive);
  const unsent = mapping.properties.filter(
    (p) =>
      p.required &&
      p.type !== 'reference' &&
      p.onCreate?.[target] === undefined &&
      !(isActive(p) && sendsTo(p, target)),
  );
  const source = otherSide(target);
  const missing = unsent.map(({ name, [target]: field }): Found => ({
    kind: 'requiredNotSent',
    effect: 'stops',
    property: name,
    side: target,
    what: `A new record of ${NAME[target]} needs “${name}” (field “${field}”), and its direction never sends it there.`,
    todo: `Let it flow from ${NAME[source]} to ${NAME[target]}, or set creation in ${NAME[target]} to never.`,
    facts: { field },
  }));
  const id = chosenId[target];
  if (id === null || active.some((p) => p.key && p[target] === id && sendsTo(p, target))) return missing;
  const what = `${NAME[target]} takes the number of a new record from its field “${id}”, and no key row sends one.`;
  const todo = `Map a key to “${id}”, or set creation in ${NAME[target]} to never.`;
  return [...missing, { kind: 'idNotSent', effect: 'stops', side: target, what, todo, facts: { field: id } }];
}
