/* oxlint-disable typescript/no-unsafe-type-assertion -- a workspace without its configuration file */
import { afterEach, describe, expect, it } from 'vitest';
import { ansatt, customer, kunde } from '../../sync/testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from '../../sync/testing/run-on-fakes.ts';
import { LinkDesk } from '../records/link-desk.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { Decider } from './decide.ts';
import { mismatchesOf } from './mismatches.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** Nothing that decides looks at the configuration file. */
function workspace(): Workspace {
  const { store, customerp, tidsbanken, flows, settings, clock } = fakes;
  const connectors = { customerp, tidsbanken };
  const versions = { policy: '1', tenant: '1' };
  const own = { dir: '', config: {} as never, holder: 'test', person: 'tester' };
  return { ...own, store, connectors, flows, settings, versions, clock };
}

it('X1, K8: a record that is gone is not made again under its number, and the person is told why', async () => {
  fakes = new Fakes();
  fakes.tidsbanken.put('customer', kunde('10001'));
  for (const number of ['10002', '10003', '10004']) fakes.tidsbanken.put('customer', kunde(number));
  for (const number of ['10001', '10002', '10003', '10004']) fakes.customerp.put('customer', customer(number));
  await fakes.run(APPROVE_ALL);
  fakes.tidsbanken.remove('customer', '10001');
  await fakes.run({ ...APPROVE_ALL, full: true });
  fakes.clock.advance(fakes.settings.confirmGoneMs + 1);
  await fakes.run({ ...APPROVE_ALL, full: true });
  const gone = (await fakes.mismatches()).find(({ mismatch }) => mismatch === 'goneInTidsbanken');
  expect(gone?.takes).toContain('recreate');

  const decider = new Decider(workspace(), new LinkDesk(workspace()));
  const decided = await decider.decideMismatch(gone?.id ?? 0, { take: 'recreate' });
  expect(decided).toMatchObject({ ok: false, failure: { facts: { why: 'numberUsed', system: 'tidsbanken' } } });
  expect((await fakes.mismatches()).map(({ id }) => id)).toContain(gone?.id);
});

const employees = 12;
const department = (): string => fakes.customerp.put('department', { number: '7', name: 'Avdeling sju' });
const standing = async () =>
  (await fakes.changes('employee')).filter((c) => c.state === 'approved' && c.rail === 'S1:create');

/** Employees of a department of Tidsbanken, none of whom Customerp has. */
async function decideAll(): Promise<void> {
  for (let id = 1001; id <= 1000 + employees; id++) fakes.tidsbanken.put('employee', ansatt(id, { AvdelingId: 7 }));
  await fakes.run(PREVIEW);
  const w = workspace();
  const found = (await fakes.mismatches()).filter((m) => m.mismatch === 'onlyInTidsbanken' && m.kind === 'employee');
  const { decideMismatches } = mismatchesOf(w, new Decider(w, new LinkDesk(w)));
  const ids = found.map(({ id }) => id);
  expect(await decideMismatches(ids, { take: 'create' })).toEqual({ decided: employees, refused: [] });
}

describe('S1, V2: many creates that a person decided on at once', () => {
  it.each([
    { when: 'is linked', before: department, after: () => '' },
    { when: 'is linked by a later sync', before: () => '', after: department },
  ])('wait for their number however often Sync is pressed, where their department $when', async ({ before, after }) => {
    fakes = new Fakes();
    fakes.tidsbanken.put('department', { Id: 7, Navn: 'Avdeling sju' });
    before();
    await decideAll();
    const ids = (await standing()).map(({ id }) => id);
    after();
    for (const full of [false, true, true]) {
      await fakes.run({ ...SAFE, full });
      expect((await standing()).map(({ id }) => id)).toEqual(ids);
    }
    expect(ids).toHaveLength(employees);
    expect(fakes.customerp.received.filter(({ kind }) => kind === 'employee')).toEqual([]);
  });

  it('refer to what is linked when they are decided', async () => {
    fakes = new Fakes();
    fakes.tidsbanken.put('department', { Id: 7, Navn: 'Avdeling sju' });
    department();
    await decideAll();
    for (const { groups } of await standing()) expect(groups.map(({ group }) => group)).toContain('department');
  });
});
