import { KINDS, SIDES, type Kind, type Pair, type Side } from '../../shared/domain.ts';
import type { Fields } from '../mapping/mapping-problem.ts';
import type { Condition, FlowMapping, MatchKey, Property } from '../mapping/mapping.ts';
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
  type Words,
} from './language.ts';
import type { Page, PagePart, PageSection } from './page.ts';
import type { RailLine } from './rail-lines.ts';
import { writeConditions } from './conditions.ts';
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
export function writePage(flows: readonly FlowMapping[], options: ExportOptions): Page {
  const { language, partner, rails } = options;
  const words = WORDS[language];
  const ordered = KINDS.flatMap((kind) => flows.filter((flow) => flow.kind === kind));
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

function flowSection(mapping: FlowMapping, options: ExportOptions): PageSection {
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
      ...SIDES.toReversed().map((side) => lines(creationLines(mapping, side, pair, language))),
      ...filterParts(mapping, pair, language),
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

function creationLines(mapping: FlowMapping, side: Side, pair: Terms, language: Language): string[] {
  const { rule, referredToBy, automatic, numbers } = mapping.create[side];
  const values = side === 'tidsbanken' ? pair : { a: pair.b, b: pair.a };
  const say = (id: SentenceId, more: object = {}): string => sentence(language, id).write({ ...values, ...more });
  const range = numbers === undefined ? [] : [say('numbers', { from: String(numbers.from), to: String(numbers.to) })];
  if (rule === 'every') return [say('every'), say(automatic ? 'automatic' : 'proposed'), ...range];
  if (rule === 'never') return [say(automatic ? 'neverAutomatic' : 'never'), ...range];
  const kinds = (referredToBy ?? []).map((kind) => WORDS[language].kinds[kind]).join(', ');
  return [say(automatic ? 'ifReferredAutomatic' : 'ifReferred', { kinds }), ...range];
}

function filterParts({ filter }: FlowMapping, pair: Terms, language: Language): PagePart[] {
  const worded = SIDES.flatMap((side) => {
    const a = side === 'customerp' ? pair.a : pair.b;
    return (filter?.[side] ?? []).map((condition) => conditionLine(condition, a, language));
  });
  return worded.length === 0 ? [] : [lines(worded)];
}

function conditionLine(condition: Condition, a: string, language: Language): string {
  const { property, field, is, isNot, startsWith, isEmpty } = condition;
  const of = WORDS[language].subjects[property === undefined ? 'field' : 'property'];
  const say = (id: SentenceId, texts: readonly string[] = []): string =>
    sentence(language, id).write({
      a,
      of,
      name: writeToken(property ?? field ?? ''),
      texts: texts.map(writeToken).join(', '),
    });
  if (isEmpty !== undefined) return say(isEmpty ? 'onlyWithoutValue' : 'onlyWithValue');
  if (is !== undefined) return say('onlyIs', is);
  return isNot === undefined ? say('onlyStartsWith', startsWith) : say('onlyIsNot', isNot);
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
    ...SIDES.map((side) => `${writeToken(property[side])}${writeConditions(property.when?.[side], language)}`),
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
    onCreate: bySide(property.onCreate, words, writeToken),
    conversion: bySide(property.convert, words, ({ read, write }) =>
      write === undefined ? writeToken(read) : `${writeToken(read)} / ${writeToken(write)}`,
    ),
  };
}

/** “Customerp x, Tidsbanken y”: a side without a value is left out; nothing at all is said where there is none. */
function bySide<T>(values: Partial<Pair<T | undefined>> | undefined, words: Words, text: (value: T) => string): string {
  if (values === undefined) return '';
  const told = SIDES.flatMap((side) => {
    const value = values[side];
    return value === undefined ? [] : [`${words.sides[side]} ${text(value)}`];
  });
  return told.length === 0 ? words.nothing : told.join(', ');
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
