import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIDES } from '../../../shared/domain.ts';
import { WIRE_FAULTS } from '../../connectors/http/fault-matrix/catalogue.suite.ts';
import { allCells } from './cells.suite.ts';
import { FaultMatrix } from './matrix.suite.ts';

/** A share of the faults in everyday runs, all of them with FAULTS=all. */
const SHARE = process.env['FAULTS'] === 'all' ? 1 : 5;
const LISTED = WIRE_FAULTS.filter((fault, index) => fault.expected.read !== 'ok' && index % SHARE === 0);
const RECORDS = 6;

describe.each(SIDES)('a list of %s that goes wrong', (target) => {
  let matrix: FaultMatrix;
  beforeAll(async () => {
    const cells = allCells().filter((cell) => cell.op === 'read');
    matrix = await FaultMatrix.prepare(target, cells.slice(0, RECORDS));
    await matrix.sync();
    matrix.arm();
    for (const cell of cells) cell.left = 0;
    await matrix.world.reopen();
  }, 60_000);
  afterAll(() => matrix.stop());

  const counts = async () => {
    const { world } = matrix;
    const arrived = (await Promise.all(SIDES.map((side) => world.history(side)))).flat();
    const { total: linked } = await world.app.records({ linked: true }, { offset: 0, limit: 1 });
    const gone = (await world.app.mismatchCounts()).filter((row) => row.kind.startsWith('gone'));
    return { writes: arrived.filter((write) => write.origin === 'api').length, linked, gone };
  };

  it.each(LISTED.map((fault) => [fault.name, fault] as const))(
    'C5, C6, T4: %s: told, and nothing is concluded from what did not come',
    async (_name, fault) => {
      const before = await counts();
      matrix.listFault = fault;
      const run = await matrix.world.sync('all', { flows: ['customer-kunde'], full: true });
      matrix.listFault = null;
      expect(run.problems.length).toBeGreaterThan(0);
      expect(await counts()).toEqual(before);
    },
  );

  it('I1, I4: once the lists come whole again, all is in step as before', async () => {
    const before = await counts();
    await matrix.heal();
    const run = await matrix.sync();
    expect(run.problems).toEqual([]);
    expect(await counts()).toEqual(before);
    console.log(`HTTP faults, lists of ${target}: ${String(LISTED.length)} cells`);
  }, 60_000);
});
