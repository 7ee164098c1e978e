import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredKey, StoredRecord } from '../../store/records.ts';
import { flowFor, policyFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { CollectedRecord, MismatchDraft } from '../drafts.ts';
import { findingDraft, matchRecords } from '../match/match.ts';
import type { MatchFinding, MatchRecord, MatchResult } from '../match/types.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { reconcileUnmatched } from '../reconcile/unmatched.ts';
import type { CreateRules } from '../reconcile/unmatched.ts';
import { collidedCreate, notPersistedCreate } from '../reconcile/vain-create.ts';
import type { VainCreate } from '../reconcile/vain-create.ts';
import { createRules, flowRulesOf } from './flow-rules.ts';
import { isWaiting, mergeChange, mergeMismatches } from './merge.ts';
import type { MergeFacts } from './merge.ts';
import type { PartBuilder } from './part.ts';
import type { Referred } from './referred.ts';
import { neverLinkedIds, outOfScopeIds, storedPages } from './scope.ts';
import type { World } from './world.ts';

interface Listed {
  readonly nativeId: string;
  readonly keys: readonly StoredKey[];
  readonly linkId: number | null;
  readonly label: string;
}

export interface MatchedKind {
  readonly result: MatchResult;
  readonly labels: Pair<ReadonlyMap<string, string>>;
  /** Records without a link that the operator has listed as never to be linked (C4). */
  readonly neverLinked: Pair<readonly string[]>;
  /** Records without a link that the filter leaves out (C7). */
  readonly outOfScope: Pair<ReadonlySet<string>>;
}

/** Pairs the unlinked records of a kind (section 4) and makes the links that are beyond doubt. */
export async function matchKind(ctx: SyncContext, kind: Kind, world: World): Promise<MatchedKind> {
  const listed = {
    customerp: await ctx.store.records.forMatching(kind, 'customerp'),
    tidsbanken: await ctx.store.records.forMatching(kind, 'tidsbanken'),
  };
  for (const side of SIDES) world.countKeys(side, listed[side]);
  const free = (side: Side): string[] => listed[side].filter((r) => r.linkId === null).map((r) => r.nativeId);
  const outOfScope = {
    customerp: await outOfScopeIds(ctx, kind, 'customerp', free('customerp')),
    tidsbanken: await outOfScopeIds(ctx, kind, 'tidsbanken', free('tidsbanken')),
  };
  const records = {
    customerp: await toMatch(ctx, kind, 'customerp', listed.customerp, outOfScope.customerp),
    tidsbanken: await toMatch(ctx, kind, 'tidsbanken', listed.tidsbanken, outOfScope.tidsbanken),
  };
  const result = matchRecords({ complete: true, records, neverLink: await ctx.store.decisions.neverLinked(kind) });
  await ctx.store.links.make(
    result.links.map((link) => ({ ...link, kind, origin: 'matched' })),
    (link, id) => ({
      event: 'linkMade',
      runId: ctx.runId,
      item: `link:${String(id)}`,
      detail: {
        kind,
        customerpId: link.customerpId,
        tidsbankenId: link.tidsbankenId,
        origin: 'matched',
        keys: Object.keys(link.keys),
      },
    }),
  );
  const { neverLink } = policyFor(ctx, kind);
  const neverLinked = (side: Side): string[] => free(side).filter((id) => neverLink[side].includes(id));
  return {
    result,
    labels: { customerp: labelsOf(listed.customerp), tidsbanken: labelsOf(listed.tidsbanken) },
    neverLinked: { customerp: neverLinked('customerp'), tidsbanken: neverLinked('tidsbanken') },
    outOfScope,
  };
}

const labelsOf = (listed: readonly Listed[]): ReadonlyMap<string, string> =>
  new Map(listed.map((r) => [r.nativeId, r.label]));

async function toMatch(
  ctx: SyncContext,
  kind: Kind,
  side: Side,
  listed: readonly Listed[],
  outOfScope: ReadonlySet<string>,
): Promise<MatchRecord[]> {
  const left = new Set([...neverLinkedIds(ctx, kind, side), ...outOfScope]);
  const ended = await ctx.store.links.endedIds(kind, side);
  const gone = await ctx.store.links.goneIds(kind, side);
  const ignored = await ctx.store.decisions.ignoredIds(kind, side);
  const blocked = (id: string): MatchRecord['blocked'] =>
    gone.has(id) && !ignored.has(id) ? 'returned' : ignored.has(id) || ended.has(id) ? 'setAside' : 'no';
  return listed
    .filter((r) => r.linkId !== null || !left.has(r.nativeId))
    .map(({ nativeId, keys, linkId }) => ({
      nativeId,
      keys,
      linkId,
      blocked: blocked(nativeId),
    }));
}

/** What becomes of every record that has no partner: a create, a finding, or a reason why not (X3, V4). */
export async function draftUnmatched(
  ctx: SyncContext,
  kind: Kind,
  matched: MatchedKind,
  world: World,
  part: PartBuilder,
  facts: Omit<MergeFacts, 'standing'>,
  referred: Referred,
): Promise<void> {
  const open = (await ctx.store.changes.open(kind)).filter((c) => c.op === 'create');
  const drafts: MismatchDraft[] = [];
  for (const finding of matched.result.findings) {
    drafts.push(findingDraft(finding, kind, labelOf(finding, matched.labels), versionsFor(ctx, kind)));
    if (finding.customerpId !== null) part.bucket('customerp', finding.customerpId, 'mismatch', finding.mismatch);
    if (finding.tidsbankenId !== null) part.bucket('tidsbanken', finding.tidsbankenId, 'mismatch', finding.mismatch);
  }
  for (const side of SIDES) {
    for (const id of matched.result.setAside[side]) part.bucket(side, id, 'skipped', 'setAside');
    for (const id of ctx.connectors[side].capabilities(kind).systemIds)
      part.bucket(side, id, 'skipped', 'systemRecord');
    for (const id of matched.outOfScope[side]) part.bucket(side, id, 'skipped', 'outOfScope');
    for (const id of matched.neverLinked[side]) part.bucket(side, id, 'skipped', 'neverLink');
    drafts.push(...(await draftSide(ctx, kind, side, matched, world, part, facts, open, referred)));
  }
  drafts.push(...(await draftCollided(ctx, kind, matched, part)));
  const existing = (await ctx.store.mismatches.open(kind)).filter(
    (m) => m.linkId === null && (m.customerpId !== null || m.tidsbankenId !== null),
  );
  part.mismatches(mergeMismatches(existing, drafts));
}

/** K9: pairs that a create left behind, neither of whom matches until a person has said whose the number is. */
async function draftCollided(
  ctx: SyncContext,
  kind: Kind,
  matched: MatchedKind,
  part: PartBuilder,
): Promise<MismatchDraft[]> {
  const drafts: MismatchDraft[] = [];
  const { customerp: ofCustomerp, tidsbanken: ofTidsbanken } = matched.labels;
  const ignored = {
    customerp: await ctx.store.decisions.ignoredIds(kind, 'customerp'),
    tidsbanken: await ctx.store.decisions.ignoredIds(kind, 'tidsbanken'),
  };
  for (const { customerpId, tidsbankenId } of await ctx.store.links.collidedPairs(kind)) {
    const [label, theirs] = [ofCustomerp.get(customerpId), ofTidsbanken.get(tidsbankenId)];
    if (label === undefined || theirs === undefined) continue;
    if (ignored.customerp.has(customerpId) && ignored.tidsbanken.has(tidsbankenId)) continue;
    // Which of the two was the source no longer matters: the finding is about the pair.
    const pair: VainCreate = { kind, target: 'tidsbanken', sourceId: customerpId, label };
    drafts.push(collidedCreate(pair, tidsbankenId, versionsFor(ctx, kind)));
    part.bucket('customerp', customerpId, 'mismatch', 'idCollision');
    part.bucket('tidsbanken', tidsbankenId, 'mismatch', 'idCollision');
  }
  return drafts;
}

async function draftSide(
  ctx: SyncContext,
  kind: Kind,
  side: Side,
  matched: MatchedKind,
  world: World,
  part: PartBuilder,
  facts: Omit<MergeFacts, 'standing'>,
  open: readonly StoredChange[],
  referred: Referred,
): Promise<MismatchDraft[]> {
  const target = otherSide(side);
  const openOf = new Map(open.filter((c) => c.target === target).map((c) => [sourceIdOf(c, side), c]));
  const drafts: MismatchDraft[] = [];
  const unmatched = new Set(matched.result.unmatched[side]);
  for (const [nativeId, change] of openOf) {
    // Its source found a partner, a finding or an end: the create no longer holds.
    if (nativeId !== null && !unmatched.has(nativeId) && isWaiting(change))
      part.change({ insert: null, supersede: [change.id], groups: [] });
  }
  if (unmatched.size === 0) return drafts;
  const rulesFor = await createRulesFor(ctx, kind, target, (id) => referred.has(kind, side, id));
  const cameToNothing = await ctx.store.changes.notPersistedSources(kind, target);
  for await (const record of recordsOf(ctx, kind, side, [...unmatched], world)) {
    const { nativeId } = record;
    const existing = openOf.get(nativeId) ?? null;
    if (existing !== null && !isWaiting(existing)) {
      drafts.push(...underWay(ctx, existing));
      part.bucket(side, nativeId, 'mismatch', 'outcomeUnknown');
      continue;
    }
    if (cameToNothing.has(nativeId) && existing === null) {
      const create = { kind, target, sourceId: nativeId, label: record.label };
      drafts.push(notPersistedCreate(create, versionsFor(ctx, kind)));
      part.bucket(side, nativeId, 'mismatch', 'notPersisted');
      continue;
    }
    const outcome = reconcileUnmatched(
      collected(record),
      rulesFor(nativeId),
      {
        linkOf: world.linkOf,
        active: isActive(ctx, kind, record),
        openCreate: false,
        asked: existing?.origin === 'decision',
      },
      versionsFor(ctx, kind),
    );
    const merged = mergeChange(existing, outcome.change, { ...facts, standing: new Set() });
    part.change(merged);
    drafts.push(...outcome.mismatches);
    const refused = outcome.change !== null && merged.groups.length === 0;
    if (refused) part.bucket(side, nativeId, 'skipped', 'rejected');
    else part.bucket(side, nativeId, outcome.bucket, outcome.reason ?? outcome.mismatches[0]?.mismatch ?? null);
    if (merged.groups.length > 0) world.expectCreate(kind, side, nativeId);
    else world.forgetCreate(kind, side, nativeId);
  }
  return drafts;
}

/** Page by page, in that order; the world knows what each page refers to. */
async function* recordsOf(
  ctx: SyncContext,
  kind: Kind,
  side: Side,
  nativeIds: readonly string[],
  world: World,
): AsyncGenerator<StoredRecord> {
  const { references } = flowRulesOf(ctx, kind);
  for await (const page of storedPages(ctx, kind, side, nativeIds)) {
    await world.learn(references, page);
    yield* page;
  }
}

/**
 * K8: the rules, with what is known of each id that a creation might choose. `isReferredTo` answers for the rule of that
 * name (M5); whoever creates on a person's word need not ask.
 */
export async function createRulesFor(
  ctx: Pick<SyncContext, 'store' | 'flows' | 'connectors'>,
  kind: Kind,
  target: Side,
  isReferredTo: (sourceId: string) => boolean = () => false,
): Promise<(sourceId: string) => CreateRules> {
  const seen = await ctx.store.records.idsEverSeen(kind, target);
  const chosen = await ctx.store.changes.chosenIds(kind, target);
  const flow = flowFor(ctx, kind);
  const capabilities = ctx.connectors[target].capabilities(kind);
  return (sourceId) =>
    createRules(
      flow,
      target,
      capabilities,
      (id) => seen.has(id) || (chosen.get(id) ?? sourceId) !== sourceId,
      isReferredTo(sourceId),
    );
}

export const collected = (record: StoredRecord): CollectedRecord => ({
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

export function isActive(ctx: Pick<SyncContext, 'flows'>, kind: Kind, record: Pick<StoredRecord, 'props'>): boolean {
  const { lifecycle } = flowFor(ctx, kind).mapping;
  return lifecycle === undefined || record.props[lifecycle.property] !== lifecycle.inactive;
}

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

function labelOf(finding: MatchFinding, labels: Pair<ReadonlyMap<string, string>>): string {
  return labels.customerp.get(finding.customerpId ?? '') ?? labels.tidsbanken.get(finding.tidsbankenId ?? '') ?? '';
}
