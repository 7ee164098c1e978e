import type { MismatchRow, MismatchSummary } from '../../../shared/contract/views.ts';
import { TAKES } from '../../../shared/domain.ts';
import type { Take } from '../../../shared/domain.ts';

type Row = Pick<MismatchRow, 'flow' | 'kind' | 'takes' | 'customerpId' | 'tidsbankenId'>;

/** Linking many asks that each of them names both its records: there is nobody to choose one for each. */
const isForMany = (take: Take, { takes, customerpId, tidsbankenId }: Row): boolean =>
  takes.includes(take) && (take !== 'link' || (customerpId !== null && tidsbankenId !== null));

/** What one way out for all of these would decide (V3): how many of each kind, and what they have in common. */
export function summaryOfMismatches(rows: readonly Row[]): MismatchSummary {
  const bySort = new Map<string, MismatchSummary['rows'][number]>();
  for (const { flow, kind } of rows) {
    const sort = `${flow} ${kind}`;
    bySort.set(sort, { flow, kind, count: (bySort.get(sort)?.count ?? 0) + 1 });
  }
  const takes = TAKES.filter((take) => rows.every((row) => isForMany(take, row)));
  return { total: rows.length, rows: [...bySort.values()], takes: rows.length === 0 ? [] : takes };
}
