/**
 * Names and values as they stand in a document: plain where a reader cannot mistake them, else in quotes with JSON's
 * escapes, so that any text comes back as it was.
 */
const PLAIN = /^\p{L}[\p{L}\p{N}]*(?:[._-][\p{L}\p{N}]+)*$/u;
/** Words that say “no names at all”, in the languages of the documents. */
const NOTHING = ['none', 'ingen'] as const;
const isNothing = (word: string): boolean => NOTHING.some((one) => one === word);

export const TOKEN = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s",;=/|]+)`;
export const TOKENS = String.raw`${TOKEN}(?:, ${TOKEN})*`;

export const writeToken = (text: string): string => (PLAIN.test(text) && !isNothing(text) ? text : quoted(text));

/** Printable ASCII and letters stay; what a reader or a line break could change is written as `\uXXXX`. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]| (?= )|[\u2028\u2029\uFFFD]/gu, escapes);

function escapes(found: string): string {
  let out = '';
  for (let i = 0; i < found.length; i++) out += `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}

/** The text of a token; null when its quotes or escapes are broken. */
export function readToken(token: string): string | null {
  if (!token.startsWith('"')) return token;
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

export const writeTokens = (texts: readonly string[], nothing: string): string =>
  texts.length === 0 ? nothing : texts.map(writeToken).join(', ');

const ALL = new RegExp(`^${TOKENS}$`, 'u');

/** The texts of a list of tokens; null when it is none. */
export function readTokens(list: string): string[] | null {
  if (isNothing(list)) return [];
  if (!ALL.test(list)) return null;
  const texts = [...list.matchAll(new RegExp(TOKEN, 'gu'))].map(([token]) => readToken(token));
  return texts.every((text) => text !== null) ? texts : null;
}
