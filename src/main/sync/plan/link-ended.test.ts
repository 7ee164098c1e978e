import { afterEach, beforeEach, expect, it } from 'vitest';
import { KINDS } from '../../../shared/domain.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { NewLink } from '../../store/links.ts';
import type { SyncContext } from '../context.ts';
import { customersInStep, kunde, project } from '../testing/records.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';

/** O2: a reference compares by link. Whose link has ended is told by whoever refers to it, though nobody has edited them. */

let fakes: Fakes;
let first: string;
let linkId: number;
const told: JournalEntry = { event: 'unlinked', item: 'link:1' };
const made = (): JournalEntry => ({ event: 'linkMade', item: 'link:9' });

/** A project in step on both sides, of the first of two customers. */
beforeEach(async () => {
  fakes = new Fakes();
  [first = ''] = await customersInStep(fakes, 2);
  fakes.customerp.put('project', project('4001', { customerId: first }));
  await fakes.run();
  linkId = (await fakes.store.links.of('customer', 'customerp', first))?.id ?? 0;
});
afterEach(() => fakes.close());

/** One for each end that has no partner. */
const openOfProjects = async (): Promise<(string | null)[][]> =>
  (await fakes.store.mismatches.open('project')).map(({ mismatch, group }) => [mismatch, group]);
const UNLINKED = ['unlinkedReference', 'customer'];

it('a customer that has lost its counterpart: an unlinked reference', async () => {
  await fakes.store.links.end(linkId, 'unlinked', told);
  await fakes.run(PREVIEW);
  expect(await openOfProjects()).toEqual([UNLINKED, UNLINKED]);
});

it.each([{ mode: 'by a delta' }, { mode: 'by a full reading', full: true }])(
  'two customers that change partners: the project is asked about, $mode',
  async ({ full = false }) => {
    fakes.tidsbanken.put('customer', kunde('10007'));
    await fakes.run(PREVIEW);
    const other: NewLink = {
      kind: 'customer',
      customerpId: first,
      tidsbankenId: '10007',
      origin: 'byHand',
      keys: {},
    };
    await fakes.store.links.replace(linkId, told, other, made);
    const { buckets } = await fakes.run({ ...PREVIEW, full });
    expect(buckets['mismatch']).toBeGreaterThan(0);
    expect(await openOfProjects()).toEqual([UNLINKED]);
  },
);

it('is looked for once, and not by every plan that follows', async () => {
  await fakes.store.links.end(linkId, 'unlinked', told);
  await fakes.run(PREVIEW);
  await fakes.store.links.wakeReferrers([{ kind: 'project', property: 'customer', to: 'customer' }]);
  expect(await fakes.store.links.countDirty('project')).toBe(0);
});

const withoutProjects = (ctx: SyncContext): SyncContext => ({
  ...ctx,
  flows: new Map([...ctx.flows].filter(([kind]) => kind !== 'project')),
});

it('is told by a flow that was switched off meanwhile, once it is on again', async () => {
  await fakes.store.links.end(linkId, 'unlinked', told);
  const kinds = KINDS.filter((kind) => kind !== 'project');
  await fakes.run({ ...PREVIEW, kinds, through: withoutProjects });
  await fakes.run(PREVIEW);
  expect(await openOfProjects()).toEqual([UNLINKED, UNLINKED]);
});
