import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeOrigin } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import { versionsFor } from '../context.ts';
import { customersInStep } from '../testing/records.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { applyOne } from './apply.ts';

/** 7.5, 7.6: changes that carry nothing over from the other side. */

let fakes: Fakes;
let id: string;
const KUNDE = '10001';
const [BEFORE, AFTER] = ['+4790000041', '+4790000042'];

beforeEach(async () => {
  fakes = new Fakes();
  [id = ''] = await customersInStep(fakes, 1);
  fakes.customerp.edit('customer', id, { phone: BEFORE });
  await fakes.run();
  fakes.customerp.edit('customer', id, { phone: AFTER });
  await fakes.run();
});
afterEach(() => fakes.close());

/** An approved change that takes the phone number in Tidsbanken back to what it was. */
async function takeBack(origin: ChangeOrigin): Promise<number> {
  const link = await fakes.store.links.of('customer', 'customerp', id);
  const members = [{ property: 'phone', expected: AFTER, desired: BEFORE }];
  const added = await fakes.store.changes.addDecided(
    {
      kind: 'customer',
      op: 'update',
      target: 'tidsbanken',
      linkId: link?.id ?? 0,
      customerpId: id,
      tidsbankenId: KUNDE,
      groups: [{ group: 'phone', row: 'restore', needs: 'review', members, fingerprint: 'f', approved: true }],
      needs: 'review',
      fingerprint: 'f',
      versions: versionsFor({ flows: fakes.flows, versions: { policy: '1', tenant: '1' } }, 'customer'),
      waitsFor: [],
      label: 'Fjordlys',
      state: 'approved',
      origin,
      approvedBy: 'tester',
      approvedAt: fakes.clock.now(),
      rail: null,
    },
    null,
    [],
  );
  return added?.changeId ?? 0;
}

/** A checklist writes under its own lease what it wants written; no other run does. */
async function writeForChecklist(meanwhile: () => void = () => undefined): Promise<number> {
  let changeId = 0;
  await fakes.work(async (ctx) => {
    changeId = await takeBack('checklist');
    meanwhile();
    const change = await ctx.store.changes.get(changeId);
    if (change !== null) await applyOne(ctx, change, 0);
  });
  return changeId;
}

const find = async (changeId: number): Promise<StoredChange | null> => fakes.store.changes.get(changeId);
const base = async () => {
  const link = await fakes.store.links.of('customer', 'customerp', id);
  return [link?.base.customerp['phone'], link?.base.tidsbanken['phone']];
};

/** The sync's own proposal for what a checklist wrote, approved by whoever it is that `event` tells, and written. */
async function carriedOver(event: 'approved' | 'approvedForChecklist'): Promise<void> {
  await writeForChecklist();
  await fakes.run({ mode: 'preview', approve: 'none' });
  const link = await fakes.store.links.of('customer', 'customerp', id);
  const [change] = await fakes.store.changes.openOfLink(link?.id ?? 0);
  const item = `change:${String(change?.id)}`;
  await fakes.store.changes.approve(change?.id ?? 0, 'all', 'tester', false, [{ event, runId: 1, item, detail: {} }]);
  await fakes.apply();
  expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: BEFORE });
}

/** Why the pair's groups are frozen, as its next difference shows it. */
async function frozen(): Promise<string[]> {
  fakes.customerp.edit('customer', id, { phone: '+4790000044' });
  await fakes.run();
  return fakes.mismatchKinds();
}

describe('a change of origin undo', () => {
  const origin = 'undo';

  it('A3 checks the target only; the base is the source as observed and the restored value, and stays so', async () => {
    const changeId = await takeBack(origin);
    const { runId } = await fakes.apply();
    expect(await find(changeId)).toMatchObject({ state: 'verified', sentRun: runId });
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: BEFORE });
    expect(await base()).toEqual([AFTER, BEFORE]);
    const sent = fakes.tidsbanken.received.length;
    const last = await fakes.run({ full: true });
    expect(last.buckets).toMatchObject({ inStep: last.read });
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it('a target edited since is kept, and nothing is sent', async () => {
    const changeId = await takeBack(origin);
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000049' });
    const sent = fakes.tidsbanken.received.length;
    await fakes.apply();
    expect((await find(changeId))?.state).toBe('stale');
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it('a target that was taken back by hand: noop, and that is the base', async () => {
    const changeId = await takeBack(origin);
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: BEFORE });
    await fakes.apply();
    expect((await find(changeId))?.state).toBe('noop');
    expect(await base()).toEqual([AFTER, BEFORE]);
  });

  it('W6: is no swing, however often it is done', async () => {
    for (let times = 0; times < 3; times++) {
      await takeBack(origin);
      await fakes.apply();
      // Somebody writes it in Customerp again, and so it comes again.
      fakes.customerp.edit('customer', id, { phone: BEFORE });
      await fakes.run();
      fakes.customerp.edit('customer', id, { phone: AFTER });
      await fakes.run();
    }
    expect(await fakes.mismatchKinds()).toEqual([]);
  });
});

describe('a change of origin checklist', () => {
  it('7.6: A3 checks the target only; the base stays, and the sync carries the value over like any edit', async () => {
    const changeId = await writeForChecklist();
    expect((await find(changeId))?.state).toBe('verified');
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: AFTER });
    await fakes.run();
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: BEFORE });
    expect(await base()).toEqual([BEFORE, BEFORE]);
  });

  it('7.6: a target that holds the value already: noop, and the base stays', async () => {
    const changeId = await writeForChecklist(() => fakes.tidsbanken.edit('customer', KUNDE, { Telefon: BEFORE }));
    expect((await find(changeId))?.state).toBe('noop');
    await fakes.run();
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: BEFORE });
  });

  it('a target edited since is kept, and nothing is sent', async () => {
    const sent = fakes.tidsbanken.received.length;
    const changeId = await writeForChecklist(() => fakes.tidsbanken.edit('customer', KUNDE, { Telefon: '90000049' }));
    expect((await find(changeId))?.state).toBe('stale');
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it.each(['approved', 'preparing'] as const)(
    'left %s by a checklist that was cut short, is written by no later run',
    async (state) => {
      const changeId = await takeBack('checklist');
      await fakes.store.changes.advance(changeId, { state, journal: [] });
      const sent = fakes.tidsbanken.received.length;
      await fakes.apply();
      await fakes.run();
      expect((await find(changeId))?.state).toBe('superseded');
      expect(fakes.tidsbanken.received).toHaveLength(sent);
    },
  );

  it('7.4: not known to have arrived, and not there: given up, and not sent again', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: false });
    const changeId = await writeForChecklist();
    expect((await find(changeId))?.state).toBe('unknown');
    const sent = fakes.tidsbanken.received.length;
    fakes.clock.advance(10 * 60_000);
    await fakes.run();
    expect((await find(changeId))?.state).toBe('stale');
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });
});

it('a decision, which carries a value over, is stale where its source has another (A3)', async () => {
  const changeId = await takeBack('decision');
  await fakes.apply();
  expect((await find(changeId))?.state).toBe('stale');
});

describe('what the sync carries for a checklist', () => {
  it.each([
    { event: 'approvedForChecklist', is: [] },
    { event: 'approved', is: ['flapping'] },
  ] as const)('7.6, W6: what was carried over is a swing where it was $event: $is', async ({ event, is }) => {
    await carriedOver(event);
    fakes.customerp.edit('customer', id, { phone: AFTER });
    await fakes.run();
    expect(fakes.tidsbanken.raw('customer', KUNDE)).toMatchObject({ Telefon: AFTER });
    expect(await frozen()).toEqual(is);
  });

  it.each([
    { event: 'approvedForChecklist', is: [] },
    { event: 'approved', is: ['flapping'] },
  ] as const)('7.6, W6: and so it is where it would be the second one: $is', async ({ event, is }) => {
    const between = '+4790000043';
    fakes.customerp.edit('customer', id, { phone: between });
    await fakes.run();
    fakes.tidsbanken.edit('customer', KUNDE, { Telefon: AFTER });
    await fakes.run();
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ phone: AFTER });
    await carriedOver(event);
    expect(await frozen()).toEqual(is);
  });
});
