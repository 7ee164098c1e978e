import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import type { Db } from './db.ts';
import { Journal, whereOf } from './journal.ts';
import type { JournalFilter } from './journal.ts';

let db: Db;
let journal: Journal;
beforeEach(() => {
  const opened = openDatabase(':memory:');
  if (!opened.ok) throw new Error(opened.failure.what);
  db = opened.value;
  journal = new Journal(db, () => 0);
  journal.append([
    { event: 'linkMade', item: 'link:1', detail: { customerpId: '7', tidsbankenId: '40' } },
    { event: 'verified', item: 'change:3', detail: { customerpId: '8', tidsbankenId: '7' } },
    { event: 'taken', item: '7' },
    { event: 'other', item: 'link:2', detail: { customerpId: '9', tidsbankenId: '41' } },
    { event: 'both', item: 'link:3', detail: { customerpId: '7', tidsbankenId: '7' } },
  ]);
});
afterEach(() => {
  db.close();
});

const planOf = (filter: JournalFilter): string =>
  db
    .prepare<[object], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT * FROM journal WHERE ${whereOf(filter)} ORDER BY seq DESC LIMIT 200`,
    )
    .all(filter)
    .map((row) => row.detail)
    .join('\n');

describe('J1 the story of a record', () => {
  it.each([
    { item: '7', told: ['both', 'taken', 'verified', 'linkMade'] },
    { item: '41', told: ['other'] },
    { item: 'change:3', told: ['verified'] },
    { item: 'nowhere', told: [] },
  ])('$item is found by its name, or by its native id on either side, each row once', async ({ item, told }) => {
    const { total, rows } = await journal.list({ item }, 0, 10);
    expect([total, rows.map((row) => row.event)]).toEqual([told.length, told]);
  });

  it('is narrowed to some events, and the page tells how many there are in all', async () => {
    const { total, rows } = await journal.list({ item: '7', events: ['taken', 'linkMade', 'other'] }, 0, 1);
    expect([total, rows.map((row) => row.event)]).toEqual([2, ['taken']]);
  });

  it('is found by indexes only, however long the journal is', () => {
    const plan = planOf({ item: '7' });
    expect(plan).toMatch(/SEARCH journal USING .*INDEX journal_by_customerp /);
    expect(plan).toMatch(/SEARCH journal USING .*INDEX journal_by_tidsbanken /);
    expect(plan).toMatch(/SEARCH journal USING .*INDEX journal_by_item /);
    expect(plan).not.toMatch(/SCAN journal\b/);
  });

  it('of a run is found by the index of runs', () => {
    const plan = planOf({ runId: 1 });
    expect(plan).toMatch(/journal_by_run/);
    expect(plan).not.toMatch(/SCAN journal\b/);
  });
});

describe('I22 the chain holds, though the newest row is not read before each entry', () => {
  it('when two write in turns', async () => {
    const other = new Journal(db, () => 0);
    for (const writer of [other, journal, journal, other]) tell(writer, 'told');
    expect(await journal.firstBrokenRow()).toBeNull();
    expect((await journal.list({}, 0, 100)).rows.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 13 }, (_row, at) => 13 - at),
    );
  });

  it('when what was told last was undone with its deed', async () => {
    const undone = db.transaction(() => {
      tell(journal, 'undone');
      throw new Error('The disk is full.');
    });
    expect(undone).toThrow('The disk is full.');
    tell(journal, 'told');
    expect(await journal.firstBrokenRow()).toBeNull();
    expect((await journal.list({}, 0, 100)).total).toBe(7);
  });
});

const tell = (by: Journal, event: string): void => by.append([{ event }, { event: `${event}, too` }]);
