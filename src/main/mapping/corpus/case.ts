import type { Side } from '../../../shared/domain.ts';
import { isJsonObject, withPath, type Json, type JsonObject } from '../../../shared/json.ts';
import { VALID, corpusMapping, type CorpusFlow, type CorpusKind } from './valid-records.ts';

/** For tests: one file of the corpus. */

/** What one property must read as. */
export type Expected = { readonly value: string } | 'empty' | 'unobserved' | 'invalid';

interface CaseOfAnyShape {
  /** What is wrong with the record, and what the rule says about it. */
  readonly rule: string;
  readonly flow: CorpusFlow;
  readonly side: Side;
  readonly kind: CorpusKind;
  /** By property. Every property that is not named here must read as in the valid record. */
  readonly expect: Readonly<Record<string, Expected>>;
}

/** One raw record. */
export interface RecordCase extends CaseOfAnyShape {
  readonly raw: JsonObject;
}

/** The bytes of a whole answer of the system, whose second record of three is the bad one. */
export interface AnswerCase extends CaseOfAnyShape {
  readonly base64: string;
  /** `unreadable`: the whole answer counts as failed (C6). `withoutId`: the bad record is counted and left out (C4). */
  readonly answer: 'read' | 'unreadable' | 'withoutId';
}

/** Two records of the same id in one collection (C4). */
export interface TwinCase extends CaseOfAnyShape {
  readonly raw: JsonObject;
  readonly twin: JsonObject;
  readonly twinIs: 'equal' | 'different';
}

export type CorpusCase = RecordCase | AnswerCase | TwinCase;

export interface CorpusClass {
  readonly name: string;
  readonly cases: readonly CorpusCase[];
}

/** A property of one kind on one side. */
export interface Target {
  readonly side: Side;
  readonly kind: CorpusKind;
  readonly property: string;
  readonly flow?: CorpusFlow;
}

export const INVALID = { is: 'invalid' } as const;
export const ABSENT = { is: 'unobserved' } as const;
type Is = string | null | typeof INVALID | typeof ABSENT;

/** One line of a table: what it shows, the raw value (`undefined`: the key is missing), what it must read as, where. */
export type Line = readonly [what: string, raw: Json | undefined, is: Is, target?: Target];

export const on = (side: Side, kind: CorpusKind, property: string, flow: CorpusFlow = 'default'): Target => ({
  side,
  kind,
  property,
  flow,
});

/** A class whose every case is one property with one value. */
export const classOf = (name: string, target: Target, lines: readonly Line[]): CorpusClass => ({
  name,
  cases: lines.map(([what, raw, is, other]) => oneProperty(what, raw, is, other ?? target)),
});

function oneProperty(rule: string, raw: Json | undefined, is: Is, target: Target): RecordCase {
  const { side, kind, property, flow = 'default' } = target;
  const path = pathOf(target);
  const valid = VALID[kind][side];
  const record = raw === undefined ? withoutPath(valid, path) : withPath(valid, path, raw);
  return { rule, flow, side, kind, raw: record, expect: { [property]: expected(is) } };
}

function expected(is: Is): Expected {
  if (is === null) return 'empty';
  return typeof is === 'string' ? { value: is } : is.is;
}

/** The dotted path of a property on its side. */
export function pathOf({ side, kind, property, flow = 'default' }: Target): string {
  const found = corpusMapping(flow, kind).properties.find(({ name }) => name === property);
  if (found === undefined) throw new Error(`no property ${property} of ${kind}`);
  return found[side];
}

/** A copy without the key at a dotted path. */
export function withoutPath(record: JsonObject, path: string): JsonObject {
  const [step = '', ...rest] = path.split('.');
  const entries = Object.entries(record);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      key === step && isJsonObject(value) ? withoutPath(value, rest.join('.')) : value,
    ]),
  );
}

/** A case whose record is changed freely. */
export const changed = (
  rule: string,
  { side, kind, flow = 'default' }: Omit<Target, 'property'>,
  change: (valid: JsonObject) => JsonObject,
  expect: Readonly<Record<string, Expected>> = {},
): RecordCase => ({ rule, flow, side, kind, raw: change(VALID[kind][side]), expect });
