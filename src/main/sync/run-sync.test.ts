import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kind } from '../../shared/domain.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { Fakes, PREVIEW, SAFE } from './testing/run-on-fakes.ts';
import type { RanOnFakes } from './testing/run-on-fakes.ts';
import { ansatt, customer, customersInStep, employee, kunde, project } from './testing/records.ts';

/** The whole engine against two fakes: what section 14 asks of any run. */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
});
afterEach(() => fakes.close());

const sent = (): number => fakes.customerp.received.length + fakes.tidsbanken.received.length;

const conserved = (run: RanOnFakes, withoutId = 0): void => {
  const { inStep, proposed, mismatch, skipped, failed } = run.buckets;
  expect(inStep + proposed + mismatch + skipped + failed + withoutId).toBe(run.read);
};

/** A company in Customerp with two people, a customer and projects; Tidsbanken knows one of the people already. */
function company(): { owner: string; boss: string; works: string } {
  const owner = fakes.customerp.put('customer', customer('10001', { phone: '90000041' }));
  const boss = fakes.customerp.put('employee', employee('300', { hireDate: '2024-02-01' }));
  const works = fakes.customerp.put('project', project('4001', { customerId: owner, managerId: boss }));
  fakes.customerp.put('employee', employee('301', { defaultProjectId: works }));
  fakes.tidsbanken.put('employee', ansatt(300, { AnsattDato: '2024-02-01T00:00:00Z' }));
  return { owner, boss, works };
}

describe('I1: convergence', () => {
  it('one run is enough without faults, and the default project comes in the same one (O1)', async () => {
    company();
    const first = await fakes.run();
    expect(first.problems).toEqual([]);
    expect(fakes.tidsbanken.raw('employee', '301')).toMatchObject({ ProsjektId: '4001' });
    const second = await fakes.run({ full: true });
    expect(second.buckets).toEqual({ inStep: second.read, proposed: 0, mismatch: 0, skipped: 0, failed: 0 });
  });

  it('I4: the second run sends nothing and proposes nothing', async () => {
    company();
    await fakes.run();
    const before = sent();
    await fakes.run({ full: true });
    expect(sent()).toBe(before);
    expect(await fakes.states()).not.toContain('planned');
  });

  it('R7, R8: edits on both sides flow, each to the other', async () => {
    const { owner } = company();
    await fakes.run();
    fakes.customerp.edit('customer', owner, { name: 'Fjordlys Ny AS' });
    fakes.tidsbanken.edit('customer', '10001', { Mobil: '90000042' });
    fakes.tidsbanken.edit('employee', '301', { Tittel: 'Tømrer' });
    await fakes.run(SAFE);
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Navn: 'Fjordlys Ny AS', Mobil: '90000042' });
    expect(fakes.customerp.raw('customer', owner)).toMatchObject({ name: 'Fjordlys Ny AS', mobile: '+4790000042' });
    expect(fakes.customerp.all('employee')).toEqual(
      expect.arrayContaining([expect.objectContaining({ number: '301', jobTitle: 'Tømrer' })]),
    );
    const last = await fakes.run({ full: true });
    expect(last.buckets).toMatchObject({ inStep: last.read });
  });

  it('R2: the same edit on both sides needs no write', async () => {
    const { owner } = company();
    await fakes.run();
    const before = sent();
    fakes.customerp.edit('customer', owner, { phone: '90 00 00 55' });
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '+4790000055' });
    const run = await fakes.run();
    expect(sent()).toBe(before);
    expect(run.buckets).toMatchObject({ inStep: run.read });
  });

  it('R12: both edited is for a person, whatever was approved', async () => {
    const { owner } = company();
    await fakes.run();
    fakes.customerp.edit('customer', owner, { phone: '90000055' });
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000066' });
    await fakes.run();
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    expect(fakes.customerp.raw('customer', owner)).toMatchObject({ phone: '90000055' });
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Telefon: '90000066' });
  });

  it('I10: the order in which records come makes no difference', async () => {
    company();
    await fakes.run(PREVIEW);
    const prints = (await fakes.changes()).map((c) => c.fingerprint).toSorted();
    fakes.close();
    fakes = new Fakes();
    company();
    for (const kind of ['customer', 'employee', 'project'] as const)
      fakes.customerp.nextPages(kind, (pages) =>
        pages.map((page) => ({ ok: true, value: { ...page, records: page.records.toReversed() } })),
      );
    await fakes.run(PREVIEW);
    expect((await fakes.changes()).map((c) => c.fingerprint).toSorted()).toEqual(prints);
  });
});

describe('what an approval covers', () => {
  it('I11: preview writes nothing, whatever is planned', async () => {
    company();
    await fakes.run(PREVIEW);
    await fakes.run(PREVIEW);
    expect(sent()).toBe(0);
    expect(new Set(await fakes.states())).toEqual(new Set(['planned']));
  });

  it('I11: preview writes nothing of what was approved before, either', async () => {
    company();
    await fakes.run(PREVIEW);
    for (const change of await fakes.changes()) await fakes.store.changes.approve(change.id, 'all', 'tester', true, []);
    await fakes.run(PREVIEW);
    expect(sent()).toBe(0);
    await fakes.apply();
    expect(sent()).toBeGreaterThan(0);
  });

  it('S7: until somebody has looked at a kind, mode auto holds everything, also what needs no review', async () => {
    const automatic = { rule: 'every', automatic: true } as const;
    const mapping = (flow: FlowMapping): FlowMapping => ({
      ...flow,
      create: { ...flow.create, tidsbanken: automatic },
    });
    fakes.close();
    fakes = new Fakes({ mapping });
    fakes.customerp.put('customer', customer('10001'));
    const first = await fakes.run(SAFE);
    expect(first.rails.map((r) => r.rail)).toEqual(['S7']);
    await fakes.run(SAFE);
    expect(sent()).toBe(0);
    await fakes.store.meta.markReviewed('customer', 'tester');
    await fakes.run(SAFE);
    expect(fakes.tidsbanken.all('customer')).toHaveLength(1);
  });

  it('S7: a kind that comes later is held, although another one is written in the same run', async () => {
    const automatic = { rule: 'every', automatic: true } as const;
    fakes.close();
    fakes = new Fakes({ mapping: (flow) => ({ ...flow, create: { ...flow.create, tidsbanken: automatic } }) });
    fakes.customerp.put('customer', customer('10001'));
    fakes.customerp.put('employee', employee('301'));
    await fakes.run({ ...SAFE, kinds: ['customer'] });
    await fakes.store.meta.markReviewed('customer', 'tester');
    await fakes.run({ ...SAFE, kinds: ['customer', 'employee'] });
    expect(fakes.tidsbanken.received.map((r) => r.kind)).toEqual(['customer']);
  });

  it('creates, fills and clears are never automatic (D3)', async () => {
    const [id = ''] = await customersInStep(fakes, 1);
    const before = sent();
    fakes.customerp.edit('customer', id, { email: null });
    fakes.customerp.put('customer', customer('10002'));
    await fakes.run(SAFE);
    await fakes.run(SAFE);
    expect(sent()).toBe(before);
    expect(await fakes.states()).toEqual(['planned', 'planned']);
  });

  it('S1: the button stops at the mass rail; --approve all passes it for this very plan', async () => {
    const ids = await customersInStep(fakes, 30);
    for (const id of ids) fakes.customerp.edit('customer', id, { phone: '90000041' });
    const button = await fakes.run(SAFE);
    expect(button.rails.map((r) => r.rail)).toContain('S1');
    expect(sent()).toBe(0);
    const all = await fakes.run();
    expect(all.rails).toEqual([]);
    expect(fakes.tidsbanken.received).toHaveLength(30);
    expect(await fakes.events()).toContain('approvedByRule');
  });

  it.each([
    { until: 'a person approves all', free: (): Promise<RanOnFakes> => fakes.run(), sent: 20 },
    {
      until: 'S1 no longer trips',
      free: async (late: readonly string[]): Promise<RanOnFakes> => {
        for (const id of late) fakes.customerp.edit('customer', id, { phone: null });
        return fakes.run(SAFE);
      },
      sent: 10,
    },
  ])('S1, D3: what a rule approved and could not send is held as well, until $until', async ({ free, ...row }) => {
    const ids = await customersInStep(fakes, 30);
    for (const id of ids.slice(0, 10)) fakes.customerp.edit('customer', id, { phone: '90000041' });
    fakes.tidsbanken.answer({ answer: 'signInNeeded' });
    await fakes.run(SAFE);
    for (const id of ids.slice(10, 20)) fakes.customerp.edit('customer', id, { phone: '90000041' });
    const held = await fakes.run(SAFE);
    expect(held.rails.map(({ rail }) => rail)).toContain('S1');
    expect(fakes.tidsbanken.received).toHaveLength(1);
    await free(ids.slice(10, 20));
    const phones = fakes.tidsbanken.all('customer').filter((raw) => raw['Telefon'] === '+4790000041');
    expect([phones.length, (await fakes.changes()).filter((c) => c.rail !== null && c.state === 'approved')]).toEqual([
      row.sent,
      [],
    ]);
  });

  it('--approve all decides no mismatch: R5, existence and weak matches stay', async () => {
    fakes.customerp.put('customer', customer('10001', { name: 'Fjordlys AS' }));
    fakes.tidsbanken.put('customer', kunde('10001', { Navn: 'Fjordlys Bygg AS' }));
    fakes.tidsbanken.put('customer', kunde('888'));
    await fakes.run();
    await fakes.run();
    expect(sent()).toBe(0);
    expect((await fakes.mismatchKinds()).toSorted()).toEqual(['firstDifference', 'onlyInTidsbanken']);
  });

  it('V2: what was approved and did not change needs no second approval', async () => {
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { email: null, phone: '90000041' });
    await fakes.run(PREVIEW);
    const [change] = await fakes.changes();
    await fakes.store.changes.approve(change?.id ?? 0, ['email'], 'tester', false, []);
    fakes.customerp.edit('customer', id, { phone: '90000042' });
    await fakes.run(SAFE);
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({ Epost: '', Telefon: '+4790000042' });
  });
});

describe('I5: conservation', () => {
  it('holds in every kind of run, with every bucket in use', async () => {
    const { owner } = company();
    conserved(await fakes.run(PREVIEW));
    conserved(await fakes.run());
    conserved(await fakes.run());
    fakes.tidsbanken.put('customer', kunde('888'));
    fakes.tidsbanken.put('project', { Id: '0', Navn: 'Ikke prosjekt' });
    fakes.customerp.edit('customer', owner, { phone: 'ring meg' });
    fakes.customerp.put('customer', customer('10002'));
    fakes.customerp.put('employee', employee('302'));
    fakes.tidsbanken.answer({ answer: 'refused' }, { answer: 'unknown' });
    const run = await fakes.run({ full: true });
    conserved(run);
    expect(run.buckets.failed).toBeGreaterThan(0);
    expect(run.buckets.mismatch).toBeGreaterThan(0);
    expect(run.buckets.skipped).toBeGreaterThan(0);
    conserved(await fakes.run({ full: true }));
  });
});

describe('I6, I12: what is not ours', () => {
  it('unmapped fields on both sides are what they were, after many writes', async () => {
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.tidsbanken.edit('customer', '10001', { Kontaktperson: 'Prøve Person', Kundebehandler: '7' });
    fakes.customerp.edit('customer', id, { notes: 'Ring før levering', creditLimit: 5000 });
    for (const phone of ['90000041', '90000042', '90000043']) {
      fakes.customerp.edit('customer', id, { phone });
      fakes.tidsbanken.edit('customer', '10001', { Mobil: phone });
      await fakes.run();
    }
    expect(fakes.tidsbanken.raw('customer', '10001')).toMatchObject({
      Kontaktperson: 'Prøve Person',
      Kundebehandler: '7',
    });
    expect(fakes.customerp.raw('customer', id)).toMatchObject({ notes: 'Ring før levering', creditLimit: 5000 });
  });

  it('I12: nothing is ever deleted', async () => {
    const { owner } = company();
    await fakes.run();
    fakes.customerp.remove('customer', owner);
    for (let look = 0; look < 3; look++) {
      await fakes.run({ full: true });
      fakes.clock.advance(11 * 60_000);
    }
    expect(fakes.tidsbanken.history.filter((deed) => deed.op === 'remove')).toEqual([]);
    expect(fakes.tidsbanken.all('customer')).toHaveLength(1);
  });

  it('I11: a field that is off is neither read nor written', async () => {
    fakes.customerp.put('employee', employee('301', { bankAccount: '12345678903', birthDate: '1990-01-01' }));
    await fakes.run();
    const [created] = fakes.tidsbanken.received;
    expect(created?.values.has('Lonnskonto')).toBe(false);
    expect(created?.values.has('Fodt')).toBe(false);
    const journal = await fakes.store.journal.list({}, 0, 1_000);
    expect(JSON.stringify(journal.rows)).not.toContain('12345678903');
  });
});

/** A full run, and what it says of linked records. */
const look = async (): Promise<{ confirmed: string | undefined; kinds: string[] }> => {
  await fakes.run({ full: true });
  const found = (await fakes.mismatches()).filter((m) => m.linkId !== null);
  return { confirmed: found[0]?.detail['confirmed'], kinds: found.map((m) => m.mismatch) };
};

describe('5.2: a linked record that is no longer there', () => {
  let id: string;
  const TEN_MINUTES = 10 * 60_000;
  beforeEach(async () => {
    [id = ''] = await customersInStep(fakes, 12);
  });

  it('is gone only when missed twice, ten minutes apart', async () => {
    fakes.tidsbanken.remove('customer', '10001');
    expect(await look()).toEqual({ confirmed: 'no', kinds: ['goneInTidsbanken'] });
    fakes.clock.advance(TEN_MINUTES - 60_000);
    expect(await look()).toEqual({ confirmed: 'no', kinds: ['goneInTidsbanken'] });
    fakes.clock.advance(60_000);
    expect(await look()).toEqual({ confirmed: 'yes', kinds: ['goneInTidsbanken'] });
  });

  it('in Customerp, likewise', async () => {
    fakes.customerp.remove('customer', id);
    await look();
    fakes.clock.advance(TEN_MINUTES);
    expect(await look()).toEqual({ confirmed: 'yes', kinds: ['goneInCustomerp'] });
    expect(sent()).toBe(0);
  });

  it('and its survivor was edited: goneVersusEdited', async () => {
    fakes.tidsbanken.remove('customer', '10001');
    fakes.customerp.edit('customer', id, { phone: '90000041' });
    await look();
    fakes.clock.advance(TEN_MINUTES);
    expect(await look()).toEqual({ confirmed: 'yes', kinds: ['goneVersusEdited'] });
  });

  it('on both sides: the link is tombstoned, and nothing is written', async () => {
    fakes.tidsbanken.remove('customer', '10001');
    fakes.customerp.remove('customer', id);
    await look();
    fakes.clock.advance(TEN_MINUTES);
    expect(await look()).toEqual({ confirmed: undefined, kinds: [] });
    expect(await fakes.store.links.of('customer', 'customerp', id)).toBeNull();
    expect(sent()).toBe(0);
  });

  it('M1: comes back after its link ended: shown as reappeared, neither matched nor created', async () => {
    const { Navn = null, Epost = null } = fakes.tidsbanken.raw('customer', '10001');
    fakes.tidsbanken.remove('customer', '10001');
    fakes.customerp.remove('customer', id);
    await look();
    fakes.clock.advance(TEN_MINUTES);
    await look();
    fakes.tidsbanken.put('customer', { Id: '10001', Navn, Epost });
    await fakes.run({ full: true });
    expect((await fakes.mismatches()).filter((m) => m.tidsbankenId === '10001').map((m) => m.mismatch)).toEqual([
      'reappeared',
    ]);
    expect(await fakes.store.links.of('customer', 'tidsbanken', '10001')).toBeNull();
    expect(sent()).toBe(0);
  });

  it('comes back: the finding disappears by itself', async () => {
    const { Navn = null, Epost = null } = fakes.tidsbanken.raw('customer', '10001');
    fakes.tidsbanken.remove('customer', '10001');
    await look();
    fakes.tidsbanken.put('customer', { Id: '10001', Navn, Epost });
    fakes.clock.advance(TEN_MINUTES);
    expect(await look()).toEqual({ confirmed: undefined, kinds: [] });
  });

  it('T4: a delta neither finds it missing nor confirms it', async () => {
    fakes.tidsbanken.remove('customer', '10001');
    await fakes.run();
    expect(await fakes.mismatchKinds()).toEqual([]);
    await look();
    fakes.clock.advance(TEN_MINUTES);
    await fakes.run();
    expect((await fakes.mismatches()).map((m) => m.detail['confirmed'])).toEqual(['no']);
  });

  it('T4: what was confirmed stays so in the deltas that follow', async () => {
    fakes.tidsbanken.remove('customer', '10001');
    await look();
    fakes.clock.advance(TEN_MINUTES);
    await look();
    const run = await fakes.run();
    expect((await fakes.mismatches()).map((m) => m.detail['confirmed'])).toEqual(['yes']);
    conserved(run);
  });

  it('a point read that still finds it keeps it unknown', async () => {
    for (const _ of [1, 2])
      fakes.tidsbanken.nextPages('customer', (pages) =>
        pages.map((page) => ({
          ok: true,
          value: { ...page, total: 11, records: page.records.filter((r) => r.nativeId !== '10001') },
        })),
      );
    await look();
    fakes.clock.advance(TEN_MINUTES);
    expect((await look()).kinds).toEqual([]);
  });
});

describe('an incomplete collection', () => {
  it.each<{ side: 'customerp' | 'tidsbanken' }>([{ side: 'customerp' }, { side: 'tidsbanken' }])(
    'of $side concludes nothing: no match, no creation, no absence (M1)',
    async ({ side }) => {
      const kind: Kind = 'customer';
      fakes.customerp.put(kind, customer('10001'));
      fakes.tidsbanken.put(kind, kunde('10001'));
      fakes.customerp.put(kind, customer('10002'));
      fakes.of(side).nextPages(kind, () => [{ ok: false, failure: { kind: 'serverError', status: 500, detail: '' } }]);
      await fakes.run();
      expect(sent()).toBe(0);
      expect(await fakes.store.links.count(kind)).toBe(0);
      expect(await fakes.states()).toEqual([]);
      expect(await fakes.mismatchKinds()).toEqual(['incompleteCollection']);
      await fakes.run();
      await fakes.run();
      expect(await fakes.mismatchKinds()).toEqual([]);
      expect(fakes.tidsbanken.all(kind)).toHaveLength(2);
    },
  );
});

it('I22: the chain of the journal verifies after all of this', async () => {
  company();
  fakes.tidsbanken.answer({ answer: 'unknown' }, { answer: 'refused' }, { answer: 'slowDown' });
  await fakes.run();
  fakes.clock.advance(121_000);
  await fakes.run();
  expect(await fakes.store.journal.firstBrokenRow()).toBeNull();
});
