import type { Listed, Slice } from '../requests.ts';

const WHOLE_PAGE = 500;

/** All that fit, read page by page. */
export async function everyRow<T>(page: (slice: Slice) => Promise<Listed<T>>): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const found = await page({ offset: rows.length, limit: WHOLE_PAGE });
    rows.push(...found.rows);
    if (found.rows.length === 0 || rows.length >= found.total) return rows;
  }
}
