import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../../shared/domain.ts';
import type { Page } from '../../connectors/connector.ts';
import type { PageScript } from '../testing/fake-system.ts';
import { Fakes, PREVIEW } from '../testing/run-on-fakes.ts';
import { customer, customersInStep, kunde } from '../testing/records.ts';
import { isShrunken } from './collect.ts';
import { whyIncomplete } from './completeness.ts';
import type { PassFacts } from './completeness.ts';

const whole: PassFacts = {
  totalBefore: 3,
  totalAfter: 3,
  uniqueIds: 3,
  withoutId: 0,
  contradicting: [],
  repeatedPages: 0,
};

describe('C3: a full collection is complete iff', () => {
  it.each<[string, Partial<PassFacts>, boolean]>([
    ['count before = count after = unique ids', {}, true],
    ['records without an id are in the count, too (C4)', { uniqueIds: 2, withoutId: 1 }, true],
    ['the system tells no count', { totalBefore: null, totalAfter: null }, true],
    ['one is missing', { uniqueIds: 2 }, false],
    ['one came too many', { uniqueIds: 4 }, false],
    ['the count grew while reading', { totalAfter: 4, uniqueIds: 4 }, false],
    ['the count shrank while reading', { totalBefore: 4 }, false],
    ['a page came twice', { repeatedPages: 1 }, false],
    ['an id came with two contents', { contradicting: ['7'] }, false],
  ])('%s', (_, facts, isComplete) => {
    expect(whyIncomplete({ ...whole, ...facts }) === null).toBe(isComplete);
  });
});

it.each([
  { before: null, now: 0, shrunken: false },
  { before: 0, now: 0, shrunken: false },
  { before: 1, now: 0, shrunken: true },
  { before: 50, now: 40, shrunken: false },
  { before: 50, now: 39, shrunken: true },
  { before: 100, now: 80, shrunken: false },
  { before: 100, now: 79, shrunken: true },
  { before: 10, now: 1, shrunken: false },
])('S2: from $before to $now records', ({ before, now, shrunken }) => {
  expect(isShrunken(before, now)).toBe(shrunken);
});

const asIs: PageScript = (pages) => pages.map((page) => ok(page));
const repeated: PageScript = (pages) => [...pages, ...pages.slice(0, 1)].map((page) => ok(page));
const cut: PageScript = (pages) => [
  ...pages.slice(0, 1).map((page) => ok(page)),
  fail({ kind: 'unreadable', detail: 'HTML' }),
];
const withTotals =
  (...totals: number[]): PageScript =>
  (pages) =>
    pages.map((page, index) => ok({ ...page, total: totals[Math.min(index, totals.length - 1)] ?? null }));
const grew = withTotals(3, 4);
const contradicting: PageScript = (pages) =>
  [...pages, changed(pages)].map((page) => ok({ ...page, total: pages[0]?.total ?? null }));
const changed = ([first]: readonly Page[]): Page => ({
  withoutId: [],
  total: null,
  records: (first?.records ?? []).map((r) => ({ ...r, raw: { ...r.raw, name: 'Et annet navn' } })),
});

/** The same records, and the system no longer tells their e-mail. */
const withoutEmail: PageScript = (pages) =>
  pages.map((page) =>
    ok({
      ...page,
      records: page.records.map((r) => ({
        ...r,
        raw: Object.fromEntries(Object.entries(r.raw).filter(([name]) => name !== 'email')),
      })),
    }),
  );

describe('collecting', () => {
  let fakes: Fakes;
  beforeEach(() => {
    fakes = new Fakes();
    fakes.customerp.pageSize = 2;
  });
  afterEach(() => fakes.close());

  const three = (): string[] =>
    ['10001', '10002', '10003'].map((number) => fakes.customerp.put('customer', customer(number)));
  const customers = async () => {
    const found = (await fakes.run({ ...PREVIEW, kinds: ['customer'], full: true })).collected;
    return found.find((c) => c.side === 'customerp');
  };

  it.each([
    { name: 'a repeated page', script: repeated },
    { name: 'a count that drifts', script: grew },
    { name: 'an id with two contents', script: contradicting },
  ])('C3: $name is read again, and is complete when the next pass is', async ({ script }) => {
    three();
    fakes.customerp.nextPages('customer', script, asIs);
    expect(await customers()).toMatchObject({ complete: true, read: 3 });
  });

  it.each([
    { name: 'a repeated page', script: repeated },
    { name: 'a count that drifts', script: grew },
    { name: 'an id with two contents', script: contradicting },
  ])('C3: $name, three times, is an incomplete collection', async ({ script }) => {
    three();
    fakes.customerp.nextPages('customer', script, script, script);
    expect(await customers()).toMatchObject({ complete: false });
    expect(await fakes.mismatchKinds()).toEqual(['incompleteCollection']);
    expect(await fakes.states()).toEqual([]);
    expect(await fakes.store.collections.watermark('customerp', 'customer')).toBeNull();
  });

  it('C6: a page that is no answer ends the reading, and what came before proves nothing', async () => {
    three();
    fakes.customerp.nextPages('customer', cut);
    expect(await customers()).toMatchObject({ complete: false, read: 2 });
    expect(await fakes.states()).toEqual([]);
  });

  it('C6: a mapped field that many records have no more stops the kind, and is no emptied value', async () => {
    for (let n = 10_001; n <= 10_012; n++) fakes.customerp.put('customer', customer(String(n)));
    await fakes.run();
    const written = fakes.tidsbanken.history.length;
    fakes.customerp.nextPages('customer', withoutEmail);
    fakes.customerp.put('customer', customer('10099'));
    const { collected } = await fakes.run({ full: true });
    expect(collected.find((c) => c.side === 'customerp' && c.kind === 'customer')).toMatchObject({
      complete: false,
      missing: ['email'],
    });
    expect(await fakes.mismatchKinds()).toContain('shapeChanged');
    expect(fakes.tidsbanken.history).toHaveLength(written);
    await fakes.run({ full: true });
    expect(await fakes.mismatchKinds()).not.toContain('shapeChanged');
    expect(fakes.tidsbanken.history).toHaveLength(written + 1);
  });

  it('C2: an empty page in the middle is not the end, and an empty kind is complete', async () => {
    three();
    const empty: Page = { records: [], withoutId: [], total: 3 };
    fakes.customerp.nextPages('customer', (pages) =>
      [...pages.slice(0, 1), empty, ...pages.slice(1)].map((p) => ok(p)),
    );
    expect(await customers()).toMatchObject({ complete: true, read: 3 });
    for (const { id } of fakes.customerp.all('customer'))
      if (typeof id === 'string') fakes.customerp.remove('customer', id);
    const none = await fakes.run({ ...PREVIEW, kinds: ['employee'] });
    expect(none.collected.map((c) => [c.complete, c.read])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('C4: the same id twice with the same content is one record', async () => {
    three();
    fakes.customerp.nextPages('customer', (pages) =>
      pages.map((page, index) =>
        ok(index === 0 ? page : { ...page, records: [...page.records, ...(pages[0]?.records ?? []).slice(0, 1)] }),
      ),
    );
    expect(await customers()).toMatchObject({ complete: true, read: 3 });
  });

  it('C4: records without an id are counted and told', async () => {
    three();
    fakes.customerp.nextPages('customer', (pages) => [
      ...pages.map((page) => ok({ ...page, total: 4 })),
      ok({ records: [], withoutId: ['Entry 1 of a page has no usable id'], total: 4 }),
    ]);
    expect(await customers()).toMatchObject({ complete: true, read: 4, withoutId: 1 });
  });

  describe('after a first reading', () => {
    let ids: string[];
    beforeEach(async () => {
      ids = await customersInStep(fakes, 3);
    });

    it('C1, T1: a delta reads from the highest time seen, less the overlap', async () => {
      fakes.clock.advance(4 * 3_600_000);
      fakes.customerp.edit('customer', ids[0] ?? '', { phone: '90000041' });
      await fakes.run({ ...PREVIEW, kinds: ['customer'] });
      const { collected } = await fakes.run({ ...PREVIEW, kinds: ['customer'] });
      expect(collected.map((c) => [c.side, c.mode, c.read])).toEqual([
        ['customerp', 'delta', 1],
        ['tidsbanken', 'delta', 3],
      ]);
    });

    it('T1: the watermark is the time of that system, never ours', async () => {
      const before = await fakes.store.collections.watermark('customerp', 'customer');
      fakes.clock.advance(3_600_000);
      await fakes.run(PREVIEW);
      expect(await fakes.store.collections.watermark('customerp', 'customer')).toEqual(before);
    });

    it.each([
      { name: 'after 24 h', advance: 24 * 3_600_000, full: false },
      { name: 'when asked for', advance: 0, full: true },
    ])('C1: full $name', async ({ advance, full }) => {
      fakes.clock.advance(advance);
      const { collected } = await fakes.run({ ...PREVIEW, kinds: ['customer'], full });
      expect(collected.map((c) => c.mode)).toEqual(['full', 'full']);
    });

    it('C1: full where the system knows no delta', async () => {
      fakes.customerp.can('customer', { delta: false });
      const { collected } = await fakes.run({ ...PREVIEW, kinds: ['customer'] });
      expect(collected.map((c) => c.mode)).toEqual(['full', 'delta']);
    });

    it('C1: a failed delta is followed by a full reading', async () => {
      fakes.customerp.nextPages('customer', cut);
      const { collected } = await fakes.run({ ...PREVIEW, kinds: ['customer'] });
      expect(collected.find((c) => c.side === 'customerp')).toMatchObject({ mode: 'full', complete: true, read: 3 });
    });

    it('C5, T4: an incomplete collection feeds values, and concludes no absence', async () => {
      fakes.customerp.edit('customer', ids[0] ?? '', { phone: '90000041' });
      fakes.customerp.nextPages('customer', cut);
      const { collected } = await fakes.run({ ...PREVIEW, kinds: ['customer'], full: true });
      expect(collected.find((c) => c.side === 'customerp')).toMatchObject({ complete: false });
      expect(await fakes.states()).toEqual(['planned']);
      expect((await fakes.store.records.get('customer', 'customerp', ids[2] ?? ''))?.missingSince).toBeNull();
    });

    it('S2: a source that shrank to nothing concludes nothing and writes nothing', async () => {
      fakes.tidsbanken.edit('customer', '10001', { Telefon: '90000041' });
      fakes.customerp.nextPages('customer', () => [ok({ records: [], withoutId: [], total: 0 })]);
      const run = await fakes.run({ full: true });
      expect(run.rails.map((r) => r.rail)).toContain('S2');
      expect(fakes.customerp.received).toEqual([]);
      expect((await fakes.mismatches()).filter((m) => m.linkId !== null)).toEqual([]);
      const after = await fakes.run({ full: true });
      expect(after.buckets).toMatchObject({ inStep: 6 });
    });

    it('C6: a system that cannot be reached is not asked for its other kinds', async () => {
      fakes.tidsbanken.nextPages('department', () => [fail({ kind: 'unreachable', detail: 'refused' })]);
      fakes.tidsbanken.nextPages('department', () => [fail({ kind: 'unreachable', detail: 'refused' })]);
      const { collected } = await fakes.run(PREVIEW);
      expect(collected.filter((c) => c.side === 'tidsbanken').map((c) => c.kind)).toEqual(['department']);
    });
  });

  it('C4: records of the system itself are skipped and counted', async () => {
    fakes.tidsbanken.put('project', { Id: '0', Navn: 'Ikke prosjekt' });
    fakes.tidsbanken.put('customer', kunde('1'));
    const run = await fakes.run({ ...PREVIEW, kinds: ['project'] });
    expect(run.buckets).toMatchObject({ skipped: 1 });
    expect(await fakes.mismatchKinds()).toEqual([]);
  });
});
