import { KINDS, SIDES, type Kind, type Side } from '../../shared/domain.ts';
import type { Fields } from '../mapping/mapping-problems.ts';
import type { FlowMapping, MatchKey, Property } from '../mapping/mapping.ts';
import type { DocumentFlow } from './document-flow.ts';
import {
  COLUMNS,
  KEY_COLUMNS,
  RULES,
  sentence,
  WORDS,
  type Column,
  type Language,
  type Rule,
  type SentenceId,
} from './language.ts';
import type { Page, PagePart, PageSection } from './page.ts';
import type { RailLine } from './rail-lines.ts';
import { writeToken, writeTokens } from './tokens.ts';

export interface ExportOptions {
  readonly language: Language;
  /** What the other system is called on the page. */
  readonly partner: string;
  readonly fields: (kind: Kind) => Fields;
  readonly rails: readonly RailLine[];
}

const OBJECTS: Readonly<Record<Side, Readonly<Record<Kind, string>>>> = {
  customerp: { department: 'Department', customer: 'Customer', employee: 'Employee', project: 'Project' },
  tidsbanken: { department: 'Avdeling', customer: 'Kunde', employee: 'Ansatt', project: 'Prosjekt' },
};

/** The document of some flows: everything that a mapping says stands in it as text that a person reads. */
export function writePage(flows: readonly DocumentFlow[], options: ExportOptions): Page {
  const { language, partner, rails } = options;
  const words = WORDS[language];
  const ordered = KINDS.flatMap((kind) => flows.filter((flow) => flow.mapping.kind === kind));
  const introduction = { title: words.introduction, parts: [lines(INTRODUCTION[language](partner))] };
  const guarded = rails.length === 0 ? [] : [railSection(rails, language)];
  return {
    language,
    title: sentence(language, 'documentTitle').write({ a: partner, b: 'Tidsbanken' }),
    sections: [introduction, ...ordered.map((flow) => flowSection(flow, options)), ...guarded],
  };
}

const INTRODUCTION: Readonly<Record<Language, (partner: string) => string[]>> = {
  en: (partner) => [
    `What Tidsbro keeps in sync between ${partner} and Tidsbanken, as it is set now. It serves as a QA checklist: each row can be tried on both sides.`,
    'Value maps are written as: value = spelling in Customerp / spelling in Tidsbanken.',
  ],
  nb: (partner) => [
    `Hva Tidsbro holder likt mellom ${partner} og Tidsbanken, slik det er satt opp nå. Det tjener som sjekkliste for QA: hver rad kan prøves på begge sider.`,
    'Verdier skrives slik: verdi = stavemåte i Customerp / stavemåte i Tidsbanken.',
  ],
};

const lines = (texts: readonly string[]): PagePart => ({ kind: 'lines', lines: texts });

function flowSection(flow: DocumentFlow, options: ExportOptions): PageSection {
  const { mapping } = flow;
  const { language } = options;
  const terms = {
    customerp: `${options.partner} ${OBJECTS.customerp[mapping.kind]}`,
    tidsbanken: `Tidsbanken ${OBJECTS.tidsbanken[mapping.kind]}`,
  };
  const pair = { a: terms.customerp, b: terms.tidsbanken };
  const say = (id: SentenceId, values: Readonly<Record<string, string>> = pair): string =>
    sentence(language, id).write(values);
  return {
    title: say('pairTitle'),
    parts: [
      ...(mapping.enabled ? [] : [lines([say('off')])]),
      ...SIDES.toReversed().map((side) => lines(creationLines(flow, side, pair, language))),
      ...mergeParts(mapping, say, options, pair),
      lines([say('inSync')]),
      lines(naming(mapping, say, WORDS[language].nothing)),
      ...propertyParts(mapping, say, options, pair),
    ],
  };
}

interface Terms {
  readonly a: string;
  readonly b: string;
}
type Say = (id: SentenceId, values?: Readonly<Record<string, string>>) => string;

function creationLines(flow: DocumentFlow, side: Side, pair: Terms, language: Language): string[] {
  const { rule, automatic } = flow.mapping.create[side];
  const values = side === 'tidsbanken' ? pair : { a: pair.b, b: pair.a };
  const say = (id: SentenceId, more: object = {}): string => sentence(language, id).write({ ...values, ...more });
  if (rule === 'every') return [say('every'), say(automatic ? 'automatic' : 'proposed')];
  const by = flow.createIfReferredTo[side];
  if (by.length === 0) return [say(automatic ? 'neverAutomatic' : 'never')];
  const kinds = by.map((kind) => WORDS[language].kinds[kind]).join(', ');
  return [say(automatic ? 'ifReferredAutomatic' : 'ifReferred', { kinds })];
}

function mergeParts(mapping: FlowMapping, say: Say, { language }: ExportOptions, pair: Terms): PagePart[] {
  if (mapping.keys.length === 0) return [lines([say('noMerge')])];
  const words = WORDS[language];
  const head = [...propertyTitles(pair, language), ...KEY_COLUMNS.map((column) => words.columns[column])];
  return [
    lines([say('mergeFollows')]),
    { kind: 'table', head, rows: mapping.keys.map((key) => keyRow(key, mapping, language)) },
  ];
}

const propertyTitles = ({ a, b }: Terms, language: Language): string[] =>
  [a, b].map((term) => WORDS[language].propertyOf.replace('{a}', () => term));

function keyRow(key: MatchKey, mapping: FlowMapping, language: Language): string[] {
  const fields = (side: Side): string =>
    key.properties
      .map((name) => writeToken(mapping.properties.find((one) => one.name === name)?.[side] ?? name))
      .join(', ');
  const placeholders = key.placeholders.map(writeToken).join(', ');
  return [
    fields('customerp'),
    fields('tidsbanken'),
    key.properties.map(writeToken).join(', '),
    writeToken(key.name),
    WORDS[language].strengths[key.strength],
    placeholders,
  ];
}

function naming({ label, lifecycle }: FlowMapping, say: Say, nothing: string): string[] {
  const named = say('label', { names: writeTokens(label, nothing) });
  if (lifecycle === undefined) return [named];
  const { property, inactive, joinsWhenInactive } = lifecycle;
  const turned = say('lifecycle', { property: writeToken(property), inactive: writeToken(inactive) });
  const joins =
    joinsWhenInactive === undefined ? [] : [say('joins', { names: writeTokens(joinsWhenInactive, nothing) })];
  return [named, turned, ...joins];
}

function propertyParts({ kind, properties }: FlowMapping, say: Say, options: ExportOptions, pair: Terms): PagePart[] {
  if (properties.length === 0) return [lines([say('noProperties')])];
  const { language, fields } = options;
  const words = WORDS[language];
  const dataType = words.dataTypeOf.replace('{a}', 'Tidsbanken');
  const head = [...propertyTitles(pair, language), dataType, ...COLUMNS.map((column) => words.columns[column])];
  return [
    lines([say('propertiesFollow')]),
    { kind: 'table', head, rows: properties.map((property) => propertyRow(property, fields(kind), language)) },
  ];
}

function propertyRow(property: Property, fields: Fields, language: Language): string[] {
  const json = Object.hasOwn(fields.tidsbanken, property.tidsbanken)
    ? fields.tidsbanken[property.tidsbanken]?.json
    : undefined;
  const cells = ownCells(property, language);
  return [
    writeToken(property.customerp),
    writeToken(property.tidsbanken),
    json === undefined ? 'N/A' : `"${json}"`,
    ...COLUMNS.map((column) => cells[column]),
  ];
}

function ownCells(property: Property, language: Language): Record<Column, string> {
  const words = WORDS[language];
  return {
    name: property.name,
    type: property.type,
    direction: words.directions[property.direction],
    master: words.sides[property.master],
    group: property.group === undefined ? '' : writeToken(property.group),
    rules: rulesOf(property, language).join(', '),
    longest: SIDES.flatMap((side) => {
      const length = property.maxLength[side];
      return length === undefined ? [] : [`${words.sides[side]} ${String(length)}`];
    }).join(', '),
    values: valuesOf(property, words.nothing),
  };
}

function rulesOf(property: Property, language: Language): string[] {
  const words = WORDS[language];
  const holds: Readonly<Record<Rule, boolean>> = { ...property, notClearable: !property.clearable };
  const flags = RULES.filter((rule) => holds[rule]).map((rule) => words.rules[rule]);
  return property.reference === undefined ? flags : [...flags, `${words.refersTo} ${words.kinds[property.reference]}`];
}

function valuesOf({ values }: Property, nothing: string): string {
  if (values === undefined) return '';
  const entries = Object.entries(values).map(
    ([name, { customerp, tidsbanken }]) => `${writeToken(name)} = ${writeToken(customerp)} / ${writeToken(tidsbanken)}`,
  );
  return entries.length === 0 ? nothing : entries.join('; ');
}

const railSection = (rails: readonly RailLine[], language: Language): PageSection => ({
  title: WORDS[language].rails,
  parts: [
    {
      kind: 'table',
      head: [...WORDS[language].railColumns],
      rows: rails.map(({ rail, texts }) => [rail, texts[language]]),
    },
  ],
});
