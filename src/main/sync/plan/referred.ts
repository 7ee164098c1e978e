import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import { digestOf } from '../../mapping/canonical-json.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import type { CreationRule } from '../../mapping/mapping.ts';
import type { RecordToJudge } from '../../store/records.ts';
import type { SyncContext } from '../context.ts';
import { keyedPages } from '../keyed-pages.ts';
import { isActive, neverLinkedIds, storedPages } from './scope.ts';

type Ctx = Pick<SyncContext, 'store' | 'flows' | 'connectors' | 'settings'>;

/**
 * M5, rule `ifReferredTo`: native ids of the records of one kind and side that a synchronised record refers to. That is
 * one with a link, or one that gets a counterpart by its own flow's rule: a project waits for its customer (O2), so the
 * customer cannot wait for the project's link.
 */
export class Referred {
  readonly #ids: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(ids: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#ids = ids;
  }

  /** Looks through the records that the rules of these kinds ask about, and through no others. */
  static async load(ctx: Ctx, kinds: readonly Kind[]): Promise<Referred> {
    const ids = new Map<string, ReadonlySet<string>>();
    for (const kind of kinds)
      for (const side of SIDES) {
        const rule = ruleOf(ctx, kind, side);
        if (rule?.rule === 'ifReferredTo') ids.set(nameOf(kind, side), await idsReferredTo(ctx, kind, side, new Set()));
      }
    return new Referred(ids);
  }

  readonly has = (kind: Kind, side: Side, nativeId: string): boolean =>
    this.#ids.get(nameOf(kind, side))?.has(nativeId) === true;

  /** What the rules of a kind came to; null where none of them asks. Another digest: its records are matched anew. */
  digest(kind: Kind): string | null {
    const own = SIDES.flatMap((side) => this.#ids.get(nameOf(kind, side)) ?? []);
    return own.length === 0 ? null : digestOf(own.map((ids) => [...ids].toSorted()));
  }
}

const nameOf = (kind: Kind, side: Side): string => `${kind}:${side}`;

/** By which rule records of that side get a counterpart on the other one. */
const ruleOf = (ctx: Ctx, kind: Kind, side: Side): CreationRule | undefined =>
  ctx.flows.get(kind)?.mapping.create[otherSide(side)];

/** `asking`: kinds whose own rule is being looked at. Kinds that only refer to each other bring nobody in. */
async function idsReferredTo(
  ctx: Ctx,
  kind: Kind,
  side: Side,
  asking: ReadonlySet<Kind>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const by = ruleOf(ctx, kind, side)?.referredToBy ?? [];
  for (const referrer of by.filter((one) => !asking.has(one))) {
    const flow = ctx.flows.get(referrer);
    const properties = (flow?.properties ?? []).filter(({ reference }) => reference === kind).map(({ name }) => name);
    if (properties.length === 0) continue;
    for await (const record of synchronised(ctx, referrer, side, new Set([...asking, kind])))
      for (const name of properties) {
        const id = record.props[name] ?? null;
        if (id !== null) found.add(id);
      }
  }
  return found;
}

async function* synchronised(
  ctx: Ctx,
  kind: Kind,
  side: Side,
  asking: ReadonlySet<Kind>,
): AsyncGenerator<RecordToJudge> {
  const mayEnter = await entryOf(ctx, kind, side, asking);
  for (const who of ['linked', 'unlinked'] as const)
    for await (const page of keyedPages(ctx.store, kind, side, who)) {
      const ids = page.map(({ nativeId }) => nativeId);
      for await (const records of storedPages(ctx, kind, side, ids))
        yield* records.filter((record) => !isOutOfScope(record.props) && (who === 'linked' || mayEnter(record)));
    }
}

/** Whether a record without a link gets a counterpart by the rule of its own flow. */
async function entryOf(
  ctx: Ctx,
  kind: Kind,
  side: Side,
  asking: ReadonlySet<Kind>,
): Promise<(record: RecordToJudge) => boolean> {
  const rule = ruleOf(ctx, kind, side);
  if (rule === undefined || rule.rule === 'never' || !ctx.connectors[otherSide(side)].capabilities(kind).create)
    return () => false;
  const referred = rule.rule === 'every' ? null : await idsReferredTo(ctx, kind, side, asking);
  const left = new Set([
    ...neverLinkedIds(ctx, kind, side),
    ...(await ctx.store.links.endedIds(kind, side)),
    ...(await ctx.store.decisions.ignoredIds(kind, side)),
  ]);
  return (record) =>
    !left.has(record.nativeId) && isActive(ctx, kind, record) && (referred === null || referred.has(record.nativeId));
}
