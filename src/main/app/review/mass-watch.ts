import type { ChangeOp, Kind } from '../../../shared/domain.ts';
import { massLimit } from '../../sync/review/rails.ts';
import type { Workspace } from '../workspace/workspace.ts';

interface Sort {
  readonly kind: Kind;
  readonly op: ChangeOp;
  readonly limit: number;
  count: number;
  unheld: number[];
}

/**
 * S1: decisions on many mismatches are a mass change like any other. Counts the changes that they came to, by kind,
 * target and operation; those of a sort that outgrows its limit are held until Review is given their number.
 */
export class MassWatch {
  readonly #w: Pick<Workspace, 'store' | 'person' | 'settings'>;
  readonly #sorts = new Map<string, Sort>();

  constructor(w: Pick<Workspace, 'store' | 'person' | 'settings'>) {
    this.#w = w;
  }

  async saw(changeId: number): Promise<void> {
    const { store, settings } = this.#w;
    const change = await store.changes.get(changeId);
    if (change === null) return;
    const { kind, target, op } = change;
    const name = `${kind} ${target} ${op}`;
    const known = this.#sorts.get(name);
    const limit = known?.limit ?? massLimit(op, await store.links.count(kind), settings.rails);
    const sort = this.#sorts.get(name) ?? { kind, op, limit, count: 0, unheld: [] };
    sort.count += 1;
    sort.unheld.push(changeId);
    this.#sorts.set(name, sort);
  }

  /** Holds what outgrew its limit and is not held yet. */
  async hold(): Promise<void> {
    const { store, person } = this.#w;
    for (const sort of this.#sorts.values()) {
      const { kind, op, limit, count, unheld } = sort;
      if (count <= limit || unheld.length === 0) continue;
      sort.unheld = [];
      await store.changes.hold(unheld, `S1:${op}`, [{ event: 'heldByRail', detail: { person, kind, op, count } }]);
    }
  }
}
