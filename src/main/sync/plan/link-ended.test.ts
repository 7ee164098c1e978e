import { afterEach, beforeEach, expect, it } from 'vitest';
import { KINDS, SIDES } from '../../../shared/domain.ts';
import type { Pair, Props } from '../../../shared/domain.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { NewLink, StoredLink } from '../../store/links.ts';
import type { SyncContext } from '../context.ts';
import { customersInStep, kunde, project } from '../testing/records.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import { openMismatches } from '../../store/open-items.fixture.ts';

/**
 * O2: a reference compares by link. Whose link has ended is told by whoever refers to it, though nobody has edited them.
 * Whose two records are joined again is what it was.
 */

let fakes: Fakes;
let first: string;
let linkId: number;
let projectId: string;
const told: JournalEntry = { event: 'unlinked', item: 'link:1' };
const made = (): JournalEntry => ({ event: 'linkMade', item: 'link:9' });

/** A project in step on both sides, of the first of two customers. */
beforeEach(async () => {
  fakes = new Fakes();
  [first = ''] = await customersInStep(fakes, 2);
  projectId = fakes.customerp.put('project', project('4001', { customerId: first }));
  await fakes.run();
  linkId = (await fakes.store.links.of('customer', 'customerp', first))?.id ?? 0;
});
afterEach(() => fakes.close());

/** One for each end that has no partner. */
const openOfProjects = async (): Promise<(string | null)[][]> =>
  (await openMismatches(fakes.store, 'project')).map(({ mismatch, group }) => [mismatch, group]);
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

async function partAndJoinAgain(): Promise<string> {
  const { customerpId, tidsbankenId } = (await fakes.store.links.get(linkId)) ?? { customerpId: '', tidsbankenId: '' };
  await fakes.store.links.end(linkId, 'unlinked', told);
  await fakes.run(PREVIEW);
  const [id = 0] = await fakes.store.links.make(
    [{ kind: 'customer', customerpId, tidsbankenId, origin: 'byHand', keys: {} }],
    made,
  );
  return `link:${String(id)}`;
}

const projects = (): readonly unknown[] => SIDES.flatMap((side) => fakes.of(side).all('project'));

const projectLink = async (): Promise<StoredLink> => {
  const link = await fakes.store.links.of('project', 'customerp', projectId);
  if (link === null) throw new Error('The project has no link.');
  return link;
};

it.each([{ side: 'customerp' }, { side: 'tidsbanken' }] as const)(
  'a difference that was agreed on stays agreed on when the customer that $side refers to is joined to the same partner again',
  async ({ side }) => {
    const second = await fakes.store.links.of('customer', 'tidsbanken', '10002');
    const { customerpId, tidsbankenId } = await projectLink();
    if (side === 'customerp') fakes.tidsbanken.edit('project', tidsbankenId, { KundeId: '10002' });
    else fakes.customerp.edit('project', customerpId, { customerId: second?.customerpId ?? '' });
    await fakes.run(PREVIEW);
    const { id, baseMapping } = await projectLink();
    const other = `link:${String(second?.id)}`;
    const agreed = (ofFirst: string): Pair<Props> => ({
      customerp: { customer: side === 'customerp' ? ofFirst : other },
      tidsbanken: { customer: side === 'tidsbanken' ? ofFirst : other },
    });
    const move = { linkId: id, base: agreed(`link:${String(linkId)}`), mapping: baseMapping ?? '' };
    await fakes.store.links.acceptPair(move, null, 0, { event: 'accepted', item: 'link:3' });
    await fakes.run(PREVIEW);
    const held = projects();
    const again = await partAndJoinAgain();
    await fakes.run();
    expect({ held: projects(), open: await openOfProjects() }).toEqual({ held, open: [] });
    expect((await projectLink()).base).toMatchObject(agreed(again));
  },
);

it('an edit that was made while the customer had no counterpart is carried over once it has the same one again', async () => {
  const { tidsbankenId } = await projectLink();
  fakes.tidsbanken.edit('project', tidsbankenId, { KundeId: '10002' });
  await partAndJoinAgain();
  await fakes.run();
  const second = await fakes.store.links.of('customer', 'tidsbanken', '10002');
  expect(fakes.customerp.all('project')).toEqual([expect.objectContaining({ customerId: second?.customerpId })]);
});

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
