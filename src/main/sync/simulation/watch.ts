/* oxlint-disable typescript/no-unsafe-type-assertion -- calls seen through a proxy have lost their types */
import { CHANGE_STATES } from '../../../shared/domain.ts';
import type { ChangeState, Pair, Props, Result } from '../../../shared/domain.ts';
import type { Connector, ConnectorFailure, RawRecord, ReadRequest } from '../../connectors/connector.ts';
import { groupsFor } from '../../mapping/compile.ts';
import type { Group } from '../../mapping/compile.ts';
import { sameValue } from '../../mapping/equality.ts';
import type { StoredLink } from '../../store/links.ts';
import type { NewPlan, PlanPart } from '../../store/plans.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { withLinks } from '../observe.ts';
import type { Cell } from './coverage.ts';
import type { Marks } from './marks.ts';

/**
 * Marks what leaves neither a change nor a finding behind: the rows R1, R2 and R6, the cells of 5.2, and the states that
 * a change comes to otherwise than by being applied. Looks at what the planner looked at, right before the plan is
 * kept, and judges it by the text. One of them watches one world.
 */
export class Watch {
  readonly #marks: Marks;
  /** Collections under way and finished, by id; and which sides of which kinds were read whole in the run of that id. */
  readonly #collections = new Map<number, { readonly key: string; readonly isFull: boolean }>();
  #whole = new Set<string>();
  #runId = 0;
  readonly #pointReads = new Map<string, 'found' | 'notFound' | 'failed'>();

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  through(ctx: SyncContext): SyncContext {
    if (ctx.runId !== this.#runId) this.#whole = new Set();
    this.#runId = ctx.runId;
    const { store, connectors } = ctx;
    return {
      ...ctx,
      connectors: { customerp: this.#system(connectors.customerp), tidsbanken: this.#system(connectors.tidsbanken) },
      store: {
        ...store,
        collections: watched(store.collections, {
          begin: {
            after: ([, side, kind, mode], id) =>
              this.#begun(id as number, `${String(side)}:${String(kind)}`, mode === 'full'),
          },
          finish: {
            after: ([id, end]) => this.#finished(id as number, (end as { readonly complete: boolean }).complete),
          },
        }),
        plans: watched(store.plans, { save: { before: ([plan]) => this.#saving(ctx, plan as NewPlan) } }),
        changes: watched(store.changes, {
          approveMany: {
            before: async ([items]) => {
              for (const { id } of items as readonly { readonly id: number }[]) await this.#edge(store, id, 'approved');
            },
          },
        }),
        links: watched(store.links, { end: { before: ([id]) => this.#ending(ctx, id as number) } }),
      },
    };
  }

  /** What people do between runs moves changes as well. */
  async around(store: Store, act: () => Promise<void>): Promise<void> {
    const before = await statesOf(store);
    await act();
    const after = await statesOf(store);
    for (const [id, state] of before) {
      const now = after.get(id);
      if (now !== undefined && now !== state) this.#marks.add(`edge:${state} → ${now}`);
    }
  }

  #system(connector: Connector): Connector {
    return watched(connector, {
      read: {
        after: ([request], result) => {
          const { kind, nativeId } = request as ReadRequest;
          const read = result as Result<RawRecord | null, ConnectorFailure>;
          const found = read.ok ? (read.value === null ? 'notFound' : 'found') : 'failed';
          this.#pointReads.set(`${connector.side}:${kind}:${nativeId}`, found);
        },
      },
    });
  }

  #begun(id: number, key: string, isFull: boolean): void {
    this.#collections.set(id, { key, isFull });
    for (const read of this.#pointReads.keys()) if (read.startsWith(`${key}:`)) this.#pointReads.delete(read);
  }

  #finished(id: number, complete: boolean): void {
    const collection = this.#collections.get(id);
    if (complete && collection?.isFull === true) this.#whole.add(collection.key);
  }

  async #edge(store: Store, id: number, to: ChangeState): Promise<void> {
    const from = (await store.changes.get(id))?.state;
    if (from !== undefined && WAITING.has(from)) this.#marks.add(`edge:${from} → ${to}`);
  }

  async #saving(ctx: SyncContext, { parts }: NewPlan): Promise<void> {
    for (const part of parts) {
      for (const id of part.supersede) await this.#edge(ctx.store, id, 'superseded');
      for (const id of part.cleanLinks) await this.#rows(ctx, id);
      for (const { recordIds } of part.pairBuckets)
        for (const { side, nativeId } of await ctx.store.keys.many(recordIds))
          if (side === 'customerp') await this.#cellOfRecord(ctx, part, nativeId);
    }
    // Later plans of a run prove no absence (T4).
    this.#whole = new Set();
  }

  async #cellOfRecord(ctx: SyncContext, { kind }: PlanPart, nativeId: string): Promise<void> {
    const link = await ctx.store.links.of(kind, 'customerp', nativeId);
    if (link !== null) await this.#cell(ctx, link);
  }

  /** A pair both sides of which are gone ends its link right away. */
  async #ending(ctx: SyncContext, id: number): Promise<void> {
    const link = await ctx.store.links.get(id);
    if (link !== null) await this.#cell(ctx, link);
    for (const change of await ctx.store.changes.openOfLink(id))
      if (WAITING.has(change.state)) this.#marks.add(`edge:${change.state} → superseded`);
  }

  async #cell(ctx: SyncContext, link: StoredLink): Promise<void> {
    const { customerp, tidsbanken } = await recordsOf(ctx.store, link);
    if (customerp === null || tidsbanken === null) return;
    const missing = [customerp, tidsbanken].filter((record) => record.missingSince !== null);
    if (missing.length > 0 && !missing.some((record) => this.#isWhole(record))) return;
    const cell: Cell = `${this.#letter(ctx, customerp)}/${this.#letter(ctx, tidsbanken)}`;
    this.#marks.add(`cell:${cell}`);
  }

  #isWhole = ({ side, kind }: StoredRecord): boolean => this.#whole.has(`${side}:${kind}`);

  /** 5.2: gone needs a complete full collection and a point read, where there is one, twice ten minutes apart. */
  #letter(ctx: SyncContext, record: StoredRecord): 'P' | 'G' | '?' {
    const { side, kind, nativeId, missingSince } = record;
    if (missingSince === null) return 'P';
    const read = this.#pointReads.get(`${side}:${kind}:${nativeId}`);
    const isNotFound = !ctx.connectors[side].capabilities(kind).pointRead || read === 'notFound';
    const isLongAgo = ctx.clock.now() - missingSince >= ctx.settings.confirmGoneMs;
    return this.#isWhole(record) && isNotFound && isLongAgo ? 'G' : '?';
  }

  /** R1, R2 and R6, group by group. */
  async #rows(ctx: SyncContext, linkId: number): Promise<void> {
    const link = await ctx.store.links.get(linkId);
    if (link === null) return;
    const { customerp, tidsbanken } = await recordsOf(ctx.store, link);
    if (customerp === null || tidsbanken === null) return;
    const flow = flowFor(ctx, link.kind);
    const e = await withLinks(ctx, flow, 'customerp', observed(customerp));
    const t = await withLinks(ctx, flow, 'tidsbanken', observed(tidsbanken));
    for (const group of groupsFor(flow, e, t)) {
      const row = rowOf(group, e, t, link.base);
      if (row !== null) this.#marks.add(`row:${row}`);
    }
  }
}

const WAITING: ReadonlySet<ChangeState> = new Set(['planned', 'approved', 'deferred', 'manual']);

/** What failed its type was not observed (N4). */
const observed = ({ props, invalid }: StoredRecord): Props =>
  Object.fromEntries(Object.entries(props).filter(([name]) => !invalid.some((i) => i.property === name)));

/** Only the rows that write and tell nothing. */
function rowOf({ properties, direction }: Group, e: Props, t: Props, base: Pair<Props>): 'R1' | 'R2' | 'R6' | null {
  if (direction === 'off' || properties.some(({ name }) => e[name] === undefined || t[name] === undefined)) return 'R1';
  if (properties.every((p) => sameValue(p, e[p.name] ?? null, t[p.name] ?? null))) return 'R2';
  const stands = properties.every(({ name }) => base.customerp[name] === e[name] && base.tidsbanken[name] === t[name]);
  return stands ? 'R6' : null;
}

async function recordsOf(store: Store, link: StoredLink): Promise<Pair<StoredRecord | null>> {
  return {
    customerp: await store.records.get(link.kind, 'customerp', link.customerpId),
    tidsbanken: await store.records.get(link.kind, 'tidsbanken', link.tidsbankenId),
  };
}

async function statesOf(store: Store): Promise<ReadonlyMap<number, ChangeState>> {
  const states = new Map<number, ChangeState>();
  for (const state of CHANGE_STATES) for (const id of await store.changes.idsIn([state])) states.set(id, state);
  return states;
}

type Args = readonly unknown[];
interface Hook {
  readonly before?: (args: Args) => Promise<void> | void;
  readonly after?: (args: Args, result: unknown) => void;
}

/** The same object; who is hooked hears of a call before it is made, or of what came of it. */
function watched<T extends object>(target: T, hooks: Readonly<Record<string, Hook>>): T {
  return new Proxy(target, {
    get(inner, key): unknown {
      const value: unknown = Reflect.get(inner, key, inner);
      if (typeof value !== 'function') return value;
      const act = value.bind(inner) as (...args: Args) => unknown;
      const hook = hooks[String(key)];
      if (hook === undefined) return act;
      return async (...args: Args) => {
        await hook.before?.(args);
        const result = await act(...args);
        hook.after?.(args, result);
        return result;
      };
    },
  });
}
