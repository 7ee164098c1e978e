import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fakes, SAFE } from '../testing/run-on-fakes.ts';
import type { RunOnFakes } from '../testing/run-on-fakes.ts';
import { customer, customersInStep, employee, project } from '../testing/records.ts';

/** What holds for the whole list of approved changes: order (section 11), rails while writing (S8, S9), Stop, approvals. */

let fakes: Fakes;
afterEach(() => fakes.close());

const phonesEdited = async (count: number): Promise<void> => {
  const ids = await customersInStep(fakes, count);
  for (const id of ids) fakes.customerp.edit('customer', id, { phone: '90000041' });
};

async function approveEverything(): Promise<void> {
  for (const change of await fakes.changes())
    if (change.state === 'planned') await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
}

describe('section 11', () => {
  beforeEach(() => {
    fakes = new Fakes();
  });

  it('O1: customers, employees, projects, and then the default project in a second pass', async () => {
    const owner = fakes.customerp.put('customer', customer('10001'));
    const works = fakes.customerp.put('project', project('4001', { customerId: owner }));
    fakes.customerp.put('employee', employee('301', { defaultProjectId: works }));
    await fakes.run();
    expect(fakes.tidsbanken.received.map((r) => [r.op, r.kind])).toEqual([
      ['create', 'customer'],
      ['create', 'employee'],
      ['create', 'project'],
      ['update', 'employee'],
    ]);
    expect(fakes.tidsbanken.received[1]?.values.has('ProsjektId')).toBe(false);
    expect(fakes.tidsbanken.raw('employee', '301')).toMatchObject({ ProsjektId: '4001' });
  });

  it('O1: archives come last, projects before employees', async () => {
    const works = fakes.customerp.put('project', project('4001'));
    const person = fakes.customerp.put('employee', employee('301'));
    await fakes.run();
    fakes.customerp.edit('employee', person, { active: false, terminated: true, terminationDate: '2026-01-31' });
    fakes.customerp.edit('project', works, { closed: true, endDate: '2026-01-31' });
    fakes.customerp.put('customer', customer('10001'));
    await fakes.run();
    expect(fakes.tidsbanken.received.slice(-3).map((r) => [r.op, r.kind])).toEqual([
      ['create', 'customer'],
      ['update', 'project'],
      ['update', 'employee'],
    ]);
  });

  it('O3: a project waits for its customer, and comes when that one has its link', async () => {
    const owner = fakes.customerp.put('customer', customer('10001'));
    fakes.customerp.put('project', project('4001', { customerId: owner }));
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
    await fakes.run();
    expect(await fakes.states('project')).toEqual(['deferred']);
    fakes.clock.advance(121_000);
    await fakes.run();
    expect(fakes.tidsbanken.raw('project', '4001')).toMatchObject({ KundeId: '10001' });
  });

  it('O3: within one run, when that run waits for the unknown outcome', async () => {
    const owner = fakes.customerp.put('customer', customer('10001'));
    fakes.customerp.put('project', project('4001', { customerId: owner }));
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
    await fakes.run({ wait: true });
    expect(fakes.tidsbanken.raw('project', '4001')).toMatchObject({ KundeId: '10001' });
  });

  it('O3: what it waited for ended without a link: unlinkedReference, and only the dependent is blocked', async () => {
    const owner = fakes.customerp.put('customer', customer('10001'));
    fakes.customerp.put('project', project('4001', { customerId: owner }));
    fakes.customerp.put('project', project('4002'));
    fakes.tidsbanken.answer({ answer: 'refused' });
    const { problemKinds } = await fakes.run();
    expect(problemKinds).toEqual(['failed', 'unlinkedReference']);
    expect(fakes.tidsbanken.all('project').map((p) => p['Id'])).toEqual(['4002']);
  });

  it('O2: an optional reference without a counterpart is left out, and written by R7 when there is one', async () => {
    const boss = fakes.customerp.put('employee', employee('300', { number: '0300' }));
    fakes.customerp.put('project', project('4001', { managerId: boss }));
    fakes.tidsbanken.answer({ answer: 'refused' });
    await fakes.run();
    await fakes.run();
    const last = await fakes.run({ full: true });
    expect(last.buckets).toMatchObject({ inStep: last.read });
    expect(fakes.tidsbanken.raw('project', '4001')).toMatchObject({ AnsvarligId: 300 });
  });
});

describe('S8: the breaker', () => {
  beforeEach(async () => {
    fakes = new Fakes();
    await phonesEdited(8);
  });

  it('5 failures in a row end all writing of this run; the others stay approved', async () => {
    fakes.tidsbanken.answer(...Array.from({ length: 8 }, () => ({ answer: 'refused' }) as const));
    const { problems } = await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(5);
    expect((await fakes.states()).filter((s) => s === 'approved')).toHaveLength(3);
    expect(problems.at(-1)?.what).toContain('S8');
  });

  it('4 in a row are no reason', async () => {
    fakes.tidsbanken.answer(...Array.from({ length: 4 }, () => ({ answer: 'refused' }) as const));
    await fakes.run();
    expect(fakes.tidsbanken.received.length).toBeGreaterThan(7);
  });

  it('section 8: after 401 nothing more is sent to that system, and the other one goes on', async () => {
    fakes.tidsbanken.edit('customer', '10008', { Url: 'https://b.example' });
    fakes.tidsbanken.answer({ answer: 'signInNeeded' });
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(fakes.customerp.received).toHaveLength(1);
    expect((await fakes.states()).filter((s) => s === 'approved')).toHaveLength(7);
  });

  it('a system that cannot be reached is not asked again in this run', async () => {
    fakes.tidsbanken.answer(...Array.from({ length: 3 }, () => ({ answer: 'notSent' }) as const));
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(3);
    expect(await fakes.states()).toEqual(Array.from({ length: 8 }, () => 'approved'));
  });
});

describe('S8: one failure in five', () => {
  it('20 % of the last 50 writes end all writing of this run', async () => {
    fakes = new Fakes();
    await phonesEdited(70);
    const one = { answer: 'acked' } as const;
    for (let i = 0; i < 14; i++) fakes.tidsbanken.answer({ answer: 'refused' }, one, one, one, one);
    const { problems } = await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(50);
    expect(problems.at(-1)?.what).toContain('S8');
  });
});

describe('S9: one automatic run', () => {
  beforeEach(async () => {
    fakes = new Fakes({ settings: { autoWritesPerRun: 3 } });
    const [, ...edited] = await customersInStep(fakes, 6);
    for (const id of edited) fakes.customerp.edit('customer', id, { phone: '90000041' });
  });

  it('writes so many records and no more; the rest keeps its approval and comes next', async () => {
    const first = await fakes.run(SAFE);
    expect(first.problemKinds).toEqual(['rail']);
    expect(fakes.tidsbanken.received).toHaveLength(3);
    expect((await fakes.changes()).filter((c) => c.state === 'approved')).toHaveLength(2);
    await fakes.run(SAFE);
    expect(fakes.tidsbanken.received).toHaveLength(5);
  });

  it('a manual run takes what was approved', async () => {
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(5);
  });
});

describe('Stop', () => {
  beforeEach(async () => {
    fakes = new Fakes();
    await phonesEdited(3);
  });

  it('finishes the record under way and starts no other', async () => {
    const stop = new AbortController();
    const update = fakes.tidsbanken.update.bind(fakes.tidsbanken);
    fakes.tidsbanken.update = async (request) => {
      stop.abort();
      return update(request);
    };
    const { state } = await fakes.run({ stop });
    expect(state).toBe('stopped');
    expect(await fakes.states()).toEqual(['verified', 'approved', 'approved']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('during a wait for Retry-After: what was asked to wait is not sent early', async () => {
    const stop = new AbortController();
    fakes.tidsbanken.answer({ answer: 'slowDown', retryAfterMs: 60_000 });
    fakes.clock.onSleep = () => stop.abort();
    await fakes.run({ stop });
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect(await fakes.states()).toEqual(['approved', 'approved', 'approved']);
  });

  it('during collect: nothing is planned, and the next run goes on', async () => {
    const stop = new AbortController();
    fakes.tidsbanken.nextPages('customer', (pages) => {
      stop.abort();
      return pages.map((value) => ({ ok: true, value }) as const);
    });
    expect(await fakes.run({ stop })).toMatchObject({ state: 'stopped' });
    expect(await fakes.states()).toEqual([]);
    await fakes.run();
    expect(await fakes.states()).toEqual(['verified', 'verified', 'verified']);
  });
});

describe('an approval', () => {
  beforeEach(async () => {
    fakes = new Fakes();
    await phonesEdited(1);
    await fakes.run({ mode: 'preview', approve: null });
    await approveEverything();
  });

  it('I14, V2: that has lapsed writes nothing', async () => {
    fakes.clock.advance(7 * 24 * 3_600_000 + 1);
    await fakes.apply();
    expect(fakes.tidsbanken.received).toEqual([]);
    expect(await fakes.states()).toEqual(['planned']);
  });

  it('that has not lapsed writes once, however often it is applied (I17)', async () => {
    await fakes.apply();
    await fakes.apply();
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('S3, I13: given for one company never writes to another', async () => {
    fakes.tidsbanken.facts = { ...fakes.tidsbanken.facts, keyDigest: 'another key' };
    const { problems } = await fakes.run(SAFE);
    expect(problems.map((p) => p.kind)).toContain('rail');
    await fakes.apply();
    expect(fakes.tidsbanken.received).toEqual([]);
    expect(fakes.customerp.received).toEqual([]);
  });

  it('S2, I13: writes nothing while a source has shrunk', async () => {
    fakes.customerp.nextPages('customer', () => [{ ok: true, value: { records: [], withoutId: [], total: 0 } }]);
    await fakes.run({ ...SAFE, full: true });
    expect(fakes.tidsbanken.received).toEqual([]);
    await fakes.run({ ...SAFE, full: true });
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});

/** Does it once, when the first write is told of. */
const meanwhile = (act: (id: number) => Promise<unknown>): RunOnFakes => {
  let isDone = false;
  return {
    progress: ({ stage }) => {
      if (stage !== 'apply' || isDone) return;
      isDone = true;
      void fakes.changes().then((changes) => act(changes[1]?.id ?? 0));
    },
  };
};

describe('a decision while the run writes others (section 7)', () => {
  beforeEach(async () => {
    fakes = new Fakes();
    await phonesEdited(3);
    await fakes.run({ mode: 'preview', approve: null });
    await approveEverything();
  });

  it.each([
    { rule: '2.5', what: 'rejected', act: (id: number) => fakes.store.changes.reject(id, 'all', []) },
    { rule: 'I13', what: 'held by a rail', act: (id: number) => fakes.store.changes.hold([id], 'S1', []) },
  ])('$rule: what is $what by then is not written', async ({ act }) => {
    await fakes.apply(meanwhile(act));
    expect(fakes.tidsbanken.received).toHaveLength(2);
  });
});

describe('S3', () => {
  it('recovery asks another company nothing', async () => {
    fakes = new Fakes();
    await phonesEdited(1);
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
    await fakes.run();
    fakes.clock.advance(121_000);
    fakes.tidsbanken.facts = { ...fakes.tidsbanken.facts, keyDigest: 'another key' };
    await fakes.run();
    expect(await fakes.states()).toEqual(['unknown']);
  });
});
