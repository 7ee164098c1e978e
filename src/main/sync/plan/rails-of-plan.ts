import { isAskedFor, SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Side, Value } from '../../../shared/domain.ts';
import type { NewChange } from '../../store/changes.ts';
import type { PlanPart } from '../../store/plans.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { ChangeDraft, MismatchDraft } from '../drafts.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { blocks, timeDifference, trippedRails } from '../review/rails.ts';
import type { CollectionFacts, RailFacts, TouchedByMapping, TrippedRail } from '../review/rails.ts';
import { isWaiting, mergeMismatches } from './merge.ts';

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
  parts: ReadonlyMap<Kind, PlanPart>,
  request: {
    readonly readings: ReadonlyMap<Kind, KindReading>;
    readonly tenantAsBefore: Pair<boolean>;
    /** What a changed mapping touched in this plan, by kind (S5). */
    readonly touched: ReadonlyMap<Kind, TouchedByMapping>;
  },
): Promise<{ held: PlanPart[]; rails: TrippedRail[] }> {
  const held: PlanPart[] = [];
  const all: TrippedRail[] = [];
  for (const [kind, part] of parts) {
    const superseded = new Set(part.supersede);
    const kept = (await ctx.store.changes.open(kind)).filter((c) => isWaiting(c) && !superseded.has(c.id));
    const reading = request.readings.get(kind);
    const facts: RailFacts = {
      kind,
      links: await ctx.store.links.count(kind),
      changes: [...part.changes, ...kept].filter((c) => !isPersons(c)),
      mismatches: part.mismatches,
      collections: {
        customerp: await collectionFacts(ctx, kind, 'customerp', reading),
        tidsbanken: await collectionFacts(ctx, kind, 'tidsbanken', reading),
      },
      tenantAsBefore: request.tenantAsBefore,
      timeDifferences: await timeDifferences(ctx, part, kept),
      previewOnly: await onlyPreviewed(ctx, kind, request.touched),
    };
    const rails = trippedRails(facts, ctx.settings.rails);
    all.push(...rails);
    held.push(await withRails(ctx, part, kept, rails, reading));
  }
  return { held, rails: all };
}

/** S7: what nobody has looked at yet, or was agreed under another mapping, is only shown. */
export const onlyPreviewed = async (
  ctx: Pick<SyncContext, 'store'>,
  kind: Kind,
  touched: ReadonlyMap<Kind, TouchedByMapping>,
): Promise<RailFacts['previewOnly']> =>
  (await ctx.store.meta.reviewedBy(kind)) === null ? 'all' : (touched.get(kind) ?? null);

type Judged = Pick<NewChange, 'state' | 'approvedBy'>;

/** A rule has seen nobody's rows: only a person's approval passes S1 and S7. */
export const isPersons = ({ state, approvedBy }: Judged): boolean =>
  state === 'approved' && approvedBy?.startsWith('rule:') !== true;

async function withRails(
  ctx: SyncContext,
  part: PlanPart,
  kept: readonly (NewChange & { id: number })[],
  rails: readonly TrippedRail[],
  reading: KindReading | undefined,
): Promise<PlanPart> {
  const open = await ctx.store.mismatches.openOfKind(part.kind);
  const hasNewShape = reading !== undefined && SIDES.some((side) => reading[side].missing.length > 0);
  const doubtBefore = reading === undefined ? (open.find((m) => isDoubt(m.label))?.label ?? null) : null;
  const standing = hasNewShape ? SHAPE_CHANGED : doubtBefore;
  const railOf = (change: ChangeDraft & Judged): string | null =>
    standing ?? nameOfFirst(rails.filter((rail) => blocks(rail, change) && (!isPersons(change) || isDoubt(rail.rail))));
  const findings = [
    ...rails.filter((rail) => rail.rail !== 'S7').map((rail) => railDraft(ctx, rail)),
    ...readingDrafts(ctx, part.kind, reading),
  ];
  // A run that read nothing can neither confirm nor lift what an earlier reading found.
  const merged = reading === undefined ? { insert: [], seenAgain: [], gone: [] } : mergeMismatches(open, findings);
  return {
    ...part,
    changes: part.changes.map((change) => ({ ...change, rail: railOf(change) ?? heldByCount(change) })),
    rails: kept.map((change) => ({ changeId: change.id, rail: railOf(change) ?? heldByCount(change) })),
    mismatches: [...part.mismatches, ...merged.insert],
    seenAgain: [...part.seenAgain, ...merged.seenAgain],
    gone: [...part.gone, ...merged.gone],
  };
}

export const nameOfFirst = ([rail]: readonly TrippedRail[]): string | null =>
  rail === undefined ? null : nameOf(rail);

/**
 * A person's approval passes S1 and S7. What doubts a whole system holds back what is approved, too, and until a new reading has
 * shown otherwise (section 13).
 */
export const isDoubt = (rail: string): boolean => /^(S[236]|C6)\b/.test(rail);

/** S1: what a person decided in great number stays held until they have typed that number. */
const heldByCount = (change: NewChange): string | null =>
  isPersons(change) && change.rail?.startsWith('S1') === true ? change.rail : null;

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

interface TimeDifference {
  readonly offsetMs: number;
  readonly fingerprint: string;
}

/**
 * S6: dates that all moved by the same step are a time zone's work, not a person's. Looks at all that is open, proposed
 * and asked alike, new or not: as long as they differ, they differ by that step.
 */
async function timeDifferences(
  ctx: SyncContext,
  part: PlanPart,
  kept: readonly NewChange[],
): Promise<TimeDifference[]> {
  const flow = flowFor(ctx, part.kind);
  const times = flow.properties.filter((p) => p.type === 'date' || p.type === 'datetime').map((p) => p.name);
  const gone = new Set(part.gone);
  const standing = (await ctx.store.mismatches.open(part.kind)).filter((m) => !gone.has(m.id));
  return [
    // What an undo would change says nothing about how the two sides differ.
    ...[...part.changes, ...kept.filter((c) => !isAskedFor(c.origin))].flatMap((change) => inChange(change, times)),
    ...[...part.mismatches, ...standing].flatMap((mismatch) => inMismatch(mismatch, times)),
  ];
}

function inChange({ op, target, groups, fingerprint }: ChangeDraft, times: readonly string[]): TimeDifference[] {
  if (op === 'create') return [];
  return groups
    .flatMap((group) => group.members)
    .filter((m) => times.includes(m.property))
    .flatMap((m) => {
      const [e, t] = target === 'tidsbanken' ? [m.desired, m.expected] : [m.expected, m.desired];
      return differingBy(e, t, fingerprint);
    });
}

/** A finding about a group tells both sides' values; an empty one is no time. */
function inMismatch({ detail, fingerprint }: MismatchDraft, times: readonly string[]): TimeDifference[] {
  return times.flatMap((name) =>
    differingBy(detail[`customerp.${name}`] ?? null, detail[`tidsbanken.${name}`] ?? null, fingerprint),
  );
}

function differingBy(e: Value, t: Value, fingerprint: string): TimeDifference[] {
  const offsetMs = timeDifference(e, t);
  return offsetMs === null ? [] : [{ offsetMs, fingerprint }];
}
