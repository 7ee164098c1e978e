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
  return {
    updated: chance.is(0.2) ? Math.floor(updated / 1000) * 1000 : updated,
    created: updated - chance.between(0, 3 * 365) * DAY,
  };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A day between two years, the second not included. */
export function someDay(chance: Chance, fromYear: number, toYear: number): string {
  const from = Date.UTC(fromYear, 0, 1);
  return dayText(from + chance.below((Date.UTC(toYear, 0, 1) - from) / DAY) * DAY);
}

export function daysAfter(day: string, days: number): string {
  return dayText(Date.parse(`${day}T00:00:00Z`) + days * DAY);
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
