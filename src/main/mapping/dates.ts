import { EMPTY, invalid, observed, type Observation } from './observation.ts';
import type { FieldDeclaration } from './field-declaration.ts';

const OSLO = 'Europe/Oslo';
const DAY_MS = 86_400_000;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?)?$/i;

/** Dates that systems write where they have none (2.2, date). */
const SENTINELS: ReadonlySet<string> = new Set(['0001-01-01', '1753-01-01', '1899-12-30', '9999-12-31']);

interface Written {
  readonly date: string;
  /** Time of day, ms. */
  readonly clockMs: number;
  /** The written wall time as if it were UTC, ms. */
  readonly wallMs: number;
  /** East of UTC, ms; null when none was written. */
  readonly offsetMs: number | null;
}

/** Midnight UTC of a date, ms; null for a date that does not exist. */
function midnight(year: number, month: number, day: number): number | null {
  const at = new Date(0).setUTCFullYear(year, month - 1, day);
  const back = new Date(at);
  return year >= 1 && back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? at : null;
}

function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === 'Z' || text === 'z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', ''));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

function parse(text: string): Written | null {
  const m = ISO.exec(text);
  if (m === null) return null;
  const [hour, minute, second] = [Number(m[4] ?? 0), Number(m[5] ?? 0), Number(m[6] ?? 0)];
  const start = midnight(Number(m[1]), Number(m[2]), Number(m[3]));
  if (start === null || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Number((m[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const clockMs = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return { date: text.slice(0, 10), clockMs, wallMs: start + clockMs, offsetMs: offsetOf(m[8]) };
}

const zones = new Map<string, Intl.DateTimeFormat | null>();

function zoneOf(name: string): Intl.DateTimeFormat | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = isZone(name) ? formatOf(name) : null;
  zones.set(name, zone);
  return zone;
}

const formatOf = (name: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

/** Whether the platform knows the IANA zone. */
export function isZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false; // Intl says no by throwing a RangeError
  }
}

/** How far the zone's wall clock is ahead of UTC at an instant, ms. */
function offsetAt(zone: Intl.DateTimeFormat, instant: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of zone.formatToParts(instant)) parts[type] = Number(value);
  const { year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wall = new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000;
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant of a wall time in a zone (T3): in the repeated autumn hour the earlier one; in the skipped spring hour
 * the clock is taken as not yet moved.
 */
function instantOf(zone: Intl.DateTimeFormat, wallMs: number): number {
  const before = offsetAt(zone, wallMs - DAY_MS);
  const after = offsetAt(zone, wallMs + DAY_MS);
  const fits = [before, after].map((offset) => wallMs - offset).filter((at) => wallMs - at === offsetAt(zone, at));
  return fits.length === 0 ? wallMs - before : Math.min(...fits);
}

/** ISO text of a time, or null outside the years 1 to 9999. */
function isoOf(ms: number): string | null {
  const iso = new Date(ms).toISOString();
  return iso.length === 24 && !iso.startsWith('0000') ? iso : null;
}

const orSentinel = (date: string, value: string): Observation => (SENTINELS.has(date) ? EMPTY : observed(value));

// Days repeat from record to record, and working one out costs more than the rest of the record: answers are kept.
const knownDates = new Map<string, Observation>();
const KEPT_DATES = 20_000;

/** 2.2, date. A clock time with an offset is an instant, and its day is the day in Norway; else the written date stands. */
export function canonDate(text: string): Observation {
  const known = knownDates.get(text);
  if (known !== undefined) return known;
  const date = dateOf(text);
  if (knownDates.size >= KEPT_DATES) knownDates.clear();
  knownDates.set(text, date);
  return date;
}

function dateOf(text: string): Observation {
  const written = parse(text);
  if (written === null) return invalid('not a date that exists');
  if (written.offsetMs === null || written.clockMs === 0 || SENTINELS.has(written.date)) {
    return orSentinel(written.date, written.date);
  }
  const instant = written.wallMs - written.offsetMs;
  const oslo = zoneOf(OSLO);
  const date = oslo === null ? null : isoOf(instant + offsetAt(oslo, instant))?.slice(0, 10);
  return date === null || date === undefined ? invalid('a date outside the calendar') : orSentinel(date, date);
}

/** 2.2, datetime: UTC with milliseconds; a time without offset is in the declared zone (T3). */
export function canonDatetime(text: string, declaration: FieldDeclaration): Observation {
  const written = parse(text);
  if (written === null) return invalid('not a time that exists');
  if (SENTINELS.has(written.date)) return EMPTY;
  if (written.offsetMs !== null) return datetimeAt(written.wallMs - written.offsetMs);
  const zone = zoneOf(declaration.zone);
  return zone === null ? invalid('the declared time zone is unknown') : datetimeAt(instantOf(zone, written.wallMs));
}

function datetimeAt(instant: number): Observation {
  const iso = isoOf(instant);
  return iso === null ? invalid('a time outside the calendar') : orSentinel(iso.slice(0, 10), iso);
}

/** How a canonical date is written: always at midnight, so that no reader moves it to another day (Q13). */
export function writtenDate(date: string, declaration: FieldDeclaration): string {
  if (declaration.dateStyle === 'date') return date;
  return `${date}T00:00:00${declaration.dateStyle === 'utc' ? 'Z' : ''}`;
}

/** How a canonical datetime is written: `wallClock` in the declared zone, without offset; else as it is. */
export function writtenDatetime(value: string, declaration: FieldDeclaration): string {
  const zone = zoneOf(declaration.zone);
  if (declaration.dateStyle !== 'wallClock' || zone === null) return value;
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) return value; // not canonical: the check of what reads back refuses it
  return new Date(instant + offsetAt(zone, instant)).toISOString().replace(/(?:\.000)?Z$/, '');
}
