import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherSide, SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import type { StagedRecord } from './records.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const NOW = 1_000;
const KIND = 'customer';

function openedStore(): Store {
  const opened = openStore(':memory:', () => NOW);
  if (!opened.ok) throw new Error(opened.failure.what);
  return opened.value;
}

/** A record whose keys have these values, by two names. */
const record = (nativeId: string, values: readonly string[]): StagedRecord => ({
  nativeId,
  props: {},
  spellings: {},
  invalid: [],
  keys: values.map((value) => ({ key: value < 'c' ? 'phone' : 'orgNo', strength: 'strong', value })),
  digest: values.join(' '),
  modifiedAt: null,
  label: nativeId,
  number: nativeId,
  search: nativeId,
});

/** What everybody knows who goes through all records: against it the file is held. */
class Plain {
  readonly keys = { customerp: new Map<string, readonly string[]>(), tidsbanken: new Map<string, readonly string[]>() };
  readonly gone = { customerp: new Set<string>(), tidsbanken: new Set<string>() };
  readonly links = new Map<number, Readonly<Record<Side, string>>>();

  isLinked(side: Side, id: string): boolean {
    return [...this.links.values()].some((ends) => ends[side] === id);
  }

  unlinked(side: Side): string[] {
    return this.#present(side).filter((id) => !this.isLinked(side, id));
  }

  /** Linked records that hold a value of one of these. */
  holders(values: ReadonlySet<string>): string[] {
    return SIDES.flatMap((side) =>
      this.#present(side)
        .filter((id) => this.isLinked(side, id) && (this.keys[side].get(id) ?? []).some((value) => values.has(value)))
        .map((id) => `${side} ${id}`),
    );
  }

  #present(side: Side): string[] {
    return [...this.keys[side].keys()].filter((id) => !this.gone[side].has(id)).toSorted();
  }
}

interface Both {
  readonly store: Store;
  readonly plain: Plain;
}
type Step = (both: Both) => Promise<void>;

const ids = fc.constantFrom('r1', 'r2', 'r3');
const sides = fc.constantFrom<Side>(...SIDES);
const values = fc.subarray(['a', 'b', 'c', 'd']);

const read = fc.tuple(sides, ids, values).map(([side, id, held]): Step => async ({ store, plain }) => {
  await store.records.refresh(KIND, side, record(id, held), NOW);
  plain.keys[side].set(id, held);
  plain.gone[side].delete(id);
});

/** A whole collection: what it does not bring is missing from then on. */
const collect = fc.tuple(sides, fc.dictionary(ids, values)).map(([side, found]): Step => async ({ store, plain }) => {
  const runId = await store.runs.begin('manual', null, true);
  const id = await store.collections.begin(runId, side, KIND, 'full', NOW);
  await store.collections.stage(
    id,
    Object.entries(found).map(([nativeId, held]) => ({ ...record(nativeId, held), content: null })),
  );
  const end = { complete: true, reason: null, endedAt: NOW, modifiedAt: null, mapping: '1' };
  await store.collections.finish(id, end, []);
  for (const known of plain.keys[side].keys()) plain.gone[side].add(known);
  for (const [nativeId, held] of Object.entries(found)) {
    plain.keys[side].set(nativeId, held);
    plain.gone[side].delete(nativeId);
  }
});

const link = fc.tuple(ids, ids).map(([customerpId, tidsbankenId]): Step => async ({ store, plain }) => {
  if (plain.isLinked('customerp', customerpId) || plain.isLinked('tidsbanken', tidsbankenId)) return;
  const made = { kind: KIND, customerpId, tidsbankenId, origin: 'hand', keys: {} } as const;
  const [id] = await store.links.make([made], () => ({ event: 'linkMade' }));
  plain.links.set(id ?? 0, { customerp: customerpId, tidsbanken: tidsbankenId });
});

const end = fc
  .constantFrom('tombstoned' as const, 'unlinked' as const)
  .map((state): Step => async ({ store, plain }) => {
    const [oldest] = plain.links.keys();
    if (oldest === undefined) return;
    await store.links.end(oldest, state, { event: 'unlinked' });
    plain.links.delete(oldest);
  });

const file: Step = async ({ store }) => {
  for (const side of SIDES)
    for (let after: string | null = ''; after !== null;) after = await store.keys.file(KIND, side, after, 2);
};

const steps = fc.array(fc.oneof(read, collect, link, end, fc.constant(file)), { maxLength: 40, size: 'max' });

describe('M2: who is free, and who of the linked ones holds a value of a free one', () => {
  it('is found in the file as by going through all records, whatever has happened since they were filed', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (happens) => {
        const both = { store: openedStore(), plain: new Plain() };
        const { store, plain } = both;
        for (const step of happens) {
          await step(both);
          for (const side of SIDES) expect(await unlinkedIn(store, side)).toEqual(plain.unlinked(side));
        }
        await file(both);
        for (const side of SIDES) {
          const free = await store.keys.page(KIND, side, 'unlinked', '', 10);
          const held = new Set(free.flatMap(({ keys }) => keys.map(({ value }) => value)));
          const found = await store.keys.many(await store.keys.filedHolders(free.map(({ id }) => id)));
          expect(found.map((holder) => `${holder.side} ${holder.nativeId}`).toSorted()).toEqual(
            plain.holders(held).toSorted(),
          );
        }
        store.close();
      }),
    );
  });

  it('none is found before it is filed, and whoever is free is nobody’s holder', async () => {
    const both = { store: openedStore(), plain: new Plain() };
    const { store } = both;
    for (const side of SIDES) await store.records.refresh(KIND, side, record('r1', ['c']), NOW);
    await store.links.make([{ kind: KIND, customerpId: 'r1', tidsbankenId: 'r1', origin: 'hand', keys: {} }], () => ({
      event: 'linkMade',
    }));
    await store.records.refresh(KIND, otherSide('tidsbanken'), record('r2', ['c']), NOW);
    const free = (await store.keys.page(KIND, 'customerp', 'unlinked', '', 10)).map(({ id }) => id);
    expect([await store.keys.hasFiled(KIND), await store.keys.filedHolders(free)]).toEqual([false, []]);
    await file(both);
    expect(await store.keys.hasFiled(KIND)).toBe(true);
    expect(await store.keys.filedHolders(free)).toHaveLength(2);
    store.close();
  });
});

const unlinkedIn = async (store: Store, side: Side): Promise<string[]> =>
  (await store.keys.page(KIND, side, 'unlinked', '', 10)).map(({ nativeId }) => nativeId);
