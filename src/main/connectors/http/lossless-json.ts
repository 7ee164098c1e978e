import type { Json } from '../../../shared/json.ts';
import { isJsonObject } from '../../../shared/json.ts';
import { exactDecimal } from '../../mapping/numbers.ts';

// How a number stood in the text, wherever JavaScript would print it differently (25.0, 12345678901234567890). Kept
// beside the parsed object, so that a full-object write can send fields we do not know exactly as they came (A4, I6).
const spellings = new WeakMap<object, Map<string, string>>();

declare global {
  // Node has it; the compiler's ES2024 library does not list it yet.
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/**
 * Parses JSON without loss (2.2: id, integer, decimal): a number that a double would round, or cannot hold, becomes the
 * text that it was written as. Throws SyntaxError on anything that is not JSON, or nested beyond reason.
 */
export function parseLossless(text: string): Json {
  const parsed = parsedAs(text, MAY_LOSE.test(text));
  const found = lookThrough(parsed, DEEPEST);
  if (found === 'tooDeep') throw new SyntaxError('Nested too deeply');
  // Rare in what systems send, and what looks like one stands in many texts: so it is asked about only now.
  return found === 'looseNumber' && LOOSE_MAY_LOSE.test(text) ? parsedAs(text, true) : parsed;
}

function parsedAs(text: string, keepsDigits: boolean): Json {
  const parsed: unknown = keepsDigits ? JSON.parse(text, keepDigits) : JSON.parse(text);
  if (!isJson(parsed)) throw new SyntaxError('Not JSON');
  return parsed;
}

/** No system nests its records like this, and whoever walks through them later would run out of stack. */
const DEEPEST = 2_000;

type Found = 'nothing' | 'looseNumber' | 'tooDeep';

/** Looks for numbers that are members of no object, and for what is nested deeper than so many levels. */
function lookThrough(value: Json, levels: number): Found {
  if (typeof value === 'number') return 'looseNumber';
  if (typeof value !== 'object' || value === null) return 'nothing';
  if (levels === 0) return 'tooDeep';
  let found: Found = 'nothing';
  if (!isJsonObject(value)) {
    for (const item of value) found = worse(found, lookThrough(item, levels - 1));
    return found;
  }
  // Every record of every page comes by here: no list is made of what it holds.
  for (const name in value) {
    const item = value[name];
    if (typeof item === 'object') found = worse(found, lookThrough(item, levels - 1));
  }
  return found;
}

const worse = (one: Found, other: Found): Found => (one === 'nothing' || other === 'tooDeep' ? other : one);

// A number behind a colon that has a fraction, an exponent, 16 digits or a sign before its zero. What only looks like one
// inside a string costs time and nothing else: asking about every number takes some five times as long. A colon follows a
// quotation mark or a blank, and those pairs are found much faster than colons.
const MAY_LOSE = /["\s]:\s*(?:-0|-?\d+(?:\d{15}|[.eE]))/;
// The same behind a comma or a bracket, or as the whole text.
const LOOSE_MAY_LOSE = /(?:^|[[,])\s*(?:-0|-?\d+(?:\d{15}|[.eE]))/;

// JSON.parse makes nothing but JSON, and the reviver below only turns numbers into strings.
const isJson = (value: unknown): value is Json => value !== undefined;

function keepDigits(this: object, key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  const kept = isExact(value, source) ? value : source;
  if (typeof kept === 'string' || String(kept) !== source) remember(this, key, source);
  return kept;
}

/** A whole number written with an exponent stays one, however large: as an id, its text would be another id. */
function isExact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isSafeInteger(value) && /^-?\d+$/.test(source)) return true;
  const exact = exactDecimal(source);
  if (exact === null || /^-?\d+$/.test(source)) return false;
  return !exact.includes('.') || exactDecimal(String(value)) === exact;
}

function remember(holder: object, key: string, source: string): void {
  const known = spellings.get(holder) ?? new Map<string, string>();
  spellings.set(holder, known.set(key, source));
}

/** A value for `JSON.stringify` in which every number is spelled as it was received. For objects made by `parseLossless`. */
export function asReceived(value: Json): unknown {
  if (Array.isArray(value)) return value.map((item: Json, index) => spelled(value, String(index), item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spelled(value, key, item)]));
}

function spelled(holder: object, key: string, value: Json): unknown {
  const source = spellings.get(holder)?.get(key);
  return source === undefined ? asReceived(value) : JSON.rawJSON(source);
}

/** A whole number given by its digits, for `JSON.stringify`: no digit is lost, however many there are. */
export const integerJson = (digits: string): unknown => JSON.rawJSON(BigInt(digits).toString());
