import { SIDES, assertNever } from '../../../shared/domain.ts';
import type { Pair, Side, Value } from '../../../shared/domain.ts';
import type { CompiledFlow, CompiledProperty } from '../../mapping/compile.ts';
import { holdsWhole } from '../../mapping/equality.ts';
import { cut } from '../../mapping/text.ts';
import { sameAcross } from '../../sync/verify/verify.ts';

/** What a test value is made from. Values are canonical, references as `link:ID` (O2). */
export interface TestValueFacts {
  readonly flow: CompiledFlow;
  readonly property: CompiledProperty;
  readonly current: Pair<Value>;
  /** What a reference may point to besides: links of that kind, as `link:ID`. */
  readonly references: readonly string[];
  /** Any whole number; another one gives other texts and numbers where the type has room for them. */
  readonly salt: number;
}

export type TestValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly why: 'noOtherRecord' | 'noOtherValue' };

/**
 * A value for one property that neither side holds, that both fields can hold, and that reads back as it was written
 * (2.2). Pure: the same facts give the same value. Nothing in it belongs to a real person.
 */
export function testValue(facts: TestValueFacts): TestValue {
  const { property } = facts;
  const value = candidates(facts).find((candidate) => isFit(facts, candidate));
  if (value !== undefined) return { ok: true, value };
  return { ok: false, why: property.type === 'reference' ? 'noOtherRecord' : 'noOtherValue' };
}

/** A value, and the side whose conversion makes another one of it. */
export interface SpoiltValue {
  readonly side: Side;
  readonly value: string;
}

/**
 * A value that a conversion of the property does not give back: one that the records hold, or one as ordinary as the
 * value that a test would use. Null: none was found. A conversion that only knows the values of a list says nothing of others.
 */
export function spoiltValue(facts: TestValueFacts): SpoiltValue | null {
  const { flow, property, current } = facts;
  const converting = SIDES.filter((side) => property.convert?.[side]?.write !== undefined);
  const spoiltOn = (value: string): Side | undefined =>
    converting.find((side) => !isExpressible(flow, property, side, value));
  const made = testValue(facts);
  const options = made.ok ? candidates(facts) : [];
  const before = options.slice(0, made.ok ? options.indexOf(made.value) : 0);
  for (const value of [current.customerp, current.tidsbanken, ...before]) {
    const side = value === null ? undefined : spoiltOn(value);
    if (value !== null && side !== undefined) return { side, value };
  }
  return null;
}

const isExpressible = (flow: CompiledFlow, { name }: CompiledProperty, side: Side, value: string): boolean =>
  flow.write(side, name, value).kind === 'write';

/** Whether a side can be given back what it held: a value that it can express, or empty where it can be emptied (N5). */
export function canPutBack(
  flow: CompiledFlow,
  property: CompiledProperty,
  side: Side,
  was: Value,
  spelling?: string,
): boolean {
  if (property.type === 'reference' && was !== null) return !property.fields[side].readOnly;
  // A text from before the table had a length is longer than it may be now.
  return holdsWhole(property, side, was) && flow.write(side, property.name, was, spelling).kind === 'write';
}

function isFit({ flow, property, current }: TestValueFacts, value: string): boolean {
  const isOther = SIDES.every((side) => !sameAcross(flow, property.name, current[side], value));
  if (!isOther || property.type === 'reference') return isOther;
  return SIDES.every((side) => isExpressible(flow, property, side, value));
}

const TOKEN_BASE = 36;
const TOKENS = TOKEN_BASE ** 3;
const token = (salt: number): string => (Math.abs(salt) % TOKENS).toString(TOKEN_BASE).toUpperCase().padStart(3, '0');
/** `digits` figures out of the salt. */
const digits = (salt: number, count: number): string => String(Math.abs(salt) % 10 ** count).padStart(count, '0');

/** In the order of preference. Several, since the first may be what is there. */
function candidates(facts: TestValueFacts): string[] {
  const { property, salt, references } = facts;
  const current = facts.current.customerp ?? facts.current.tidsbanken;
  const salts = [salt, salt + 1, salt + 2];
  switch (property.type) {
    case 'string':
      return salts.flatMap((one) => texts(property, one));
    case 'multiline':
      return salts.map((one) => fitted(property, `Sjekk ${token(one)}\næøå ÆØÅ`));
    case 'email':
      return salts.map((one) => fitted(property, `sjekk.${token(one).toLowerCase()}@example.com`));
    case 'phone':
      // No Norwegian number begins with 0, so nobody is called by it.
      return salts.map((one) => `+47000${digits(one, 5)}`);
    case 'postcode':
      return rotated(['0150', '5003', '7010', '9008'], salt);
    case 'date':
      return datesNear(current, '2025-03-17');
    case 'datetime':
      return datesNear(current?.slice(0, ISO_DAY) ?? null, '2025-03-17').map((day) => `${day}T10:20:30.000Z`);
    case 'integer':
      return numbersNear(current);
    case 'decimal':
      return numbersNear(current).flatMap((number) => [`${number}.5`, number]);
    case 'integerKey':
      return salts.map((one) => `9${digits(one, 4)}`);
    case 'orgNo':
      return orgNumbers(salt);
    case 'nationalId':
      return salts.map((one) => `0181${digits(one, 7)}`); // the month is 81: synthetic
    case 'boolean':
      return ['true', 'false'];
    case 'enum':
      return rotated(Object.keys(property.values ?? {}), salt);
    case 'reference':
      return [...references];
    case 'id':
      return salts.map((one) => `SJEKK${token(one)}`);
    default:
      return assertNever(property.type);
  }
}

/** Norwegian letters are what a wrong character set spoils first; a field for few characters gets a bare token. */
function texts(property: CompiledProperty, salt: number): string[] {
  return [`Sjekk æøå ${token(salt)}`, `${token(salt)}æ`, token(salt), token(salt).slice(-1)].filter(
    (text) => text === fitted(property, text),
  );
}

const fitted = ({ comparedLength }: CompiledProperty, text: string): string => cut(text, comparedLength);

const rotated = (list: readonly string[], by: number): string[] => {
  const at = list.length === 0 ? 0 : Math.abs(by) % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
};

const DAY_MS = 86_400_000;
const ISO_DAY = 10;

/** Days close to what is there keep their place among the record's other dates. */
function datesNear(current: Value, otherwise: string): string[] {
  const at = Date.parse(`${current ?? otherwise}T00:00:00Z`);
  const from = Number.isNaN(at) ? Date.parse(`${otherwise}T00:00:00Z`) : at;
  const near = [-3, 3, -5, 5, -17].map((days) => new Date(from + days * DAY_MS).toISOString().slice(0, ISO_DAY));
  return [...near, otherwise];
}

const PERCENT_FREE = ['50', '40'];

/** Close to what is there and never below 0, since a share or a count has an end. */
function numbersNear(current: Value): string[] {
  const number = Number(current ?? Number.NaN);
  if (!Number.isSafeInteger(number)) return PERCENT_FREE;
  return [...(number > 0 ? [String(number - 1)] : []), String(number + 1), ...PERCENT_FREE];
}

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
const MODULUS = 11;

/** Numbers with a right check digit; a system may ask for one. */
function orgNumbers(salt: number): string[] {
  const found: string[] = [];
  for (let one = Math.abs(salt); found.length < 3; one++) {
    const head = `99${digits(one, 6)}`;
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(head[at]), 0);
    const check = (MODULUS - (sum % MODULUS)) % MODULUS;
    if (check < 10) found.push(`${head}${String(check)}`);
  }
  return found;
}
