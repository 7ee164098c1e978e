import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import type { SyncContext } from '../context.ts';
import { DEFAULT_POLICY } from '../reconcile/rules.ts';
import type { FlowPolicy } from '../reconcile/rules.ts';
import { customer, customersInStep, employee, ansatt, kunde } from '../testing/records.ts';
import { Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

const HOUR = 3_600_000;

async function begin(policy: Partial<FlowPolicy> = {}, mapping?: (flow: FlowMapping) => FlowMapping): Promise<string> {
  fakes.close();
  const settings = { policies: { customer: { ...DEFAULT_POLICY, ...policy } } };
  fakes = new Fakes({ settings, ...(mapping === undefined ? {} : { mapping }) });
  const [id] = await customersInStep(fakes, 1);
  return id ?? '';
}

const inE = (id: string) => fakes.customerp.raw('customer', id);
const inT = () => fakes.tidsbanken.raw('customer', '10001');

const text = (json: Json | undefined): string => (typeof json === 'string' ? json : '');

/** Both sides are edited, so many ms apart. */
function editBoth(id: string, apartMs: number, first: 'customerp' | 'tidsbanken' = 'customerp'): void {
  const edits = {
    customerp: () => fakes.customerp.edit('customer', id, { phone: '22000001' }),
    tidsbanken: () => fakes.tidsbanken.edit('customer', '10001', { Telefon: '22000002' }),
  };
  edits[first]();
  fakes.clock.advance(apartMs);
  edits[first === 'customerp' ? 'tidsbanken' : 'customerp']();
}

const timeIn = (detail: Readonly<Record<string, unknown>>, side: string): number =>
  Number((detail['modifiedAt'] as Readonly<Record<string, unknown>> | undefined)?.[side]);

describe('R12 when both sides were edited', () => {
  it.each([
    ['ask', undefined],
    ['customerp', '+4722000001'],
    ['tidsbanken', '22000002'],
  ] as const)('%s', async (conflict, wins) => {
    const id = await begin({ conflict });
    editBoth(id, 0);
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual(wins === undefined ? ['bothEdited'] : []);
    const held = [inE(id)['phone'], inT()['Telefon']].map((phone) => text(phone).replace('+47', ''));
    expect(held).toEqual(wins === undefined ? ['22000001', '22000002'] : Array(2).fill(wins.replace('+47', '')));
  });

  it.each([
    ['D4 later by more than both skews and 120 s', 2 * HOUR + 7 * 60_000 + 1_000, '22000002'],
    ['D4 not by less', 2 * HOUR + 6 * 60_000, null],
  ] as const)('newest: %s', async (_name, apart, wins) => {
    const id = await begin({ conflict: 'newest' });
    editBoth(id, apart);
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual(wins === null ? ['bothEdited'] : []);
    expect(text(inE(id)['phone'])).toContain(wins ?? '22000001');
    const { rows } = await fakes.store.journal.list({}, 0, 1_000);
    const told = rows.filter((row) => row.event === 'newestDecided');
    expect(told).toHaveLength(wins === null ? 0 : 1);
    const [e, t] = ['customerp', 'tidsbanken'].map((side) => told.map(({ detail }) => timeIn(detail, side)));
    expect(told.map(({ detail }) => [detail['newest'], detail['groups']])).toEqual(
      told.map(() => ['tidsbanken', ['phone']]),
    );
    expect((t?.[0] ?? 0) - (e?.[0] ?? 0)).toBeGreaterThanOrEqual(told.length * apart);
  });

  it('D4 newest: a time that our own write left there decides nothing', async () => {
    const id = await begin({ conflict: 'newest' });
    editBoth(id, 0, 'tidsbanken');
    fakes.customerp.edit('customer', id, { website: 'https://a.example' });
    await fakes.run(SAFE); // writes the website to Tidsbanken, and so its time is ours
    expect(inT()['Url']).toBe('https://a.example');
    fakes.clock.advance(5 * HOUR);
    fakes.customerp.edit('customer', id, { mobile: '92000001' });
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    fakes.clock.advance(5 * HOUR);
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '22000003' });
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual([]);
    expect(text(inE(id)['phone'])).toContain('22000003');
  });
});

const oneWay = (flow: FlowMapping): FlowMapping => ({
  ...flow,
  properties: flow.properties.map((p) => (p.name === 'phone' ? { ...p, direction: 'toTidsbanken' } : p)),
});

describe('D1 an edit against the direction', () => {
  it.each([
    ['report', ['againstDirection'], '22000009'],
    ['restore', [], ''],
  ] as const)('%s', async (against, found, left) => {
    await begin({ against }, oneWay);
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '22000009' });
    await fakes.run();
    expect(await fakes.mismatchKinds()).toEqual(found);
    expect(inT()['Telefon']).toBe(left);
  });
});

const withPolicy =
  (policy: Partial<FlowPolicy>) =>
  (ctx: SyncContext): SyncContext => ({
    ...ctx,
    versions: { ...ctx.versions, policy: JSON.stringify(policy) },
    settings: { ...ctx.settings, policies: { customer: { ...DEFAULT_POLICY, ...policy } } },
  });

describe('V2 another policy', () => {
  it('judges what is open anew, though nobody has edited anything', async () => {
    const id = await begin();
    editBoth(id, 0);
    await fakes.run(SAFE);
    expect(await fakes.mismatchKinds()).toEqual(['bothEdited']);
    await fakes.run({ ...SAFE, through: withPolicy({ conflict: 'customerp' }) });
    expect(await fakes.mismatchKinds()).toEqual([]);
    expect(text(inT()['Telefon'])).toContain('22000001');
  });

  it('lapses an approval', async () => {
    const id = await begin();
    fakes.customerp.edit('customer', id, { phone: '22000001' });
    await fakes.run(PREVIEW);
    const [change] = (await fakes.changes('customer')).slice(-1);
    await fakes.store.changes.approve(change?.id ?? 0, 'all', 'kari', true, []);
    await fakes.apply({ through: withPolicy({ against: 'restore' }) });
    expect(inT()['Telefon']).toBe('');
  });
});

describe('C4 records that are never linked', () => {
  it('are skipped and counted, whatever their keys; taken off the list, they are matched', async () => {
    await begin();
    fakes.customerp.put('customer', customer('20002'));
    fakes.tidsbanken.put('customer', kunde('20002'));
    const listed = { neverLink: { customerp: ['c2'], tidsbanken: ['20002'] } };
    const id = fakes.customerp.all('customer').find((c) => c['number'] === '20002')?.['id'];
    listed.neverLink.customerp = [text(id)];
    const ran = await fakes.run({ through: withPolicy(listed) });
    expect(ran.buckets).toMatchObject({ inStep: 2, skipped: 2, mismatch: 0, proposed: 0 });
    expect(await fakes.store.links.count('customer')).toBe(1);
    await fakes.run({ through: withPolicy({}) });
    expect(await fakes.store.links.count('customer')).toBe(2);
  });
});

describe('S6 one same shift of dates', () => {
  it('is found among mismatches as well, and as long as they are open', async () => {
    fakes.close();
    fakes = new Fakes();
    for (let i = 0; i < 5; i++) {
      fakes.tidsbanken.put('employee', ansatt(1001 + i, { AnsattDato: `2024-03-1${String(i)}` }));
      fakes.customerp.put('employee', employee(String(1001 + i), { hireDate: `2024-03-1${String(i + 1)}` }));
    }
    for (const run of [1, 2]) {
      const { rails } = await fakes.run({ full: true });
      expect([run, rails.map((r) => `${r.rail} ${String(r.count)}`)]).toEqual([run, ['S6 5']]);
    }
    expect((await fakes.mismatchKinds()).toSorted()).toEqual([
      ...Array<string>(5).fill('firstDifference'),
      'timeShift',
    ]);
  });
});
