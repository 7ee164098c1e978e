import { KINDS, SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { StoredKey } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { WorldFacts } from '../reconcile/rules.ts';

/**
 * What one record's judgement may need to know of the others: who is linked to whom, whose counterpart is about to be
 * created, and who holds which key. Read once a plan; told of what the plan itself adds.
 */
export class World implements WorldFacts {
  readonly #links = new Map<string, ReadonlyMap<string, number>>();
  readonly #creates = new Set<string>();
  readonly #holders = new Map<string, number>();

  static async load(store: Store): Promise<World> {
    const world = new World();
    for (const kind of KINDS) {
      await world.reloadLinks(store, kind);
      for (const change of await store.changes.open(kind)) {
        const sourceId = change.target === 'customerp' ? change.tidsbankenId : change.customerpId;
        if (change.op === 'create' && sourceId !== null)
          world.expectCreate(kind, change.target === 'customerp' ? 'tidsbanken' : 'customerp', sourceId);
      }
    }
    return world;
  }

  async reloadLinks(store: Store, kind: Kind): Promise<void> {
    for (const side of SIDES) this.#links.set(`${kind}:${side}`, await store.links.idsByNative(kind, side));
  }

  /** A create for this record is part of the plan: others may wait for it (O3). */
  expectCreate(kind: Kind, side: Side, nativeId: string): void {
    this.#creates.add(`${kind}:${side}:${nativeId}`);
  }

  forgetCreate(kind: Kind, side: Side, nativeId: string): void {
    this.#creates.delete(`${kind}:${side}:${nativeId}`);
  }

  countKeys(side: Side, records: readonly { readonly keys: readonly StoredKey[] }[]): void {
    for (const { key, value } of records.flatMap((r) => r.keys)) {
      const name = JSON.stringify([side, key, value]);
      this.#holders.set(name, (this.#holders.get(name) ?? 0) + 1);
    }
  }

  readonly linkOf = (kind: Kind, side: Side, nativeId: string): number | 'open' | null =>
    this.#links.get(`${kind}:${side}`)?.get(nativeId) ??
    (this.#creates.has(`${kind}:${side}:${nativeId}`) ? 'open' : null);

  readonly holders = (side: Side, key: string, value: string): number =>
    this.#holders.get(JSON.stringify([side, key, value])) ?? 0;

  /** Not known for sure, so no time may decide (D4). */
  readonly explainedByUs = (): boolean => true;
}
