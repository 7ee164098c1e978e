import { TOKEN, TOKENS } from './tokens.ts';

/** A sentence with places, `{a}` for words and `{x:token}`, `{xs:tokens}` for names: written and read by one pattern. */
export interface Phrase {
  readonly write: (values: Readonly<Record<string, string>>) => string;
  /** The values at its places, when the text is this sentence. */
  readonly read: (text: string) => Readonly<Record<string, string>> | null;
}

const PLACE = /\{(\w+)(?::(\w+))?\}/g;
const SHAPES: Readonly<Record<string, string>> = { token: TOKEN, tokens: TOKENS };

export function phrase(template: string): Phrase {
  const pattern = new RegExp(`^${patternOf(template)}$`, 'u');
  return {
    write: (values) => template.replaceAll(PLACE, (_place, name: string) => values[name] ?? ''),
    read: (text) => {
      const found = pattern.exec(text);
      return found === null ? null : (found.groups ?? {});
    },
  };
}

function patternOf(template: string): string {
  const named = new Set<string>();
  let pattern = '';
  let at = 0;
  for (const place of template.matchAll(PLACE)) {
    const [whole, name = '', shape = ''] = place;
    pattern += literal(template.slice(at, place.index));
    pattern += named.has(name) ? `\\k<${name}>` : `(?<${name}>${SHAPES[shape] ?? '.*?'})`;
    named.add(name);
    at = place.index + whole.length;
  }
  return pattern + literal(template.slice(at));
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
