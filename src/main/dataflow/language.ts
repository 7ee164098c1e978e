import type { Direction, Kind, Side } from '../../shared/domain.ts';
import { phrase, type Phrase } from './phrase.ts';

export const LANGUAGES = ['en', 'nb'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The sentences of our own documents. `{a}` is the record a rule starts from, `{b}` its counterpart. */
const SENTENCES = {
  en: {
    documentTitle: '{a} to {b} Dataflow',
    pairTitle: '{a} to {b}',
    every: 'Every {a} will be synchronized with a {b}.',
    proposed: 'If no matching {b} is found, a new {b} will be proposed, and created once a person approves.',
    automatic: 'If no matching {b} is found, a new {b} will be created without asking.',
    never: 'No {b} will be created from a {a}.',
    neverAutomatic: 'No {b} will be created from a {a}, although creating without asking is switched on.',
    ifReferred: 'A new {b} will be created from a {a} if it is connected to a synchronized {kinds:tokens}.',
    ifReferredAutomatic:
      'A new {b} will be created from a {a}, without asking, if it is connected to a synchronized {kinds:tokens}.',
    numbers: 'Where the number of a {a} cannot be used, a new {b} gets the next free one from {from} to {to}.',
    mergeFollows: 'A {a} merges with a {b} when one of these property combinations matches:',
    noMerge: 'A {a} and a {b} are linked by hand only.',
    inSync: 'Once a {a} and a {b} are linked, they keep in sync, regardless of where they are edited.',
    propertiesFollow: 'The properties of a {a} and a {b} that are synchronized:',
    noProperties: 'No property of a {a} and a {b} is synchronized.',
    label: 'A person knows the record by {names:tokens}.',
    lifecycle: 'The record is out of use when {property:token} is {inactive:token}.',
    joins: 'Once it is out of use, these belong to its lifecycle as well: {names:tokens}.',
    off: 'This flow is switched off.',
    onlyIs: 'A {a} takes part only if its {of} {name:token} is one of {texts:tokens}.',
    onlyIsNot: 'A {a} takes part only if its {of} {name:token} is none of {texts:tokens}.',
    onlyStartsWith: 'A {a} takes part only if its {of} {name:token} begins with one of {texts:tokens}.',
    onlyWithValue: 'A {a} takes part only if its {of} {name:token} has a value.',
    onlyWithoutValue: 'A {a} takes part only if its {of} {name:token} has no value.',
  },
  nb: {
    documentTitle: 'Dataflyt fra {a} til {b}',
    pairTitle: '{a} til {b}',
    every: 'Hver {a} blir synkronisert med en {b}.',
    proposed: 'Finnes ingen {b} som passer, blir en ny {b} foreslått, og opprettet når en person godkjenner.',
    automatic: 'Finnes ingen {b} som passer, blir en ny {b} opprettet uten å spørre.',
    never: 'Ingen {b} blir opprettet fra en {a}.',
    neverAutomatic: 'Ingen {b} blir opprettet fra en {a}, selv om oppretting uten å spørre er slått på.',
    ifReferred: 'En ny {b} blir opprettet fra en {a} hvis den er knyttet til en synkronisert {kinds:tokens}.',
    ifReferredAutomatic:
      'En ny {b} blir opprettet fra en {a}, uten å spørre, hvis den er knyttet til en synkronisert {kinds:tokens}.',
    numbers: 'Kan nummeret til en {a} ikke brukes, får en ny {b} det neste ledige fra {from} til {to}.',
    mergeFollows: 'En {a} slås sammen med en {b} når en av disse kombinasjonene av egenskaper stemmer:',
    noMerge: 'En {a} og en {b} kobles bare for hånd.',
    inSync: 'Når en {a} og en {b} er koblet, holdes de like, uansett hvor de blir endret.',
    propertiesFollow: 'Egenskapene til en {a} og en {b} som synkroniseres:',
    noProperties: 'Ingen egenskap til en {a} og en {b} synkroniseres.',
    label: 'En person kjenner posten på {names:tokens}.',
    lifecycle: 'Posten er ute av bruk når {property:token} er {inactive:token}.',
    joins: 'Når den er ute av bruk, hører også disse til livsløpet: {names:tokens}.',
    off: 'Denne flyten er slått av.',
    onlyIs: 'En {a} er med bare hvis {of} {name:token} er en av {texts:tokens}.',
    onlyIsNot: 'En {a} er med bare hvis {of} {name:token} er ingen av {texts:tokens}.',
    onlyStartsWith: 'En {a} er med bare hvis {of} {name:token} begynner med en av {texts:tokens}.',
    onlyWithValue: 'En {a} er med bare hvis {of} {name:token} har en verdi.',
    onlyWithoutValue: 'En {a} er med bare hvis {of} {name:token} ikke har noen verdi.',
  },
} as const satisfies Record<Language, Record<string, string>>;

export type SentenceId = keyof (typeof SENTENCES)['en'];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are its keys
export const SENTENCE_IDS = Object.keys(SENTENCES.en) as SentenceId[];

const phrasesOf = (language: Language): ReadonlyMap<SentenceId, Phrase> =>
  new Map(SENTENCE_IDS.map((id) => [id, phrase(SENTENCES[language][id])]));
const PHRASES: Readonly<Record<Language, ReadonlyMap<SentenceId, Phrase>>> = {
  en: phrasesOf('en'),
  nb: phrasesOf('nb'),
};

export function sentence(language: Language, id: SentenceId): Phrase {
  const found = PHRASES[language].get(id);
  if (found === undefined) throw new Error(`There is no sentence ${id}`);
  return found;
}

/** The columns of the two kinds of table, besides the one or two that name a system. */
export const COLUMNS = [
  'name',
  'type',
  'direction',
  'master',
  'group',
  'rules',
  'longest',
  'values',
  'onCreate',
  'conversion',
] as const;
export type Column = (typeof COLUMNS)[number];
export const KEY_COLUMNS = ['properties', 'key', 'strength', 'placeholders'] as const;
export type KeyColumn = (typeof KEY_COLUMNS)[number];
export const RULES = ['key', 'required', 'sensitive', 'notClearable', 'deferred', 'negated'] as const;
export type Rule = (typeof RULES)[number];

export interface Words {
  /** `{a}` is the record or system that the column is about. */
  readonly propertyOf: string;
  readonly dataTypeOf: string;
  readonly nothing: string;
  readonly columns: Readonly<Record<Column | KeyColumn, string>>;
  readonly directions: Readonly<Record<Direction, string>>;
  readonly sides: Readonly<Record<Side, string>>;
  readonly strengths: Readonly<Record<'strong' | 'weak', string>>;
  readonly rules: Readonly<Record<Rule, string>>;
  /** What a condition of a filter looks at. */
  readonly subjects: Readonly<Record<'property' | 'field', string>>;
  readonly refersTo: string;
  /** A row of some records only: `{f}` is the field of the same record that must hold `{v}`. */
  readonly dependsOn: string;
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly introduction: string;
  readonly rails: string;
  readonly railColumns: readonly [string, string];
}

const SIDE_NAMES = { customerp: 'Customerp', tidsbanken: 'Tidsbanken' } as const;

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    propertyOf: '{a} Property',
    dataTypeOf: '{a} Data Type',
    nothing: 'none',
    columns: {
      name: 'Name',
      type: 'Type',
      direction: 'Direction',
      master: 'Master',
      group: 'Group',
      rules: 'Rules',
      longest: 'Longest',
      values: 'Values',
      onCreate: 'On create',
      conversion: 'Conversion',
      properties: 'Properties',
      key: 'Key',
      strength: 'Strength',
      placeholders: 'Placeholders',
    },
    directions: { both: 'both', toTidsbanken: 'to Tidsbanken', toCustomerp: 'to Customerp', off: 'off' },
    sides: SIDE_NAMES,
    strengths: { strong: 'strong', weak: 'weak' },
    rules: {
      key: 'key',
      required: 'required',
      sensitive: 'sensitive',
      notClearable: 'not clearable',
      deferred: 'deferred',
      negated: 'negated',
    },
    subjects: { property: 'property', field: 'field' },
    refersTo: 'refers to',
    dependsOn: 'Dependant on having {v} in {f}',
    kinds: { department: 'department', customer: 'customer', employee: 'employee', project: 'project' },
    introduction: 'Introduction',
    rails: 'Safety rails',
    railColumns: ['Rail', 'What it stops'],
  },
  nb: {
    propertyOf: '{a} egenskap',
    dataTypeOf: '{a} datatype',
    nothing: 'ingen',
    columns: {
      name: 'Navn',
      type: 'Type',
      direction: 'Retning',
      master: 'Styrende',
      group: 'Gruppe',
      rules: 'Regler',
      longest: 'Lengste',
      values: 'Verdier',
      onCreate: 'Ved oppretting',
      conversion: 'Omregning',
      properties: 'Egenskaper',
      key: 'Nøkkel',
      strength: 'Styrke',
      placeholders: 'Plassholdere',
    },
    directions: { both: 'begge', toTidsbanken: 'til Tidsbanken', toCustomerp: 'til Customerp', off: 'av' },
    sides: SIDE_NAMES,
    strengths: { strong: 'sterk', weak: 'svak' },
    rules: {
      key: 'nøkkel',
      required: 'påkrevd',
      sensitive: 'sensitiv',
      notClearable: 'kan ikke tømmes',
      deferred: 'utsatt',
      negated: 'negert',
    },
    subjects: { property: 'egenskapen', field: 'feltet' },
    refersTo: 'viser til',
    dependsOn: 'Avhengig av å ha {v} i {f}',
    kinds: { department: 'avdeling', customer: 'kunde', employee: 'ansatt', project: 'prosjekt' },
    introduction: 'Innledning',
    rails: 'Sperrer',
    railColumns: ['Sperre', 'Hva den stanser'],
  },
};

/** The entry whose word it is, whatever its case; undefined when it is no word of that list. */
export function idOfWord<Id extends string>(words: Readonly<Record<Id, string>>, text: string): Id | undefined {
  const wanted = text.trim().toLowerCase();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the record are its ids
  return (Object.keys(words) as Id[]).find((id) => words[id].toLowerCase() === wanted);
}
