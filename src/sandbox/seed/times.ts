import type { Chance } from './chance.ts';

const DAY = 86_400_000;

export interface Times {
  readonly created: number;
  readonly updated: number;
}

/** Over the past year and never within the last two days, so that a client's overlap window starts out empty. */
export function pastTimes(chance: Chance, now: number): Times {
  const latest = Math.floor(now / DAY) * DAY - 2 * DAY;
  const updated = latest - Math.floor(chance.next() * 363 * DAY);
  const wholeSecond = Math.floor(updated / 1000) * 1000;
  const created = updated - chance.between(0, 3 * 365) * DAY;
  return { updated: chance.is(0.2) ? wholeSecond : updated, created };
}

// A million records ask for some ten million dates out of a few thousand days: remembering them halves the start.
const days = new Map<number, string>();

/** The day a moment falls on in UTC. */
export function dayOf(ms: number): string {
  const number = Math.floor(ms / DAY);
  let text = days.get(number);
  if (text === undefined) {
    text = new Date(number * DAY).toISOString().slice(0, 10);
    days.set(number, text);
  }
  return text;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A day between two years, the second not included. */
export function someDay(chance: Chance, fromYear: number, toYear: number): string {
  const from = Date.UTC(fromYear, 0, 1);
  return dayOf(from + chance.below((Date.UTC(toYear, 0, 1) - from) / DAY) * DAY);
}

export function daysAfter(day: string, count: number): string {
  return dayOf(Date.parse(day) + count * DAY);
}
