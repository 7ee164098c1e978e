import { KINDS, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredKey, StoredRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { WorldFacts } from '../reconcile/rules.ts';

/**
 * What one record's judgement may need to know of the others: who is linked to whom, whose counterpart is about to be
 * created, and who holds which key. Told of what the plan itself adds.
 */
export class World implements WorldFacts {
  readonly #store: Store;
  readonly #links = new Map<string, number>();
  readonly #creates = new Set<string>();
  readonly #holders = new Map<string, number>();
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
    this.#links.clear();
    for (const [kind, side, ids] of referredTo(references, records))
      for (const [id, link] of await this.#store.links.idsByNative(kind, side, [...ids]))
        this.#links.set(nameOf(kind, side, id), link);
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
    this.#creates.add(nameOf(kind, side, nativeId));
  }

  forgetCreate(kind: Kind, side: Side, nativeId: string): void {
    this.#creates.delete(nameOf(kind, side, nativeId));
  }

  countKeys(side: Side, records: readonly { readonly keys: readonly StoredKey[] }[]): void {
    for (const { keys } of records)
      for (const { key, value } of keys) {
        const name = keyName(side, key, value);
        this.#holders.set(name, (this.#holders.get(name) ?? 0) + 1);
      }
  }

  readonly linkOf = (kind: Kind, side: Side, nativeId: string): number | 'open' | null => {
    const name = nameOf(kind, side, nativeId);
    return this.#links.get(name) ?? (this.#creates.has(name) ? 'open' : null);
  };

  readonly holders = (side: Side, key: string, value: string): number =>
    this.#holders.get(keyName(side, key, value)) ?? 0;

  /** Learned with the links themselves. A time that is not known to be somebody else's is taken for ours (D4). */
  readonly explainedByUs = (linkId: number, side: Side): boolean => this.#foreign.get(linkId)?.[side] !== true;
}

// Kinds, sides and names of keys hold no such character, so what follows them cannot run into them.
const nameOf = (kind: Kind, side: Side, nativeId: string): string => `${kind}:${side}:${nativeId}`;
const keyName = (side: Side, key: string, value: string): string => `${side}\u0000${key}\u0000${value}`;

function* referredTo(
  references: Readonly<Record<string, Kind>>,
  records: readonly Pick<StoredRecord, 'side' | 'props'>[],
): Generator<[Kind, Side, ReadonlySet<string>]> {
  const found = new Map<string, [Kind, Side, Set<string>]>();
  for (const { side, props } of records)
    for (const [property, kind] of Object.entries(references)) {
      const nativeId = props[property] ?? null;
      if (nativeId === null) continue;
      const name = `${kind}:${side}`;
      const entry = found.get(name) ?? [kind, side, new Set<string>()];
      entry[2].add(nativeId);
      found.set(name, entry);
    }
  yield* found.values();
}
