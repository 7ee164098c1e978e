import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeState } from '../../../shared/domain.ts';
import { Crash, crashAt } from '../testing/crash-at.ts';
import { ansatt, customer, customersInStep, employee } from '../testing/records.ts';
import { Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';

/** The steps of sections 7.1 and 7.2 in their order: what the store says already when the next step begins. */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

interface Moment {
  readonly state: ChangeState | undefined;
  readonly attempt: number | undefined;
}

async function newest(): Promise<Moment> {
  const change = (await fakes.changes()).at(-1);
  return { state: change?.state, attempt: change?.attempt };
}

/** What the store says of the change when Tidsbanken is looked at, and when a write gets there. */
function watched(): { looks: Moment[]; sends: Moment[] } {
  const seen = { looks: [] as Moment[], sends: [] as Moment[] };
  const { tidsbanken } = fakes;
  const [read, find] = [tidsbanken.read.bind(tidsbanken), tidsbanken.find.bind(tidsbanken)];
  const [create, update] = [tidsbanken.create.bind(tidsbanken), tidsbanken.update.bind(tidsbanken)];
  const note = async <T>(into: Moment[], next: () => Promise<T>): Promise<T> => {
    into.push(await newest());
    return next();
  };
  tidsbanken.read = (request) => note(seen.looks, () => read(request));
  tidsbanken.find = (request) => note(seen.looks, () => find(request));
  tidsbanken.create = (request) => note(seen.sends, () => create(request));
  tidsbanken.update = (request) => note(seen.sends, () => update(request));
  return seen;
}

describe('an update (7.1)', () => {
  beforeEach(async () => {
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041' });
  });

  it('A1, A5: preparing before the look, durably sending with its attempt before the request, acked before it is read back', async () => {
    const seen = watched();
    await fakes.run();
    expect(seen.sends).toEqual([{ state: 'sending', attempt: 1 }]);
    expect(seen.looks[0]?.state).toBe('preparing');
    expect(seen.looks.at(-1)?.state).toBe('acked');
    expect(await fakes.states()).toEqual(['verified']);
  });

  it.each([
    {
      rule: 'A7, K7: not known: looked at after the settle time, not sent again',
      answer: 'unknown',
      state: 'unknown',
      sent: 1,
    },
    { rule: 'A7: refused: failed', answer: 'refused', state: 'failed', sent: 1 },
    { rule: 'A7: somebody was first: stale, and judged anew from A2', answer: 'conflict', state: 'stale', sent: 2 },
  ] as const)('$rule', async ({ answer, state, sent }) => {
    fakes.tidsbanken.answer({ answer, acts: false });
    await fakes.run();
    expect((await fakes.states())[0]).toBe(state);
    expect(fakes.tidsbanken.received).toHaveLength(sent);
  });

  it('S4: what was approved is not what is there any more: nothing is sent, and it is proposed as it is now', async () => {
    await fakes.run(PREVIEW);
    for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'kari', true, []);
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000042' });
    await fakes.apply();
    expect(await fakes.states()).toEqual(['stale']);
    expect(fakes.tidsbanken.received).toEqual([]);
  });

  it('Z3: what was planned and approved outlives a restart, and is written once', async () => {
    fakes.close();
    fakes = new Fakes({ inFile: true });
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await fakes.run(PREVIEW);
    fakes.reopen();
    const [planned] = await fakes.changes();
    await fakes.store.changes.approve(planned?.id ?? 0, 'all', 'kari', true, []);
    fakes.reopen();
    expect(await fakes.states()).toEqual(['approved']);
    await fakes.apply();
    await fakes.apply();
    expect(await fakes.states()).toEqual(['verified']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });

  it('Z9: recovery that is itself cut off, however often, ends as recovery that is not', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
    await fakes.run();
    fakes.clock.advance(300_000);
    for (let cut = 1; cut <= 3; cut++) {
      const crash = crashAt('before', (step, index) => index === cut || step.startsWith('changes.advance'));
      await expect(fakes.run({ through: crash.through })).rejects.toThrow(Crash);
    }
    await fakes.run();
    expect(await fakes.states()).toEqual(['verified']);
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});

describe('a create (7.2)', () => {
  let id: string;
  beforeEach(() => {
    id = fakes.customerp.put('customer', customer('10001'));
  });

  it('K1, K3: the intent with its chosen id is durable before anybody is asked, and sending before the request', async () => {
    const seen = watched();
    let intended: string | null | undefined;
    const find = fakes.tidsbanken.find.bind(fakes.tidsbanken);
    fakes.tidsbanken.find = async (request) => {
      intended ??= (await fakes.store.changes.intent((await fakes.changes()).at(-1)?.id ?? 0))?.chosenId;
      return find(request);
    };
    await fakes.run();
    expect(intended ?? (await fakes.store.changes.intent(1))?.chosenId).toBe('10001');
    expect(seen.looks[0]?.state).toBe('preparing');
    expect(seen.sends).toEqual([{ state: 'sending', attempt: 1 }]);
  });

  it('K5, K6: acknowledged, the link is there and unverified; read back, it is active and has its base', async () => {
    const states: (string | undefined)[] = [];
    const read = fakes.tidsbanken.read.bind(fakes.tidsbanken);
    fakes.tidsbanken.read = async (request) => {
      states.push((await fakes.store.links.of('customer', 'customerp', id))?.state);
      return read(request);
    };
    await fakes.run();
    expect(states.at(-1)).toBe('unverified');
    const link = await fakes.store.links.of('customer', 'customerp', id);
    expect(link?.state).toBe('active');
    expect(link?.base.tidsbanken['name']).toBe('Fjordlys 10001 AS');
  });

  it('K7: not known whether it was made: looked for, and adopted', async () => {
    fakes.tidsbanken.answer({ answer: 'unknown', acts: true });
    await fakes.run();
    expect((await fakes.states())[0]).toBe('unknown');
    fakes.clock.advance(300_000);
    await fakes.run();
    expect(fakes.tidsbanken.received).toHaveLength(1);
    expect((await fakes.store.links.of('customer', 'customerp', id))?.state).toBe('active');
  });

  it('X3: while a create is open its source is proposed no second time; an inactive one is counted and skipped', async () => {
    fakes.customerp.put('employee', employee('301'));
    fakes.customerp.put(
      'employee',
      employee('302', { active: false, terminated: true, terminationDate: '2026-01-31' }),
    );
    await fakes.run({ ...PREVIEW, kinds: ['employee'] });
    const again = await fakes.run({ ...PREVIEW, kinds: ['employee'], full: true });
    expect(await fakes.states()).toEqual(['planned']);
    expect(again.buckets).toMatchObject({ proposed: 1, skipped: 1 });
  });
});

describe('an archive', () => {
  it('7.3: is an update of the lifecycle, told as what it is, and never made without a person', async () => {
    const person = fakes.customerp.put('employee', employee('301'));
    fakes.tidsbanken.put('employee', ansatt(301));
    const kinds = ['employee'] as const;
    await fakes.run({ kinds });
    fakes.customerp.edit('employee', person, { active: false, terminated: true, terminationDate: '2026-01-31' });
    await fakes.run({ ...SAFE, kinds });
    await fakes.run({ ...SAFE, kinds });
    expect(fakes.tidsbanken.received).toEqual([]);
    expect((await fakes.changes()).at(-1)).toMatchObject({ op: 'archive', state: 'planned', needs: 'review' });
    await fakes.run({ kinds });
    expect(fakes.tidsbanken.raw('employee', '301')).toMatchObject({ Aktiv: false, Sluttet: true });
    expect(fakes.tidsbanken.received).toHaveLength(1);
  });
});
