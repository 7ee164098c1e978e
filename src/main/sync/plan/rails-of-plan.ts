import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { HeldRun } from '../../store/plan-drafts.ts';
import type { PlanPart } from '../../store/plans.ts';
import { versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { MismatchDraft } from '../drafts.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { blocks, trippedRails } from '../review/rails.ts';
import type { CollectionFacts, RailFacts, TouchedByMapping, TrippedRail } from '../review/rails.ts';
import { isWaiting, mergeMismatches } from './merge.ts';
import { openChanges, openMismatches } from './open-pages.ts';
import type { ProposedFacts } from './part-facts.ts';
import type { PartBuilder } from './part.ts';

/** What this run's reading of one side proves. */
export interface SideReading {
  readonly complete: boolean;
  /** Full and complete: a record that was not in it is not there (T4). */
  readonly absenceCounts: boolean;
  readonly full: { readonly previous: number | null; readonly now: number } | null;
  /** Why it is not complete, for the finding; null when it is. */
  readonly why: string | null;
  /** Mapped properties that its records have no more (C6): the kind stops. */
  readonly missing: readonly string[];
}
export type KindReading = Pair<SideReading>;

/** Looks at the whole plan before the first write (section 13), and marks what a tripped rail holds back. */
export async function holdByRails(
  ctx: SyncContext,
  parts: ReadonlyMap<Kind, PartBuilder>,
  request: {
    readonly readings: ReadonlyMap<Kind, KindReading>;
    readonly tenantAsBefore: Pair<boolean>;
    /** What a changed mapping touched in this plan, by kind (S5). */
    readonly touched: ReadonlyMap<Kind, TouchedByMapping>;
  },
): Promise<{ held: HeldPart[]; rails: TrippedRail[] }> {
  const held: HeldPart[] = [];
  const all: TrippedRail[] = [];
  for (const [kind, part] of parts) {
    const kept = await keptFacts(ctx, part);
    const { facts } = part;
    const reading = request.readings.get(kind);
    const rails = trippedRails(
      {
        kind,
        links: await ctx.store.links.count(kind),
        changes: [...facts.changes, ...kept.map((k) => k.facts)].filter(({ isPersons }) => !isPersons),
        bothEdited: facts.bothEdited,
        collections: {
          customerp: await collectionFacts(ctx, kind, 'customerp', reading),
          tidsbanken: await collectionFacts(ctx, kind, 'tidsbanken', reading),
        },
        tenantAsBefore: request.tenantAsBefore,
        timeDifferences: facts.timeDifferences,
        previewOnly: await onlyPreviewed(ctx, kind, request.touched),
      },
      ctx.settings.rails,
    );
    all.push(...rails);
    held.push(await withRails(ctx, part, kept, rails, reading));
  }
  return { held, rails: all };
}

/** A part whose drafts all rest in the store, with what the rails said of it. */
export interface HeldPart {
  readonly part: PlanPart;
  /** Fingerprints of what it proposes and has found, in order. */
  readonly changes: readonly string[];
  readonly mismatches: readonly string[];
}

interface Kept {
  readonly id: number;
  readonly facts: ProposedFacts;
}

/**
 * Open changes that this plan leaves as they are. With them it takes down which times differ in what stands: as long as
 * they differ, they differ by the step that S6 asks about.
 */
async function keptFacts(ctx: SyncContext, part: PartBuilder): Promise<Kept[]> {
  const kept: Kept[] = [];
  const superseded = new Set(part.supersededIds);
  for await (const page of openChanges(ctx.store, part.kind))
    for (const change of page)
      if (isWaiting(change) && !superseded.has(change.id))
        kept.push({ id: change.id, facts: part.facts.addKept(change) });
  if (!part.facts.hasTimes) return kept;
  const gone = new Set(part.goneIds);
  for await (const page of openMismatches(ctx.store, part.kind))
    for (const mismatch of page) if (!gone.has(mismatch.id)) part.facts.addTimes(mismatch);
  return kept;
}

/** S7: what nobody has looked at yet, or was agreed under another mapping, is only shown. */
export const onlyPreviewed = async (
  ctx: Pick<SyncContext, 'store'>,
  kind: Kind,
  touched: ReadonlyMap<Kind, TouchedByMapping>,
): Promise<RailFacts['previewOnly']> =>
  (await ctx.store.meta.reviewedBy(kind)) === null ? 'all' : (touched.get(kind) ?? null);

async function withRails(
  ctx: SyncContext,
  part: PartBuilder,
  kept: readonly Kept[],
  rails: readonly TrippedRail[],
  reading: KindReading | undefined,
): Promise<HeldPart> {
  const open = await ctx.store.mismatches.openOfKind(part.kind);
  const hasNewShape = reading !== undefined && SIDES.some((side) => reading[side].missing.length > 0);
  const doubtBefore = reading === undefined ? (open.find((m) => isDoubt(m.label))?.label ?? null) : null;
  const standing = hasNewShape ? SHAPE_CHANGED : doubtBefore;
  const railOf = (change: ProposedFacts): string | null =>
    standing ??
    nameOfFirst(rails.filter((rail) => blocks(rail, change) && (!change.isPersons || isDoubt(rail.rail)))) ??
    heldByCount(change);
  const findings = [
    ...rails.filter((rail) => rail.rail !== 'S7').map((rail) => railDraft(ctx, rail)),
    ...readingDrafts(ctx, part.kind, reading),
  ];
  // A run that read nothing can neither confirm nor lift what an earlier reading found.
  if (reading !== undefined) part.mismatches(mergeMismatches(open, findings));
  await part.stageDrafts(ctx.store, true);
  const { facts } = part;
  return {
    part: part.build(inRuns(facts.changes.map(railOf)), byRail(kept, railOf)),
    changes: facts.changes.map(({ fingerprint }) => fingerprint),
    mismatches: facts.mismatches,
  };
}

function inRuns(rails: readonly (string | null)[]): HeldRun[] {
  const runs: { rail: string | null; count: number }[] = [];
  for (const rail of rails) {
    const last = runs.at(-1);
    if (last?.rail === rail) last.count += 1;
    else runs.push({ rail, count: 1 });
  }
  return runs;
}

function byRail(kept: readonly Kept[], railOf: (change: ProposedFacts) => string | null): PlanPart['rails'] {
  const ids = new Map<string | null, number[]>();
  for (const { id, facts } of kept) {
    const rail = railOf(facts);
    const same = ids.get(rail);
    if (same === undefined) ids.set(rail, [id]);
    else same.push(id);
  }
  return [...ids].map(([rail, changeIds]) => ({ rail, changeIds }));
}

export const nameOfFirst = ([rail]: readonly TrippedRail[]): string | null =>
  rail === undefined ? null : nameOf(rail);

/**
 * A person's approval passes S1 and S7. What doubts a whole system holds back what is approved, too, and until a new reading has
 * shown otherwise (section 13).
 */
export const isDoubt = (rail: string): boolean => /^(S[236]|C6)\b/.test(rail);

/** S1: what a person decided in great number stays held until they have typed that number. */
const heldByCount = ({ isPersons, rail }: ProposedFacts): string | null =>
  isPersons && rail?.startsWith('S1') === true ? rail : null;

/** Holds a kind whose records have lost a mapped field, as a rail would. */
const SHAPE_CHANGED = 'C6';

/** How a rail is named beside what it holds: `S1:create`, `S7`. */
export const nameOf = (rail: TrippedRail): string => (rail.op === null ? rail.rail : `${rail.rail}:${rail.op}`);

/** A person may say that a source really shrank, or that the other key or address is meant. Missing links speak for themselves. */
const isConfirmable = (rail: TrippedRail): boolean =>
  rail.rail === 'S2' || (rail.rail === 'S3' && rail.count >= rail.limit);

function railDraft(ctx: SyncContext, rail: TrippedRail): MismatchDraft {
  const isTimeShift = rail.rail === 'S6';
  return mismatchDraft(
    {
      kind: rail.kind,
      mismatch: isTimeShift ? 'timeShift' : 'rail',
      linkId: null,
      customerpId: null,
      tidsbankenId: null,
      label: nameOf(rail),
      detail: {
        rail: rail.rail,
        op: rail.op ?? '',
        side: rail.side ?? '',
        count: String(rail.count),
        limit: String(rail.limit),
      },
      takes: isConfirmable(rail) ? ['accept', 'later'] : ['later'],
    },
    versionsFor(ctx, rail.kind),
  );
}

function readingDrafts(ctx: SyncContext, kind: Kind, reading: KindReading | undefined): MismatchDraft[] {
  if (reading === undefined) return [];
  return SIDES.filter((side) => reading[side].why !== null).map((side) => {
    const { why, missing } = reading[side];
    const isShape = missing.length > 0;
    return mismatchDraft(
      {
        kind,
        mismatch: isShape ? 'shapeChanged' : 'incompleteCollection',
        linkId: null,
        customerpId: null,
        tidsbankenId: null,
        label: isShape ? SHAPE_CHANGED : '',
        detail: isShape ? { side, property: missing.join(', ') } : { side, why: why ?? '' },
        takes: ['later'],
      },
      versionsFor(ctx, kind),
    );
  });
}

async function collectionFacts(
  ctx: SyncContext,
  kind: Kind,
  side: Side,
  reading: KindReading | undefined,
): Promise<CollectionFacts | null> {
  const full = reading?.[side].full ?? null;
  if (full === null) return null;
  const links = await ctx.store.links.count(kind);
  return { ...full, linked: links, linkedSeen: links - (await ctx.store.links.countMissing(kind, side)) };
}
