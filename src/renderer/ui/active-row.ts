import type { PagedRows } from './paged-rows.ts';

/** The active row, or the last one where the list has grown shorter. */
export const activeRow = <Row>(rows: PagedRows<Row>, active: number): Row | undefined =>
  rows.rowAt(Math.max(0, Math.min(active, (rows.total ?? 0) - 1)));
