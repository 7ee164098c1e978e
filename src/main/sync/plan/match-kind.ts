import { SIDES, isOpen, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { OpenCreate, StoredChange } from '../../store/changes.ts';
import type { RecordToJudge, StoredRecord } from '../../store/records.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { CollectedRecord, MismatchDraft } from '../drafts.ts';
import { findingDraft, matchClusters } from '../match/match.ts';
import type { Member } from '../match/match.ts';
import type { MatchFinding, NewLink } from '../match/types.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { reconcileUnmatched } from '../reconcile/unmatched.ts';
import type { CreateRules } from '../reconcile/unmatched.ts';
import { collidedCreate, heldByLinked, notPersistedCreate } from '../reconcile/vain-create.ts';
import type { VainCreate } from '../reconcile/vain-create.ts';
import { candidatesOf } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { createRules, flowRulesOf } from './flow-rules.ts';
import type { LeftOut } from './left-out.ts';
import { Findings } from './findings.ts';
import { isWaiting, mergeChange } from './merge.ts';
import type { MergeFacts } from './merge.ts';
import { inNumericOrder, Numbers } from './numbers.ts';
import type { PartBuilder } from './part.ts';
import type { Referred } from './referred.ts';
import { isActive, linksOutOfScope, storedPages } from './scope.ts';
import type { World } from './world.ts';

export interface MatchedKind {
  readonly linksMade: number;
  /** What was found so far, and is to be added to. */
  readonly findings: Findings;
  /** Unlinked records without any candidate (M5). */
  readonly unmatched: Pair<readonly string[]>;
  /** Unlinked records that a person set aside and that nothing points to. */
  readonly setAside: Pair<readonly string[]>;
  /** Records without a link that the operator has listed as never to be linked (C4). */
  readonly neverLinked: Pair<readonly string[]>;
  /** Records without a link that the filter leaves out (C7). */
  readonly outOfScope: Pair<ReadonlySet<string>>;
  readonly leftOut: LeftOut;
}

/** Links that are made in one transaction. */
const LINKS_AT_ONCE = 5_000;

/** Pairs the unlinked records of a kind (section 4), cluster by cluster, and makes the links that are beyond doubt. */
export async function matchKind(ctx: SyncContext, kind: Kind, part: PartBuilder): Promise<MatchedKind> {
  const neverLink = await ctx.store.decisions.neverLinked(kind);
  const findings = await Findings.load(ctx, part);
  const unmatched: Pair<string[]> = { customerp: [], tidsbanken: [] };
  const setAside: Pair<string[]> = { customerp: [], tidsbanken: [] };
  let linksMade = 0;
  let links: NewLink[] = [];
  const { batches, neverLinked, outOfScope, leftOut } = await candidatesOf(ctx, kind);
  for await (const clusters of batches()) {
    const result = matchClusters(clusters, neverLink);
    links.push(...result.links);
    linksMade += result.links.length;
    if (links.length >= LINKS_AT_ONCE) {
      await makeLinks(ctx, kind, links);
      links = [];
    }
    await draftFindings(ctx, kind, clusters, result.findings, findings, part);
    for (const side of SIDES) {
      for (const id of result.unmatched[side]) unmatched[side].push(id);
      for (const id of result.setAside[side]) setAside[side].push(id);
    }
  }
  await makeLinks(ctx, kind, links);
  return { linksMade, findings, unmatched, setAside, neverLinked, outOfScope, leftOut };
}

/** What is in doubt about a batch of clusters: told at once, and not held until all are matched. */
async function draftFindings(
  ctx: SyncContext,
  kind: Kind,
  clusters: readonly (readonly Member<Candidate>[])[],
  found: readonly MatchFinding[],
  findings: Findings,
  part: PartBuilder,
): Promise<void> {
  const linked = found.flatMap(({ linkId }) => linkId ?? []);
  const pairsOut = await linksOutOfScope(ctx, kind, linked);
  for (const finding of found) {
    const { linkId, customerpId, tidsbankenId, mismatch } = finding;
    // Its value stands in the way of others, but nothing is told of a pair that takes no part (C7).
    if (linkId !== null && pairsOut.has(linkId)) continue;
    findings.add(findingDraft(finding, kind, labelOf(finding, clusters), versionsFor(ctx, kind)));
    if (customerpId !== null) part.bucket('customerp', customerpId, 'mismatch', mismatch);
    if (tidsbankenId !== null) part.bucket('tidsbanken', tidsbankenId, 'mismatch', mismatch);
  }
  await part.stageDrafts(ctx.store);
}

async function makeLinks(ctx: SyncContext, kind: Kind, links: readonly NewLink[]): Promise<void> {
  await ctx.store.links.make(
    links.map((link) => ({ ...link, kind, origin: 'matched' })),
    (link, id) => ({
      event: 'linkMade',
      runId: ctx.runId,
      item: `link:${String(id)}`,
      detail: {
        customerpId: link.customerpId,
        keys: Object.keys(link.keys),
        kind,
        origin: 'matched',
        tidsbankenId: link.tidsbankenId,
      },
    }),
  );
}

/** What a plan knows of a kind when it drafts what becomes of those without a partner. */
export interface Known {
  readonly matched: MatchedKind;
  readonly world: World;
  readonly facts: Omit<MergeFacts, 'standing'>;
  readonly referred: Referred;
}

/** What becomes of every record that has no partner: a create, a finding, or a reason why not (X3, V4). */
export async function draftUnmatched(ctx: SyncContext, kind: Kind, part: PartBuilder, known: Known): Promise<void> {
  const creates = await ctx.store.changes.openCreates(kind);
  const { matched } = known;
  for (const side of SIDES) {
    for (const id of matched.setAside[side]) part.bucket(side, id, 'skipped', 'setAside');
    for (const id of ctx.connectors[side].capabilities(kind).systemIds)
      part.bucket(side, id, 'skipped', 'systemRecord');
    for (const id of matched.outOfScope[side]) part.bucket(side, id, 'skipped', 'outOfScope');
    for (const id of matched.neverLinked[side]) part.bucket(side, id, 'skipped', 'neverLink');
    const own = creates.filter(({ target }) => target === otherSide(side));
    await draftSide(ctx, kind, side, part, known, own);
  }
  await draftCollided(ctx, kind, part, matched.findings);
  matched.findings.end();
}

/** K9: pairs that a create left behind, neither of whom matches until a person has said whose the number is. */
async function draftCollided(ctx: SyncContext, kind: Kind, part: PartBuilder, findings: Findings): Promise<void> {
  const ignored = {
    customerp: await ctx.store.decisions.ignoredIds(kind, 'customerp'),
    tidsbanken: await ctx.store.decisions.ignoredIds(kind, 'tidsbanken'),
  };
  for (const { customerpId, tidsbankenId } of await ctx.store.links.collidedPairs(kind)) {
    const ours = await ctx.store.records.get(kind, 'customerp', customerpId);
    const theirs = await ctx.store.records.get(kind, 'tidsbanken', tidsbankenId);
    if (!isPresent(ours) || !isPresent(theirs)) continue;
    if (ignored.customerp.has(customerpId) && ignored.tidsbanken.has(tidsbankenId)) continue;
    // Which of the two was the source no longer matters: the finding is about the pair.
    const pair: VainCreate = { kind, target: 'tidsbanken', sourceId: customerpId, label: ours.label };
    findings.add(collidedCreate(pair, tidsbankenId, versionsFor(ctx, kind)));
    part.bucket('customerp', customerpId, 'mismatch', 'idCollision');
    part.bucket('tidsbanken', tidsbankenId, 'mismatch', 'idCollision');
  }
}

const isPresent = (record: StoredRecord | null): record is StoredRecord =>
  record !== null && record.missingSince === null;

async function draftSide(
  ctx: SyncContext,
  kind: Kind,
  side: Side,
  part: PartBuilder,
  { matched, world, facts, referred }: Known,
  creates: readonly OpenCreate[],
): Promise<void> {
  const target = otherSide(side);
  const { findings } = matched;
  const unmatched = new Set(matched.unmatched[side]);
  // Its source found a partner, a finding or an end: the create no longer holds.
  part.supersede(creates.flatMap((c) => (unmatched.has(c.sourceId) || !isWaiting(c) ? [] : [c.id])));
  if (unmatched.size === 0) return;
  const { references } = flowRulesOf(ctx, kind);
  const flow = flowFor(ctx, kind);
  const rules = await creationRules(ctx, kind, target, (id) => referred.has(kind, side, id));
  const cameToNothing = await ctx.store.changes.notPersistedSources(kind, target);
  const cameToLinked = await findings.linkedOnesOf(ctx, side);
  const createOf = new Map(creates.map(({ id, sourceId }) => [sourceId, id]));
  for await (const page of storedPages(ctx, kind, side, inNumericOrder(unmatched))) {
    await world.learn(references, page);
    await rules.learn(page);
    const changes = await ctx.store.changes.many(page.flatMap(({ nativeId }) => createOf.get(nativeId) ?? []));
    const openOf = new Map(changes.map((change) => [sourceIdOf(change, side), change]));
    for (const record of page) {
      const { nativeId } = record;
      const existing = openOf.get(nativeId) ?? null;
      // A person has rejected it since this plan began: that stands.
      if (existing !== null && !isOpen(existing)) continue;
      if (existing !== null && !isWaiting(existing)) {
        for (const draft of underWay(ctx, existing)) findings.add(draft);
        part.bucket(side, nativeId, 'mismatch', 'outcomeUnknown');
        continue;
      }
      if (cameToNothing.has(nativeId) && existing === null) {
        const create = { kind, target, sourceId: nativeId, label: record.label };
        findings.add(notPersistedCreate(create, versionsFor(ctx, kind)));
        part.bucket(side, nativeId, 'mismatch', 'notPersisted');
        continue;
      }
      const linkedOne = cameToLinked.get(nativeId);
      if (linkedOne !== undefined && existing === null) {
        const create = { kind, target, sourceId: nativeId, label: record.label };
        findings.add(heldByLinked(create, linkedOne, versionsFor(ctx, kind)));
        part.bucket(side, nativeId, 'mismatch', 'idCollision');
        continue;
      }
      const outcome = reconcileUnmatched(
        collected(record),
        rules.of(nativeId),
        {
          linkOf: world.linkOf,
          active: isActive(ctx, kind, record),
          openCreate: false,
          heldBy: matched.leftOut.holderOf(target, flow.keyValues(record.props)),
          asked: existing?.origin === 'decision',
        },
        versionsFor(ctx, kind),
      );
      const merged = mergeChange(existing, outcome.change, {
        ...facts,
        standing: new Set(),
        source: { props: record.props, references },
      });
      part.change(merged);
      for (const draft of outcome.mismatches) findings.add(draft);
      const refused = outcome.change !== null && merged.groups.length === 0;
      if (refused) part.bucket(side, nativeId, 'skipped', 'rejected');
      else part.bucket(side, nativeId, outcome.bucket, outcome.reason ?? outcome.mismatches[0]?.mismatch ?? null);
      if (merged.groups.length > 0) world.expectCreate(kind, side, nativeId);
      else world.forgetCreate(kind, side, nativeId);
    }
    await part.stageDrafts(ctx.store);
  }
}

/** By which rules a side's records get a counterpart, with what is known of the id that each creation might choose (K8). */
export interface CreationRules {
  /** To be told of records before `of` is asked about them. */
  readonly learn: (records: readonly Pick<RecordToJudge, 'props'>[]) => Promise<void>;
  readonly of: (sourceId: string) => CreateRules;
}

/** `isReferredTo` answers for the rule of that name (M5); whoever creates on a person's word need not ask. */
export async function creationRules(
  ctx: Pick<SyncContext, 'store' | 'flows' | 'connectors'>,
  kind: Kind,
  target: Side,
  isReferredTo: (sourceId: string) => boolean = () => false,
): Promise<CreationRules> {
  const numbers = await Numbers.load(ctx, kind, target);
  const flow = flowFor(ctx, kind);
  const capabilities = ctx.connectors[target].capabilities(kind);
  return {
    learn: async (records) => numbers?.learn(records),
    of: (sourceId) =>
      createRules(flow, target, capabilities, numbers?.chosenIdFor(sourceId) ?? null, isReferredTo(sourceId)),
  };
}

export const collected = (record: RecordToJudge): CollectedRecord => ({
  side: record.side,
  kind: record.kind,
  nativeId: record.nativeId,
  props: record.props,
  spellings: record.spellings,
  invalid: record.invalid,
  modifiedAt: record.modifiedAt,
  observedAt: record.observedAt,
  label: record.label,
});

/** A change whose outcome nobody knows yet: shown until it is known (7.4). */
export function underWay(ctx: Pick<SyncContext, 'flows' | 'versions'>, change: StoredChange): MismatchDraft[] {
  const { linkId, customerpId, tidsbankenId, kind, label } = change;
  const isManual = change.state === 'manual';
  return [
    mismatchDraft(
      {
        kind,
        linkId,
        customerpId,
        tidsbankenId,
        label,
        mismatch: 'outcomeUnknown',
        detail: { op: change.op, target: change.target },
        takes: isManual && change.op === 'create' ? ['link', 'ignore', 'later'] : ['later'],
      },
      versionsFor(ctx, kind),
    ),
  ];
}

const sourceIdOf = (change: StoredChange, side: Side): string | null =>
  side === 'customerp' ? change.customerpId : change.tidsbankenId;

/** The first side of a pair names it. */
function labelOf(
  { customerpId, tidsbankenId }: MatchFinding,
  clusters: readonly (readonly Member<Candidate>[])[],
): string {
  const ids: Pair<string | null> = { customerp: customerpId, tidsbanken: tidsbankenId };
  const of = (side: Side): string | undefined => {
    for (const cluster of clusters)
      for (const member of cluster)
        if (member.side === side && member.record.nativeId === ids[side]) return member.record.label;
    return undefined;
  };
  return of('customerp') ?? of('tidsbanken') ?? '';
}
