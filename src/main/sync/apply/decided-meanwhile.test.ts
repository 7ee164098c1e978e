import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import type { StoredChange } from '../../store/changes.ts';
import { customer, customersInStep } from '../testing/records.ts';
import { applied } from '../../app/checklist/test-write.ts';
import type { SyncContext } from '../context.ts';

/** Section 6: decisions are short transactions from any window, until a writer has picked the change up. */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

const SORTS = {
  update: async (): Promise<void> => {
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041', website: 'https://ny.example' });
    await fakes.run(PREVIEW);
  },
  create: async (): Promise<void> => {
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run(PREVIEW);
  },
};

async function approved(groups: 'all' | readonly string[] = 'all'): Promise<StoredChange> {
  const change = (await fakes.changes()).at(-1);
  if (change === undefined) throw new Error('Nothing was planned.');
  await fakes.store.changes.approve(change.id, groups, 'tester', true, []);
  return (await fakes.store.changes.get(change.id)) ?? change;
}

/** Decides right after the change was read, when the writer is about to begin. */
const once = (decide: () => Promise<unknown>): ((ctx: SyncContext) => SyncContext) => {
  let isDone = false;
  return (ctx) => {
    const get = ctx.store.changes.get.bind(ctx.store.changes);
    const changes = new Proxy(ctx.store.changes, {
      get(inner, key): unknown {
        if (key === 'get')
          return async (id: number) => {
            const read = await get(id);
            if (!isDone) await decide();
            isDone = true;
            return read;
          };
        const value: unknown = Reflect.get(inner, key, inner);
        return typeof value === 'function' ? value.bind(inner) : value;
      },
    });
    return { ...ctx, store: { ...ctx.store, changes } };
  };
};

const sent = (): number => fakes.tidsbanken.received.length;

it.each(['update', 'create'] as const)(
  'a rejection of a record’s %s that is about to be written stands',
  async (sort) => {
    await SORTS[sort]();
    const before = sent();
    const { id } = await approved();
    await fakes.apply({ through: once(() => fakes.store.changes.reject(id, 'all', [])) });
    expect((await fakes.store.changes.get(id))?.state).toBe('rejected');
    expect(sent()).toBe(before);
  },
);

it('S1: what a rail has come to hold is not written', async () => {
  await SORTS.update();
  const { id } = await approved();
  await fakes.apply({ through: once(() => fakes.store.changes.hold([id], 'S1:update', [])) });
  expect(await fakes.store.changes.get(id)).toMatchObject({ state: 'approved', rail: 'S1:update' });
  expect(sent()).toBe(0);
});

it('V1: a group approved right before is written with the others, and none that was rejected', async () => {
  await SORTS.update();
  const { id } = await approved(['phone']);
  await fakes.apply({ through: once(() => fakes.store.changes.approve(id, ['website'], 'tester', true, [])) });
  expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({
    Telefon: '+4790000041',
    Url: 'https://ny.example',
  });
});

it('7.6: a change that a checklist is about to write and somebody rejects is left as it was decided', async () => {
  await SORTS.update();
  const { id } = await approved();
  await fakes.work(async (ctx) => {
    const written = await applied(once(() => fakes.store.changes.reject(id, 'all', []))(ctx), id);
    expect(written.state).toBe('rejected');
  });
  expect(sent()).toBe(0);
});
