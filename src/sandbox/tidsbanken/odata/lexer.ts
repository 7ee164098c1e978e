import { badRequest } from '../errors.ts';

/** `digits` is what was written, read as if it were UTC; `instant` heeds the offset. */
export interface Moment {
  readonly instant: number;
  readonly digits: number;
}

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'moment'; readonly value: Moment };

const SPACE = /\s+/y;
const TEXT = /'((?:[^']|'')*)'/y;
const MOMENT = /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?(?![\w.])/iy;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.])/y;
const WORD = /[A-Za-z_@$][\w.]*/y;
const MARK = /[(),/;=*]/y;

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < source.length) {
    if (take(SPACE) !== null) continue;
    tokens.push(readToken(take) ?? unreadable(source, at));
  }
  return tokens;
}

function readToken(take: (pattern: RegExp) => RegExpExecArray | null): Token | undefined {
  let match: RegExpExecArray | null;
  if ((match = take(TEXT)) !== null) return { kind: 'text', value: (match[1] ?? '').replaceAll("''", "'") };
  if ((match = take(MOMENT)) !== null) return { kind: 'moment', value: readMoment(match[0]) };
  if ((match = take(NUMBER)) !== null) return { kind: 'number', value: Number(match[0]) };
  if ((match = take(WORD)) !== null) return { kind: 'word', text: match[0] };
  if ((match = take(MARK)) !== null) return { kind: 'mark', text: match[0] };
  return undefined;
}

function unreadable(source: string, at: number): never {
  throw badRequest(`Syntax error at position ${at} in '${source}'.`);
}

function readMoment(text: string): Moment {
  const bare = text.toUpperCase().replace(/(?:Z|(?<=T.*)[+-]\d{2}:\d{2})$/, '');
  const digits = Date.parse(bare.includes('T') ? `${bare}Z` : `${bare}T00:00Z`);
  const instant = /[+-]\d{2}:\d{2}$/.test(text) && bare.includes('T') ? Date.parse(text.toUpperCase()) : digits;
  // The engine takes 31 February for 3 March.
  const rolled = !Number.isNaN(digits) && !new Date(digits).toISOString().startsWith(text.slice(0, 10));
  if (rolled || Number.isNaN(digits) || Number.isNaN(instant)) throw badRequest(`'${text}' is not a valid date.`);
  return { digits, instant };
}
