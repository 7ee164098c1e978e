import type { Pair, Value } from '../../../shared/domain.ts';

const WIDEST = 40;
const CONTEXT = 8;

/** A value for reading: in quotes, and never an invisible nothing. */
export const quoted = (value: Value | undefined): string =>
  value === undefined ? 'not readable' : value === null || value === '' ? 'empty' : `"${value}"`;

/**
 * Two values for one line, each of at most 40 characters. Where both are long and begin alike, the common beginning is
 * left out, so that what differs is never what is cut.
 */
export function comparable(values: Pair<Value | undefined>): Pair<string> {
  const [c, t] = [pointsOf(values.customerp), pointsOf(values.tidsbanken)];
  const firstDifference = c.findIndex((point, i) => point !== t[i]);
  const alike = firstDifference === -1 ? Math.min(c.length, t.length) : firstDifference;
  const isLong = Math.max(c.length, t.length) > WIDEST;
  const from = isLong && alike > WIDEST / 2 ? alike - CONTEXT : 0;
  const show = (value: Value | undefined, points: readonly string[]): string =>
    points.length === 0 ? quoted(value) : quoted(window(points, from));
  return { customerp: show(values.customerp, c), tidsbanken: show(values.tidsbanken, t) };
}

const pointsOf = (value: Value | undefined): string[] => Array.from((value ?? '').replaceAll(/\s+/g, ' '));

function window(points: readonly string[], from: number): string {
  const start = from === 0 ? '' : '…';
  const room = WIDEST - start.length;
  const rest = points.slice(from);
  return start + (rest.length > room ? `${rest.slice(0, room - 1).join('')}…` : rest.join(''));
}
