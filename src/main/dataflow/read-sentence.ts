import { Condition, NumberRange } from '../mapping/mapping.ts';
import type { Fact } from './dataflow.ts';
import { LANGUAGES, sentence, WORDS, idOfWord, type SentenceId } from './language.ts';
import { readToken, readTokens } from './tokens.ts';

type Values = Readonly<Record<string, string>>;
type Reader = (values: Values) => Fact[];

const creation =
  (rule: 'every' | 'never', on: boolean | null): Reader =>
  ({ a = '', b = '' }) => [
    { kind: 'creation', rule, from: a, to: b },
    ...(on === null ? [] : [{ kind: 'automatic', on, from: a, to: b } as const]),
  ];
const referred =
  (on: boolean): Reader =>
  ({ a = '', b = '', kinds = '' }) => [
    { kind: 'ifReferred', from: a, to: b, by: (readTokens(kinds) ?? []).map(kindInEnglish) },
    { kind: 'automatic', on, from: a, to: b },
  ];
const fact =
  (
    kind:
      | 'mergesWithExisting'
      | 'linkFirst'
      | 'inSync'
      | 'mergeFollows'
      | 'propertiesFollow'
      | 'noMerge'
      | 'noProperties'
      | 'off',
  ): Reader =>
  () => [{ kind }];
const automatic =
  (on: boolean): Reader =>
  ({ b = '' }) => [{ kind: 'automatic', on, from: '', to: b }];
const numbers: Reader = ({ a = '', b = '', from = '', to = '' }) => {
  const range = NumberRange.safeParse({ from: Number(from), to: Number(to) });
  return range.success ? [{ kind: 'numbers', range: range.data, from: a, to: b }] : [];
};
const names =
  (kind: 'label' | 'joins'): Reader =>
  (values) => [{ kind, names: readTokens(values['names'] ?? '') ?? [] }];

/** One condition of a filter; `true` and `false` say whether the value must be empty. */
const only =
  (test: 'is' | 'isNot' | 'startsWith' | boolean): Reader =>
  ({ a = '', of = '', name = '', texts = '' }) => {
    const subject = LANGUAGES.map((language) => idOfWord(WORDS[language].subjects, of)).find((id) => id !== undefined);
    const what = readToken(name);
    if (subject === undefined || what === null) return [];
    const asked = typeof test === 'boolean' ? { isEmpty: test } : { [test]: readTokens(texts) ?? [] };
    const condition = Condition.safeParse({ [subject]: what, ...asked });
    return condition.success ? [{ kind: 'only', from: a, condition: condition.data }] : [];
  };

const kindInEnglish = (word: string): string => idOfWord(WORDS.nb.kinds, word) ?? word;

/** Our own sentences, the more particular before those that would take them in. */
const OWN: readonly (readonly [SentenceId, Reader])[] = [
  ['every', creation('every', null)],
  ['proposed', automatic(false)],
  ['automatic', automatic(true)],
  ['neverAutomatic', creation('never', true)],
  ['never', creation('never', false)],
  ['ifReferredAutomatic', referred(true)],
  ['ifReferred', referred(false)],
  ['numbers', numbers],
  ['mergeFollows', fact('mergeFollows')],
  ['noMerge', fact('noMerge')],
  ['inSync', fact('inSync')],
  ['propertiesFollow', fact('propertiesFollow')],
  ['noProperties', fact('noProperties')],
  ['label', names('label')],
  ['lifecycle', ({ property = '', inactive = '' }) => lifecycle(readToken(property), readToken(inactive))],
  ['joins', names('joins')],
  ['off', fact('off')],
  ['onlyIs', only('is')],
  ['onlyIsNot', only('isNot')],
  ['onlyStartsWith', only('startsWith')],
  ['onlyWithValue', only(false)],
  ['onlyWithoutValue', only(true)],
];

const lifecycle = (property: string | null, inactive: string | null): Fact[] =>
  property === null || inactive === null ? [] : [{ kind: 'lifecycle', property, inactive }];

const AN = String.raw`(?:an?|the|en|et|ei)\s+`;
const pattern = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(' ', String.raw`\s+`).replaceAll('AN', AN)}[.:]?$`, 'iu');

/** How vendors word the same. Loose on purpose: what matters is told by a few words, and names stand in between. */
const VENDORS: readonly (readonly [RegExp, Reader])[] = [
  [pattern('No (?<b>.+?) (?:will|is|are) (?:be )?created from (?:AN)?(?<a>.+?)'), creation('never', false)],
  [
    pattern('(?:AN)?(?<a>.+?) will never be (?:created|synchroni[sz]ed) (?:as|with|into|in) (?:AN)?(?<b>.+?)'),
    creation('never', false),
  ],
  [pattern('Every (?<a>.+?) will be (?:synchroni[sz]ed with|created as) (?:AN)?(?<b>.+?)'), creation('every', null)],
  [
    pattern(
      '(?:AN)?(?:new )?(?<b>.+?) will be created from (?:AN)?(?<a>.+?) if it is connected to (?<by>.+?)(?: that is synchroni[sz]ed.*)?',
    ),
    ({ a = '', b = '', by = '' }) => [{ kind: 'ifReferred', from: a, to: b, by: listOf(by) }],
  ],
  [
    pattern(
      '(?:AN)?(?<a>.+?) will be created(?: as (?:AN)?(?<b>.+?))? if it is connected to (?<by>.+?)(?: that is synchroni[sz]ed.*)?',
    ),
    ({ a = '', b = '', by = '' }) => [{ kind: 'ifReferred', from: a, to: b, by: listOf(by) }],
  ],
  [pattern('If (?:AN)?matching .+? already exists.+'), fact('mergesWithExisting')],
  [pattern('If no matching (?<b>.+?) (?:is found|exists).*,? a new .+? will be created'), automatic(false)],
  [pattern('Before any synchroni[sz]ation can take place.+link.+'), fact('linkFirst')],
  [pattern('.+ (?:will merge|will be merged|merges|is merged) with .+combinations?.+'), fact('mergeFollows')],
  [pattern('Once .*link.+ in sync.*'), fact('inSync')],
  [pattern('.*propert(?:y|ies).*(?:are|is) synchroni[sz]ed.*'), fact('propertiesFollow')],
  [
    pattern('(?:If )?.*,? it will be (?:synchroni[sz]ed with|created as) (?:AN)?(?<b>.+?)'),
    ({ b = '' }) => [{ kind: 'onCondition', from: '', to: b }],
  ],
];

const listOf = (text: string): string[] =>
  text
    .split(/\s*,\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+/u)
    .map((one) => one.replace(/^(?:an?|the)\s+/iu, '').trim())
    .filter((one) => one !== '');

/** What one sentence says; empty when it is not understood. */
export function readSentence(text: string): Fact[] {
  for (const language of LANGUAGES) {
    for (const [id, reader] of OWN) {
      const values = sentence(language, id).read(text);
      if (values !== null) return reader(values);
    }
  }
  if (text.length > LONGEST) return [];
  for (const [worded, reader] of VENDORS) {
    const found = worded.exec(text);
    if (found !== null) return reader(found.groups ?? {});
  }
  return [];
}

/** No sentence of the form is nearly as long; a bound, so that no text makes the patterns slow. */
const LONGEST = 2_000;

/** The sentences of a text: a full stop ends one when a capital follows. What stands in quotes is never cut. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && isQuoted) at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[.!?]/.test(char) && /^\s\p{Lu}/u.test(text.slice(at + 1, at + 4))) {
      sentences.push(text.slice(from, at + 1).trim());
      from = at + 1;
    }
  }
  return [...sentences, text.slice(from).trim()].filter((one) => one !== '');
}
