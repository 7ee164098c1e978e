const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Summer time in Europe/Oslo runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on that of October. */
const summers = new Map<number, { from: number; to: number }>();

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * DAY + HOUR;
}

function summerOf(year: number): { from: number; to: number } {
  let summer = summers.get(year);
  if (summer === undefined) {
    summer = { from: lastSunday(year, 2), to: lastSunday(year, 9) };
    summers.set(year, summer);
  }
  return summer;
}

/** Milliseconds that Oslo is ahead of UTC at an instant. */
export function osloOffset(instant: number): number {
  const { from, to } = summerOf(new Date(instant).getUTCFullYear());
  return instant >= from && instant < to ? 2 * HOUR : HOUR;
}

/** The same for a wall clock time in Oslo, given as if its digits were UTC. */
export function osloOffsetOfWall(wall: number): number {
  return osloOffset(wall - HOUR);
}

function offsetText(offset: number): string {
  return `+0${offset / HOUR}:00`;
}

/** Trailing zeros of the fraction go, and the fraction with them when nothing is left (Q12). */
export function digitsOf(ms: number, trim: boolean): string {
  const iso = new Date(ms).toISOString().slice(0, -1);
  return trim ? iso.replace(/\.?0+$/, '') : iso;
}

export function utcText(ms: number, trim: boolean): string {
  return `${digitsOf(ms, trim)}Z`;
}

/** The clock quirk (Q11): UTC digits wearing Oslo's offset, an hour early in winter and two in summer. */
export function quirkText(ms: number, trim: boolean): string {
  return digitsOf(ms, trim) + offsetText(osloOffset(ms));
}

export function osloText(ms: number, trim: boolean): string {
  const offset = osloOffset(ms);
  return digitsOf(ms + offset, trim) + offsetText(offset);
}

/** A stored wall clock time as Prosjekt shows it: the digits, and the offset Oslo has at that time (Q13). */
export function wallText(digits: string): string {
  return digits + offsetText(osloOffsetOfWall(Date.parse(`${digits}Z`)));
}

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * What is kept of a date sent in. Without an offset: the digits as they are. With one: converted to UTC digits, which
 * moves midnight in Oslo to the day before (Q13). Undefined when it is no date.
 */
export function incomingDigits(text: string, convertOffset: boolean): string | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, day = '', clock = '00:00', seconds = ':00', fraction = '', zone] = match;
  const digits = `${day}T${clock}${seconds}${fraction.slice(0, 4)}`;
  const asUtc = Date.parse(`${digits}Z`);
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== day) return undefined;
  if (zone === undefined || zone === 'Z' || !convertOffset) return digitsOf(asUtc, true);
  return digitsOf(Date.parse(digits + zone), true);
}
