/* oxlint-disable typescript/no-unsafe-type-assertion -- a workspace without its configuration file */
import { afterEach, describe, expect, it } from 'vitest';
import { ansatt, customer, customersInStep, kunde } from '../../sync/testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW, SAFE } from '../../sync/testing/run-on-fakes.ts';
import { LinkDesk } from '../records/link-desk.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { changeDecisionsOf } from './change-decisions.ts';
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

it('X1, V2: a record that is made again is written by the next sync, which plans anew before it', async () => {
  fakes = new Fakes();
  const [first = ''] = await customersInStep(fakes, 4);
  fakes.customerp.remove('customer', first);
  await fakes.run({ ...SAFE, full: true });
  fakes.clock.advance(fakes.settings.confirmGoneMs + 1);
  await fakes.run({ ...SAFE, full: true });
  const gone = (await fakes.mismatches()).find(({ mismatch }) => mismatch === 'goneInCustomerp');
  await new Decider(workspace(), new LinkDesk(workspace())).decideMismatch(gone?.id ?? 0, { take: 'recreate' });
  fakes.customerp.received.length = 0;
  await fakes.run(SAFE);
  expect(fakes.customerp.received.map(({ values }) => values.get('number'))).toEqual(['10001']);
  expect(await fakes.mismatches()).toEqual([]);
});

const ORG_NO = { organizationNumber: '923609016' };
const AT_OSLO = { name: 'Fjordlys AS', address: { postalCode: '0150' } };

describe('V2: the counterpart that a person asked for is made by the next sync, whatever still speaks against it', () => {
  it.each([
    { finding: 'sharedKey', here: [customer('10001', ORG_NO), customer('10002', ORG_NO)], there: [] },
    {
      finding: 'weakMatch',
      here: [customer('10001', AT_OSLO)],
      there: [kunde('777', { Navn: 'Fjordlys AS', Postnr: '0150' })],
    },
    {
      finding: 'sharedKey',
      here: [customer('10001', AT_OSLO)],
      there: ['777', '778'].map((id) => kunde(id, { Navn: 'Fjordlys AS', Postnr: '0150' })),
    },
  ])('$finding, among $there.length in Tidsbanken', async ({ finding, here, there }) => {
    fakes = new Fakes();
    const [first] = here.map((raw) => fakes.customerp.put('customer', raw));
    for (const raw of there) fakes.tidsbanken.put('customer', raw);
    await fakes.run(PREVIEW);
    const found = (await fakes.mismatches()).find((m) => m.customerpId === first);
    expect(found?.mismatch).toBe(finding);
    const decider = new Decider(workspace(), new LinkDesk(workspace()));
    expect(await decider.decideMismatch(found?.id ?? 0, { take: 'create' })).toMatchObject({ ok: true });
    // Something new, so that all that have no partner are matched anew.
    fakes.tidsbanken.put('customer', kunde('900', { Navn: 'Ny AS' }));
    await fakes.run({ ...SAFE, full: true });
    expect((await fakes.changes('customer'))[0]?.state).toBe('verified');
    expect(fakes.tidsbanken.received.map(({ values }) => values.get('Id'))).toEqual(['10001']);
  });
});

it('7.4, M2: a counterpart whose creation is left to a person is not asked for a second time', async () => {
  fakes = new Fakes();
  const [first] = ['10001', '10002'].map((number) => fakes.customerp.put('customer', customer(number, ORG_NO)));
  const decide = async () => {
    await fakes.run(PREVIEW);
    const shared = (await fakes.mismatches()).find((m) => m.mismatch === 'sharedKey' && m.customerpId === first);
    return new Decider(workspace(), new LinkDesk(workspace())).decideMismatch(shared?.id ?? 0, { take: 'create' });
  };
  expect(await decide()).toMatchObject({ ok: true });
  fakes.tidsbanken.answer(...Array.from({ length: 3 }, () => ({ answer: 'unknown' as const, acts: false })));
  for (let run = 0; run < 5; run++) {
    await fakes.apply({});
    fakes.clock.advance(121_000);
  }
  expect(await decide()).toMatchObject({ ok: false, failure: { facts: { why: 'createStands' } } });
  expect((await fakes.changes()).map(({ state }) => state)).toEqual(['manual']);
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

describe('2,000 decisions are no reason to wait', () => {
  const many = 230;

  /** Statements for each decision, and how often everything else had its turn meanwhile. */
  async function costOf(decide: () => Promise<unknown>): Promise<{ each: number; turns: number }> {
    const before = fakes.store.statements();
    let turns = 0;
    let isOver = false;
    const watch = (): void => {
      turns += 1;
      if (!isOver) setImmediate(watch);
    };
    setImmediate(watch);
    await decide();
    isOver = true;
    return { each: (fakes.store.statements() - before) / many, turns };
  }

  it.each(['reject', 'later'] as const)('%s, of changes', async (take) => {
    fakes = new Fakes();
    for (let at = 0; at < many; at++) fakes.customerp.put('customer', customer(String(10_001 + at)));
    await fakes.run(PREVIEW);
    const ids = (await fakes.changes()).map(({ id }) => id);
    const cost = await costOf(async () => {
      const { decided } = await changeDecisionsOf(workspace()).decideChanges(ids, take);
      expect(decided).toBe(many);
    });
    expect(cost.each).toBeLessThan(8);
    expect(cost.turns).toBeGreaterThanOrEqual(3);
  });

  it('create, of mismatches', async () => {
    fakes = new Fakes();
    for (let at = 0; at < many; at++) fakes.tidsbanken.put('employee', ansatt(1001 + at));
    await fakes.run(PREVIEW);
    const w = workspace();
    const ids = (await fakes.mismatches()).filter((m) => m.mismatch === 'onlyInTidsbanken').map(({ id }) => id);
    const cost = await costOf(async () => {
      const { decided } = await mismatchesOf(w, new Decider(w, new LinkDesk(w))).decideMismatches(ids, {
        take: 'create',
      });
      expect(decided).toBe(many);
    });
    expect(cost.each).toBeLessThan(16);
    expect(cost.turns).toBeGreaterThanOrEqual(3);
  });

  it('V1: together with others that wait, only what is open of a change is rejected', async () => {
    fakes = new Fakes();
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041', website: 'https://ny.example' });
    await fakes.run(PREVIEW);
    const desk = changeDecisionsOf(workspace());
    const open = (await fakes.changes()).at(-1)?.id ?? 0;
    await desk.decideChanges([open], 'approve', 'phone');
    expect(await desk.decideAllChanges({ show: 'waiting' }, 'reject', 1)).toMatchObject({ ok: true });
    await fakes.apply();
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Telefon: '+4790000041' });
    expect(fakes.tidsbanken.raw('customer', '10001')).not.toHaveProperty('Url', 'https://ny.example');
  });
});
