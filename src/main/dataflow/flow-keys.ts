import type { FlowMapping, MatchKey, Property } from '../mapping/mapping.ts';
import type { DataflowPair, FieldRef, MergeAlternative } from './dataflow.ts';
import { idOfWord, LANGUAGES, WORDS } from './language.ts';
import { subject, type Finding } from './report.ts';
import { readToken, readTokens } from './tokens.ts';

export interface FlowKeys {
  readonly keys: readonly MatchKey[];
  /** Properties that only the merge rule names. */
  readonly added: readonly Property[];
  readonly findings: readonly Finding[];
  readonly contradiction: string | null;
}

interface KeyContext {
  readonly properties: readonly Property[];
  readonly defaults: FlowMapping;
}

type Verdict =
  | {
      readonly status: 'taken' | 'adapted';
      readonly key: MatchKey;
      readonly added: readonly Property[];
      readonly why: string;
    }
  | { readonly status: 'refused'; readonly why: string };

/** The match keys of a flow, from its merge tables; from the default mapping where there is none. */
export function flowKeys(pairs: readonly DataflowPair[], context: KeyContext): FlowKeys {
  const alternatives = pairs.flatMap((pair) => pair.merges.flatMap((merge) => merge.alternatives));
  const isByHand = pairs.some((pair) => pair.statements.some(({ fact }) => fact.kind === 'noMerge'));
  if (alternatives.length === 0) return isByHand ? NONE : usualKeys(pairs, context);
  const keys: MatchKey[] = [];
  const added: Property[] = [];
  const findings: Finding[] = [];
  for (const alternative of alternatives) {
    const verdict = keyOf(alternative, { ...context, properties: [...context.properties, ...added] });
    findings.push(findingOf(alternative, verdict, keys));
    if (verdict.status === 'refused') continue;
    if (alternative.own === null && keys.some((key) => isSame(key.properties, verdict.key.properties))) continue;
    keys.push(verdict.key);
    added.push(...verdict.added);
  }
  return { keys, added, findings, contradiction: contradictionIn(alternatives) };
}

const NONE: FlowKeys = { keys: [], added: [], findings: [], contradiction: null };
const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name) => others.includes(name));

function usualKeys([pair]: readonly DataflowPair[], { properties, defaults }: KeyContext): FlowKeys {
  const isThere = (name: string): boolean =>
    properties.some((property) => property.name === name && !property.sensitive);
  const keys = defaults.keys.filter((key) => key.properties.every(isThere));
  if (pair === undefined) return { ...NONE, keys };
  const why = `There is no merge rule; records find each other by ${keys.map((key) => key.name).join(', ') || 'hand only'}.`;
  return {
    ...NONE,
    keys,
    findings: [{ line: pair.line, part: 'merge', status: 'adapted', subject: subject(pair.title), why }],
  };
}

function findingOf(alternative: MergeAlternative, verdict: Verdict, before: readonly MatchKey[]): Finding {
  const texts = [alternative.partner, alternative.tidsbanken].map((fields) =>
    fields.map((field) => field.text).join(', '),
  );
  const at = { line: alternative.line, part: 'merge', subject: subject(texts.join(' | ')) } as const;
  if (
    verdict.status !== 'refused' &&
    alternative.own === null &&
    before.some((key) => isSame(key.properties, verdict.key.properties))
  ) {
    return { ...at, status: 'adapted', why: 'The same combination stands above.' };
  }
  return { ...at, status: verdict.status, why: verdict.why };
}

function keyOf(alternative: MergeAlternative, context: KeyContext): Verdict {
  if (alternative.own !== null) return ownKey(alternative.own);
  const { partner, tidsbanken } = alternative;
  if (partner.length === 0 || tidsbanken.length === 0)
    return { status: 'refused', why: 'One side of the combination is empty.' };
  if (partner.length !== tidsbanken.length) {
    return {
      status: 'refused',
      why: `The combination has ${String(partner.length)} properties on one side and ${String(tidsbanken.length)} on the other.`,
    };
  }
  const found = tidsbanken.map((field, i) => propertyOf(partner[i], field, context));
  const unknown = found.indexOf(undefined);
  if (unknown !== -1) {
    return {
      status: 'refused',
      why: `“${tidsbanken[unknown]?.text ?? ''}” is no property of this flow, and none that the default mapping knows.`,
    };
  }
  return vendorKey(
    found.flatMap((property) => property ?? []),
    context,
  );
}

/** A property in use, else one of the default mapping: by Tidsbanken's field, as the other names may be another ERP's. */
function propertyOf(
  partner: FieldRef | undefined,
  tidsbanken: FieldRef,
  { properties, defaults }: KeyContext,
): Property | undefined {
  const field = /^sesam_\w+id$/i.test(tidsbanken.path) ? 'Id' : tidsbanken.path;
  const fits = properties.filter((property) => property.tidsbanken === field);
  return (
    fits.find((property) => property.customerp === partner?.path) ??
    fits[0] ??
    defaults.properties.find((property) => property.tidsbanken === field)
  );
}

/** `firstName` and `lastName` make `firstNameAndLastName`. */
const keyName = (names: readonly string[]): string =>
  names.map((name, at) => (at === 0 ? name : name.charAt(0).toUpperCase() + name.slice(1))).join('And');

function vendorKey(members: readonly Property[], { properties, defaults }: KeyContext): Verdict {
  const sensitive = members.find((member) => member.sensitive || member.type === 'nationalId');
  if (sensitive !== undefined) {
    return {
      status: 'refused',
      why: `${sensitive.tidsbanken} is sensitive, and what is sensitive is never a match key.`,
    };
  }
  const names = members.map((member) => member.name);
  const added = members.filter((member) => !properties.some((property) => property.name === member.name));
  const whys = added.map(
    (member) => `${member.tidsbanken} is in no property table; its row of the default mapping was added.`,
  );
  const usual = defaults.keys.find((key) => isSame(key.properties, names));
  const weak = { name: keyName(names), properties: names, strength: 'weak', placeholders: [] } as const;
  const key: MatchKey = usual ?? { ...weak, properties: names, placeholders: [] };
  if (usual === undefined)
    whys.push('It is no key that proves anything by itself, so it gives suggestions and links nothing.');
  else if (usual.strength === 'weak') whys.push('It gives suggestions and links nothing by itself.');
  return { status: whys.length > 0 ? 'adapted' : 'taken', key, added, why: whys.join(' ') };
}

function ownKey(cells: NonNullable<MergeAlternative['own']>): Verdict {
  const name = readToken(cells.key);
  const properties = readTokens(cells.properties);
  const placeholders = cells.placeholders === '' ? [] : readTokens(cells.placeholders);
  const strength = LANGUAGES.map((language) => idOfWord(WORDS[language].strengths, cells.strength)).find(
    (one) => one !== undefined,
  );
  if (
    name === null ||
    properties === null ||
    properties.length === 0 ||
    placeholders === null ||
    strength === undefined
  ) {
    return {
      status: 'refused',
      why: 'One of the cells on the key, its properties, its strength or its placeholders is not understood.',
    };
  }
  return { status: 'taken', key: { name, properties, strength, placeholders }, added: [], why: '' };
}

/** One property that is to match two different ones: then the document does not know who belongs together. */
function contradictionIn(alternatives: readonly MergeAlternative[]): string | null {
  const known = new Map<string, { readonly other: string; readonly line: number }>();
  for (const { partner, tidsbanken, line, own } of alternatives) {
    if (own !== null || partner.length !== tidsbanken.length) continue;
    for (const [i, field] of partner.entries()) {
      const pairs = [
        [`E ${field.path}`, tidsbanken[i]?.path ?? ''],
        [`T ${tidsbanken[i]?.path ?? ''}`, field.path],
      ] as const;
      for (const [one, other] of pairs) {
        const before = known.get(one);
        if (before !== undefined && before.other !== other) {
          return `The merge rules on lines ${String(before.line)} and ${String(line)} contradict each other: “${one.slice(2)}” is to match “${before.other}” and “${other}”.`;
        }
        known.set(one, { other, line });
      }
    }
  }
  return null;
}
