import type { JournalRow } from '../../../shared/contract/views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Words } from '../../ui/use-words.ts';

type Detail = JournalRow['detail'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a person reads it; what is inside another is named after its key. */
function plain(value: unknown, words: Words): string {
  if (value === null || value === undefined) return '∅';
  if (Array.isArray(value)) return value.map((one) => plain(one, words)).join(', ');
  if (!isObject(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  return Object.entries(value)
    .map(([name, one]) => `${words.fact(name)} ${isObject(one) ? `(${plain(one, words)})` : plain(one, words)}`)
    .join(', ');
}

/** The native ids of a row, as `customerp C1 · tidsbanken 7`; empty where it is about no record. */
export const idsIn = (detail: Detail): string =>
  SIDES.flatMap((side) => {
    const id = detail[`${side}Id`];
    return typeof id === 'string' ? [id] : [];
  }).join(' ↔ ');

/** Values before and after, by the names of their properties. */
function valuesText(values: Readonly<Record<string, unknown>>, words: Words): string[] {
  return Object.entries(values).map(([name, value]) =>
    isObject(value)
      ? `${words.property(name)}: ${plain(value['before'], words)} → ${plain(value['after'], words)}`
      : `${words.property(name)}: ${plain(value, words)}`,
  );
}

/** Told in columns of their own. */
const TOLD = ['customerpId', 'tidsbankenId', 'fingerprint', 'digest'];

/** What a journal row tells beside its event, in one line. */
export function detailText(row: JournalRow, words: Words): string {
  const { values, ...rest } = row.detail;
  const facts = Object.entries(rest)
    .filter(([name, value]) => !TOLD.includes(name) && value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${words.fact(name)}: ${plain(value, words)}`);
  return [...(isObject(values) ? valuesText(values, words) : []), ...facts].join(' · ');
}

/** One row of the export. */
export const csvRow = (row: JournalRow, words: Words): string[] => [
  String(row.seq),
  new Date(row.at).toISOString(),
  row.runId === null ? '' : String(row.runId),
  words.event(row.event),
  row.item ?? '',
  idsIn(row.detail),
  detailText(row, words),
];
