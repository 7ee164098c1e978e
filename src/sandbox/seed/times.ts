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

const digits = (count: number, width: number): string[] =>
  Array.from({ length: count }, (_, n) => String(n).padStart(width, '0'));
const SIXTY = digits(60, 2);
const THOUSAND = digits(1000, 3);

/** As `toISOString`, for whole milliseconds of common years; a million records ask for four million of them. */
export function iso(ms: number): string {
  const inDay = ms - Math.floor(ms / DAY) * DAY;
  const seconds = Math.floor(inDay / 1000);
  const clock = `${SIXTY[Math.floor(seconds / 3600)]}:${SIXTY[Math.floor(seconds / 60) % 60]}:${SIXTY[seconds % 60]}`;
  return `${dayOf(ms)}T${clock}.${THOUSAND[inDay % 1000]}Z`;
}

/** A day between two years, the second not included. */
export function someDay(chance: Chance, fromYear: number, toYear: number): string {
  const from = Date.UTC(fromYear, 0, 1);
  return dayOf(from + chance.below((Date.UTC(toYear, 0, 1) - from) / DAY) * DAY);
}

export function daysAfter(day: string, count: number): string {
  return dayOf(Date.parse(day) + count * DAY);
}
