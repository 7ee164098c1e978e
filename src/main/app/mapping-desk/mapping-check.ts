import { SIDES, flowOf } from '../../../shared/domain.ts';
import type { Flow, Pair, Side } from '../../../shared/domain.ts';
import { activeRows, flowDiff, isSameValue, rebasedProperties } from '../../mapping/flow-diff.ts';
import type { FlowDiff } from '../../mapping/flow-diff.ts';
import { filterOnProps, isOutOfScope } from '../../mapping/filter.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import type { Store } from '../../store/store.ts';
import { giveWay, PAGE } from '../../sync/plan/part.ts';

/** Records of one side that a changed filter would leave out or bring in; null: only a reading tells. */
export interface ScopeCount {
  readonly records: number;
  readonly leaving: number | null;
  readonly entering: number | null;
}

/** What a mapping would come to, counted from what the store holds. */
export interface MappingCheck extends FlowDiff {
  readonly flow: Flow;
  /** Linked pairs. */
  readonly pairs: number;
  /** Pairs that lose the base of a group, and so are compared anew, by property (S5). */
  readonly comparedAnew: Readonly<Record<string, number>>;
  /** Records of both sides with a value that is no longer read, by leaving row. */
  readonly noLongerRead: Readonly<Record<string, number>>;
  readonly scope: Pair<ScopeCount>;
}

type Source = Pick<Store, 'linksAfter' | 'recordsAfter'>;

/**
 * Holds a mapping against the one by which the records were read (`before`), page by page. Asks no system, writes
 * nothing, and concludes no absence: what only a reading can tell is null.
 */
export async function checkMapping(store: Source, before: FlowMapping, after: FlowMapping): Promise<MappingCheck> {
  const diff = flowDiff(before, after);
  const { pairs, comparedAnew } = await countPairs(store, after, rebasedProperties(diff, before, after));
  const noLongerRead: Record<string, number> = Object.fromEntries(diff.leaving.map((name) => [name, 0]));
  const scope = {
    customerp: await countSide(store, 'customerp', { before, after, noLongerRead }),
    tidsbanken: await countSide(store, 'tidsbanken', { before, after, noLongerRead }),
  };
  return { flow: flowOf(after.kind), ...diff, pairs, comparedAnew, noLongerRead, scope };
}

async function countPairs(store: Source, { kind }: FlowMapping, rebased: ReadonlySet<string>) {
  const comparedAnew: Record<string, number> = {};
  let pairs = 0;
  for (let after = 0; ;) {
    await giveWay();
    const page = await store.linksAfter(kind, after, PAGE);
    pairs += page.length;
    for (const { base } of page)
      for (const name of rebased)
        if (SIDES.some((side) => Object.hasOwn(base[side], name))) comparedAnew[name] = (comparedAnew[name] ?? 0) + 1;
    if (page.length < PAGE) return { pairs, comparedAnew };
    after = page.at(-1)?.id ?? 0;
  }
}

interface Mappings {
  readonly before: FlowMapping;
  readonly after: FlowMapping;
  readonly noLongerRead: Record<string, number>;
}

async function countSide(store: Source, side: Side, { before, after, noLongerRead }: Mappings): Promise<ScopeCount> {
  const isSameFilter = canonicalJson(before.filter?.[side] ?? null) === canonicalJson(after.filter?.[side] ?? null);
  const takes = filterOnProps(after, side, knownIn(before, after));
  const count = { records: 0, leaving: 0, entering: 0 };
  for (let last = ''; ;) {
    await giveWay();
    const page = await store.recordsAfter(after.kind, side, last, PAGE);
    for (const { props } of page) {
      count.records += 1;
      for (const name of Object.keys(noLongerRead))
        if ((props[name] ?? null) !== null) noLongerRead[name] = (noLongerRead[name] ?? 0) + 1;
      if (isSameFilter || takes === null) continue;
      const [was, is] = [!isOutOfScope(props), takes(props)];
      if (was && !is) count.leaving += 1;
      if (!was && is) count.entering += 1;
    }
    if (page.length < PAGE) break;
    last = page.at(-1)?.nativeId ?? '';
  }
  return isSameFilter || takes !== null ? count : { records: count.records, leaving: null, entering: null };
}

/** Whether a property's stored values are those that the other mapping would read. */
function knownIn(before: FlowMapping, after: FlowMapping): (name: string) => boolean {
  const [was, is] = [activeRows(before), activeRows(after)];
  return (name) => {
    const [old, now] = [was.get(name), is.get(name)];
    return old !== undefined && now !== undefined && isSameValue(old, now);
  };
}
