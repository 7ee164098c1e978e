import { isAskedFor, SIDES, flowOf, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Props, Side } from '../../../shared/domain.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { RecordToJudge } from '../../store/records.ts';
import { flowFor, policyFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { MismatchDraft, PairOutcome } from '../drafts.ts';
import { idOn } from '../observe.ts';
import { linkOfOnly } from '../only.ts';
import { lapse } from '../review/lapse.ts';
import { resolveReferences } from '../reconcile/references.ts';
import { stillStands } from '../undo/undo.ts';
import { decideExistence, presenceOf } from '../reconcile/existence.ts';
import type { PresenceVerdict } from '../reconcile/existence.ts';
import { hasDrifted, reconcilePair } from '../reconcile/pair.ts';
import type { FlowRules } from '../reconcile/rules.ts';
import { flowRulesOf } from './flow-rules.ts';
import { isOfMatching } from './findings.ts';
import { collected, underWay } from './match-kind.ts';
import { isActive } from './scope.ts';
import { isWaiting, mergeChange, mergeMismatches } from './merge.ts';
import type { MergeFacts } from './merge.ts';
import { giveWay, PAGE } from './part.ts';
import type { PartBuilder } from './part.ts';
import { renewedReferences } from './renewed.ts';
import type { World } from './world.ts';

export interface ReconcileFacts {
  readonly merge: Omit<MergeFacts, 'standing'>;
  /** Sides whose collection of this kind was full and complete in this run: only there absence counts (T4). */
  readonly absenceCounts: Pair<boolean>;
  /** Links whose write failed in this run: they are looked at again in the next one. */
  readonly failed: ReadonlySet<number>;
}

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

const UNMOVED: Pair<Props> = { customerp: {}, tidsbanken: {} };

const laidOver = (base: Pair<Props>, moved: Pair<Props>): Pair<Props> => ({
  customerp: { ...base.customerp, ...moved.customerp },
  tidsbanken: { ...base.tidsbanken, ...moved.tidsbanken },
});

interface Work {
  readonly rules: FlowRules;
  readonly world: World;
  readonly part: PartBuilder;
  readonly facts: ReconcileFacts;
  /** References that the base names by an ended link, as it names them from now on (O2). */
  readonly renewed: Pair<Props>;
  /** Null: not known at all. */
  readonly customerp: RecordToJudge | null;
  readonly tidsbanken: RecordToJudge | null;
  readonly changes: readonly StoredChange[];
  readonly mismatches: readonly StoredMismatch[];
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

function keepOutcome(ctx: SyncContext, link: StoredLink, outcome: PairOutcome, work: Work): void {
  const { part, facts } = work;
  const moved = laidOver(work.renewed, outcome.base);
  if (SIDES.some((side) => Object.keys(moved[side]).length > 0))
    part.base({ linkId: link.id, base: moved, mapping: versionsFor(ctx, link.kind).mapping });
  const settled = new Set<string>();
  let waiting = 0;
  for (const target of SIDES) {
    const open = work.changes.find((c) => c.target === target) ?? null;
    if (open !== null && standsAsAskedFor(open, link, outcome, work)) {
      waiting += open.groups.length;
      continue;
    }
    const existing = open !== null && isAskedFor(open.origin) ? dropped(ctx, open, part) : open;
    const draft = outcome.changes.find((c) => c.target === target) ?? null;
    // D6: a direction narrowed since the decision has taken its way out away.
    const offered = outcome.mismatches.filter((m) => m.takes.includes(otherSide(target)));
    const standing = new Set(offered.map((m) => m.fingerprint));
    const merged = mergeChange(existing, draft, { ...facts.merge, standing });
    part.change(merged);
    waiting += merged.groups.length;
    for (const group of merged.groups) if (group.row === 'decision') settled.add(group.fingerprint);
  }
  const mismatches = outcome.mismatches.filter((m) => !settled.has(m.fingerprint));
  part.mismatches(mergeMismatches(work.mismatches, mismatches));
  if (outcome.bucket === 'skipped' || outcome.bucket === 'failed') bothIn(work, outcome.bucket, outcome.reason);
  else if (mismatches.length > 0) bothIn(work, 'mismatch', mismatches[0]?.mismatch ?? null);
  else if (waiting > 0) bothIn(work, 'proposed', null);
  else if (outcome.changes.length > 0) bothIn(work, 'skipped', 'rejected');
  else bothIn(work, 'inStep', null);
}

/**
 * 7.5: what a person asked to be taken back waits for their approval, and the sync's own proposal for that record with
 * it, as long as there is something to take back and the pair may be written (M6, D6, V2).
 */
function standsAsAskedFor(open: StoredChange, link: StoredLink, outcome: PairOutcome, work: Work): boolean {
  if (!isAskedFor(open.origin) || isOutdated(open, work)) return false;
  const mayBeWritten =
    outcome.reason !== 'outOfScope' && !outcome.mismatches.some((m) => m.mismatch === 'identityChanged');
  const record = work[open.target];
  if (record === null || !mayBeWritten) return false;
  const { props } = resolveReferences(collected(record), work.rules.references, work.world.linkOf);
  return stillStands(open, props, link);
}

/** Nothing of it is left to be taken back: what was edited since is kept. */
function dropped(ctx: SyncContext, open: StoredChange, part: PartBuilder): null {
  part.change({ insert: null, supersede: [open.id], groups: [] });
  part.note({ event: 'undoKept', runId: ctx.runId, item: `change:${String(open.id)}`, detail: aboutChange(open) });
  return null;
}

const aboutChange = ({ kind, target, customerpId, tidsbankenId }: StoredChange) => ({
  kind,
  target,
  customerpId,
  tidsbankenId,
});

/** O3: a reference to a record that is about to be created is looked at again once that is done. */
function waitsForCreate(work: Work, records: Pair<RecordToJudge>): boolean {
  return SIDES.some((side) =>
    Object.entries(work.rules.references).some(([name, kind]) => {
      const nativeId = records[side].props[name] ?? null;
      return nativeId !== null && work.world.linkOf(kind, side, nativeId) === 'open';
    }),
  );
}

/** 5.2: at least one side is missing from a complete collection. Nothing is ever deleted (X1). */
async function reconcileMissing(
  ctx: SyncContext,
  link: StoredLink,
  records: Pair<RecordToJudge>,
  work: Work,
): Promise<void> {
  const shown = work.mismatches.find((m) => GONE.has(m.mismatch));
  if (shown !== undefined && !provesAbsence(records, work)) {
    work.part.mismatches({ insert: [], seenAgain: work.mismatches.map((m) => m.id), gone: [] });
    bothIn(work, 'mismatch', shown.mismatch);
    return;
  }
  const sight = {
    customerp: await sightOf(ctx, link, records.customerp, work),
    tidsbanken: await sightOf(ctx, link, records.tidsbanken, work),
  };
  const capabilities = {
    customerp: ctx.connectors.customerp.capabilities(link.kind),
    tidsbanken: ctx.connectors.tidsbanken.capabilities(link.kind),
  };
  const outcome = decideExistence(
    {
      linkId: link.id,
      kind: link.kind,
      customerpId: link.customerpId,
      tidsbankenId: link.tidsbankenId,
      label: records.customerp.label === '' ? records.tidsbanken.label : records.customerp.label,
      sight,
      drifted: {
        customerp: hasDrifted(collected(records.customerp), link.base.customerp, work.rules, work.world),
        tidsbanken: hasDrifted(collected(records.tidsbanken), link.base.tidsbanken, work.rules, work.world),
      },
      active: {
        customerp: isActive(ctx, link.kind, records.customerp),
        tidsbanken: isActive(ctx, link.kind, records.tidsbanken),
      },
      archive: { customerp: capabilities.customerp.archive, tidsbanken: capabilities.tidsbanken.archive },
    },
    versionsFor(ctx, link.kind),
  );
  const drafts: MismatchDraft[] = outcome.kind === 'mismatch' ? [outcome.mismatch] : [];
  for (const change of work.changes.filter((c) => c.origin !== 'survivor' || isOutdated(c, work)))
    work.part.change({ insert: null, supersede: [change.id], groups: [] });
  work.part.mismatches(mergeMismatches(work.mismatches, drafts));
  if (outcome.kind === 'tombstone') {
    await ctx.store.links.end(link.id, 'tombstoned', {
      event: 'tombstoned',
      runId: ctx.runId,
      item: `link:${String(link.id)}`,
      detail: { why: outcome.reason },
    });
    bothIn(work, 'skipped', 'tombstoned');
  } else if (outcome.kind === 'mismatch') bothIn(work, 'mismatch', outcome.mismatch.mismatch);
  else bothIn(work, 'skipped', outcome.kind === 'skip' ? outcome.reason : null);
}

/** V2: decided under other versions, so that it can never be written; its finding is to be decided anew. */
const isOutdated = ({ versions }: StoredChange, { facts: { merge } }: Work): boolean =>
  lapse({ at: merge.now, versions }, merge) === 'versionChanged';

const GONE: ReadonlySet<string> = new Set(['goneInCustomerp', 'goneInTidsbanken', 'goneVersusEdited']);

/** T4: a delta, or the later passes of a run, neither confirm what was found missing nor take it back. */
const provesAbsence = (records: Pair<RecordToJudge>, work: Work): boolean =>
  SIDES.some((side) => records[side].missingSince !== null && work.facts.absenceCounts[side]);

async function sightOf(
  ctx: SyncContext,
  link: StoredLink,
  record: RecordToJudge,
  work: Work,
): Promise<PresenceVerdict> {
  const side: Side = record.side;
  if (record.missingSince === null) return { presence: 'present', firstMissedAt: null };
  return presenceOf(
    { seen: false, absenceCounts: work.facts.absenceCounts[side], pointRead: await pointRead(ctx, link, side) },
    record.missingSince,
    ctx.clock.now(),
    ctx.settings.confirmGoneMs,
  );
}

async function pointRead(
  ctx: SyncContext,
  link: StoredLink,
  side: Side,
): Promise<'found' | 'notFound' | 'failed' | 'unsupported'> {
  const connector = ctx.connectors[side];
  if (!connector.capabilities(link.kind).pointRead) return 'unsupported';
  const read = await connector.read({
    kind: link.kind,
    nativeId: idOn(link, side),
    fields: flowFor(ctx, link.kind).fieldsToRead(side),
    signal: ctx.abort,
  });
  if (!read.ok) return 'failed';
  return read.value === null ? 'notFound' : 'found';
}

function bothIn(work: Work, bucket: Parameters<PartBuilder['pair']>[1], reason: string | null): void {
  const ids = [work.customerp, work.tidsbanken].flatMap((record) => (record === null ? [] : [record.id]));
  work.part.pair(ids, bucket, reason);
}

function byLink<T extends { readonly linkId: number | null }>(items: readonly T[]): ReadonlyMap<number, T[]> {
  const map = new Map<number, T[]>();
  for (const item of items) if (item.linkId !== null) map.set(item.linkId, [...(map.get(item.linkId) ?? []), item]);
  return map;
}
