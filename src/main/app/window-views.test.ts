import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryOfMismatches } from './review/mismatch-summary.ts';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';

const SLICE = { offset: 0, limit: 500 };

/** What the window shows of one record, one mismatch, and many at once. */
describe('views of the window', () => {
  let world: AppOnSandbox;
  let pair: { customerpId: string; tidsbankenId: string };

  beforeAll(async () => {
    world = await AppOnSandbox.start({
      customers: 30,
      employees: 8,
      projects: 8,
      overlap: 0.9,
      differ: 0.3,
      dirt: 0.2,
      seed: 3,
    });
    await world.sync('all');
    const [first] = await world.linkedCustomers(1);
    if (first === undefined) throw new Error('The sandbox has no linked customers.');
    pair = first;
    await world.edit('customerp', 'customers', pair.customerpId, { email: 'ny.post@fjell.example' });
    await world.sync('safe');
  }, 60_000);
  afterAll(() => world.stop());

  it('J1: the provenance of a value names side, rule, run and value before', async () => {
    const history = await world.app.recordHistory('customer-kunde', 'tidsbanken', pair.tidsbankenId);
    if (!history.ok) throw new Error(history.failure.what);
    const email = history.value.provenance.find(({ property }) => property === 'email');
    expect(email).toMatchObject({
      from: 'customerp',
      rule: 'R7',
      approvedBy: 'rule:safe',
      after: 'ny.post@fjell.example',
    });
    expect(email?.runId).toBeGreaterThan(0);
  });

  it('the timeline is the same from either side, newest first', async () => {
    const [there, here] = await Promise.all([
      world.app.recordHistory('customer-kunde', 'tidsbanken', pair.tidsbankenId),
      world.app.recordHistory('customer-kunde', 'customerp', pair.customerpId),
    ]);
    if (!there.ok || !here.ok) throw new Error('no history');
    expect(there.value.events).toEqual(here.value.events);
    const seqs = there.value.events.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    expect(there.value.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['linkMade', 'verified']));
  });

  it('I19: no sensitive property is in a history or a key', async () => {
    const { rows } = await world.app.records({ flow: 'employee-ansatt', linked: true }, SLICE);
    const histories = await Promise.all(
      rows.map(({ side, nativeId }) => world.app.recordHistory('employee-ansatt', side, nativeId)),
    );
    const told = JSON.stringify(histories);
    for (const property of ['birthDate', 'nationalId', 'bankAccount']) expect(told).not.toContain(property);
  });

  it('a record of the demo can be opened in its own system', async () => {
    const record = await world.app.record('customer-kunde', 'customerp', pair.customerpId);
    if (!record.ok) throw new Error(record.failure.what);
    const { customerp, tidsbanken } = record.value.pages;
    const replies = await Promise.all([customerp, tidsbanken].map((page) => fetch(page ?? '')));
    const texts = await Promise.all(replies.map((reply) => reply.text()));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(texts.every((text) => text.includes('ny.post@fjell.example'))).toBe(true);
  });

  it('a reference is named after the record that it points to', async () => {
    const { rows } = await world.app.records({ flow: 'project-prosjekt', side: 'tidsbanken', linked: true }, SLICE);
    const records = await Promise.all(
      rows.map(({ nativeId }) => world.app.record('project-prosjekt', 'tidsbanken', nativeId)),
    );
    const customers = records.flatMap((record) => {
      const view = record.ok ? record.value.properties.find(({ property }) => property === 'customer') : undefined;
      return typeof view?.tidsbanken === 'string' ? [view] : [];
    });
    expect(customers.length).toBeGreaterThan(0);
    for (const view of customers) expect(view.names?.tidsbanken).toMatch(/[a-zæøå]/i);
  });

  it('a suggestion is explained key by key', async () => {
    const { rows } = await world.app.mismatches({}, SLICE);
    const details = await Promise.all(rows.map(({ id }) => world.app.mismatch(id)));
    const candidates = details.flatMap((detail) => (detail.ok ? detail.value.candidates : []));
    expect(candidates.length).toBeGreaterThan(0);
    for (const { keys } of candidates)
      for (const key of keys.filter((one) => one.outcome === 'agrees' && one.own !== null))
        expect(key.own?.toLowerCase()).toBe(key.theirs?.toLowerCase());
  });

  it('the two records that a finding names are compared key by key', async () => {
    const { rows } = await world.app.mismatches({ kind: 'keyContradiction' }, SLICE);
    const pairs = rows.filter(({ customerpId, tidsbankenId }) => customerpId !== null && tidsbankenId !== null);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { id, tidsbankenId } of pairs) {
      const detail = await world.app.mismatch(id);
      const [candidate] = detail.ok ? detail.value.candidates : [];
      expect(candidate).toMatchObject({ side: 'tidsbanken', nativeId: tidsbankenId, linked: false });
      expect(candidate?.keys.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['agrees', 'differs']));
    }
  });

  it('one event of a run is found by its name, and paged', async () => {
    const all = await world.app.journal({ events: ['verified'], runId: 1 }, SLICE);
    expect(all.total).toBeGreaterThan(1);
    expect(new Set(all.rows.map(({ event }) => event))).toEqual(new Set(['verified']));
    const second = await world.app.journal({ events: ['verified'], runId: 1 }, { offset: 1, limit: 1 });
    expect(second).toEqual({ total: all.total, rows: [all.rows[1]] });
  });

  describe('V3: one way out for many', () => {
    it('is refused when another number was confirmed than is there', async () => {
      const { total } = await world.app.mismatchSummary({});
      const decided = await world.app.decideAllMismatches({}, 'later', total + 1);
      expect(decided).toMatchObject({
        ok: false,
        failure: { kind: 'countDiffers', facts: { count: total, confirmed: total + 1 } },
      });
    });

    it('decides all that fit the filter, and nothing else', async () => {
      const before = await world.app.mismatchSummary({});
      const [sort] = before.rows.filter(({ kind }) => kind === 'firstDifference' || kind === 'onlyInTidsbanken');
      if (sort === undefined) throw new Error('The sandbox brought no such mismatch.');
      const query = { flow: sort.flow, kind: sort.kind };
      const summary = await world.app.mismatchSummary(query);
      expect(summary).toMatchObject({ total: sort.count, rows: [sort] });
      const take = sort.kind === 'firstDifference' ? 'accept' : 'ignore';
      expect(summary.takes).toContain(take);
      const decided = await world.app.decideAllMismatches(query, take, sort.count);
      expect(decided).toEqual({ ok: true, value: { decided: sort.count, refused: [] } });
      expect((await world.app.mismatchSummary({})).total).toBe(before.total - sort.count);
    });
  });
});

const row = (takes: readonly ('accept' | 'later' | 'link')[], tidsbankenId: string | null = null) => ({
  flow: 'customer-kunde' as const,
  kind: 'bothEdited' as const,
  takes: [...takes],
  customerpId: 'c1',
  tidsbankenId,
});

describe('V3: what many mismatches have in common', () => {
  it.each([
    { what: 'the ways out of all', rows: [row(['accept', 'later']), row(['later'])], takes: ['later'] },
    { what: 'no link where one lacks its record', rows: [row(['link', 'later'], '7'), row(['link'])], takes: [] },
    { what: 'a link where each names both', rows: [row(['link', 'later'], '7'), row(['link'], '8')], takes: ['link'] },
    { what: 'nothing of nothing', rows: [], takes: [] },
  ])('$what', ({ rows, takes }) => expect(summaryOfMismatches(rows).takes).toEqual(takes));
});
