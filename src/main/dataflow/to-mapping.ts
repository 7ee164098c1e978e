import { SIDES, type Kind, type Side } from '../../shared/domain.ts';
import type { Fields } from '../mapping/mapping-problem.ts';
import { FlowMapping, type Property } from '../mapping/mapping.ts';
import type { Dataflow, DataflowPair, Fact, OtherSection } from './dataflow.ts';
import { flowCreation } from './flow-creation.ts';
import { flowKeys } from './flow-keys.ts';
import { refusePair, remarkFindings, sortPairs, type FlowPairs } from './flow-pairs.ts';
import { flowProperties } from './flow-properties.ts';
import type { RailLine } from './rail-lines.ts';
import { subject, type Finding } from './report.ts';

/** What a document is read against. */
export interface ImportContext {
  /** The fields that the descriptors of both systems declare. */
  readonly fields: (kind: Kind) => Fields;
  /** What an empty table stands for, and what belongs together where a document names another ERP's fields. */
  readonly defaults: readonly FlowMapping[];
  /** The rails as they are set; a document cannot set them. */
  readonly rails: readonly RailLine[];
}

export interface ToMapping {
  readonly flows: readonly FlowMapping[];
  /** The line of a section that contradicts itself: nobody can tell what else of the document was meant. */
  readonly contradiction: number | null;
  /** One for each section, rule, row and text of the document, by line. */
  readonly findings: readonly Finding[];
}

/** Makes flows of a document, and accounts for each of its parts. */
export function toMapping(document: Dataflow, context: ImportContext): ToMapping {
  const { flows: sorted, findings } = sortPairs(document);
  const made = sorted.map((flow) => makeFlow(flow, context));
  const all = [
    ...findings.filter((finding) => !made.some(({ refused }) => refused.has(finding.line))),
    ...made.flatMap((one) => one.findings),
    ...document.others.flatMap((section) => otherFindings(section, context)),
    ...remarkFindings(document.remarks),
  ];
  return {
    flows: made.flatMap(({ flow }) => flow ?? []),
    contradiction: made.find(({ contradicts }) => contradicts !== null)?.contradicts ?? null,
    findings: all.toSorted((a, b) => a.line - b.line),
  };
}

interface Made {
  readonly flow: FlowMapping | null;
  readonly findings: readonly Finding[];
  /** Lines of the sections that were refused here. */
  readonly refused: ReadonlySet<number>;
  /** The line of its section, where two of its rules contradict each other. */
  readonly contradicts: number | null;
}

function makeFlow({ kind, pairs }: FlowPairs, context: ImportContext): Made {
  const defaults = context.defaults.find((flow) => flow.kind === kind);
  if (defaults === undefined) return refuse(pairs, 'There is no flow for records of this kind.');
  const facts = pairs.flatMap((pair) => pair.statements.map(({ fact }) => fact));
  const rows = pairs.flatMap((pair) => pair.tables.flatMap((table) => table.rows));
  const isOwn = rows.some((row) => row.own !== null) || facts.some((fact) => fact.kind === 'noProperties');
  const creation = flowCreation(pairs, isOwn);
  const promise = promiseOf(pairs, facts, isOwn);
  const shape = { fields: context.fields(kind), defaults, direction: promise.direction };
  const read =
    rows.length === 0 && !isOwn ? emptyTables(pairs, defaults, promise.direction) : flowProperties(pairs, shape);
  const whole = isOwn ? { properties: read.properties, findings: [] } : completed(pairs, read.properties, defaults);
  const keys = flowKeys(pairs, { properties: whole.properties, defaults });
  const contradiction = creation.contradiction ?? keys.contradiction;
  if (contradiction !== null) return { ...refuse(pairs, contradiction), contradicts: pairs[0].line };
  const properties = [...whole.properties, ...keys.added];
  const mapping = FlowMapping.safeParse({
    kind,
    enabled: !facts.some((fact) => fact.kind === 'off'),
    keys: keys.keys,
    create: creation.create,
    properties,
    ...lifecycleOf(facts, properties, defaults, isOwn),
    label: labelOf(facts, properties, defaults),
    ...filterOf(facts),
  });
  if (!mapping.success) return refuse(pairs, 'The section names no property by which a person would know a record.');
  return {
    flow: mapping.data,
    findings: [
      ...creation.findings,
      ...promise.findings,
      ...read.findings,
      ...whole.findings,
      ...keys.findings,
      ...pairs.flatMap(otherStatements),
      ...pairs.flatMap((pair) => remarkFindings(pair.remarks)),
    ].map((finding) => ({ ...finding, kind })),
    refused: new Set(),
    contradicts: null,
  };
}

const refuse = (pairs: readonly DataflowPair[], why: string): Made => ({
  flow: null,
  findings: pairs.flatMap((pair) => refusePair(pair, why)),
  refused: new Set(pairs.map((pair) => pair.line)),
  contradicts: null,
});

interface Read {
  readonly properties: readonly Property[];
  readonly findings: readonly Finding[];
}

/** Where nothing promises that both sides follow each other, values go the way that the document goes. */
function promiseOf(
  pairs: FlowPairs['pairs'],
  facts: readonly Fact[],
  isOwn: boolean,
): { direction: Property['direction']; findings: Finding[] } {
  if (isOwn || facts.some((fact) => fact.kind === 'inSync')) return { direction: 'both', findings: [] };
  const [{ line, title, target }] = pairs;
  const why = `Nothing says that linked records keep in sync wherever they are edited, so values go to ${target.isTidsbanken ? 'Tidsbanken' : 'Customerp'} only.`;
  return {
    direction: target.isTidsbanken ? 'toTidsbanken' : 'toCustomerp',
    findings: [{ line, part: 'promise', status: 'adapted', subject: subject(title), why }],
  };
}

function emptyTables(pairs: FlowPairs['pairs'], defaults: FlowMapping, direction: Property['direction']): Read {
  const [lead] = pairs;
  const why = `The table is empty, so the default mapping with its ${String(defaults.properties.length)} properties is used.`;
  const line = lead.tables[0]?.line ?? lead.line;
  return {
    properties: defaults.properties.map((property) =>
      property.direction === 'both' && !property.key ? { ...property, direction } : property,
    ),
    findings: [{ line, part: 'section', status: 'adapted', subject: subject(`${lead.title}: properties`), why }],
  };
}

/** A record cannot be created without its key and its name, so they are added where the document leaves them out. */
function completed(pairs: FlowPairs['pairs'], properties: readonly Property[], defaults: FlowMapping): Read {
  const missing = defaults.properties.filter(
    (usual) =>
      (usual.key || usual.required) &&
      usual.type !== 'reference' &&
      !properties.some((property) => property.tidsbanken === usual.tidsbanken),
  );
  const [{ line }] = pairs;
  const findings = missing.map((property): Finding => ({
    line,
    part: 'section',
    status: 'adapted',
    subject: `${property.customerp} | ${property.tidsbanken}`,
    why: 'No row names it, and no record can be created without it; the row of the default mapping was added.',
  }));
  return { properties: [...missing, ...properties], findings };
}

function lifecycleOf(
  facts: readonly Fact[],
  properties: readonly Property[],
  defaults: FlowMapping,
  isOwn: boolean,
): Pick<FlowMapping, 'lifecycle'> | object {
  const said = facts.find((fact) => fact.kind === 'lifecycle');
  const joins = facts.find((fact) => fact.kind === 'joins');
  if (said !== undefined) {
    const { property, inactive } = said;
    return {
      lifecycle: { property, inactive, ...(joins === undefined ? {} : { joinsWhenInactive: [...joins.names] }) },
    };
  }
  const isThere = (name: string): boolean => properties.some((property) => property.name === name);
  const usual = defaults.lifecycle;
  if (isOwn || usual === undefined || !isThere(usual.property)) return {};
  const joining = usual.joinsWhenInactive?.filter(isThere) ?? [];
  const { property, inactive } = usual;
  return { lifecycle: { property, inactive, ...(joining.length === 0 ? {} : { joinsWhenInactive: joining }) } };
}

function labelOf(facts: readonly Fact[], properties: readonly Property[], defaults: FlowMapping): string[] {
  const said = facts.find((fact) => fact.kind === 'label');
  if (said !== undefined) return [...said.names];
  const usual = defaults.label.filter((name) => properties.some((property) => property.name === name));
  return usual.length > 0
    ? usual
    : properties.filter((property) => property.required || property.key).map((property) => property.name);
}

/** The conditions that the document states, in its order, each for the side of the record that it is about. */
function filterOf(facts: readonly Fact[]): Pick<FlowMapping, 'filter'> {
  const only = facts.filter((fact) => fact.kind === 'only');
  const of = (side: Side) =>
    only
      .filter(({ from }) => /^tidsbanken\b/iu.test(from) === (side === 'tidsbanken'))
      .map(({ condition }) => condition);
  const sides = SIDES.filter((side) => of(side).length > 0);
  return sides.length === 0 ? {} : { filter: Object.fromEntries(sides.map((side) => [side, of(side)])) };
}

const TAKEN = { status: 'taken', why: '' } as const;

/** The sentences that are no rule of creation: promises, headings of tables, and what names a record. */
function otherStatements(pair: DataflowPair): Finding[] {
  return pair.statements.flatMap(({ fact, line, text }): Finding[] => {
    const at = { line, subject: subject(text) };
    switch (fact.kind) {
      case 'creation':
      case 'ifReferred':
        return [];
      case 'numbers':
        return [{ ...at, ...TAKEN, part: 'creation' }];
      case 'automatic':
        return fact.from === '' ? [{ ...at, ...TAKEN, part: 'creation' }] : [];
      case 'onCondition': {
        const why = 'It holds for some records only, and is not worded as a filter; nothing was made of it.';
        return [{ ...at, part: 'creation', status: 'refused', why }];
      }
      case 'inSync':
        return [{ ...at, ...TAKEN, part: 'promise' }];
      case 'mergesWithExisting':
      case 'linkFirst':
      case 'mergeFollows':
      case 'noMerge':
        return [{ ...at, ...TAKEN, part: 'merge' }];
      case 'propertiesFollow':
      case 'noProperties':
      case 'off':
      case 'label':
      case 'lifecycle':
      case 'joins':
      case 'only':
        return [{ ...at, ...TAKEN, part: 'text' }];
    }
  });
}

function otherFindings({ line, title, about, rows }: OtherSection, { rails }: ImportContext): Finding[] {
  if (about === 'introduction') return [{ line, part: 'section', subject: subject(title), ...TAKEN }];
  if (about === 'unknown') {
    const why = 'The section is not about a pair of records, “… to Tidsbanken …”; nothing was made of it.';
    return [
      { line, part: 'section', status: 'refused', subject: subject(title), why },
      ...rows.map((row): Finding => ({
        line: row.line,
        part: 'row',
        status: 'refused',
        subject: subject(row.text),
        why: `Its section, line ${String(line)}, was refused.`,
      })),
    ];
  }
  const known = new Set(rails.flatMap(({ rail, texts }) => Object.values(texts).map((text) => `${rail} | ${text}`)));
  return [
    { line, part: 'section', subject: subject(title), ...TAKEN },
    ...rows.map((row): Finding => {
      const at = { line: row.line, part: 'row', subject: subject(row.text) } as const;
      if (known.has(row.text)) return { ...at, ...TAKEN };
      return {
        ...at,
        status: 'refused',
        why: 'It is not how the rail is set, and a document does not set rails; workspace.yaml does.',
      };
    }),
  ];
}
