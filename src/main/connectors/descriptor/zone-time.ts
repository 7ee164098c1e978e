/** How a system's times are meant (T3). */
export interface TimeRule {
  /**
   * `asWritten`: an offset counts, and without one the zone does. `utcDigits`: the digits are UTC and the offset glued
   * on is wrong (Tidsbanken's Kunde and Prosjekt).
   */
  readonly rule: 'asWritten' | 'utcDigits';
  /** IANA name. */
  readonly zone: string;
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const MINUTE = 60_000;

/** A date or date-time as ms UTC, or null when it is not one. A fraction may be there or not (Q12). */
export const parseTime = (text: string, rule: TimeRule): number | null =>
  plainTime(text, rule.rule) ?? anyTime(text, rule);

/**
 * A time as nearly every record of every page carries it, `2025-01-14T08:12:33.45+01:00`; null: not such a one, which says
 * nothing about it. Digit by digit it takes a small part of the time of a regular expression.
 */
function plainTime(text: string, rule: TimeRule['rule']): number | null {
  const end = text.charCodeAt(SECONDS_END) === DOT ? endOfDigits(text, SECONDS_END + 1) : SECONDS_END;
  const digits = plainDay(text) + plainClock(text) + plainFraction(text, end);
  const offset = plainOffset(text, end);
  if (Number.isNaN(digits + offset)) return null;
  return rule === 'utcDigits' ? digits : digits - offset;
}

const [COLON, DOT, HYPHEN, PLUS, CAPITAL_T, CAPITAL_Z] = [0x3a, 0x2e, 0x2d, 0x2b, 0x54, 0x5a];
const SECONDS_END = 19;

/** Midnight, ms; NaN for what is no plain day. Ends of months, and years that `Date` takes for others, are left to the calendar. */
function plainDay(text: string): number {
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN || text.charCodeAt(10) !== CAPITAL_T) return NaN;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const isPlain = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  return isPlain ? Date.UTC(year, month - 1, day) : NaN;
}

function plainClock(text: string): number {
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return NaN;
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  return hour <= 23 && minute <= 59 && second <= 59 ? ((hour * 60 + minute) * 60 + second) * 1000 : NaN;
}

/** One to nine digits behind the point, if there is one; whole ms. */
function plainFraction(text: string, end: number): number {
  if (end === SECONDS_END) return 0;
  const count = end - SECONDS_END - 1;
  if (count < 1 || count > 9) return NaN;
  const ms = digitsAt(text, SECONDS_END + 1, Math.min(count, 3));
  return count === 1 ? ms * 100 : count === 2 ? ms * 10 : ms;
}

function plainOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === CAPITAL_Z) return text.length === at + 1 ? 0 : NaN;
  if ((sign !== PLUS && sign !== HYPHEN) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NaN;
  const minutes = digitsAt(text, at + 1, 2) * 60 + digitsAt(text, at + 4, 2);
  return (sign === HYPHEN ? -minutes : minutes) * MINUTE;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The number that these digits spell; NaN where one of them is none. */
function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return NaN;
    value = value * 10 + code - 48;
  }
  return value;
}

/** The same for each form that is read at all. */
export function anyTime(text: string, { rule, zone }: TimeRule): number | null {
  const parts = DATE_TIME.exec(text.trim());
  if (parts === null) return null;
  const digits = digitsAsUtc(parts);
  if (digits === null) return null;
  if (rule === 'utcDigits') return digits;
  const offset = parts[8];
  return offset === undefined ? localToUtc(digits, zone) : digits - offsetMs(offset);
}

function digitsAsUtc(parts: RegExpExecArray): number | null {
  const part = (at: number): number => Number(parts[at] ?? 0);
  const [month, day, hour, minute, second] = [part(2), part(3), part(4), part(5), part(6)];
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const at = new Date(0);
  at.setUTCFullYear(part(1), month - 1, day);
  // 31 February would silently become March.
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 24 || minute > 59 || second > 60) return null;
  return at.setUTCHours(hour, minute, second, ms);
}

function offsetMs(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  // Before there were zones, clocks went by the sun, and were ahead by seconds, too.
  const [, sign, hours, minutes, seconds = '0'] = /^([+-])(\d{2}):?(\d{2})(?::(\d{2}))?$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * MINUTE + Number(seconds) * 1000);
}

// Both offsets in force around that time are tried. In the repeated autumn hour both fit and the earlier instant is
// taken (T3); in the hour that spring leaves out neither does, and the clock is read as if it had not been moved yet.
function localToUtc(digits: number, zone: string): number {
  const before = digits - zoneOffsetMs(digits - 24 * 60 * MINUTE, zone);
  const after = digits - zoneOffsetMs(digits + 24 * 60 * MINUTE, zone);
  const fits = [before, after].filter((at) => at + zoneOffsetMs(at, zone) === digits);
  return fits.length === 0 ? before : Math.min(...fits);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOffsetMs(at: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  formats.set(zone, format);
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 0 : offsetMs(name.slice(3));
}

/** An instant as the system writes it, for its delta filter: the mirror of `parseTime`. */
export function formatTime(at: number, { rule, zone }: TimeRule): string {
  const utc = new Date(at).toISOString();
  if (rule === 'asWritten') return utc;
  // Digits and offset as the system shows them, so that it finds the record whether it compares digits or instants.
  return utc.replace('Z', offsetText(zoneOffsetMs(at, zone)));
}

const two = (n: number): string => String(n).padStart(2, '0');

function offsetText(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A date-time without its offset (Q13): sent back with it, the system moves the value by hours and so to another day. */
export const withoutOffset = (text: string): string =>
  text.replace(/^(\d{4}-\d{2}-\d{2}T[\d:.]+)(?:Z|[+-]\d{2}:?\d{2})$/i, '$1');
