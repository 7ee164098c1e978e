/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
import type { Side } from '../../../shared/domain.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Store } from '../../store/store.ts';
import type { Clock, SyncContext } from '../context.ts';
import { Crash } from '../testing/crash-at.ts';
import type { CrashAt } from './story.ts';

/** Methods of the store that only look. Every other one is a durable step. */
const LOOKS: ReadonlySet<string> = new Set([
  'get',
  'watermark',
  'waitingOf',
  'ids',
  'page',
  'many',
  'hasFiled',
  'filedHolders',
  'hasDirty',
  'hasOfOtherVersions',
  'idsEverSeen',
  'valuesOf',
  'isChosenBefore',
  'numbersPlanned',
  'countBuckets',
  'countAll',
  'list',
  'of',
  'ends',
  'endsOf',
  'lastSeen',
  'idsByNative',
  'dirty',
  'countDirty',
  'getMany',
  'openCreates',
  'openIds',
  'openOfLinks',
  'openOfKind',
  'count',
  'countEver',
  'countMissing',
  'endedIds',
  'goneIds',
  'isDirty',
  'openOfLink',
  'openOfRecord',
  'verifiedOfLink',
  'isCarriedForChecklist',
  'joinedAgain',
  'rejectedFingerprints',
  'ready',
  'idsIn',
  'countByState',
  'summary',
  'idsOf',
  'intent',
  'chosenIds',
  'counts',
  'ignoredIds',
  'neverLinked',
  'countEvents',
  'firstBrokenRow',
  'reviewedBy',
  'leaseHolder',
  'ticks',
  'unfinished',
]);
const REPOSITORIES = [
  'meta',
  'runs',
  'collections',
  'records',
  'keys',
  'links',
  'bases',
  'drafts',
  'plans',
  'changes',
  'mismatches',
  'decisions',
  'checklists',
  'journal',
] as const;
const REQUESTS = ['probe', 'read', 'find', 'create', 'update'];

/** Who watches a process: called before and after each call that it makes. Throwing there is a fault of the test. */
export interface Watcher {
  /** Before the request of that number (from 0) leaves. */
  readonly beforeRequest: (index: number, side: Side, name: string, args: readonly unknown[]) => Promise<void>;
  readonly afterRequest: (side: Side, name: string, args: readonly unknown[], result: unknown) => void;
  readonly beforeStep: (name: string, args: readonly unknown[]) => Promise<void>;
  /** Whether or not the process lives on. */
  readonly afterStep: (name: string, args: readonly unknown[]) => void;
}

/**
 * The engine as a process that may die: from one of its durable steps or requests on no call of it comes back or does
 * anything, as if it had never been made. Nothing of the engine sees it come.
 */
export class EngineProcess {
  readonly #watcher: Watcher;
  readonly #crash: CrashAt | null;
  readonly #counts = new Map<string, number>();
  #isDead = false;
  /** Where it died, such as `changes.advance:sending after`. */
  diedAt: string | null = null;
  requests = 0;
  diedInRecovery = false;
  #hasCollected = false;
  readonly #death = Promise.withResolvers<never>();
  readonly #dead = new AbortController();

  constructor(crash: CrashAt | null, watcher: Watcher) {
    this.#crash = crash;
    this.#watcher = watcher;
  }

  /** What the run comes to. Rejects with `Crash` when the process dies first. */
  async whileAlive<T>(run: Promise<T>): Promise<T> {
    try {
      return await Promise.race([run, this.#death.promise]);
    } finally {
      // What the disk had already got to write is written, whoever asked for it.
      await new Promise(setImmediate);
    }
  }

  through(ctx: SyncContext): SyncContext {
    return {
      ...ctx,
      clock: this.#clock(ctx.clock),
      store: this.#store(ctx.store),
      connectors: {
        customerp: this.#connector(ctx.connectors.customerp),
        tidsbanken: this.#connector(ctx.connectors.tidsbanken),
      },
    };
  }

  /** Nobody waits in a process that has died. */
  #clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (ms, signal) => clock.sleep(ms, AbortSignal.any([signal, this.#dead.signal])),
    };
  }

  #store(store: Store): Store {
    const watched: Record<string, unknown> = { ...store };
    for (const name of REPOSITORIES) watched[name] = this.#repository(store[name], name);
    watched['tell'] = this.#durable('tell', (...args) => store.tell(...(args as Parameters<Store['tell']>)));
    return watched as unknown as Store;
  }

  #repository(target: object, repository: string): object {
    return new Proxy(target, {
      get: (inner, key): unknown => {
        const value: unknown = Reflect.get(inner, key, inner);
        if (typeof value !== 'function') return value;
        // Bound, because private fields are not seen through a proxy.
        const act = value.bind(inner) as Act;
        if (LOOKS.has(String(key))) return (...args: readonly unknown[]) => (this.#isDead ? never() : act(...args));
        // Drafts wait beside the store, and are gone with the process: no step at which it could die is about them.
        return repository === 'drafts'
          ? this.#told(`drafts.${String(key)}`, act)
          : this.#durable(`${repository}.${String(key)}`, act);
      },
    });
  }

  #told(name: string, act: Act): Act {
    return async (...args) => {
      if (this.#isDead) return never();
      await this.#watcher.beforeStep(name, args);
      return this.#isDead ? never() : act(...args);
    };
  }

  #durable(name: string, act: Act): Act {
    return async (...args) => {
      if (this.#isDead) return never();
      this.#hasCollected ||= name === 'collections.begin';
      await this.#watcher.beforeStep(name, args);
      const acted = (): Promise<unknown> => act(...args).finally(() => this.#watcher.afterStep(name, args));
      return this.#guarded('durable', detailed(name, args), acted);
    };
  }

  #connector(connector: Connector): Connector {
    return new Proxy(connector, {
      get: (inner, key): unknown => {
        const value: unknown = Reflect.get(inner, key, inner);
        if (typeof value !== 'function') return value;
        const act = value.bind(inner) as Act;
        if (key === 'collect')
          return (...args: readonly unknown[]) => this.#pages(inner.side, args, act(...args) as unknown as Pages);
        return REQUESTS.includes(String(key)) ? this.#request(inner.side, String(key), act) : act;
      },
    });
  }

  #request(side: Side, name: string, act: Act): Act {
    return async (...args) => {
      if (this.#isDead) return never();
      await this.#watcher.beforeRequest(this.requests++, side, name, args);
      const result = await this.#guarded('requests', `${side}.${name}`, () => act(...args));
      this.#watcher.afterRequest(side, name, args, result);
      return result;
    };
  }

  async *#pages(side: Side, args: readonly unknown[], pages: Pages): Pages {
    for await (const page of pages) {
      if (this.#isDead) await never();
      // The page is as the system made it; what others do from here on is not on it.
      this.#watcher.afterRequest(side, 'collect', args, page);
      await this.#watcher.beforeRequest(this.requests++, side, 'collect', args);
      yield await this.#guarded('requests', `${side}.page`, async () => page);
    }
  }

  async #guarded(counted: 'durable' | 'requests', name: string, act: () => Promise<unknown>): Promise<unknown> {
    // Another write of this process may have died while the watcher looked.
    if (this.#isDead) return never();
    const isHere = this.#isHere(counted, name);
    if (isHere && this.#crash?.when === 'before') return this.#die(name);
    const result = await act();
    if (this.#isDead) return never();
    if (isHere) return this.#die(name);
    return result;
  }

  #isHere(counted: string, name: string): boolean {
    if (this.#crash === null) return false;
    const watched = this.#crash.counts;
    if (watched !== counted && watched !== name) return false;
    const count = (this.#counts.get(watched) ?? 0) + 1;
    this.#counts.set(watched, count);
    return count === this.#crash.nth;
  }

  #die(name: string): Promise<never> {
    this.#isDead = true;
    this.diedInRecovery =
      !this.#hasCollected && (name.startsWith('changes.') || name.endsWith('.read') || name.endsWith('.find'));
    this.diedAt = `${name} ${this.#crash?.when ?? ''}`;
    this.#dead.abort();
    this.#death.reject(new Crash(this.diedAt));
    return never();
  }
}

type Act = (...args: readonly unknown[]) => Promise<unknown>;
type Pages = AsyncGenerator<unknown, void, void>;

/** What a dead process waits for. */
const never = (): Promise<never> => new Promise(() => undefined);

function detailed(name: string, args: readonly unknown[]): string {
  const step = args[1];
  const isAdvance = name === 'changes.advance' && typeof step === 'object' && step !== null && 'state' in step;
  return isAdvance ? `${name}:${String(step.state)}` : name;
}
