import { afterAll, beforeAll, expect, it } from 'vitest';
import { SIDES } from '../../shared/domain.ts';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';

const ALL = { offset: 0, limit: 500 };
let world: AppOnSandbox;
beforeAll(async () => {
  world = await AppOnSandbox.start({
    customers: 30,
    employees: 4,
    projects: 4,
    overlap: 0.7,
    differ: 0,
    dirt: 0,
    seed: 3,
  });
  await world.sync('all');
}, 60_000);
afterAll(() => world.stop());

const asked = async (): Promise<unknown[]> => Promise.all(SIDES.map((side) => world.door(side, 'counts')));

it('V1, V2: with both systems out of reach everything can be looked through and decided; it is written when they are back', async () => {
  const [drifted, torn] = await world.linkedCustomers(2);
  if (drifted === undefined || torn === undefined) throw new Error('no pairs');
  await world.edit('customerp', 'customers', drifted.customerpId, { email: 'frakoblet@fjell.example' });
  await world.edit('customerp', 'customers', torn.customerpId, { phone: '22 33 44 55' });
  await world.edit('tidsbanken', 'Kunde', torn.tidsbankenId, { Telefon: '22 33 44 66' });
  await world.sync('none');
  for (const side of SIDES) await world.faults(side, [{ fault: { kind: 'reset' } }]);
  await world.reopen();
  const before = await asked();

  const { rows } = await world.app.changes({ show: 'waiting' }, ALL);
  const waiting = rows.find((row) => row.customerpId === drifted.customerpId);
  expect(await world.app.change(waiting?.id ?? 0)).toMatchObject({ ok: true });
  expect(await world.app.record('customer-kunde', 'customerp', drifted.customerpId)).toMatchObject({ ok: true });
  expect(await world.app.decideChanges([waiting?.id ?? 0], 'approve')).toMatchObject({ decided: 1 });
  const { rows: found } = await world.app.mismatches({ kind: 'bothEdited' }, ALL);
  expect(await world.app.decideMismatches([found[0]?.id ?? 0], { take: 'customerp' })).toMatchObject({ decided: 1 });
  expect(await asked()).toEqual(before);

  for (const side of SIDES) await world.faults(side, []);
  await world.reopen();
  await world.run({ do: 'apply', approve: 'none' });
  expect(await world.record('tidsbanken', 'Kunde', drifted.tidsbankenId)).toMatchObject({
    Epost: 'frakoblet@fjell.example',
  });
  expect(await world.record('tidsbanken', 'Kunde', torn.tidsbankenId)).toMatchObject({
    Telefon: expect.stringMatching(/55$/) as string,
  });
}, 60_000);
