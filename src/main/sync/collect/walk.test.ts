import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, ok } from '../../../shared/domain.ts';
import type { Page } from '../../connectors/connector.ts';
import { observe } from '../observe.ts';
import { DEFAULT_SETTINGS } from '../context.ts';
import type { PageScript } from '../testing/fake-system.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { kunde } from '../testing/records.ts';

/** 2.4, no point read: the collection is walked instead, and proves an absence only when it is complete (C3). */

let fakes: Fakes;
beforeEach(() => {
  fakes = new Fakes();
  fakes.tidsbanken.pageSize = 2;
  fakes.tidsbanken.can('customer', { pointRead: false });
  for (const id of ['10001', '10002', '10003', '10004', '10005']) fakes.tidsbanken.put('customer', kunde(id));
});
afterEach(() => fakes.close());

const look = (nativeId: string) =>
  observe(
    {
      store: fakes.store,
      flows: fakes.flows,
      clock: fakes.clock,
      abort: new AbortController().signal,
      settings: DEFAULT_SETTINGS,
      connectors: { customerp: fakes.customerp, tidsbanken: fakes.tidsbanken },
    },
    'tidsbanken',
    'customer',
    nativeId,
    'all',
  );

/** Pages that arrive a second apart. Counts how many were asked for. */
function slowly(asked: { pages: number }): PageScript {
  return (pages) =>
    pages.map((page) => ({
      ok: true as const,
      get value(): Page {
        asked.pages += 1;
        fakes.clock.advance(1_000);
        return page;
      },
    }));
}

const without =
  (nativeId: string): PageScript =>
  (pages) =>
    pages.map((page) => ok({ ...page, records: page.records.filter((r) => r.nativeId !== nativeId) }));

describe('A2, A8: reading one record without a point read', () => {
  it('stops when the record is found, and keeps it; A6 counts from when its page came', async () => {
    const asked = { pages: 0 };
    fakes.tidsbanken.nextPages('customer', slowly(asked));
    const seen = await look('10003');
    expect(seen).toMatchObject({ ok: true, value: { raw: { raw: { Id: '10003', Leveringsadresse: '' } } } });
    expect(asked.pages).toBe(2);
    expect(seen.ok ? seen.value?.readAt : null).toBe(fakes.clock.monotonic());
    expect(await fakes.store.records.get('customer', 'tidsbanken', '10003')).not.toBeNull();
  });

  it('is told as gone by a complete collection', async () => {
    expect(await look('19999')).toEqual(ok(null));
  });

  it.each<{ name: string; scripts: readonly PageScript[]; is: unknown }>([
    {
      name: 'lost one page once',
      scripts: [without('10003')],
      is: { ok: true, value: { raw: { nativeId: '10003' } } },
    },
    {
      name: 'never adds up',
      scripts: [without('10003'), without('10003'), without('10003')],
      is: { ok: false, failure: { kind: 'incomplete' } },
    },
    {
      name: 'fails under way',
      scripts: [(pages) => [...pages.slice(0, 1).map((p) => ok(p)), fail({ kind: 'timeout', detail: 'slow' })]],
      is: { ok: false, failure: { kind: 'timeout' } },
    },
  ])('C3: nothing is concluded from a collection that $name', async ({ scripts, is }) => {
    fakes.tidsbanken.nextPages('customer', ...scripts);
    expect(await look('10003')).toMatchObject(is as object);
  });

  it('I21: an absence that cannot be proven costs so many passes and no more', async () => {
    fakes.tidsbanken.can('customer', { count: false });
    const flicker = ['10001', '10002', '10001', '10002', '10001', '10002'].map(without);
    fakes.tidsbanken.nextPages('customer', ...flicker);
    const before = fakes.tidsbanken.requestCount();
    expect(await look('19999')).toMatchObject({ failure: { kind: 'incomplete' } });
    expect(fakes.tidsbanken.requestCount() - before).toBe(4);
  });
});

const collected = async () =>
  (await fakes.run({ mode: 'preview', approve: 'none', kinds: ['customer'], full: true })).collected.find(
    (c) => c.side === 'tidsbanken',
  );

describe('C3: pages found by counting, without a count', () => {
  beforeEach(() => {
    fakes.tidsbanken.can('customer', { pointRead: true, count: false });
  });

  it.each([
    { paging: 'skip', stableOrder: true, passes: 2 },
    { paging: 'link', stableOrder: true, passes: 1 },
    { paging: 'key', stableOrder: true, passes: 1 },
    { paging: 'link', stableOrder: false, passes: 2 },
  ] as const)('$paging paging, stable order $stableOrder: $passes pass(es)', async ({ passes, ...can }) => {
    fakes.tidsbanken.can('customer', can);
    const before = fakes.tidsbanken.requestCount();
    expect(await collected()).toMatchObject({ complete: true, read: 5 });
    expect(fakes.tidsbanken.requestCount() - before).toBe(1 + passes); // the probe, and each pass
  });

  it('a count that is there and not claimed proves nothing (2.4)', async () => {
    fakes.tidsbanken.nextPages('customer', (pages) =>
      without('10003')(pages).map((p) => (p.ok ? ok({ ...p.value, total: 4 }) : p)),
    );
    expect(await collected()).toMatchObject({ complete: true, read: 5 });
  });

  it.each([
    { name: 'lost once', scripts: [without('10003')], complete: true },
    {
      name: 'lost in the second pass',
      scripts: [(p: readonly Page[]) => p.map((x) => ok(x)), without('10003')],
      complete: true,
    },
    {
      name: 'another one lost in each pass',
      scripts: ['10001', '10002', '10003', '10004'].map(without),
      complete: false,
    },
  ])('a record $name: complete $complete', async ({ scripts, complete }) => {
    fakes.tidsbanken.nextPages('customer', ...scripts);
    expect(await collected()).toMatchObject({ complete, ...(complete ? { read: 5 } : {}) });
    expect((await fakes.mismatchKinds()).includes('incompleteCollection')).toBe(!complete);
  });
});
