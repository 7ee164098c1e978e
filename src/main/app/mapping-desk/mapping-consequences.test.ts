import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MappingEffect, RowEdits, RuleEdits } from '../../../shared/contract/mapping-views.ts';
import type { Result } from '../../../shared/domain.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

/** S5, C7 on a workspace of 10,000 pairs: what a mapping would come to is told before it is saved, and nobody is gone. */

const FLOW = 'customer-kunde';
const PAIRS = 10_000;
const SLOW = 300_000;

function valueOf<T>(result: Result<T, { what: string }>): T {
  if (!result.ok) throw new Error(result.failure.what);
  return result.value;
}

let world: AppOnSandbox;
beforeAll(async () => {
  world = await AppOnSandbox.start({
    customers: PAIRS,
    employees: 1,
    projects: 1,
    overlap: 1,
    differ: 0,
    dirt: 0,
    alike: true,
    seed: 11,
  });
  await world.sync('all');
}, SLOW);
afterAll(() => world.stop());

const check = async (edits: RowEdits, rules?: RuleEdits): Promise<MappingEffect> =>
  valueOf(await world.app.mapping.check({ flow: FLOW, edits, rules }));
const card = async () => (await world.app.overview()).flows.find(({ flow }) => flow === FLOW);
const requests = async (): Promise<number> => (await world.app.overview()).recentRuns.length;

it('counts over all pairs, asks nobody and changes nothing', async () => {
  const [before, runs] = [await card(), await requests()];
  expect(before?.links).toBe(PAIRS);
  const narrower = await check({ name: { maxLength: { tidsbanken: 10 } }, website: { direction: 'off' } });
  expect(narrower).toMatchObject({ pairs: PAIRS, rewritten: ['name'], leaving: ['website'], filterChanged: false });
  expect(narrower.comparedAnew['name']).toBe(PAIRS);
  const filter = { customerp: [{ property: 'name', startsWith: ['No such name'] }], tidsbanken: [] };
  const filtered = await check({}, { filter });
  expect(filtered).toMatchObject({
    filterChanged: true,
    scope: { customerp: { records: PAIRS, leaving: PAIRS, entering: 0 }, tidsbanken: { leaving: 0, entering: 0 } },
  });
  expect([await card(), await requests()]).toEqual([before, runs]);
});

it(
  'saved, it leaves every pair linked: no absence is concluded from a mapping (C7, S5)',
  async () => {
    const edits: RowEdits = { website: { direction: 'off' }, phone: { direction: 'toTidsbanken' } };
    const told = await check(edits);
    const { version } = valueOf(await world.app.mapping.get(FLOW));
    valueOf(await world.app.mapping.save({ flow: FLOW, edits }, version, []));
    const run = await world.sync('safe');
    expect(run).toMatchObject({ state: 'done', problems: [] });
    expect(told.leaving).toEqual(['website']);
    const { rows } = await world.app.mismatches({ flow: FLOW }, { offset: 0, limit: 10 });
    expect(rows).toEqual([]);
    expect(await card()).toMatchObject({ links: PAIRS, mismatches: 0, approved: 0, waiting: 0 });
  },
  SLOW,
);
