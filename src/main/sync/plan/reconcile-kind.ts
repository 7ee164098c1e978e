import { SIDES, flowOf, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair } from '../../../shared/domain.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { RecordToJudge } from '../../store/records.ts';
import { policyFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { PairOutcome } from '../drafts.ts';
import { linkOfOnly } from '../only.ts';
import { reconcilePair } from '../reconcile/pair.ts';
import { isOfMatching } from './findings.ts';
import { flowRulesOf } from './flow-rules.ts';
import { keepOutcome } from './keep-outcome.ts';
import { collected, underWay } from './match-kind.ts';
import { isWaiting, mergeMismatches } from './merge.ts';
import { reconcileMissing } from './missing-pair.ts';
import { bothIn, laidOver, UNMOVED } from './pair-work.ts';
import type { ReconcileFacts, Work } from './pair-work.ts';
import { giveWay, PAGE } from './part.ts';
import type { PartBuilder } from './part.ts';
import { renewedReferences } from './renewed.ts';
import type { World } from './world.ts';

/** Judges every link of a kind that something happened to (section 5). All others stand as they are. */
export async function reconcileKind(
  ctx: SyncContext,
  kind: Kind,
  world: World,
  part: PartBuilder,
  facts: ReconcileFacts,
): Promise<void> {
  const rules = flowRulesOf(ctx, kind);
  const total = await ctx.store.links.countDirty(kind);
  let done = 0;
  for await (const page of dirtyPages(ctx, kind)) {
    ctx.progress({ stage: 'reconcile', flow: flowOf(kind), side: null, done, total, record: null });
    await reconcilePage(ctx, kind, page, { rules, world, part, facts });
    await ctx.store.bases.stage(part.takeBases(MOVES_AT_ONCE));
    await part.stageDrafts(ctx.store);
    done += page.length;
  }
  await ctx.store.bases.stage(part.takeBases(0));
}

/** Bases that wait here until they wait in the store. */
const MOVES_AT_ONCE = 2_000;

async function* dirtyPages(ctx: SyncContext, kind: Kind): AsyncGenerator<readonly StoredLink[]> {
  const { only } = ctx.request;
  if (only !== undefined) {
    const link = await linkOfOnly(ctx, only);
    if (link?.state === 'active' && (await ctx.store.links.isDirty(link.id))) yield [link];
    return;
  }
  for (let after = ''; ;) {
    await giveWay();
    const page = await ctx.store.links.dirty(kind, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.customerpId ?? '';
  }
}

type PageWork = Pick<Work, 'rules' | 'world' | 'part' | 'facts'>;

async function reconcilePage(
  ctx: SyncContext,
  kind: Kind,
  links: readonly StoredLink[],
  work: PageWork,
): Promise<void> {
  const { records, changes, mismatches } = ctx.store;
  const ids = links.map((link) => link.id);
  const customerp = await records.getMany(
    kind,
    'customerp',
    links.map((link) => link.customerpId),
  );
  const tidsbanken = await records.getMany(
    kind,
    'tidsbanken',
    links.map((link) => link.tidsbankenId),
  );
  await work.world.learn(work.rules.references, [...customerp.values(), ...tidsbanken.values()]);
  const openChanges = byLink(await changes.openOfLinks(ids));
  const openMismatches = byLink(await mismatches.openOfLinks(ids));
  const { references } = work.rules;
  const renewed = await renewedReferences(ctx.store, links, {
    references,
    linkOf: work.world.linkOf,
    records: { customerp, tidsbanken },
  });
  for (const link of links) {
    const again = renewed.get(link.id);
    await reconcileLink(ctx, again === undefined ? link : { ...link, base: laidOver(link.base, again) }, {
      ...work,
      renewed: again ?? UNMOVED,
      customerp: customerp.get(link.customerpId) ?? null,
      tidsbanken: tidsbanken.get(link.tidsbankenId) ?? null,
      changes: openChanges.get(link.id) ?? [],
      mismatches: (openMismatches.get(link.id) ?? []).filter((m) => !isOfMatching(m)),
    });
  }
}

async function reconcileLink(ctx: SyncContext, link: StoredLink, work: Work): Promise<void> {
  const { part, facts } = work;
  const inFlight = work.changes.filter((change) => !isWaiting(change));
  if (inFlight.length > 0) {
    part.mismatches(
      mergeMismatches(
        work.mismatches,
        inFlight.flatMap((change) => underWay(ctx, change)),
      ),
    );
    bothIn(work, 'mismatch', 'outcomeUnknown');
    return;
  }
  if (facts.failed.has(link.id)) {
    bothIn(work, 'failed', 'failed');
    return;
  }
  const { customerp, tidsbanken } = work;
  if (customerp === null || tidsbanken === null) {
    bothIn(work, 'skipped', 'notObserved');
    return;
  }
  // Nobody is asked about a pair that takes no part, not even whether one of the two is gone (C7).
  if (isOutOfScope(customerp.props) || isOutOfScope(tidsbanken.props)) {
    leaveOut(ctx, link, work);
    return;
  }
  if (customerp.missingSince !== null || tidsbanken.missingSince !== null) {
    await reconcileMissing(ctx, link, { customerp, tidsbanken }, work);
    return;
  }
  work.world.learnTimes(link, { customerp, tidsbanken });
  const judge = (frozen: StoredLink['frozen']): PairOutcome =>
    reconcilePair(
      {
        linkId: link.id,
        kind: link.kind,
        direction: link.direction,
        keys: link.keys,
        base: link.base,
        frozen,
        customerp: collected(customerp),
        tidsbanken: collected(tidsbanken),
      },
      work.rules,
      work.world,
      versionsFor(ctx, link.kind),
    );
  const first = judge(link.frozen);
  const judged = (await work.world.learnHolders(link.kind)) ? judge(link.frozen) : first;
  const frozen = await thaw(ctx, link, judged, work.mismatches);
  const outcome = frozen === link.frozen ? judged : judge(frozen);
  tellNewest(ctx, outcome, { customerp, tidsbanken }, work);
  keepOutcome(ctx, link, outcome, work);
  if (!waitsForCreate(work, { customerp, tidsbanken })) part.clean(link.id);
}

/** C7: the link and its base stay for when both take part again; until then nothing is found, planned or written. */
function leaveOut(ctx: SyncContext, link: StoredLink, work: Work): void {
  keepOutcome(ctx, link, OUT_OF_SCOPE, work);
  work.part.clean(link.id);
}

const OUT_OF_SCOPE: PairOutcome = {
  changes: [],
  mismatches: [],
  base: UNMOVED,
  bucket: 'skipped',
  reason: 'outOfScope',
};

/** D4: what the times have decided is told with both of them, once for each value decided. */
function tellNewest(ctx: SyncContext, outcome: PairOutcome, records: Pair<RecordToJudge>, work: Work): void {
  if (policyFor(ctx, work.rules.kind).conflict !== 'newest') return;
  const known = new Set(work.changes.flatMap((change) => change.groups.map((g) => g.fingerprint)));
  for (const change of outcome.changes) {
    const groups = change.groups.filter((g) => g.row === 'R12' && !known.has(g.fingerprint)).map((g) => g.group);
    if (groups.length === 0) continue;
    work.part.note({
      event: 'newestDecided',
      runId: ctx.runId,
      item: `link:${String(change.linkId)}`,
      detail: {
        kind: change.kind,
        customerpId: change.customerpId,
        tidsbankenId: change.tidsbankenId,
        groups,
        newest: otherSide(change.target),
        modifiedAt: { customerp: records.customerp.modifiedAt, tidsbanken: records.tidsbanken.modifiedAt },
      },
    });
  }
}

/** W3: a freeze ends when a side changes, and so the finding about it is not the one that was shown before. */
async function thaw(
  ctx: SyncContext,
  link: StoredLink,
  judged: PairOutcome,
  shown: readonly StoredMismatch[],
): Promise<StoredLink['frozen']> {
  const hasMoved = ([group, why]: readonly [string, string]): boolean =>
    why !== 'flapping' &&
    shown.some(
      (old) =>
        old.mismatch === why &&
        old.group === group &&
        !judged.mismatches.some((m) => m.group === group && m.fingerprint === old.fingerprint),
    );
  const frozen = Object.entries(link.frozen);
  if (!frozen.some(hasMoved)) return link.frozen;
  for (const [group] of frozen.filter(hasMoved)) await ctx.store.links.unfreeze(link.id, group);
  return Object.fromEntries(frozen.filter((entry) => !hasMoved(entry)));
}

/** O3: a reference to a record that is about to be created is looked at again once that is done. */
function waitsForCreate(work: Work, records: Pair<RecordToJudge>): boolean {
  return SIDES.some((side) =>
    Object.entries(work.rules.references).some(([name, kind]) => {
      const nativeId = records[side].props[name] ?? null;
      return nativeId !== null && work.world.linkOf(kind, side, nativeId) === 'open';
    }),
  );
}

function byLink<T extends { readonly linkId: number | null }>(items: readonly T[]): ReadonlyMap<number, T[]> {
  const map = new Map<number, T[]>();
  for (const item of items) if (item.linkId !== null) map.set(item.linkId, [...(map.get(item.linkId) ?? []), item]);
  return map;
}
