import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewPlan } from '../../store/plans.ts';
import type { SyncContext } from '../context.ts';
import { crashAt } from '../testing/crash-at.ts';
import { customer, customersInStep, project } from '../testing/records.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import { PAGE } from './part.ts';

/** A plan of more proposals than are held at once: what it says of them does not depend on pages. */

const CUSTOMERS = 2 * PAGE + 10;
const PROJECTS = PAGE + 3;
const first = 10_001;

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
  for (let n = 0; n < CUSTOMERS; n++) fakes.customerp.put('customer', customer(String(first + n)));
  for (let n = 0; n < PROJECTS; n++) fakes.customerp.put('project', project(String(first + n)));
});
afterEach(() => fakes.close());

/** Hears of every call of one method of the store, before it is made. */
function hearing(
  repository: 'plans' | 'records',
  method: string,
  hear: (args: readonly unknown[]) => Promise<void>,
): (ctx: SyncContext) => SyncContext {
  return (ctx) => {
    const heard = new Proxy<object>(ctx.store[repository], {
      get(inner, key): unknown {
        const value: unknown = Reflect.get(inner, key, inner);
        if (typeof value !== 'function') return value;
        // Bound, because private fields are not seen through a proxy.
        const act = value.bind(inner) as (...args: readonly unknown[]) => unknown;
        if (key !== method) return act;
        return async (...args: readonly unknown[]) => {
          await hear(args);
          return act(...args);
        };
      },
    });
    return { ...ctx, store: { ...ctx.store, [repository]: heard } };
  };
}

const numbersOf = (changes: Awaited<ReturnType<Fakes['changes']>>): (string | null | undefined)[] =>
  changes.map(({ groups }) => groups.flatMap((g) => g.members).find((m) => m.property === 'number')?.desired);

const inOrder = (count: number): string[] => Array.from({ length: count }, (_, n) => String(first + n));

describe('a plan of many pages', () => {
  it('numbers what it proposes kind by kind and record by record, and every rail counts all of it (M7, S1, S7)', async () => {
    const { rails } = await fakes.run(PREVIEW);
    const changes = await fakes.changes();
    expect(changes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: CUSTOMERS }, () => 'customer'),
      ...Array.from({ length: PROJECTS }, () => 'project'),
    ]);
    expect(numbersOf(changes.slice(0, CUSTOMERS))).toEqual(inOrder(CUSTOMERS));
    expect(numbersOf(changes.slice(CUSTOMERS))).toEqual(inOrder(PROJECTS));
    expect(rails.map(({ rail, kind, count }) => [rail, kind, count])).toEqual([
      ['S1', 'customer', CUSTOMERS],
      ['S7', 'customer', CUSTOMERS],
      ['S1', 'project', PROJECTS],
      ['S7', 'project', PROJECTS],
    ]);
    expect(new Set(rails[0]?.fingerprints)).toEqual(new Set(changes.slice(0, CUSTOMERS).map((c) => c.fingerprint)));
    expect(new Set(changes.map(({ rail }) => rail))).toEqual(new Set(['S1:create']));
    const { rows } = await fakes.store.journal.list({ events: ['planned'] }, 0, 10);
    expect(rows[0]?.detail).toMatchObject({
      customer: { changes: CUSTOMERS },
      project: { changes: PROJECTS },
    });
  });

  it('made again, leaves each as it is, and counts the one that came with them (V2, S1)', async () => {
    await fakes.run(PREVIEW);
    const before = await fakes.changes();
    fakes.customerp.put('customer', customer(String(first + CUSTOMERS)));
    const { rails } = await fakes.run(PREVIEW);
    const after = await fakes.changes();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(numbersOf(after.slice(before.length))).toEqual([String(first + CUSTOMERS)]);
    expect(rails.find(({ rail, kind }) => rail === 'S1' && kind === 'customer')?.count).toBe(CUSTOMERS + 1);
  });

  it('that was cut off before it was kept leaves nothing to the next one (Z2)', async () => {
    const { through } = crashAt('before', (step) => step === 'plans.save');
    await expect(fakes.run({ ...PREVIEW, through })).rejects.toThrow('plans.save');
    expect(await fakes.changes()).toEqual([]);
    await fakes.run({ ...PREVIEW, kinds: ['project'] });
    expect((await fakes.changes()).map(({ kind }) => kind)).toEqual(Array.from({ length: PROJECTS }, () => 'project'));
  });

  it('has the same digest for the same contents, and another for others', async () => {
    const digests: string[] = [];
    const through = hearing('plans', 'save', async ([plan]) => void digests.push((plan as NewPlan).digest));
    await fakes.onCopy((store) => fakes.runOn(store, { ...PREVIEW, through }));
    await fakes.onCopy((store) => fakes.runOn(store, { ...PREVIEW, through }));
    fakes.customerp.put('customer', customer(String(first + CUSTOMERS)));
    await fakes.onCopy((store) => fakes.runOn(store, { ...PREVIEW, through }));
    const [one, same, other] = digests;
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});

it('a create that a person rejects while the plan looks at it stays rejected (V2)', async () => {
  await fakes.run(PREVIEW);
  const [change] = await fakes.changes('customer');
  const { id = 0 } = change ?? {};
  const customerId = change?.customerpId ?? '';
  // It was changed, so that it is judged anew.
  fakes.customerp.edit('customer', customerId, { email: 'ny@fjordlys.example' });
  const through = hearing('records', 'getMany', async () => void (await fakes.store.changes.reject(id, 'all', [])));
  await fakes.run({ ...PREVIEW, through });
  const states = (await fakes.changes('customer')).filter((c) => c.customerpId === customerId).map((c) => c.state);
  expect(states).toEqual(['rejected']);
  expect(await fakes.mismatchKinds()).not.toContain('outcomeUnknown');
  expect(await fakes.store.records.get('customer', 'customerp', customerId)).toMatchObject({
    bucket: 'skipped',
    reason: 'rejected',
  });
});

it('a rail holds its direction only, also where changes of both take turns (S1)', async () => {
  const both = new Fakes();
  const ids = await customersInStep(both, 30);
  // Links are judged in the order of these ids as texts.
  const inTidsbanken = new Set(ids.toSorted().filter((_, index) => index % 15 === 7));
  for (const [index, id] of ids.entries()) {
    if (inTidsbanken.has(id)) both.tidsbanken.edit('customer', String(first + index), { Telefon: '22000001' });
    else both.customerp.edit('customer', id, { phone: '22000002' });
  }
  await both.run(PREVIEW);
  const planned = (await both.changes('customer')).filter(({ state }) => state === 'planned');
  expect(planned.map(({ customerpId, target, rail }) => [customerpId, target, rail])).toEqual(
    ids.toSorted().map((id) => (inTidsbanken.has(id) ? [id, 'customerp', null] : [id, 'tidsbanken', 'S1:update'])),
  );
  both.close();
});
