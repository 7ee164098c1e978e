/* oxlint-disable typescript/no-unsafe-type-assertion -- the names of a generic record cannot be proven one by one */
import type { Chance } from './chance.ts';

/** How one property comes to differ: another value of the same sort. */
export type Changes<T> = { readonly [K in keyof T]?: (value: NonNullable<T[K]>, chance: Chance) => T[K] };

export interface Sides<T> {
  readonly customerp: T;
  readonly tidsbanken: T;
}

/** Bends one to three properties of a pair, sometimes by leaving one side empty. */
export function makeDiffer<T extends object>(
  truth: T,
  changes: Changes<T>,
  chance: Chance,
  mayBeEmpty: ReadonlySet<keyof T>,
): Sides<T> {
  const customerp = { ...truth };
  const tidsbanken = { ...truth };
  const names = (Object.keys(changes) as (keyof T)[]).filter((name) => truth[name] !== null);
  for (let left = Math.min(chance.between(1, 3), names.length); left > 0; left--) {
    const [name] = names.splice(chance.below(names.length), 1) as [keyof T];
    const side = chance.is(0.5) ? customerp : tidsbanken;
    const bend = changes[name] as (value: unknown, chance: Chance) => T[keyof T];
    side[name] = mayBeEmpty.has(name) && chance.is(0.3) ? (null as T[keyof T]) : bend(truth[name], chance);
  }
  return { customerp, tidsbanken };
}

export const oneDigitOn = (value: string): string => value.slice(0, -1) + String((Number(value.at(-1)) + 1) % 10);
