import { afterEach, describe, expect, it } from 'vitest';
import { compileFlow } from '../../mapping/compile.ts';
import type { Property } from '../../mapping/mapping.ts';
import type { NewChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { customer, customersInStep } from '../testing/records.ts';
import { Fakes, PREVIEW, SAFE } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

/** The same run under a mapping in which one property of a customer is another. */
const under =
  (name: string, extra: Partial<Property>) =>
  (ctx: SyncContext): SyncContext => {
    const flow = ctx.flows.get('customer');
    if (flow === undefined) throw new Error('no customers');
    const properties = flow.mapping.properties.map((p) => (p.name === name ? { ...p, ...extra } : p));
    const { customerp, tidsbanken } = ctx.connectors;
    const fields = { customerp: customerp.fields('customer'), tidsbanken: tidsbanken.fields('customer') };
    const compiled = compileFlow({ ...flow.mapping, properties }, fields);
    if (!compiled.ok) throw new Error(compiled.failure.map(({ what }) => what).join('\n'));
    return { ...ctx, flows: new Map([...ctx.flows, ['customer', compiled.value]]) };
  };

const shorter = under('website', { maxLength: { tidsbanken: 5 } });

async function begin(count = 1): Promise<string[]> {
  fakes.close();
  fakes = new Fakes();
  return customersInStep(fakes, count);
}

const base = async () => (await fakes.store.links.of('customer', 'tidsbanken', '10001'))?.base.customerp ?? {};
const inT = (id = '10001') => fakes.tidsbanken.raw('customer', id);

describe('S5 a changed mapping', () => {
  it('takes the base from the groups it touches, and leaves the others theirs', async () => {
    const [id = ''] = await begin();
    fakes.customerp.edit('customer', id, { website: 'https://a.example', phone: '22000001' });
    await fakes.run({ ...PREVIEW, through: shorter });
    // Without a base the website is a first value (R4); the phone keeps its base and is an edit (R7).
    const [change] = (await fakes.changes('customer')).slice(-1);
    expect(change?.groups.map(({ group, row }) => [group, row])).toEqual([
      ['phone', 'R7'],
      ['website', 'R4'],
    ]);
    expect(await base()).toHaveProperty('name');
    const { rows } = await fakes.store.journal.list({}, 0, 1_000);
    expect(rows.find((row) => row.event === 'mappingChanged')?.detail).toMatchObject({ touched: ['website'] });
  });

  it('S7 holds what it touched for one run, and nothing else', async () => {
    const [first = '', second = ''] = await begin(2);
    fakes.customerp.edit('customer', first, { phone: '22000001' });
    const one = await fakes.run({ ...SAFE, through: under('phone', { direction: 'toTidsbanken' }) });
    expect(one.rails.map(({ rail }) => rail)).toEqual(['S7']);
    expect(inT()['Telefon']).toBe('');
    await begin(2);
    fakes.customerp.edit('customer', second, { phone: '22000001' });
    const other = await fakes.run({ ...SAFE, through: shorter });
    expect(other.rails).toEqual([]);
    expect(inT('10002')['Telefon']).toContain('22000001');
  });

  it('a direction leaves the base: what drifted before is still drift', async () => {
    await begin();
    fakes.tidsbanken.edit('customer', '10001', { Telefon: '22000002' });
    await fakes.run({ ...PREVIEW, through: under('phone', { direction: 'toTidsbanken' }) });
    expect(await fakes.mismatchKinds()).toEqual(['againstDirection']);
  });

  it('concludes no absence in that run', async () => {
    await begin(12);
    fakes.tidsbanken.remove('customer', '10001');
    const confirmed = async (through?: typeof shorter): Promise<unknown[]> => {
      fakes.clock.advance(11 * 60_000);
      await fakes.run({ full: true, ...(through === undefined ? {} : { through }) });
      return (await fakes.mismatches()).map(({ mismatch, detail }) => [mismatch, detail['confirmed']]);
    };
    expect(await confirmed()).toEqual([['goneInTidsbanken', 'no']]);
    expect(await confirmed(shorter)).toEqual([['goneInTidsbanken', 'no']]);
    expect(await confirmed(shorter)).toEqual([['goneInTidsbanken', 'yes']]);
  });

  it('a base that goes by a mapping nobody kept is dropped whole', async () => {
    await begin();
    await fakes.store.meta.delete(`mapping:${fakes.flows.get('customer')?.version ?? ''}`);
    await fakes.run({ ...PREVIEW, through: shorter });
    const { rows } = await fakes.store.journal.list({}, 0, 1_000);
    const told = rows.find((row) => row.event === 'mappingChanged')?.detail;
    expect(told?.['touched']).toEqual(expect.arrayContaining(['name', 'phone', 'website']));
    expect(await fakes.mismatches()).toEqual([]); // in step: the base is there again (R2)
    expect(await base()).toHaveProperty('name');
  });

  it('a base laid down between two mappings goes by the former, until a plan has looked', async () => {
    await begin();
    const link = await fakes.store.links.of('customer', 'tidsbanken', '10001');
    const values = { customerp: { website: 'a' }, tidsbanken: { website: 'b' } };
    const decided = { linkId: link?.id ?? 0, base: values, mapping: 'another' };
    await fakes.store.links.acceptPair(decided, null, 0, { event: 'decided' });
    expect((await fakes.store.links.get(link?.id ?? 0))?.baseMapping).toBe(link?.baseMapping);
    await fakes.run({ ...PREVIEW, full: true, through: shorter });
    expect((await base())['website']).toBeNull(); // S5 took it, R2 has seen both empty
  });
});

/** What waits is planned anew as it is, under another mapping: so a run that reads nothing leaves it. */
async function replanUnder(mapping: string): Promise<void> {
  const waiting = (await fakes.changes('customer')).filter(({ state }) => state === 'planned');
  const changes = waiting.map((change) => ({
    ...change,
    versions: { ...change.versions, mapping },
    groups: change.groups.map((group) => ({ ...group, fingerprint: `${mapping} ${group.fingerprint}` })),
  }));
  const none = {
    rails: [],
    mismatches: 0,
    seenAgain: [],
    gone: [],
    buckets: [],
    pairBuckets: [],
    cleanLinks: [],
    journal: [],
  };
  const supersede = waiting.map(({ id }) => id);
  await fakes.store.drafts.stage({ from: { changes: 0, mismatches: 0 }, changes, mismatches: [] });
  const held = [{ rail: null, count: changes.length }];
  const parts = [{ kind: 'customer' as const, held, supersede, matched: false, ...none }];
  await fakes.store.plans.save({ runId: 1, at: fakes.clock.now(), versions: {}, digest: '', parts }, []);
}

describe('V2 a mapping that is as it was before', () => {
  it('has what waits judged anew, though nothing about its records has changed', async () => {
    const [id = ''] = await begin();
    fakes.customerp.put('customer', customer('20001'));
    fakes.customerp.edit('customer', id, { phone: '22000001' });
    await fakes.run(PREVIEW);
    await replanUnder('another');
    const { problemKinds } = await fakes.run();
    expect(problemKinds).toEqual([]);
    const done = (await fakes.changes('customer')).filter(({ state }) => state !== 'superseded').slice(-2);
    expect(done.map(({ op, state }) => [op, state])).toEqual(
      expect.arrayContaining([
        ['create', 'verified'],
        ['update', 'verified'],
      ]),
    );
  });

  it.each([
    { under: 'another mapping', mapping: 'another', state: 'superseded' },
    { under: 'this one', mapping: null, state: 'approved' },
  ])('X1: closing a survivor, decided under $under: $state', async ({ mapping, state }) => {
    const [id = ''] = await begin(12);
    const link = await fakes.store.links.of('customer', 'customerp', id);
    fakes.customerp.remove('customer', id);
    await fakes.run({ ...PREVIEW, full: true });
    fakes.clock.advance(11 * 60_000);
    await fakes.run({ ...PREVIEW, full: true });
    const [finding] = await fakes.mismatches();
    const { version = '' } = fakes.flows.get('customer') ?? {};
    const versions = { mapping: mapping ?? version, policy: '1', tenant: '1' };
    const closing = { ...CLOSING, linkId: link?.id ?? 0, customerpId: id, approvedAt: fakes.clock.now(), versions };
    await fakes.store.changes.addDecided(closing, finding?.id ?? 0, []);
    await fakes.run({ ...PREVIEW, full: true });
    expect((await fakes.changes()).at(-1)?.state).toBe(state);
  });
});

const CLOSING: Omit<NewChange, 'linkId' | 'customerpId' | 'approvedAt' | 'versions'> = {
  kind: 'customer',
  op: 'archive',
  target: 'tidsbanken',
  tidsbankenId: '10001',
  groups: [{ group: 'phone', row: 'decision', needs: 'review', members: [], fingerprint: 'a', approved: true }],
  needs: 'review',
  fingerprint: 'a',
  waitsFor: [],
  label: '',
  state: 'approved',
  origin: 'survivor',
  approvedBy: 'tester',
  rail: null,
};
