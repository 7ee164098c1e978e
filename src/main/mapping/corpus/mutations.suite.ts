import * as fc from 'fast-check';
import type { Side } from '../../../shared/domain.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/json.ts';
import { parseLossless } from '../../connectors/http/lossless-json.ts';
import type { CompiledFlow, CompiledProperty } from '../compile.ts';
import { anyJsonValue } from '../json.arbitrary.ts';
import { flowOf } from './corpus.suite.ts';
import { CORPUS_FLOWS, VALID, type CorpusFlow, type CorpusKind } from './valid-records.ts';

/** Valid records with random damage, to their bytes or to their structure. */

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
}

/** How often the damage left something to look at: a fuzz that damages everything beyond reading proves nothing. */
export interface FuzzFigures {
  readonly read: number;
  readonly unreadable: number;
  readonly values: number;
  readonly empty: number;
  readonly invalid: number;
  readonly unobserved: number;
}

interface Start {
  readonly flow: CorpusFlow;
  readonly kind: CorpusKind;
  readonly side: Side;
}
const start: fc.Arbitrary<Start> = fc.record({
  flow: fc.constantFrom(...CORPUS_FLOWS),
  kind: fc.constantFrom<CorpusKind>('customer', 'employee', 'project'),
  side: fc.constantFrom<Side>('customerp', 'tidsbanken'),
});

// ---------------------------------------------------------------- bytes

/** One cut into the bytes: at a place (in ten-thousandths of the length), so many bytes become these. */
interface Cut {
  readonly at: number;
  readonly length: number;
  readonly by: Uint8Array;
}

/** Bytes that mean something to JSON, or to the mapping, are likelier to give a record again. */
const TELLING = [
  ...'{}[],:"-+.eEnul tT'.split(''),
  ...'0123456789abcdeå@x'.split(''),
  '\\',
  '\u200b',
  '\ufeff',
  '\u00a0',
  '\u0000',
  '\ud83d\udd27',
  '\u202e',
  '\u030a',
];
const bytes = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }) },
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom(...TELLING), { maxLength: 4 })
      .map((texts) => new TextEncoder().encode(texts.join(''))),
  },
);
const cuts: fc.Arbitrary<readonly Cut[]> = fc.array(
  fc.record({ at: fc.noBias(fc.nat({ max: 9_999 })), length: fc.nat({ max: 3 }), by: bytes }),
  { minLength: 1, maxLength: 2 },
);

function damagedBytes(whole: Uint8Array, { at, length, by }: Cut): Uint8Array {
  const from = Math.floor((at / 10_000) * whole.length);
  return Uint8Array.from([...whole.slice(0, from), ...by, ...whole.slice(from + length)]);
}

/** The record that the bytes hold, as the product reads them; null where they hold none. */
function recordIn(damaged: Uint8Array): JsonObject | null {
  try {
    const json = parseLossless(new TextDecoder('utf-8', { fatal: true }).decode(damaged));
    return isJsonObject(json) ? json : null;
  } catch (error) {
    // A strange answer is refused in one of these two ways, or by a parser that ran out of stack, and in no other.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

// ---------------------------------------------------------------- structure

type Change = (record: JsonObject) => JsonObject;
const keysOf = ({ kind, side }: Start): string[] => Object.keys(VALID[kind][side]);
const odd = fc.oneof(
  anyJsonValue,
  fc.constantFrom<Json>('', ' ', '\u200b', null, 0, -1, '0', '0001-01-01', 'null', '2025-02-30', '9007199254740993'),
  fc.constantFrom<Json>([], {}, [null], { line1: null }, { city: '' }, true, false, 1e300, Number.MIN_VALUE),
);
const set =
  (key: string, value: Json): Change =>
  (r) =>
    Object.fromEntries([...Object.entries(r).filter(([k]) => k !== key), [key, value]]);

function changeOf(from: Start): fc.Arbitrary<Change> {
  const key = fc.constantFrom(...keysOf(from));
  return fc.oneof(
    fc.tuple(key, odd).map(([k, value]) => set(k, value)),
    key.map(
      (k): Change =>
        (r) =>
          Object.fromEntries(Object.entries(r).filter(([other]) => other !== k)),
    ),
    fc.tuple(key, key).map(
      ([a, b]): Change =>
        (r) =>
          set(a, r[b] ?? null)(r),
    ),
    fc.tuple(key, odd).map(
      ([k, v]): Change =>
        (r) =>
          set(k, [r[k] ?? null, v])(r),
    ),
    fc
      .tuple(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string()), odd)
      .map(([k, value]) => set(k, value)),
    fc.tuple(key, fc.string({ unit: 'binary', maxLength: 3 })).map(([k, text]): Change => (r) => {
      const value = r[k];
      return set(k, typeof value === 'string' ? value + text : text)(r);
    }),
  );
}

// ---------------------------------------------------------------- what must hold

/** What the mapping may take for empty (2.1): said here once more, and not with the mapping's own functions. */
function looksEmpty(raw: Json | undefined, property: CompiledProperty, side: Side): boolean {
  if (raw === null) return true;
  if (typeof raw !== 'string' && typeof raw !== 'number') return false;
  const text = String(raw)
    .replaceAll(/[\p{Cc}\u200b\u2060\ufeff]/gu, '')
    .trim();
  if (text === '' || property.fields[side].emptyValues.includes(text)) return true;
  const isDay = property.type === 'date' || property.type === 'datetime';
  return (isDay && /^(?:0001-01-01|1753-01-01|1899-12-30|9999-12-31)/.test(text)) || (isDay && isSentinelInOslo(text));
}

/** A clock time with an offset may fall on a sentinel in Oslo. */
const isSentinelInOslo = (text: string): boolean =>
  /^(?:0001-01-0|1752-12-3|1753-01-0|1899-12-[23]|9999-12-[23])/.test(text);

/** The raw value at a path, or null where a step on the way is null: then nothing is there (N3). */
function rawAt(record: JsonObject, path: string): Json | undefined {
  let at: Json | undefined = record;
  for (const step of path.split('.')) {
    if (at === null) return null;
    at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

type Tally = { -readonly [State in keyof FuzzFigures]: number };
const newTally = (): Tally => ({ read: 0, unreadable: 0, values: 0, empty: 0, invalid: 0, unobserved: 0 });

function check(flow: CompiledFlow, side: Side, raw: JsonObject, tally: Tally): void {
  const record = flow.read(side, raw, { fullRecord: true });
  const invalid = new Set(record.invalid.map(({ property }) => property));
  tally.read += 1;
  for (const property of flow.properties) {
    const at = rawAt(raw, property[side]);
    const value = record.props[property.name];
    if (value === undefined) {
      tally[invalid.has(property.name) ? 'invalid' : 'unobserved'] += 1;
      if ((at === undefined) === invalid.has(property.name))
        throw new Error(`N4: ${property.name} is lost without a word`);
      continue;
    }
    tally[value === null ? 'empty' : 'values'] += 1;
    if (at === undefined) throw new Error(`N1: ${property.name} has a value out of nothing`);
    if (value === null && !looksEmpty(at, property, side)) throw new Error(`N4: ${property.name} became empty`);
    const form = flow.write(side, property.name, value, record.spellings[property.name]);
    if (form.kind === 'write' && form.json === undefined) throw new Error(`${property.name} is written as nothing`);
  }
}

/** Damages the bytes of valid records. Throws with the smallest damage that breaks a rule. */
export function fuzzBytes({ runs, seed }: FuzzOptions): FuzzFigures {
  const tally = newTally();
  const holds = fc.property(start, cuts, (from, damage) => {
    const whole = new TextEncoder().encode(JSON.stringify(VALID[from.kind][from.side]));
    const raw = recordIn(damage.reduce(damagedBytes, whole));
    if (raw === null) tally.unreadable += 1;
    else check(flowOf(from), from.side, raw, tally);
  });
  fc.assert(holds, { numRuns: runs, seed });
  return tally;
}

/** Damages the structure of valid records. Throws with the smallest damage that breaks a rule. */
export function fuzzStructure({ runs, seed }: FuzzOptions): FuzzFigures {
  const tally = newTally();
  const damaged = start.chain((from) =>
    fc.array(changeOf(from), { minLength: 1, maxLength: 4 }).map((changes) => ({
      from,
      raw: changes.reduce((record, change) => change(record), VALID[from.kind][from.side]),
    })),
  );
  const holds = fc.property(damaged, ({ from, raw }) => check(flowOf(from), from.side, raw, tally));
  fc.assert(holds, { numRuns: runs, seed });
  return tally;
}
