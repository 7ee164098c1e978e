import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { KeyedRecord } from '../../store/record-keys.ts';
import { policyFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { keyedPages } from '../keyed-pages.ts';
import { Clusters } from '../match/clusters.ts';
import type { Member } from '../match/match.ts';
import type { MatchRecord } from '../match/types.ts';
import { LeftOut } from './left-out.ts';
import { giveWay } from './part.ts';
import { neverLinkedIds, outOfScopeIds } from './scope.ts';

/** A record that takes part in matching. */
export interface Candidate extends MatchRecord {
  readonly label: string;
}

export interface Candidates {
  /** Batches of clusters that share no key value: each can be matched by itself, and only a batch is held at a time. */
  readonly batches: () => AsyncGenerator<readonly (readonly Member<Candidate>[])[], void, void>;
  /** Records without a link that the operator has listed as never to be linked (C4). */
  readonly neverLinked: Pair<readonly string[]>;
  /** Records without a link that the filter leaves out (C7). */
  readonly outOfScope: Pair<ReadonlySet<string>>;
  /** Of both, and of the records of the systems themselves: who holds which strong key. */
  readonly leftOut: LeftOut;
}

/** Records that are matched at a time. */
const BATCH = 2_000;

/** Records that are filed, or looked up, at a time: a row id each, never a record. */
const PAGE = 20_000;

function* pages(ids: readonly number[]): Generator<readonly number[]> {
  for (let at = 0; at < ids.length; at += PAGE) yield ids.slice(at, at + PAGE);
}

/** What was linked since the last matching is found by its keys from now on; the first time that is everything. */
async function fileLinked({ keys }: SyncContext['store'], kind: Kind): Promise<void> {
  for (const side of SIDES)
    for (let after: string | null = ''; after !== null; after = await keys.file(kind, side, after, PAGE))
      await giveWay();
}

const SET_ASIDE: ReadonlySet<MatchRecord['blocked']> = new Set(['setAside', 'returned']);

type Blocked = (nativeId: string) => MatchRecord['blocked'];

/**
 * The records of a kind that section 4 is about: those without a link, and of the linked ones those that hold a value of
 * a free one (M2).
 */
export async function candidatesOf(ctx: SyncContext, kind: Kind): Promise<Candidates> {
  const blocked = {
    customerp: await blockedOf(ctx, kind, 'customerp'),
    tidsbanken: await blockedOf(ctx, kind, 'tidsbanken'),
  };
  const gathering = new Gathering(ctx, kind, blocked);
  await fileLinked(ctx.store, kind);
  await gathering.addUnlinked();
  await gathering.addHolders();
  const { neverLinked, outOfScope, leftOut } = gathering;
  async function* batches(): ReturnType<Candidates['batches']> {
    for (const clusters of gathering.batches()) {
      await giveWay();
      yield await readBatch(ctx, clusters, blocked);
    }
  }
  return { batches, neverLinked, outOfScope, leftOut };
}

async function readBatch(
  ctx: SyncContext,
  clusters: readonly (readonly number[])[],
  blocked: Pair<Blocked>,
): Promise<readonly (readonly Member<Candidate>[])[]> {
  const members = new Map<number, Member<Candidate>>();
  for (const { id, side, nativeId, keys, linkId, label } of await ctx.store.keys.many(clusters.flat()))
    members.set(id, { side, record: { nativeId, keys, linkId, label, blocked: blocked[side](nativeId) } });
  return clusters.map((cluster) => cluster.flatMap((id) => members.get(id) ?? []));
}

/** M1: what was set aside, what came back, and whom a person has since decided to give a new counterpart (X1, V2). */
async function blockedOf(ctx: SyncContext, kind: Kind, side: Side): Promise<Blocked> {
  const ended = await ctx.store.links.endedIds(kind, side);
  const gone = await ctx.store.links.goneIds(kind, side);
  const ignored = await ctx.store.decisions.ignoredIds(kind, side);
  const wanted = await ctx.store.changes.decidedCreateSources(kind, otherSide(side));
  const judged: Blocked = (id) =>
    gone.has(id) && !ignored.has(id) ? 'returned' : ignored.has(id) || ended.has(id) ? 'setAside' : 'no';
  return (id) => (wanted.has(id) ? 'wanted' : judged(id));
}

/** Goes through a kind page by page, and keeps numbers. */
class Gathering {
  readonly neverLinked: Pair<string[]> = { customerp: [], tidsbanken: [] };
  readonly outOfScope: Pair<Set<string>> = { customerp: new Set(), tidsbanken: new Set() };
  readonly leftOut = new LeftOut();
  readonly #ctx: SyncContext;
  readonly #kind: Kind;
  readonly #blocked: Pair<Blocked>;
  readonly #clusters = new Clusters();
  /** Row ids by the numbers of the clusters. */
  readonly #ids: number[] = [];

  constructor(ctx: SyncContext, kind: Kind, blocked: Pair<Blocked>) {
    this.#ctx = ctx;
    this.#kind = kind;
    this.#blocked = blocked;
  }

  /** Only free records bring values into play; so whoever was set aside comes after all of them. */
  async addUnlinked(): Promise<void> {
    const aside: KeyedRecord[] = [];
    for (const side of SIDES) {
      for await (const page of keyedPages(this.#ctx.store, this.#kind, side, 'unlinked'))
        for (const record of await this.#inScope(side, page)) {
          if (!SET_ASIDE.has(this.#blocked[side](record.nativeId)))
            this.#ids[this.#clusters.add(record.keys)] = record.id;
          else aside.push(record);
        }
    }
    for (const { id, keys } of aside) this.#ids[this.#clusters.addHolder(keys, null)] = id;
  }

  /** M2: linked records matter where they hold a value of a free one. */
  async addHolders(): Promise<void> {
    const { keys } = this.#ctx.store;
    if (this.#clusters.isEmpty || !(await keys.hasFiled(this.#kind))) return;
    const holders = new Set<number>();
    for (const ids of pages(this.#ids)) {
      await giveWay();
      for (const id of await keys.filedHolders(ids)) holders.add(id);
    }
    for (const ids of pages([...holders])) {
      await giveWay();
      for (const holder of await keys.many(ids))
        if (holder.linkId !== null && this.#clusters.touches(holder.keys))
          this.#ids[this.#clusters.addHolder(holder.keys, holder.linkId)] = holder.id;
    }
  }

  /** Row ids of whole clusters, batch by batch. */
  *batches(): Generator<readonly (readonly number[])[]> {
    for (const batch of this.#clusters.batches(BATCH))
      yield batch.map((cluster) => cluster.map((number) => this.#ids[number] ?? 0));
  }

  /** What of a page may be linked; what may not is remembered (C4, C7). */
  async #inScope(side: Side, page: readonly KeyedRecord[]): Promise<readonly KeyedRecord[]> {
    const never = neverLinkedIds(this.#ctx, this.#kind, side);
    const listed = policyFor(this.#ctx, this.#kind).neverLink[side];
    const ids = page.map(({ nativeId }) => nativeId);
    const out = await outOfScopeIds(this.#ctx, this.#kind, side, ids);
    for (const id of out) this.outOfScope[side].add(id);
    if (listed.length > 0) this.neverLinked[side].push(...ids.filter((id) => listed.includes(id)));
    const takesPart = ({ nativeId }: KeyedRecord): boolean => !never.has(nativeId) && !out.has(nativeId);
    for (const record of page) if (!takesPart(record)) this.leftOut.add(side, record.nativeId, record.keys);
    return page.filter(takesPart);
  }
}
