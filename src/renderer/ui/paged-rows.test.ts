import { expect, it, vi } from 'vitest';
import { failureOf } from '../bridge.ts';
import { PAGE_SIZE, PagedRows } from './paged-rows.ts';
import type { LoadPage } from './paged-rows.ts';

const TOTAL = 100_000;
const settled = (): Promise<void> => new Promise((done) => void setTimeout(done));

function listOf(total = TOTAL) {
  const load = vi.fn<LoadPage<string>>(async (offset: number, limit: number) => ({
    total,
    rows: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => `row ${offset + index}`),
  }));
  return { load, rows: new PagedRows<string>(load, failureOf) };
}

it('fetches the pages in view by offset, and no other', async () => {
  const { load, rows } = listOf();
  rows.look(50_040, 50_060, 50_040);
  await settled();
  expect(load.mock.calls).toEqual([[50_000, PAGE_SIZE]]);
  expect([rows.total, rows.rowAt(50_041), rows.rowAt(0)]).toEqual([TOTAL, 'row 50041', undefined]);
});

it('asks again for a page it has only after a refresh, and shows the old row meanwhile', async () => {
  const { load, rows } = listOf();
  rows.look(0, 20, 0);
  await settled();
  rows.look(5, 25, 5);
  expect(load).toHaveBeenCalledTimes(1);
  rows.refresh();
  expect(rows.rowAt(3)).toBe('row 3');
  await settled();
  expect(load).toHaveBeenCalledTimes(2);
});

it('keeps a bounded number of rows, and the active one among them', async () => {
  const { rows } = listOf();
  for (let at = 0; at < 60 * PAGE_SIZE; at += PAGE_SIZE) {
    rows.look(at, at + 10, 7);
    await settled();
  }
  const here = Array.from({ length: 60 }, (_, page) => rows.rowAt(page * PAGE_SIZE)).filter((row) => row !== undefined);
  expect(here.length).toBeLessThan(30);
  expect(rows.rowAt(7)).toBe('row 7');
});

it('an answer from before a refresh does not overwrite what came after it', async () => {
  const answers: ((rows: string[]) => void)[] = [];
  const rows = new PagedRows<string>(
    () => new Promise((done) => void answers.push((page) => done({ total: 1, rows: page }))),
    failureOf,
  );
  rows.look(0, 0, 0);
  rows.refresh();
  answers[1]?.(['new']);
  answers[0]?.(['old']);
  await settled();
  expect(rows.rowAt(0)).toBe('new');
});

it('tells a failure and recovers on refresh', async () => {
  const { load, rows } = listOf(3);
  load.mockRejectedValueOnce(new Error('wire lost'));
  rows.look(0, 0, 0);
  await settled();
  expect(rows.failure).toEqual({ kind: 'gone', problem: null });
  rows.refresh();
  await settled();
  expect([rows.failure, rows.total]).toEqual([null, 3]);
});
