import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UndoProposed, UndoRow, UndoSummary } from '../../../shared/contract/views.ts';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';

/** 7.5 on the command line: what a script sees. */

const Preview = z.object({ counts: UndoSummary, rows: z.array(UndoRow) });
const Proposed = z.object({ proposed: UndoProposed });

/** Each command is a process of its own. */
const PROCESSES_MS = 60_000;

describe('undo of the last run', { timeout: PROCESSES_MS }, () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await openDemo('--customers', '20', '--employees', '6', '--projects', '6', '--seed', '3');
    await demo.tidsbro('sync', '--approve', 'all');
  }, PROCESSES_MS);
  afterAll(() => demo.close());

  it('shows the three lists, writes nothing, and ends with 2: something could be proposed', async () => {
    const { code, stdout } = await demo.tidsbro('undo', '--run', '1', '--json', '--limit', '1000');
    const { counts, rows } = Preview.parse(JSON.parse(stdout));
    expect(code).toBe(2);
    expect(counts.reversed).toBeGreaterThan(0);
    expect(rows).toHaveLength(counts.reversed + counts.kept + counts.cannot);
    expect(rows.filter((row) => row.outcome === 'reversed').every((row) => row.why === null)).toBe(true);
    const text = await demo.tidsbro('undo', '--run', '1');
    expect(text.stdout).toMatch(/will be reversed .+ → /);
    expect(text.stdout).toContain('Nothing was proposed; repeat with --write');
  });

  it('--write proposes it, and review lists it; a second time there is nothing left', async () => {
    const { code, stdout } = await demo.tidsbro('undo', '--run', '1', '--write', '--json');
    const { proposed } = Proposed.parse(JSON.parse(stdout));
    expect([code, proposed.changes > 0, proposed.missed]).toEqual([2, true, 0]);
    const review = await demo.tidsbro('review', '--kind', 'update', '--json', '--limit', '1000');
    expect(review.stdout).toContain('"state":"planned"');
    const again = await demo.tidsbro('undo', '--run', '1', '--write', '--json');
    expect(Proposed.parse(JSON.parse(again.stdout)).proposed).toMatchObject({ changes: 0, groups: 0 });
    expect(again.code).toBe(0);
  });

  it.each([
    [['--run', '999'], 'There is no run 999.'],
    [['--change', '99999'], 'There is no change 99999.'],
    [[], 'It is not said what is to be undone.'],
    [['--run', '1', '--change', '2'], 'cannot be used with option'],
  ])('%s is refused with 1', async (args, says) => {
    const { code, stderr } = await demo.tidsbro('undo', ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });
});
