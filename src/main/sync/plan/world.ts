import { KINDS, SIDES, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { WorldFacts } from '../reconcile/rules.ts';
import { keyedPages } from '../keyed-pages.ts';

/**
 * What one record's judgement may need to know of the others: who is linked to whom, whose counterpart is about to be
 * created, and who holds which key. Told of what the plan itself adds.
 */
export class World implements WorldFacts {
  readonly #store: Store;
  readonly #links: Pair<Map<Kind, ReadonlyMap<string, number>>> = { customerp: new Map(), tidsbanken: new Map() };
  readonly #creates: Pair<Map<Kind, Set<string>>> = { customerp: new Map(), tidsbanken: new Map() };
  /** Of one kind; null until somebody asks. */
  #holders: { readonly kind: Kind; readonly counts: ReadonlyMap<string, number> } | null = null;
  #asksForHolders = false;
  readonly #foreign = new Map<number, Pair<boolean>>();

  private constructor(store: Store) {
    this.#store = store;
  }

  static async load(store: Store): Promise<World> {
    const world = new World(store);
    for (const kind of KINDS)
      for (const { target, sourceId } of await store.changes.openCreates(kind))
        world.expectCreate(kind, otherSide(target), sourceId);
    return world;
  }

  /**
   * Looks up the links that these records refer to, so that `linkOf` can answer for them. What was learned for others is
   * forgotten: a plan works through its records page by page.
   */
  async learn(
    references: Readonly<Record<string, Kind>>,
    records: readonly Pick<StoredRecord, 'side' | 'props'>[],
  ): Promise<void> {
    for (const side of SIDES) this.#links[side].clear();
    for (const [kind, side, ids] of referredTo(references, records))
      this.#links[side].set(kind, await this.#store.links.idsByNative(kind, side, [...ids]));
  }

  /** D4: whether a record's modified time is another than the one that our last write left there. */
  learnTimes(link: Pick<StoredLink, 'id' | 'written'>, records: Pair<Pick<StoredRecord, 'modifiedAt'>>): void {
    const isForeign = (side: Side): boolean => {
      const ours = link.written[side];
      return ours !== -1 && records[side].modifiedAt !== ours;
    };
    this.#foreign.set(link.id, { customerp: isForeign('customerp'), tidsbanken: isForeign('tidsbanken') });
  }

  /** A create for this record is part of the plan: others may wait for it (O3). */
  expectCreate(kind: Kind, side: Side, nativeId: string): void {
    const expected = this.#creates[side].get(kind);
    if (expected === undefined) this.#creates[side].set(kind, new Set([nativeId]));
    else expected.add(nativeId);
  }

  forgetCreate(kind: Kind, side: Side, nativeId: string): void {
    this.#creates[side].get(kind)?.delete(nativeId);
  }

  /**
   * M6 asks who else holds a key only where one was empty before, which is rare: so holders are counted when it first
   * asks. True: now they are, and what was judged without knowing them has to be judged once more.
   */
  async learnHolders(kind: Kind): Promise<boolean> {
    if (!this.#asksForHolders) return false;
    this.#asksForHolders = false;
    if (this.#holders?.kind === kind) return false;
    this.#holders = { kind, counts: await countHolders(this.#store, kind) };
    return true;
  }

  readonly linkOf = (kind: Kind, side: Side, nativeId: string): number | 'open' | null => {
    const link = this.#links[side].get(kind)?.get(nativeId);
    return link ?? (this.#creates[side].get(kind)?.has(nativeId) === true ? 'open' : null);
  };

  readonly holders = (side: Side, key: string, value: string): number => {
    this.#asksForHolders = true;
    return this.#holders?.counts.get(keyName(side, key, value)) ?? 0;
  };

  /** Learned with the links themselves. A time that is not known to be somebody else's is taken for ours (D4). */
  readonly explainedByUs = (linkId: number, side: Side): boolean => this.#foreign.get(linkId)?.[side] !== true;
}

// Sides and names of keys hold no such character, so what follows them cannot run into them.
const keyName = (side: Side, key: string, value: string): string => `${side}\u0000${key}\u0000${value}`;

/** How many records that are present hold each strong key, by side. */
async function countHolders(store: Store, kind: Kind): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const side of SIDES)
    for (const who of ['linked', 'unlinked'] as const)
      for await (const page of keyedPages(store, kind, side, who))
        for (const { key, strength, value } of page.flatMap(({ keys }) => keys)) {
          if (strength !== 'strong') continue;
          const name = keyName(side, key, value);
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
  return counts;
}

function* referredTo(
  references: Readonly<Record<string, Kind>>,
  records: readonly Pick<StoredRecord, 'side' | 'props'>[],
): Generator<[Kind, Side, ReadonlySet<string>]> {
  const properties = Object.entries(references);
  const found: Pair<Map<Kind, Set<string>>> = { customerp: new Map(), tidsbanken: new Map() };
  for (const { side, props } of records)
    for (const [property, kind] of properties) {
      const nativeId = props[property] ?? null;
      if (nativeId === null) continue;
      const ids = found[side].get(kind);
      if (ids === undefined) found[side].set(kind, new Set([nativeId]));
      else ids.add(nativeId);
    }
  for (const side of SIDES) for (const [kind, ids] of found[side]) yield [kind, side, ids];
}
