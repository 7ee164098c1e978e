import type { Condition, FieldRef } from './dataflow.ts';
import { readConditions } from './conditions.ts';
import { readToken, readTokens } from './tokens.ts';

// The vendors' generator leaves out the blank between two conditions, so each ends where the next begins.
const CONDITION = /depend[ae]nt (?:on|upon) having (.*?) in (.*?)(?=\s*depend[ae]nt |\s*$)/giu;

/** A property as a cell names it: `address.city`, `orgNo (Dependant on having NO in country)`, `lines[].id`. */
export function readField(cell: string): FieldRef {
  const text = cell.trim();
  const quoted = text.startsWith('"') ? readToken(text) : null;
  const own = quoted === null ? readConditions(text) : { path: quoted, conditions: [] };
  // What stands in quotes is a name as it is, whatever it looks like.
  if (own !== null && text.startsWith('"')) return { text, ...own, isAuxiliary: false, isRepeated: false };
  const open = text.search(/\s*\(\s*depend[ae]nt /i);
  const path = own?.path ?? (open === -1 ? text : text.slice(0, open).trim());
  return {
    text,
    path,
    conditions:
      own !== null || open === -1
        ? (own?.conditions ?? [])
        : conditionsOf(
            text
              .slice(open)
              .trim()
              .replace(/^\(|\)$/g, ''),
          ),
    isAuxiliary: /^sesam_/i.test(path),
    isRepeated: /\[[^\]]*\]|(^|\.)\d+(\.|$)/.test(path),
  };
}

const conditionsOf = (text: string): Condition[] => {
  const found = [...text.matchAll(CONDITION)].map(([, value = '', field = '']) => ({ value, field }));
  // Worded in a way that is not known it is a condition all the same.
  return found.length > 0 ? found : [{ value: text, field: '' }];
};

/** The properties of a cell of a merge table: its paragraphs and list items, each perhaps several with commas. */
export function readFields(paragraphs: readonly string[]): FieldRef[] {
  return paragraphs.flatMap((paragraph) => {
    const tokens = paragraph.includes('"') ? readTokens(paragraph) : null;
    const names =
      tokens?.map((token) => JSON.stringify(token)) ?? paragraph.split(/\s*(?:,|;|\+|&|\band\b|\bog\b)\s*/u);
    return names.filter((name) => name.trim() !== '').map(readField);
  });
}
