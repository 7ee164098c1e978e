/* oxlint-disable typescript/no-unsafe-type-assertion -- the definitions hold one entry for each name of S, which the compiler cannot follow through Object.entries */
import { isObject } from './json.ts';

export type SwitchValue = string | number | boolean;

export interface SwitchDefinition<V extends SwitchValue> {
  readonly standard: V;
  /** The only values taken; left out for a free number or text. */
  readonly choices?: readonly V[];
  readonly about: string;
}

export type SwitchDefinitions<S> = {
  readonly [K in keyof S]: S[K] extends SwitchValue ? SwitchDefinition<S[K]> : never;
};

export class SwitchError extends Error {}

/** Named behaviours of one simulated system, each with a default, changeable while it runs. */
export class Switches<S extends object> {
  readonly values: S;
  readonly #definitions: Readonly<Record<string, SwitchDefinition<SwitchValue>>>;

  constructor(definitions: SwitchDefinitions<S>) {
    this.#definitions = definitions;
    this.values = Object.fromEntries(Object.entries(this.#definitions).map(([name, d]) => [name, d.standard])) as S;
  }

  /** Takes the value as JSON or as text from a command line. Nothing is changed when any of them is refused. */
  setAll(wanted: unknown): void {
    if (!isObject(wanted)) throw new SwitchError('Expected an object of switch names and values.');
    const checked = Object.entries(wanted).map(([name, value]) => [name, this.#check(name, value)] as const);
    Object.assign(this.values, Object.fromEntries(checked));
  }

  #check(name: string, value: unknown): SwitchValue {
    const definition = Object.hasOwn(this.#definitions, name) ? this.#definitions[name] : undefined;
    if (definition === undefined) throw new SwitchError(`No switch is named "${name}".`);
    const typed = convert(value, typeof definition.standard);
    const known = definition.choices ?? (typed === undefined ? [] : [typed]);
    if (typed === undefined || !known.includes(typed)) {
      throw new SwitchError(`Switch "${name}" does not take ${JSON.stringify(value)}${listed(definition.choices)}.`);
    }
    return typed;
  }
}

function convert(value: unknown, type: string): SwitchValue | undefined {
  if (type === 'string') return typeof value === 'string' ? value : undefined;
  if (type === 'boolean') return toBoolean(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === 'on') return true;
  if (value === false || value === 'false' || value === 'off') return false;
  return undefined;
}

function listed(choices: readonly SwitchValue[] | undefined): string {
  return choices === undefined ? '' : `; choose ${choices.join(', ')}`;
}
