import { KINDS, SIDES, flowOf } from '../../../shared/domain.ts';
import type { Kind, Pair } from '../../../shared/domain.ts';
import type { Reference } from '../../store/links.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { digestOf, digestOfTexts } from '../../mapping/canonical-json.ts';
import { draftUnmatched, matchKind } from './match-kind.ts';
import type { MatchedKind } from './match-kind.ts';
import type { MergeFacts } from './merge.ts';
import { PartBuilder } from './part.ts';
import { holdByRails } from './rails-of-plan.ts';
import type { HeldPart, KindReading } from './rails-of-plan.ts';
import { keepUnseen, rebase } from './rebase.ts';
import { Referred } from './referred.ts';
import { reconcileKind } from './reconcile-kind.ts';
import { World } from './world.ts';
import type { TrippedRail } from '../review/rails.ts';

export interface PlanRequest {
  /** What this run read of each kind; a kind without an entry is judged on what is stored, and not matched. */
  readonly readings: ReadonlyMap<Kind, KindReading>;
  readonly tenantAsBefore: Pair<boolean>;
  readonly failedLinks: ReadonlySet<number>;
}

export interface Planned {
  readonly planId: number;
  readonly rails: readonly TrippedRail[];
}

/**
 * Collected records in, stored plan out: match, reconcile, rails. Judges only what changed since it was last judged,
 * and writes the whole plan in one transaction (Z2).
 */
export async function makePlan(ctx: SyncContext, request: PlanRequest): Promise<Planned> {
  const wasRead = (kind: Kind): boolean => request.readings.has(kind);
  await ctx.store.bases.discardStaged();
  await ctx.store.drafts.discardStaged();
  const touched = await rebase(ctx, wasRead);
  const judgedAnew = await kindsJudgedAnew(ctx, wasRead);
  await wakeSwitchedOn(ctx);
  const references = referencesOf(ctx);
  await ctx.store.links.wakeReferrers(references);
  const world = await World.load(ctx.store);
  const referred = await Referred.load(ctx, ctx.request.kinds);
  const parts = new Map(ctx.request.kinds.map((kind) => [kind, new PartBuilder(kind, timesOf(ctx, kind))]));
  const matched = await matchAll(ctx, request, judgedAnew, referred, parts);
  await ctx.store.links.wakeReferrers(references);
  for (const [kind, result] of matched) {
    partOf(parts, kind).matched();
    const facts = await mergeFacts(ctx, kind);
    await draftUnmatched(ctx, kind, partOf(parts, kind), { matched: result, world, facts, referred });
  }
  for (const kind of ctx.request.kinds) {
    const reading = request.readings.get(kind);
    await reconcileKind(ctx, kind, world, partOf(parts, kind), {
      merge: await mergeFacts(ctx, kind),
      absenceCounts: {
        customerp: reading?.customerp.absenceCounts === true && !touched.has(kind),
        tidsbanken: reading?.tidsbanken.absenceCounts === true && !touched.has(kind),
      },
      failed: request.failedLinks,
    });
  }
  const { held, rails } = await holdByRails(ctx, parts, { ...request, touched });
  const planId = await save(ctx, held, rails);
  await keepUnseen(ctx, touched, (kind) => isComplete(request.readings.get(kind)));
  for (const kind of matched.keys()) {
    await ctx.store.records.clearDirty(kind);
    await ctx.store.meta.set(policyKey(kind), ctx.versions.policy);
    await ctx.store.meta.set(creationKey(kind), creationOf(ctx, kind, referred));
    if (rails.every((rail) => rail.kind !== kind || rail.rail !== 'S7'))
      await ctx.store.meta.markReviewed(kind, 'nothing to review');
  }
  return { planId, rails };
}

/** S6: properties that are dates or times. */
const timesOf = (ctx: SyncContext, kind: Kind): string[] =>
  flowFor(ctx, kind).properties.flatMap(({ name, type }) => (type === 'date' || type === 'datetime' ? [name] : []));

const offKey = (kind: Kind): string => `off:${kind}`;

/** Which links end is not told to a flow that is switched off (O2): all of its links are judged anew when it is on again. */
async function wakeSwitchedOn({ flows, store: { links, meta } }: SyncContext): Promise<void> {
  for (const kind of KINDS) {
    const [isOff, wasOff] = [!flows.has(kind), (await meta.get(offKey(kind))) !== null];
    if (isOff && !wasOff) await meta.set(offKey(kind), 'yes');
    if (isOff || !wasOff) continue;
    await links.wakeAll(kind);
    await meta.delete(offKey(kind));
  }
}

const referencesOf = ({ flows }: SyncContext): Reference[] =>
  [...flows.values()].flatMap(({ kind, properties }) =>
    properties.flatMap(({ name, reference }) =>
      reference === undefined ? [] : [{ kind, property: name, to: reference }],
    ),
  );

const isComplete = (reading: KindReading | undefined): boolean =>
  reading !== undefined && SIDES.every((side) => reading[side].complete);

const creationKey = (kind: Kind): string => `creation:${kind}`;

/** By which rules records got a counterpart when the kind was last matched, and whom `ifReferredTo` brought in. */
const creationOf = (ctx: SyncContext, kind: Kind, referred: Referred): string =>
  digestOf([flowFor(ctx, kind).mapping.create, referred.digest(kind)]);

const policyKey = (kind: Kind): string => `policy:${kind}`;

/**
 * V2: kinds that were last judged under another policy, or of which something waits that was planned under other
 * versions, such as in a run that read nothing. What is open there is judged anew, and matched anew (C4).
 */
async function kindsJudgedAnew(ctx: SyncContext, wasRead: (kind: Kind) => boolean): Promise<ReadonlySet<Kind>> {
  const kinds = new Set<Kind>();
  for (const kind of ctx.request.kinds.filter(wasRead)) {
    const isSamePolicy = (await ctx.store.meta.get(policyKey(kind))) === ctx.versions.policy;
    if (isSamePolicy && !(await ctx.store.changes.hasOfOtherVersions(kind, versionsFor(ctx, kind)))) continue;
    await ctx.store.links.markOpenDirty(kind);
    kinds.add(kind);
  }
  return kinds;
}

/** Kinds in the order of O1, so that what others refer to is linked first. */
async function matchAll(
  ctx: SyncContext,
  request: PlanRequest,
  judgedAnew: ReadonlySet<Kind>,
  referred: Referred,
  parts: ReadonlyMap<Kind, PartBuilder>,
): Promise<Map<Kind, MatchedKind>> {
  const matched = new Map<Kind, MatchedKind>();
  let linksMade = false;
  for (const kind of ctx.request.kinds) {
    if (!isComplete(request.readings.get(kind))) continue;
    // Without a change on either side, the last matching still stands; but a reference may have found its link meanwhile.
    const isSameRule = (await ctx.store.meta.get(creationKey(kind))) === creationOf(ctx, kind, referred);
    const isSame = !linksMade && !judgedAnew.has(kind) && isSameRule;
    if (isSame && !(await ctx.store.records.hasDirty(kind))) continue;
    ctx.progress({ stage: 'match', flow: flowOf(kind), side: null, done: 0, total: null, record: null });
    const result = await matchKind(ctx, kind, partOf(parts, kind));
    linksMade ||= result.linksMade > 0;
    matched.set(kind, result);
  }
  return matched;
}

async function mergeFacts(ctx: SyncContext, kind: Kind): Promise<Omit<MergeFacts, 'standing'>> {
  return {
    versions: versionsFor(ctx, kind),
    now: ctx.clock.now(),
    lastSeen: await ctx.store.meta.lastSeenTime(),
    lapsesAfterMs: ctx.settings.approvalLapsesMs,
    rejected: await ctx.store.changes.rejectedFingerprints(kind),
  };
}

function partOf(parts: ReadonlyMap<Kind, PartBuilder>, kind: Kind): PartBuilder {
  const part = parts.get(kind);
  if (part === undefined) throw new Error(`The flow of ${kind} is not part of this run.`);
  return part;
}

async function save(ctx: SyncContext, held: readonly HeldPart[], rails: readonly TrippedRail[]): Promise<number> {
  const counts = Object.fromEntries(
    held.map(({ part, changes, mismatches }) => [
      part.kind,
      { changes: changes.length, mismatches: mismatches.length },
    ]),
  );
  return ctx.store.plans.save(
    {
      runId: ctx.runId,
      at: ctx.clock.now(),
      versions: Object.fromEntries(ctx.request.kinds.map((kind) => [kind, versionsFor(ctx, kind)])),
      digest: digestOfTexts(contentsOf(held)),
      parts: held.map(({ part }) => part),
    },
    [
      {
        event: 'planned',
        runId: ctx.runId,
        detail: {
          ...counts,
          rails: rails.map((r) => ({
            rail: r.rail,
            kind: r.kind,
            side: r.side,
            op: r.op,
            count: r.count,
            limit: r.limit,
          })),
        },
      },
    ],
  );
}

/** What the digest of a plan is over, line by line: a kind, and what is proposed, ended and found of it. */
function* contentsOf(held: readonly HeldPart[]): Generator<string> {
  for (const { part, changes, mismatches } of held) {
    yield `${part.kind}: ${String(changes.length)}, ${String(part.supersede.length)}, ${String(mismatches.length)}\n`;
    for (const content of [changes, part.supersede, mismatches]) for (const one of content) yield `${String(one)}\n`;
  }
}
