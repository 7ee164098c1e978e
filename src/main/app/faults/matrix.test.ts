import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherSide, SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { trustTestAuthority } from '../../connectors/http/fault-matrix/address-faults.suite.ts';
import type { Row } from '../testing/app-on-sandbox.suite.ts';
import { allCells } from './cells.suite.ts';
import type { Cell } from './cells.suite.ts';
import { EMAIL, FaultMatrix, siteOf, WEBSITE } from './matrix.suite.ts';

/** Each run goes on until its side is refused; more than this many would be a run that gets nowhere. */
const MOST_RUNS = 60;

/**
 * A share of the cells in everyday runs, another one for each system; all of them with FAULTS=all. A fault has three or
 * five cells in a row: every fourth takes some of each sort.
 */
const SHARE = process.env['FAULTS'] === 'all' ? 1 : 4;
const cellsFor = (target: Side): Cell[] =>
  allCells().filter((_cell, index) => index % SHARE === (target === 'tidsbanken' ? 0 : SHARE - 1) % SHARE);

describe.each(SIDES)('every fault on the way to %s', (target) => {
  const cells = cellsFor(target);
  let matrix: FaultMatrix;

  beforeAll(async () => {
    trustTestAuthority();
    matrix = await FaultMatrix.prepare(target, cells);
    matrix.arm();
    await matrix.world.reopen();
    await matrix.sync();
    for (let run = 0; run < MOST_RUNS && cells.some((cell) => cell.left > 0); run++) await matrix.apply();
  }, 300_000);
  afterAll(() => matrix.stop());

  it('I1, I2, I3, X1: healed and synced twice, all is in step: no second record, no lost edit, nothing deleted', async () => {
    expect(cells.filter((cell) => cell.left > 0).map((cell) => cell.name)).toEqual([]);
    await matrix.heal();
    await matrix.sync();
    await matrix.sync();
    if ((await matrix.decideNotPersisted()) > 0) await matrix.sync();
    expect(await wrongCells(matrix)).toEqual([]);
    for (const side of SIDES) {
      const deleted = (await matrix.world.history(side)).filter((w) => w.method === 'DELETE');
      expect(deleted).toEqual([]);
    }
    console.log(`HTTP faults, end to end, ${target}: ${String(cells.length)} cells`);
  }, 300_000);

  it('I4: the next sync writes nothing', async () => {
    const before = await writes(matrix);
    await matrix.sync();
    expect(await writes(matrix)).toBe(before);
  }, 60_000);

  it('I8: each write that a system saw has its row in the journal from before', async () => {
    const seen = (await Promise.all(SIDES.map((side) => matrix.world.history(side)))).flat();
    const attempts = seen.filter((w) => w.origin === 'api').length;
    const events = await matrix.world.app.journalSummary();
    expect(events['sending']).toBeGreaterThanOrEqual(attempts);
  });
});

async function writes({ world }: FaultMatrix): Promise<number> {
  const each = await Promise.all(SIDES.map((side) => world.history(side)));
  return each.flat().filter((w) => w.origin === 'api').length;
}

const idOf = (row: Row): string => String(row['id'] ?? row['Id']);

/** What is wrong with each record of the matrix; empty when nothing is. */
async function wrongCells(matrix: FaultMatrix): Promise<string[]> {
  const source = otherSide(matrix.target);
  const [sources, targets] = [await matrix.read(source), await matrix.read(matrix.target)];
  const wrong: string[] = [];
  for (const { cell, sourceId, targetId } of matrix.records) {
    const from = sources.find((row) => idOf(row) === sourceId);
    const to = targets.filter((row) =>
      targetId === null ? row[EMAIL[matrix.target]] === cell.token : idOf(row) === targetId,
    );
    const [only] = to;
    if (to.length !== 1 || only === undefined) wrong.push(`${cell.name}: ${String(to.length)} records`);
    else if (from?.[EMAIL[source]] !== cell.token || only[EMAIL[matrix.target]] !== cell.token)
      wrong.push(`${cell.name}: the edit of the source is lost`);
    else if (
      targetId !== null &&
      (from[WEBSITE[source]] !== siteOf(cell) || only[WEBSITE[matrix.target]] !== siteOf(cell))
    )
      wrong.push(`${cell.name}: the edit of the target is lost`);
  }
  return wrong;
}
