import type { Props, Side, Value } from '../../shared/domain.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { observerOf } from './canon.ts';
import type { CompiledProperty } from './compile.ts';
import type { Concealer } from './conceal.ts';
import { comparedLength } from './equality.ts';
import { valueGetter } from './field-path.ts';
import type { Observation } from './observation.ts';
import { holdsFor } from './row-condition.ts';
import { cut } from './text.ts';

export interface Finding {
  readonly property: string;
  readonly reason: string;
}

/** One raw record as the mapping sees it. An unobserved or invalid property has no key in `props` (N1, N4). */
export interface ReadRecord {
  readonly props: Props;
  readonly spellings: Readonly<Record<string, string>>;
  readonly invalid: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** A sensitive value in the clear: what to write, with the form it was spelled in, and what stands for it (J1). */
export interface OpenValue {
  readonly value: string;
  readonly spelling?: string;
  readonly concealed: string;
}
export type OpenValues = Readonly<Record<string, OpenValue>>;

/** How one property is got out of a raw record. */
export interface Reader {
  readonly name: string;
  readonly get: (raw: JsonObject, fullRecord: boolean) => Json | undefined;
  /** The value in the clear. */
  readonly observe: (raw: Json | undefined, fullRecord: boolean) => Observation;
  /** Whether the row holds for the record; null: for each. What it does not hold for is unobserved (N1). */
  readonly holds: ((raw: JsonObject) => boolean) | null;
  /** For a sensitive property: canonical value in, what stands for it out. */
  readonly conceal: ((canonical: string) => string) | null;
}

export const readersOf = (properties: readonly CompiledProperty[], side: Side, concealer: Concealer | null): Reader[] =>
  properties.map((property) => ({
    name: property.name,
    get: valueGetter(property.parts[side]),
    observe: observerOf(property, side, property.fields[side]),
    holds: holdsFor(property, side),
    conceal: property.sensitive && concealer !== null ? concealing(property, concealer) : null,
  }));

/** Both sides are cut to what the shorter one holds (2.2) before the MAC is made: afterwards there is nothing to cut. */
function concealing(property: CompiledProperty, concealer: Concealer): (canonical: string) => string {
  const length = comparedLength(property, property.fields);
  return (canonical) => concealer.conceal(property, cut(canonical, length));
}

// Most records have none of these; sharing the empty ones spares three objects a record.
const NO_SPELLINGS: Readonly<Record<string, string>> = Object.freeze({});
const NO_FINDINGS: readonly Finding[] = Object.freeze([]);

/** A raw record in canonical form, its sensitive values concealed: their spelling would tell them (I19). */
export function readRecord(readers: readonly Reader[], raw: JsonObject, fullRecord: boolean): ReadRecord {
  const props: Record<string, Value> = {};
  let spellings: Record<string, string> | undefined;
  let invalid: Finding[] | undefined;
  let warnings: Finding[] | undefined;
  for (const { name, get, observe, holds, conceal } of readers) {
    if (holds !== null && !holds(raw)) continue;
    const seen = observe(get(raw, fullRecord), fullRecord);
    if (seen.state === 'invalid') (invalid ??= []).push({ property: name, reason: seen.reason });
    if (seen.state !== 'value') continue;
    props[name] = conceal === null || seen.value === null ? seen.value : conceal(seen.value);
    if (seen.spelling !== undefined && conceal === null) (spellings ??= {})[name] = seen.spelling;
    if (seen.warning !== undefined) (warnings ??= []).push({ property: name, reason: seen.warning });
  }
  return {
    props,
    spellings: spellings ?? NO_SPELLINGS,
    invalid: invalid ?? NO_FINDINGS,
    warnings: warnings ?? NO_FINDINGS,
  };
}

/** The sensitive values of a raw record in the clear; those that are empty or cannot be read have no key. */
export function openRecord(readers: readonly Reader[], raw: JsonObject): OpenValues {
  const open: Record<string, OpenValue> = {};
  for (const { name, get, observe, holds, conceal } of readers) {
    if (conceal === null || (holds !== null && !holds(raw))) continue;
    const seen = observe(get(raw, false), false);
    if (seen.state !== 'value' || seen.value === null) continue;
    const { value, spelling } = seen;
    open[name] = { value, concealed: conceal(value), ...(spelling === undefined ? {} : { spelling }) };
  }
  return open;
}
