import type { Side } from '../../shared/domain.ts';
import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts';
import { canon } from './canon.ts';
import type { FieldDeclaration } from './field-declaration.ts';
import { FieldDeclaration as DeclarationSchema } from './field-declaration.ts';
import type { Property } from './mapping.ts';
import { cut } from './text.ts';

/**
 * Where the value of one side stands: in one field, or in several that belong together, `Fornavn + Etternavn`. Several
 * read as their texts with a blank between; written, the last words go one to a field, and the first field takes the rest.
 */

const PLUS = /\s+\+\s+/;
const BLANK = ' ';

/** The dotted paths of a field text, one or several. */
export const pathsIn = (field: string): readonly string[] => field.split(PLUS);
export const isCombined = (field: string): boolean => PLUS.test(field);

/** One field of a side, and what its system declares about it. */
export interface FieldPart {
  readonly path: string;
  readonly declaration: FieldDeclaration;
}

type Declared = Readonly<Record<string, FieldDeclaration>>;

/** The fields of one side of a property; null when one of them is not declared. */
export function partsOf(property: Pick<Property, Side>, side: Side, declared: Declared): readonly FieldPart[] | null {
  const parts = pathsIn(property[side]).flatMap((path) => {
    const declaration = Object.hasOwn(declared, path) ? declared[path] : undefined;
    return declaration === undefined ? [] : [{ path, declaration }];
  });
  return parts.length === pathsIn(property[side]).length ? parts : null;
}

/** What is declared about the fields taken together: the field's own declaration where there is but one. */
export function declarationOf(parts: readonly FieldPart[]): FieldDeclaration {
  const [first, ...others] = parts.map(({ declaration }) => declaration);
  if (first !== undefined && others.length === 0) return first;
  const all = parts.map(({ declaration }) => declaration);
  return DeclarationSchema.parse({
    json: 'string',
    readOnly: all.some(({ readOnly }) => readOnly),
    omitsEmpty: all.every(({ omitsEmpty }) => omitsEmpty),
    ...(all.every(({ clear }) => clear !== undefined) ? { clear: '' } : {}),
  });
}

/** A step that is a place in a list, from 0: `phones.0.number`. */
const PLACE = /^\d+$/;

/** What of a path a system can be asked for: the list as a whole where the path leads into one. */
export function pathToAskFor(path: string): string {
  const steps = path.split('.');
  const place = steps.findIndex((step) => PLACE.test(step));
  return place < 1 ? path : steps.slice(0, place).join('.');
}

/** Whether the path leads into a list. Such a field is only read: what else the list holds would be lost in a write. */
export const isInList = (path: string): boolean => pathToAskFor(path) !== path;

/**
 * Reads one path. Split once, here, not once a record. A null on the way reads as null: what it would hold is empty. So is
 * what a shorter list does not have.
 */
export function getterOf(path: string): (raw: JsonObject) => Json | undefined {
  const steps = path.split('.');
  if (steps.length === 1) return (raw) => (Object.hasOwn(raw, path) ? raw[path] : undefined);
  return (raw) => {
    let at: Json | undefined = raw;
    for (const step of steps) {
      if (at === null) return null;
      if (Array.isArray(at)) {
        at = PLACE.test(step) ? ((at as readonly Json[])[Number(step)] ?? null) : undefined;
        continue;
      }
      if (!isJsonObject(at) || !Object.hasOwn(at, step)) return undefined;
      at = at[step];
    }
    return at;
  };
}

/** The raw value of one side: undefined when it, or one of several fields, was not observed (N1, N3, N4). */
export function valueGetter(parts: readonly FieldPart[]): (raw: JsonObject, fullRecord: boolean) => Json | undefined {
  const getters = parts.map(({ path, declaration }) => ({ get: getterOf(path), declaration }));
  const [only] = getters;
  if (only !== undefined && getters.length === 1) return only.get;
  return (raw, fullRecord) => {
    const texts: string[] = [];
    for (const { get, declaration } of getters) {
      const json = get(raw);
      const seen = canon('string', json, declaration, { fullRecord });
      if (seen.state === 'unobserved') return undefined;
      // Whatever cannot be read is handed on as it is, and is found invalid there.
      if (seen.state === 'invalid') return json;
      if (seen.value !== null) texts.push(seen.value);
    }
    return texts.join(BLANK);
  };
}

/** What goes into each of several fields; null where one of them cannot hold its share so that it reads back the same. */
export function spread(
  text: string,
  parts: readonly FieldPart[],
  op: 'create' | 'update',
): readonly (readonly [string, Json])[] | null {
  const words = text === '' ? [] : text.split(BLANK);
  const shares: string[] = [];
  for (let i = parts.length - 1; i > 0; i--) shares.unshift(words.pop() ?? '');
  shares.unshift(words.join(BLANK));
  const written: (readonly [string, Json])[] = [];
  for (const [i, { path, declaration }] of parts.entries()) {
    const share = shares[i] ?? '';
    if (share === '' && op === 'create') continue;
    if (share === '' && declaration.clear === undefined) return null;
    if (cut(share, declaration.maxLength ?? null) !== share || declaration.emptyValues.includes(share)) return null;
    written.push([path, share === '' ? (declaration.clear ?? null) : share]);
  }
  return written;
}
