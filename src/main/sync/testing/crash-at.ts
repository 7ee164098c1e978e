import type { SyncContext } from '../context.ts';

/** The process is gone. Nothing of the engine catches it. */
export class Crash extends Error {
  override readonly name = 'Crash';
  readonly step: string;

  constructor(step: string) {
    super(`Crash at ${step}`);
    this.step = step;
  }
}

export type When = 'before' | 'after';

/** Each is one durable step: a committed transaction of the store, or a write request of a system. */
const STORE_STEPS = {
  collections: ['begin', 'stage', 'finish', 'discardUnfinished'],
  records: ['clearDirty', 'markFailed', 'refresh'],
  links: ['make', 'unfreeze', 'end'],
  plans: ['save'],
  changes: ['advance', 'approveMany'],
  meta: ['set'],
} as const;

export interface CrashPlan {
  readonly through: (ctx: SyncContext) => SyncContext;
  /** Steps that were reached, in order; the last one is where it crashed. */
  readonly steps: readonly string[];
}

/**
 * Ends the process at the first durable step that `isHere` names: `before` it does anything, or right `after`. Steps are
 * called `changes.advance:sending`, `plans.save`, `tidsbanken.update` and so on.
 */
export function crashAt(when: When, isHere: (step: string, index: number) => boolean): CrashPlan {
  const steps: string[] = [];
  const guard =
    (name: string, act: Act): Act =>
    async (...args) => {
      const step = nameOf(name, args);
      steps.push(step);
      const isCrash = isHere(step, steps.length);
      if (isCrash && when === 'before') throw new Crash(step);
      const result = await act(...args);
      if (isCrash) throw new Crash(step);
      return result;
    };
  const through = (ctx: SyncContext): SyncContext => {
    const { store, connectors } = ctx;
    return {
      ...ctx,
      store: {
        ...store,
        collections: guarded(store.collections, 'collections', STORE_STEPS.collections, guard),
        records: guarded(store.records, 'records', STORE_STEPS.records, guard),
        links: guarded(store.links, 'links', STORE_STEPS.links, guard),
        plans: guarded(store.plans, 'plans', STORE_STEPS.plans, guard),
        changes: guarded(store.changes, 'changes', STORE_STEPS.changes, guard),
        meta: guarded(store.meta, 'meta', STORE_STEPS.meta, guard),
      },
      connectors: {
        customerp: guarded(connectors.customerp, 'customerp', ['create', 'update'], guard),
        tidsbanken: guarded(connectors.tidsbanken, 'tidsbanken', ['create', 'update'], guard),
      },
    };
  };
  return { through, steps };
}

type Act = (...args: readonly unknown[]) => Promise<unknown>;

const isAct = (value: unknown): value is Act => typeof value === 'function';

function guarded<T extends object>(
  target: T,
  name: string,
  methods: readonly string[],
  guard: (name: string, act: Act) => Act,
): T {
  return new Proxy(target, {
    get(inner, key): unknown {
      const value: unknown = Reflect.get(inner, key, inner);
      if (!isAct(value)) return value;
      // Bound, because private fields are not seen through a proxy.
      const act = value.bind(inner);
      return methods.includes(String(key)) ? guard(`${name}.${String(key)}`, act) : act;
    },
  });
}

function nameOf(name: string, args: readonly unknown[]): string {
  const detail = args[1];
  const isAdvance = name === 'changes.advance' && typeof detail === 'object' && detail !== null && 'state' in detail;
  return isAdvance ? `${name}:${String(detail.state)}` : name;
}
