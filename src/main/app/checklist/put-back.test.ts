import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { customersInStep } from '../../sync/testing/records.ts';
import { Fakes, SAFE } from '../../sync/testing/run-on-fakes.ts';
import { writeForTest } from './test-write.ts';
import { finishPuttingBack } from './unfinished.ts';

/** 7.6: a checklist leaves no trace, also one that ended before it could put back what it had written. */

const TEST_VALUE = 'Sjekk 39U';

let fakes: Fakes;
let linkId: number;
beforeEach(async () => {
  fakes = new Fakes();
  const [first = ''] = await customersInStep(fakes, 1);
  linkId = (await fakes.store.links.of('customer', 'customerp', first))?.id ?? 0;
});
afterEach(() => fakes.close());

/** A checklist of the customer's name that ends right after its test value has arrived. */
async function diesAfterWriting(side: Side): Promise<void> {
  const link = await fakes.store.links.get(linkId);
  if (link === null) throw new Error('The customer has no link.');
  const name = link.base.customerp['name'] ?? null;
  const member = {
    property: 'name',
    was: { customerp: name, tidsbanken: name },
    spelling: { customerp: name, tidsbanken: name },
    wrote: { customerp: [TEST_VALUE], tidsbanken: [TEST_VALUE] },
  };
  await fakes.work(async (ctx) => {
    const restore = { linkId, runId: ctx.runId, group: 'name', members: [member], keys: link.keys };
    await ctx.store.checklists.begin(restore, { event: 'checklistBegun', item: 'link:1' });
    const members = [{ property: 'name', expected: name, desired: TEST_VALUE }];
    await writeForTest(ctx, { link, label: '', side, group: 'name', members, purpose: 'put:1' });
  });
}

/** What the next write of a name becomes there (W3). */
const makesOfIt = (side: Side, better: string): void => {
  const field = side === 'customerp' ? 'name' : 'Navn';
  fakes.of(side).answer({ answer: 'acked', keeps: (raw: JsonObject) => ({ ...raw, [field]: better }) });
};

const names = (): unknown[] => [
  fakes.customerp.all('customer')[0]?.['name'],
  fakes.tidsbanken.all('customer')[0]?.['Navn'],
];
const frozen = async (): Promise<unknown> => (await fakes.store.links.get(linkId))?.frozen;

describe.each(SIDES.map((side) => ({ side, other: side === 'customerp' ? 'tidsbanken' : 'customerp' }) as const))(
  'a test value in $side that a crash has left there',
  ({ side, other }) => {
    it.each([
      { what: 'is put back', made: null, syncs: 0 },
      { what: 'is put back where the sync has carried it', made: null, syncs: 1 },
      {
        what: 'is put back where the sync has carried it and the system made something else of it',
        made: 'SJEKK',
        syncs: 1,
      },
      { what: 'is put back after the next run has told of that', made: 'SJEKK', syncs: 2 },
    ])('$what', async ({ made, syncs }) => {
      const before = names();
      await diesAfterWriting(side);
      if (made !== null) makesOfIt(other, made);
      for (let run = 0; run < syncs; run++) await fakes.run(SAFE);
      expect(names()).not.toEqual(before);
      await fakes.work(finishPuttingBack);
      const sent = fakes.of(side).received.length;
      await fakes.run();
      expect({ names: names(), frozen: await frozen(), open: await fakes.mismatches() }).toEqual({
        names: before,
        frozen: {},
        open: [],
      });
      expect(fakes.of(side).received.length).toBe(sent);
    });

    it('what the system made of the test value itself is put back', async () => {
      const before = names();
      makesOfIt(side, 'SJEKK');
      await diesAfterWriting(side);
      await fakes.work(finishPuttingBack);
      await fakes.run();
      expect({ names: names(), frozen: await frozen() }).toEqual({ names: before, frozen: {} });
    });

    it('what somebody made of it afterwards is left to them', async () => {
      await diesAfterWriting(side);
      makesOfIt(other, 'SJEKK');
      await fakes.run(SAFE);
      const [record] = fakes.of(other).all('customer');
      const [field, id] = other === 'customerp' ? ['name', record?.['id']] : ['Navn', record?.['Id']];
      fakes.of(other).edit('customer', typeof id === 'string' ? id : '', { [field]: 'Fjordlys Nord' });
      await fakes.work(finishPuttingBack);
      expect(fakes.of(other).all('customer')).toEqual([expect.objectContaining({ [field]: 'Fjordlys Nord' })]);
    });
  },
);
