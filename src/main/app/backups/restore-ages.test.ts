import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIDES } from '../../../shared/domain.ts';
import { restoreWorkspace } from './backups-restore.ts';
import { Errands } from '../faults/full-disk.suite.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

/** A backup of each day, with edits and new records on every day between; the older, the more the store does not know. */
const DAYS = 5;
const PRESET = { customers: 40, employees: 6, projects: 6, overlap: 0.8, differ: 0, dirt: 0, seed: 5 } as const;
const ALL = { offset: 0, limit: 1_000 };

describe('section 10: a restored backup', () => {
  let world: AppOnSandbox;
  let errands: Errands;
  const backup = (day: number): string => join(world.dir, 'kept', `day-${String(day)}.db`);

  beforeAll(async () => {
    world = await AppOnSandbox.start(PRESET);
    await mkdir(join(world.dir, 'kept'));
    await world.app.backUp(backup(0)); // Before the first run: it knows nothing at all.
    errands = await Errands.on(world);
    for (let day = 1; day < DAYS; day++) {
      await world.app.backUp(backup(day));
      await errands.make(day);
      await world.sync('all');
    }
  }, 120_000);
  afterAll(() => world.stop());

  const ages = Array.from({ length: DAYS }, (_, day) => day);
  it.each(ages)(
    'S7, M7: of day %i writes nothing unreviewed, makes nothing twice and loses no edit',
    async (day) => {
      await errands.make(DAYS + day); // Not yet carried over when the store is lost.
      await world.app.close();
      expect(await restoreWorkspace(world.dir, backup(day), 'kari')).toMatchObject({ ok: true });
      await world.reopen();

      const before = await errands.arrived();
      expect(await world.sync('all')).toMatchObject({ mode: 'preview', full: true, state: 'done' });
      await world.sync('safe');
      expect(await errands.arrived(), 'nobody has looked yet').toBe(before);

      await world.sync('all');
      await decideByWhoEdits();
      await world.sync('all');
      expect(await errands.wrong()).toEqual([]);
      expect(await twice()).toEqual([]);
      const inStep = await errands.arrived();
      await world.sync('all', { full: true });
      expect(await errands.arrived()).toBe(inStep);
    },
    60_000,
  );

  /** What an old base cannot tell apart is asked (R5, R12): the errands edit e-mail in Customerp, addresses in Tidsbanken. */
  async function decideByWhoEdits(): Promise<void> {
    const { rows } = await world.app.mismatches({ flow: 'customer-kunde' }, ALL);
    for (const { id, group } of rows.filter((row) => row.kind === 'bothEdited' || row.kind === 'firstDifference'))
      await world.app.decideMismatches([id], { take: group === 'email' ? 'customerp' : 'tidsbanken' });
  }

  async function twice(): Promise<string[]> {
    const names: string[] = [];
    for (const side of SIDES) {
      const rows = await world.records(side, side === 'customerp' ? 'customers' : 'Kunde');
      names.push(...rows.map((row) => `${side} ${String(row['name'] ?? row['Navn'])}`));
    }
    return names.filter((name, index) => name.includes('Disk ') && names.indexOf(name) !== index);
  }
});
