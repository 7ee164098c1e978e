import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { customer, employee, kunde } from '../testing/records.ts';

/** The create protocol (7.2): whoever might already be there is looked for before anything is sent. */

const ORG_NO = '923609016';
const OTHER_ORG_NO = '974760673';

let fakes: Fakes;
let id: string;

/** Only the one customer, so that everything found in Tidsbanken came there by somebody else. */
beforeEach(() => {
  fakes = new Fakes();
  id = fakes.customerp.put('customer', customer('10001', { organizationNumber: ORG_NO }));
});
afterEach(() => fakes.close());

async function approvedThen(meanwhile: () => void | Promise<void>): Promise<void> {
  await fakes.run({ mode: 'preview', approve: null });
  for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
  await meanwhile();
  await fakes.apply();
}

describe('K2: what is found where the new record is to be', () => {
  it.each([
    {
      found: 'one with the same strong key, and another one that differs',
      put: [kunde('777', { Organisasjonsnummer: ORG_NO })],
      state: 'stale',
      mismatch: ['idCollision'],
    },
    { found: 'one under our id', put: [kunde('10001')], state: 'noop', mismatch: [] },
    {
      found: 'one under our id, with another strong key',
      put: [kunde('10001', { Organisasjonsnummer: OTHER_ORG_NO })],
      state: 'stale',
      mismatch: ['idCollision'],
    },
    {
      found: 'several',
      put: [kunde('777', { Organisasjonsnummer: ORG_NO }), kunde('778', { Organisasjonsnummer: ORG_NO })],
      state: 'stale',
      mismatch: ['severalCandidates'],
    },
  ])('$found: $state, nothing sent', async ({ put, state, mismatch }) => {
    await approvedThen(() => {
      for (const values of put) fakes.tidsbanken.put('customer', values);
    });
    expect((await fakes.states())[0]).toBe(state);
    expect(fakes.tidsbanken.received).toEqual([]);
    expect(await fakes.mismatchKinds()).toEqual(mismatch);
  });

  it('one that is linked to another record: idCollision', async () => {
    await approvedThen(async () => {
      fakes.tidsbanken.put('customer', kunde('777', { Organisasjonsnummer: ORG_NO }));
      const other = fakes.customerp.put('customer', customer('10002'));
      await fakes.link('customer', other, '777');
    });
    expect((await fakes.changes())[0]?.state).toBe('stale');
    expect(fakes.tidsbanken.received).toEqual([]);
  });

  it('an adopted record starts with base none: nothing of it is overwritten unasked (M7)', async () => {
    await approvedThen(() => void fakes.tidsbanken.put('customer', kunde('10001', { Navn: 'Et annet navn' })));
    await fakes.run();
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Navn: 'Et annet navn' });
    expect(await fakes.mismatchKinds()).toEqual(['firstDifference']);
  });

  it('a look that failed proves nothing: back to approved, nothing sent', async () => {
    await approvedThen(() => fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' }));
    expect(await fakes.states()).toEqual(['approved']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });
});

describe('the source', () => {
  it('was edited since the approval: stale, and proposed as it is now', async () => {
    await approvedThen(() => {
      fakes.clock.advance(5 * 60_000 + 1);
      fakes.customerp.edit('customer', id, { name: 'Fjordlys Ny AS' });
    });
    expect(await fakes.states()).toEqual(['stale']);
    await fakes.run();
    expect(fakes.tidsbanken.all('customer')).toEqual([expect.objectContaining({ Navn: 'Fjordlys Ny AS' })]);
  });

  it('is gone: stale, and nothing is created', async () => {
    await approvedThen(() => {
      fakes.clock.advance(5 * 60_000 + 1);
      fakes.customerp.remove('customer', id);
    });
    expect(await fakes.states()).toEqual(['stale']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });

  it('was edited before the new record was read back: the edit is carried over (W1)', async () => {
    const create = fakes.tidsbanken.create.bind(fakes.tidsbanken);
    fakes.tidsbanken.create = async (request) => {
      fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' });
      return create(request);
    };
    await fakes.run();
    expect(await fakes.states()).toEqual(['acked']);
    fakes.customerp.edit('customer', id, { name: 'Fjordlys Ny AS' });
    fakes.tidsbanken.failReads({ kind: 'timeout', detail: 'slow' });
    await fakes.run();
    await fakes.run();
    const last = await fakes.run({ full: true });
    expect(last.buckets).toMatchObject({ inStep: 2 });
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Navn: 'Fjordlys Ny AS' });
  });
});

describe('K8: the chosen id', () => {
  it.each([
    { why: 'a number of the system itself', number: '100' },
    { why: 'a number that the field cannot hold', number: '12345678901234567890' },
  ])('$why is asked about', async ({ number }) => {
    fakes.customerp.put('employee', employee(number));
    await fakes.run({ kinds: ['employee'] });
    expect(fakes.tidsbanken.received).toEqual([]);
    expect(await fakes.mismatchKinds()).toEqual(['idCollision']);
  });

  it('a number that somebody had once is never used again', async () => {
    await fakes.run();
    fakes.customerp.remove('customer', id);
    fakes.tidsbanken.remove('customer', '10001');
    for (let look = 0; look < 3; look++) {
      await fakes.run({ full: true });
      fakes.clock.advance(11 * 60_000);
    }
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});

describe('K9: a system that writes over what exists', () => {
  it('somebody took the id between the look and the request: it is told, and not counted as in step', async () => {
    fakes.tidsbanken.can('customer', { createOnExisting: 'upserts' });
    const create = fakes.tidsbanken.create.bind(fakes.tidsbanken);
    fakes.tidsbanken.create = async (request) => {
      fakes.tidsbanken.put('customer', kunde('10001', { Navn: 'En helt annen AS' }));
      fakes.tidsbanken.answer({ answer: 'acked', acts: false });
      return create(request);
    };
    const { problemKinds, buckets } = await fakes.run();
    expect(problemKinds).toHaveLength(1);
    expect(buckets).toMatchObject({ inStep: 0 });
  });
});

describe('7.4 without a way to look', () => {
  it('I3: a marker that cannot be searched for is no reason to send again', async () => {
    const every = { rule: 'every', automatic: false } as const;
    const mapping = (flow: FlowMapping): FlowMapping => ({ ...flow, create: { customerp: every, tidsbanken: every } });
    fakes.close();
    fakes = new Fakes({ mapping });
    fakes.customerp.can('customer', { filterByKey: false });
    fakes.tidsbanken.put('customer', kunde('10001'));
    fakes.customerp.answer({ answer: 'unknown', acts: true });
    await fakes.run();
    fakes.clock.advance(121_000);
    await fakes.run();
    expect(fakes.customerp.received).toHaveLength(1);
    expect(fakes.customerp.all('customer')).toHaveLength(1);
  });
});
