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
export function parseTime(text: string, { rule, zone }: TimeRule): number | null {
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
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
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
  const minutes = Math.abs(ms) / MINUTE;
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A date-time without its offset (Q13): sent back with it, the system moves the value by hours and so to another day. */
export const withoutOffset = (text: string): string =>
  text.replace(/^(\d{4}-\d{2}-\d{2}T[\d:.]+)(?:Z|[+-]\d{2}:?\d{2})$/i, '$1');
