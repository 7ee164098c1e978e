import { SIDES } from '../../../shared/domain.ts';
import type { Pair } from '../../../shared/domain.ts';
import type { MatchKeyValue, MatchRecord } from './types.ts';

/** One key value with everyone who holds it, on both sides. */
export interface SharedValue extends Pair<MatchRecord[]> {
  readonly key: string;
  readonly strength: MatchKeyValue['strength'];
}

/** Unlinked and not set aside: the records that matching is about. */
export const isFree = (record: MatchRecord): boolean => record.linkId === null && record.blocked === 'no';

/**
 * The key values that at least one free record holds, with all holders, linked ones included (M2).
 * Values that only linked records hold decide nothing here; leaving them out keeps the daily run small, where all but a
 * handful of 100,000 records are linked.
 */
export function valuesOfFreeRecords(records: Pair<readonly MatchRecord[]>): SharedValue[] {
  const byValue = new Map<string, SharedValue>();
  for (const side of SIDES) {
    for (const record of records[side]) {
      if (!isFree(record)) continue;
      for (const { key, strength, value } of record.keys) {
        const id = valueId(key, value);
        if (!byValue.has(id)) byValue.set(id, { key, strength, customerp: [], tidsbanken: [] });
      }
    }
  }
  for (const side of SIDES) {
    for (const record of records[side]) {
      for (const { key, value } of record.keys) byValue.get(valueId(key, value))?.[side].push(record);
    }
  }
  return [...byValue.values()];
}

const valueId = (key: string, value: string): string => `${key}\n${value}`;
