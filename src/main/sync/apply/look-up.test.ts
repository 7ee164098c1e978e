import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capabilities } from '../../connectors/connector.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import type { PageScript } from '../testing/fake-system.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { customer, kunde } from '../testing/records.ts';
import { ok } from '../../../shared/domain.ts';

/** K2 with whatever a system offers (2.4): its filters, or a complete collection of at most 5 minutes. */

const ORG_NO = '923609016';
const SETTLE_MS = 121_000;
const MINUTE = 60_000;
const every = { rule: 'every', automatic: false } as const;
const bothWays = (flow: FlowMapping): FlowMapping => ({ ...flow, create: { customerp: every, tidsbanken: every } });

const OFFERS: readonly { readonly offers: string; readonly can: Partial<Capabilities> }[] = [
  { offers: 'filters and point reads', can: {} },
  { offers: 'point reads only', can: { filterByKey: false } },
  { offers: 'filters only', can: { pointRead: false } },
  { offers: 'neither', can: { filterByKey: false, pointRead: false } },
];

let fakes: Fakes;
afterEach(() => fakes.close());

/** Approved, and before it is applied something happens. */
async function approvedThen(meanwhile: () => void): Promise<void> {
  await fakes.run({ mode: 'preview', approve: null });
  for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
  meanwhile();
  await fakes.apply();
}

const lost: PageScript = (pages) => pages.slice(1).map((page) => ok(page));

/** Collections of Kunde in Tidsbanken that were begun from here on. */
function countCollections(): { begun: number } {
  const counted = { begun: 0 };
  const collect = fakes.tidsbanken.collect.bind(fakes.tidsbanken);
  fakes.tidsbanken.collect = (request) => {
    if (request.kind === 'customer') counted.begun += 1;
    return collect(request);
  };
  return counted;
}

/** The durable commit of `sending` takes long. */
function slowCommits(ms: number, times: number): void {
  const advance = fakes.store.changes.advance.bind(fakes.store.changes);
  let left = times;
  fakes.store.changes.advance = async (id, step, read) => {
    if (step.state === 'sending' && left-- > 0) fakes.clock.advance(ms);
    return advance(id, step, read);
  };
}

const firstState = async () => (await fakes.states())[0];

describe.each(OFFERS)('K2, by chosen id and strong keys, with $offers', ({ can }) => {
  beforeEach(() => {
    fakes = new Fakes();
    fakes.tidsbanken.pageSize = 2;
    fakes.tidsbanken.can('customer', can);
    fakes.customerp.put('customer', customer('10001', { organizationNumber: ORG_NO }));
    for (const id of ['1', '2', '3']) fakes.tidsbanken.put('customer', kunde(id));
  });

  it.each([
    { found: 'nobody', put: [], state: 'verified', sent: 1 },
    { found: 'one under our id', put: [kunde('10001')], state: 'noop', sent: 0 },
    {
      found: 'somebody else’s under our id',
      put: [kunde('10001', { Organisasjonsnummer: '974760673' })],
      state: 'stale',
      sent: 0,
    },
    {
      found: 'several by a strong key',
      put: [kunde('777', { Organisasjonsnummer: ORG_NO }), kunde('778', { Organisasjonsnummer: ORG_NO })],
      state: 'stale',
      sent: 0,
    },
  ])('$found: $state', async ({ put, state, sent }) => {
    await approvedThen(() => {
      fakes.clock.advance(6 * MINUTE);
      for (const values of put) fakes.tidsbanken.put('customer', values);
    });
    expect(await firstState()).toBe(state);
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it('7.4: landed after all, it is adopted once the settle time is over', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true, afterMs: 90_000 });
    await fakes.run();
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await firstState()).toBe('noop');
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('7.4: lost, it is sent again', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: false });
    await fakes.run();
    fakes.clock.advance(SETTLE_MS);
    await fakes.run();
    expect(await firstState()).toBe('verified');
    expect(fakes.tidsbanken.received).toHaveLength(2);
  });

  it('409: what came since the look is found by another one', async () => {
    const create = fakes.tidsbanken.create.bind(fakes.tidsbanken);
    fakes.tidsbanken.create = async (request) => {
      fakes.tidsbanken.put('customer', kunde('10001', { Organisasjonsnummer: ORG_NO }));
      return create(request);
    };
    fakes.tidsbanken.can('customer', { createOnExisting: 'rejects' });
    await fakes.run();
    expect(await firstState()).toBe('noop');
  });
});

describe.each(OFFERS)('K2, by marker, with $offers', ({ can }) => {
  beforeEach(() => {
    fakes = new Fakes({ mapping: bothWays });
    fakes.customerp.pageSize = 2;
    fakes.customerp.can('customer', can);
    fakes.tidsbanken.put('customer', kunde('10001'));
    for (const number of ['1', '2', '3']) fakes.customerp.put('customer', customer(number, { name: 'En annen' }));
  });

  it('7.4, I3: landed, and under another number: the marker tells that it is ours', async () => {
    fakes.customerp.answer({ answer: 'unknown', acts: true, keeps: (raw) => ({ ...raw, number: null }) });
    await fakes.run({ kinds: ['customer'] });
    fakes.clock.advance(SETTLE_MS);
    await fakes.run({ kinds: ['customer'] });
    expect((await fakes.changes()).find((c) => c.target === 'customerp')?.state).toBe('noop');
    expect(ours('Fjordlys 10001 AS')).toHaveLength(1);
  });

  it('7.4: its absence is proven, so that it is sent again with the same marker', async () => {
    fakes.customerp.answer({ answer: 'unknown', acts: false });
    await fakes.run({ kinds: ['customer'] });
    fakes.clock.advance(SETTLE_MS);
    await fakes.run({ kinds: ['customer'] });
    expect((await fakes.changes()).find((c) => c.target === 'customerp')?.state).toBe('verified');
    expect(new Set(fakes.customerp.received.map((r) => r.values.get('externalReference'))).size).toBe(1);
  });

  it('I4, I9: landed, and linked to another one meanwhile: told once, and not proposed anew while that stands', async () => {
    fakes.customerp.answer({ answer: 'unknown', acts: true, keeps: (raw) => ({ ...raw, number: null }) });
    await fakes.run({ kinds: ['customer'] });
    const landed = idOf('Fjordlys 10001 AS');
    const link = await fakes.link('customer', landed, fakes.tidsbanken.put('customer', kunde('777')));
    fakes.clock.advance(SETTLE_MS);
    await fakes.run({ kinds: ['customer'] });
    const told = (await fakes.mismatches()).find((m) => m.tidsbankenId === '10001');
    expect(told).toMatchObject({ mismatch: 'idCollision', detail: { why: 'linked', id: landed } });
    const proposed = (await fakes.changes()).length;
    await fakes.run({ kinds: ['customer'], full: true });
    expect(await fakes.changes()).toHaveLength(proposed);
    expect((await fakes.mismatches()).find((m) => m.tidsbankenId === '10001')?.id).toBe(told?.id);
    await fakes.store.links.end(link.id, 'unlinked', { event: 'unlinked' });
    await fakes.run({ kinds: ['customer'], full: true });
    expect(await fakes.store.links.of('customer', 'tidsbanken', '10001')).toMatchObject({ customerpId: landed });
  });
});

const ours = (name: string) => fakes.customerp.all('customer').filter((c) => c['name'] === name);

function idOf(name: string): string {
  const id = ours(name)[0]?.['id'];
  if (typeof id !== 'string') throw new Error(`There is no customer ${name}.`);
  return id;
}

describe('K2: the collection that stands in for filters', () => {
  beforeEach(() => {
    fakes = new Fakes();
    fakes.tidsbanken.pageSize = 2;
    fakes.tidsbanken.can('customer', { filterByKey: false });
    for (const id of ['1', '2', '3']) fakes.tidsbanken.put('customer', kunde(id));
    for (const number of ['10001', '10002', '10003']) fakes.customerp.put('customer', customer(number));
  });

  it('is the one that the run has just read', async () => {
    const counted = countCollections();
    await fakes.run();
    expect(await fakes.states()).toEqual(['verified', 'verified', 'verified']);
    expect(counted.begun).toBe(1);
  });

  it('is read anew, once for all of them, when that is older than 5 minutes', async () => {
    const counted = countCollections();
    await approvedThen(() => fakes.clock.advance(5 * MINUTE + 1));
    expect(await fakes.states()).toEqual(['verified', 'verified', 'verified']);
    expect(counted.begun).toBe(2);
  });

  it('7.4: is never one that began before the settle time was over', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true, afterMs: 119_000 });
    const counted = countCollections();
    await fakes.run({ kinds: ['customer'], wait: true });
    expect((await fakes.states())[0]).toBe('noop');
    expect(counted.begun).toBe(2);
    expect(fakes.tidsbanken.all('customer')).toHaveLength(6);
  });

  it('C3: proves nothing while it is not complete, and nothing is sent', async () => {
    await approvedThen(() => {
      fakes.clock.advance(6 * MINUTE);
      fakes.tidsbanken.nextPages('customer', ...Array.from({ length: 9 }, () => lost));
    });
    expect(await fakes.states()).toEqual(['approved', 'approved', 'approved']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });
});

describe('I9: the source has found a partner while nobody knew whether it was created', () => {
  let id: string;
  beforeEach(() => {
    fakes = new Fakes();
    id = fakes.customerp.put('customer', customer('10001', { organizationNumber: ORG_NO }));
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
  });

  it.each([
    { end: 'nothing is left to create', gone: false },
    { end: 'and, gone again, it is not sent anew', gone: true },
  ])('the next run links what landed by its keys: $end', async ({ gone }) => {
    await fakes.run();
    await fakes.run({ full: true });
    expect((await fakes.store.links.of('customer', 'tidsbanken', '10001'))?.origin).toBe('matched');
    if (gone) fakes.tidsbanken.remove('customer', '10001');
    fakes.clock.advance(SETTLE_MS);
    const { problemKinds } = await fakes.apply();
    expect([await firstState(), problemKinds]).toEqual(['noop', []]);
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(await fakes.mismatchKinds()).toEqual([]);
  });

  it('a person links another one: what landed is told, and not linked as well', async () => {
    await fakes.run();
    await fakes.link('customer', id, fakes.tidsbanken.put('customer', kunde('777')));
    fakes.clock.advance(SETTLE_MS);
    const { problemKinds } = await fakes.run();
    expect([await firstState(), problemKinds]).toEqual(['stale', ['idCollision']]);
    expect((await fakes.mismatches()).find((m) => m.tidsbankenId === '10001')?.mismatch).toBe('keyContradiction');
    expect((await fakes.store.links.of('customer', 'customerp', id))?.tidsbankenId).toBe('777');
  });
});

describe('I9: the source finds a partner while its creation is on the way', () => {
  let id: string;
  beforeEach(() => {
    fakes = new Fakes();
    id = fakes.customerp.put('customer', customer('10001', { organizationNumber: ORG_NO }));
  });

  /** Somebody links the source, right after the new record has been made there. */
  function linkedOnceMade(partner: () => string): void {
    const create = fakes.tidsbanken.create.bind(fakes.tidsbanken);
    fakes.tidsbanken.create = async (request) => {
      const answer = await create(request);
      await fakes.link('customer', id, partner());
      return answer;
    };
  }

  it('another one: what was made is told, and not linked as well', async () => {
    linkedOnceMade(() => fakes.tidsbanken.put('customer', kunde('777')));
    const { problemKinds } = await fakes.run();
    expect([await firstState(), problemKinds]).toEqual(['stale', ['idCollision']]);
    expect((await fakes.store.links.of('customer', 'customerp', id))?.tidsbankenId).toBe('777');
    expect(await fakes.store.links.of('customer', 'tidsbanken', '10001')).toBeNull();
  });

  it('the very record that was made: nothing is left to do', async () => {
    linkedOnceMade(() => '10001');
    const { problemKinds } = await fakes.run();
    expect([await firstState(), problemKinds]).toEqual(['noop', []]);
    expect(await fakes.mismatchKinds()).toEqual([]);
  });

  it('while what is adopted is read once more: it is told, and not linked as well', async () => {
    const advance = fakes.store.changes.advance.bind(fakes.store.changes);
    fakes.store.changes.advance = async (change, step, read) => {
      if (step.newLink?.origin === 'adopted')
        await fakes.link('customer', id, fakes.tidsbanken.put('customer', kunde('777')));
      return advance(change, step, read);
    };
    await approvedThen(() => void fakes.tidsbanken.put('customer', kunde('10001')));
    expect(await firstState()).toBe('stale');
    expect(fakes.tidsbanken.received).toEqual([]);
    expect((await fakes.store.links.of('customer', 'customerp', id))?.tidsbankenId).toBe('777');
  });
});

describe('K9: a create that may overwrite', () => {
  beforeEach(() => {
    fakes = new Fakes();
    fakes.customerp.put('customer', customer('10001'));
  });

  it.each([
    { createOnExisting: 'upserts', looks: 2 },
    { createOnExisting: 'unknown', looks: 2 },
    { createOnExisting: 'rejects', looks: 1 },
  ] as const)('where create $createOnExisting: $looks look(s) when more than 5 s have passed', async (row) => {
    fakes.tidsbanken.can('customer', { createOnExisting: row.createOnExisting });
    slowCommits(5_001, 1);
    const read = fakes.tidsbanken.read.bind(fakes.tidsbanken);
    let looks = 0;
    fakes.tidsbanken.read = (request) => {
      if (fakes.tidsbanken.received.length === 0) looks += 1;
      return read(request);
    };
    await fakes.run();
    expect(looks).toBe(row.looks);
    expect(await fakes.states()).toEqual(['verified']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('never fresh enough: it stays approved, nothing was sent, and other writes go on', async () => {
    fakes.customerp.put('customer', customer('10002'));
    slowCommits(5_001, 3);
    await fakes.run();
    expect(await fakes.states()).toEqual(['approved', 'verified']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('without a point read the collection is as old as its beginning', async () => {
    fakes.tidsbanken.can('customer', { pointRead: false, filterByKey: false });
    const collect = fakes.tidsbanken.collect.bind(fakes.tidsbanken);
    fakes.tidsbanken.collect = async function* (request) {
      for await (const page of collect(request)) {
        fakes.clock.advance(5_001);
        yield page;
      }
    };
    await fakes.run({ kinds: ['customer'] });
    expect(await fakes.states()).toEqual(['approved']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });
});
