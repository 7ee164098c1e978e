import type { RowCondition } from '../mapping/mapping.ts';
import type { Condition, FieldRef } from './dataflow.ts';
import { LANGUAGES, WORDS, type Language } from './language.ts';
import { readToken, TOKEN, writeToken } from './tokens.ts';

/**
 * “organizationNumber (Dependant on having NO in country)”: a row of some records only, as the industry words it. Two
 * values of one field are alternatives; two fields must both fit.
 */

type SideCondition = NonNullable<RowCondition['customerp']>;

/** What stands behind the name of a property; empty where it holds for each record. */
export function writeConditions(when: SideCondition | undefined, language: Language): string {
  if (when === undefined) return '';
  const { dependsOn } = WORDS[language];
  const told = Object.entries(when).flatMap(([field, texts]) =>
    texts.map((text) => dependsOn.replace('{v}', () => writeToken(text)).replace('{f}', () => writeToken(field))),
  );
  return ` (${told.join(' ')})`;
}

const ONE = LANGUAGES.map((language) =>
  WORDS[language].dependsOn.replace('{v}', () => `(${TOKEN})`).replace('{f}', () => `(${TOKEN})`),
).join('|');
const UNNAMED = `(?:${ONE.replaceAll(`(${TOKEN})`, () => TOKEN)})`;
const ALL = new RegExp(`^(${TOKEN}) \\((${UNNAMED}(?: ${UNNAMED})*)\\)$`, 'u');

/** A cell as `writeConditions` writes it; null when it is none. */
export function readConditions(cell: string): Pick<FieldRef, 'path' | 'conditions'> | null {
  const [, name, all] = ALL.exec(cell) ?? [];
  const path = name === undefined ? null : readToken(name);
  if (path === null || all === undefined) return null;
  const conditions: Condition[] = [];
  for (const [, ...tokens] of all.matchAll(new RegExp(ONE, 'gu'))) {
    const [value, field] = tokens.filter((token) => token !== undefined).map(readToken);
    if (typeof value !== 'string' || typeof field !== 'string') return null;
    conditions.push({ value, field });
  }
  return { path, conditions };
}

/** The conditions of a cell as a row has them; undefined where there is none. */
export function sideCondition({ conditions }: Pick<FieldRef, 'conditions'>): SideCondition | undefined {
  if (conditions.length === 0) return undefined;
  const fields = new Map<string, string[]>();
  for (const { field, value } of conditions) fields.set(field, [...(fields.get(field) ?? []), value]);
  return Object.fromEntries(fields);
}

/** The condition of a row of a document; nothing where it holds for each record. */
export function rowCondition(partner: FieldRef, tidsbanken: FieldRef): { when?: RowCondition } {
  const sides = { customerp: sideCondition(partner), tidsbanken: sideCondition(tidsbanken) };
  if (sides.customerp === undefined && sides.tidsbanken === undefined) return {};
  return {
    when: {
      ...(sides.customerp === undefined ? {} : { customerp: sides.customerp }),
      ...(sides.tidsbanken === undefined ? {} : { tidsbanken: sides.tidsbanken }),
    },
  };
}
