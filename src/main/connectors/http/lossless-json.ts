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
  const parsed: unknown = MAY_LOSE.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  if (!isJson(parsed)) throw new SyntaxError('Not JSON');
  if (isDeeper(parsed, DEEPEST)) throw new SyntaxError('Nested too deeply');
  return parsed;
}

/** No system nests its records like this, and whoever walks through them later would run out of stack. */
const DEEPEST = 2_000;

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (!isJsonObject(value)) return value.some((item) => isDeeper(item, levels - 1));
  // Every record of every page comes by here: no list is made of what it holds.
  for (const name in value) {
    const item = value[name];
    if (typeof item === 'object' && isDeeper(item, levels - 1)) return true;
  }
  return false;
}

// A number that is the whole text, or one behind a colon, a comma or a bracket, that has a fraction, an exponent, 16
// digits or a sign before its zero. What only looks like one inside a string costs time and nothing else: asking about
// every number takes some five times as long. It looks back from the colon: there are fewer of them than of quotation marks.
const MAY_LOSE = /^\s*[-\d]|(?:[[,]|:(?<="\s*:))\s*(?:-0|-?\d+(?:\d{15}|[.eE]))/;

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
