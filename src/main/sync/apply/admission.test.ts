import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeState } from '../../../shared/domain.ts';
import { customer, customersInStep } from '../testing/records.ts';
import { APPROVE_ALL, Fakes, SAFE } from '../testing/run-on-fakes.ts';

/** A write waits for the limits of its system before it is announced, and what was looked at may grow old meanwhile. */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

/** Each write waits so long for its turn (ms), one after the other; after these there is always room. */
function waits(...each: readonly number[]): { states: (ChangeState | undefined)[] } {
  const left = [...each];
  const seen = { states: [] as (ChangeState | undefined)[] };
  fakes.tidsbanken.admit = async (signal, write) => {
    seen.states.push((await fakes.states()).at(-1));
    const ms = left.shift();
    if (ms !== undefined) await fakes.clock.sleep(ms, signal);
    return ms !== undefined && signal.aborted ? null : write();
  };
  return seen;
}

describe.each([
  {
    op: 'update',
    arrange: async () => {
      const [id = ''] = await customersInStep(fakes, 1);
      fakes.customerp.edit('customer', id, { phone: '90000041' });
    },
  },
  {
    op: 'create',
    arrange: async () => {
      // A look at what a create would write over grows old as well (K9).
      fakes.tidsbanken.can('customer', { createOnExisting: 'upserts' });
      fakes.customerp.put('customer', customer('1'));
      await Promise.resolve();
    },
  },
] as const)('$op: waiting for the limits of a system (J3)', ({ arrange }) => {
  beforeEach(arrange);

  it('a short wait: announced and sent after it, once', async () => {
    const seen = waits(4_000);
    await fakes.run(APPROVE_ALL);
    expect(await fakes.states()).toEqual(['verified']);
    expect(seen.states, 'A5, K3: not announced while it waited').toEqual(['preparing']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('A6, K9: a long wait: looked at again before it is announced', async () => {
    const seen = waits(6_000, 0);
    await fakes.run(APPROVE_ALL);
    expect(await fakes.states()).toEqual(['verified']);
    expect(seen.states).toEqual(['preparing', 'preparing']);
    expect((await fakes.changes())[0]?.attempt, 'what never left is no attempt').toBe(1);
  });

  it('I21: too long each time: it keeps its approval, and nothing was sent', async () => {
    waits(6_000, 6_000, 6_000);
    await fakes.run(APPROVE_ALL);
    expect(await fakes.states()).toEqual(['approved']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });

  it('Stop ends the wait: it keeps its approval, and nothing was sent', async () => {
    const stop = new AbortController();
    waits(60_000);
    fakes.clock.onSleep = () => stop.abort();
    await fakes.run({ ...APPROVE_ALL, stop });
    expect(await fakes.states()).toEqual(['approved']);
    expect(fakes.tidsbanken.received).toEqual([]);
    expect(fakes.clock.monotonic()).toBeLessThan(60_000);
  });
});

it('J3: a system that asks for more than a quarter of an hour is not waited for; the change keeps its approval', async () => {
  const [id = ''] = await customersInStep(fakes, 1);
  fakes.customerp.edit('customer', id, { phone: '90000041' });
  fakes.tidsbanken.answer({ answer: 'slowDown', retryAfterMs: 16 * 60_000 });
  const before = fakes.clock.monotonic();
  await fakes.run(SAFE);
  expect(await fakes.states()).toEqual(['approved']);
  expect(fakes.clock.monotonic() - before).toBeLessThan(60_000);
});

it.each([
  { who: 'for its turn', ask: () => waits(10 * 60_000) },
  {
    who: 'as the system asked',
    ask: () => fakes.tidsbanken.answer({ answer: 'slowDown', retryAfterMs: 10 * 60_000 }),
  },
])('A2, S4: a create that waited $who is not sent with what its source no longer holds', async ({ ask }) => {
  const id = fakes.customerp.put('customer', customer('10001', { phone: '90000041' }));
  ask();
  fakes.clock.onSleep = () => fakes.customerp.edit('customer', id, { phone: '90000042' });
  await fakes.run(APPROVE_ALL);
  expect(await fakes.states()).toEqual(['stale']);
  expect(fakes.tidsbanken.all('customer')).toEqual([]);
  fakes.clock.onSleep = () => undefined;
  await fakes.run({ ...APPROVE_ALL, full: true });
  expect(fakes.tidsbanken.all('customer')).toMatchObject([{ Telefon: '+4790000042' }]);
});
