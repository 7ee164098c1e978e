import type { MismatchRow, MismatchSummary } from '../../shared/contract/views.ts';
import { TAKES } from '../../shared/domain.ts';
import type { Take } from '../../shared/domain.ts';

/** Needs a record of its own for each, so it cannot be chosen for many. */
const ONE_BY_ONE: readonly Take[] = ['link'];

/** What one way out for all of these would decide (V3): how many of each kind, and what they have in common. */
export function summaryOfMismatches(rows: readonly Pick<MismatchRow, 'flow' | 'kind' | 'takes'>[]): MismatchSummary {
  const bySort = new Map<string, MismatchSummary['rows'][number]>();
  for (const { flow, kind } of rows) {
    const sort = `${flow} ${kind}`;
    bySort.set(sort, { flow, kind, count: (bySort.get(sort)?.count ?? 0) + 1 });
  }
  const takes = TAKES.filter((take) => !ONE_BY_ONE.includes(take) && rows.every((row) => row.takes.includes(take)));
  return { total: rows.length, rows: [...bySort.values()], takes: rows.length === 0 ? [] : takes };
}
