import type { Kind, Problem, Side } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../../connectors/connector.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionMode, Watermark } from '../../store/collections.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { RAIL_LIMITS } from '../review/rails.ts';
import { collectProblem, failureAdvice, isDown, kindName, SYSTEM_NAME, systemProblem } from '../words.ts';
import { Passes } from './completeness.ts';
import { readPass } from './read-pass.ts';
import type { Pass } from './read-pass.ts';
import { missingProperties } from './shape.ts';
import type { Shape } from './shape.ts';

export interface Collected {
  readonly collectionId: number;
  readonly side: Side;
  readonly kind: Kind;
  readonly mode: CollectionMode;
  readonly complete: boolean;
  /** The source shrank so much that nothing may be concluded from it (S2). */
  readonly shrunken: boolean;
  /** Records read in this run, those without an id included. */
  readonly read: number;
  readonly withoutId: number;
  readonly changed: number;
  /** Records of the full collection before this one (S2). */
  readonly previous: number | null;
  /** Why it is not complete; null when it is. */
  readonly why: string | null;
  /** Mapped properties that the records had before and have no more (C6). */
  readonly missing: readonly string[];
  /** Set when the system itself failed; other kinds of this side will fail, too. */
  readonly failure: ConnectorFailure | null;
}

/** Reads one kind of one side into the store (section 3). A failed delta is followed by a full reading (C1). */
export async function collect(ctx: SyncContext, side: Side, kind: Kind): Promise<Collected> {
  const watermark = await ctx.store.collections.watermark(side, kind);
  const since = deltaSince(ctx, side, kind, watermark);
  if (since !== null) {
    const delta = await collectAs(ctx, side, kind, 'delta', since, watermark);
    if (delta.complete || ctx.stop.aborted || isDown(delta.failure)) return delta;
  }
  return collectAs(ctx, side, kind, 'full', null, watermark);
}

/** Where a delta starts (T1), or null when everything must be read (C1). */
function deltaSince(ctx: SyncContext, side: Side, kind: Kind, watermark: Watermark | null): number | null {
  if (ctx.request.full || watermark === null || watermark.modifiedAt === null || watermark.fullAt === null) return null;
  if (!ctx.connectors[side].capabilities(kind).delta) return null;
  if (watermark.mapping !== flowFor(ctx, kind).version) return null;
  if (ctx.clock.now() - watermark.fullAt >= ctx.settings.fullEveryMs) return null;
  return watermark.modifiedAt - ctx.settings.overlapMs[side];
}

async function collectAs(
  ctx: SyncContext,
  side: Side,
  kind: Kind,
  mode: CollectionMode,
  since: number | null,
  watermark: Watermark | null,
): Promise<Collected> {
  const { collections } = ctx.store;
  const begunAt = ctx.clock.monotonic();
  const collectionId = await collections.begin(ctx.runId, side, kind, mode, ctx.clock.now());
  const passes = new Passes(ctx.connectors[side].capabilities(kind), ctx.settings.collectAttempts);
  const request = { collectionId, side, kind, since };
  let pass = await readPass(ctx, request, passes);
  while (pass.why !== null && pass.failure === null && passes.mayGoOn() && !ctx.stop.aborted) {
    await collections.clear(collectionId);
    pass = await readPass(ctx, request, passes);
  }
  const shrunken =
    mode === 'full' &&
    pass.why === null &&
    isShrunken(watermark?.fullRecords ?? null, pass.facts.uniqueIds, ctx.settings.rails.shrunken);
  const shape = await lastShape(ctx, side, kind);
  const absent = pass.why === null ? missingProperties(shape, pass.shape.seen(shape, pass.unchanged)) : [];
  // What the mapping no longer asks for is not missing, nor what it asks of some records only.
  const missing = absent.filter((name) => {
    const row = flowFor(ctx, kind).property(name);
    return row !== undefined && row.when?.[side] === undefined;
  });
  const why = pass.why ?? whyDoubted(shrunken, missing);
  const { changed, gone } = await collections.finish(
    collectionId,
    {
      complete: why === null,
      reason: why,
      endedAt: ctx.clock.now(),
      modifiedAt: pass.modifiedAt,
      mapping: flowFor(ctx, kind).version,
    },
    [
      {
        event: why === null ? 'collected' : 'collectedPartly',
        runId: ctx.runId,
        item: `${side}:${kind}`,
        detail: {
          mode,
          records: pass.facts.uniqueIds,
          withoutId: pass.facts.withoutId,
          ...(why === null ? {} : { why }),
        },
      },
    ],
  );
  if (why === null && mode === 'full') {
    ctx.readWhole.set(`${side}:${kind}`, { begunAt, endedAt: ctx.clock.monotonic() });
    await ctx.store.meta.set(shapeKey(side, kind), JSON.stringify(pass.shape.next(shape, pass.unchanged, gone)));
  }
  if (pass.withoutId[0] !== undefined) ctx.report(withoutIdProblem(side, kind, pass.withoutId));
  if (why !== null) ctx.report(problemOf(side, kind, pass, why, { shrunken, missing, watermark }));
  return {
    collectionId,
    side,
    kind,
    mode,
    complete: why === null,
    shrunken,
    read: pass.facts.uniqueIds + pass.facts.withoutId,
    withoutId: pass.facts.withoutId,
    changed,
    previous: watermark?.fullRecords ?? null,
    why,
    missing,
    failure: pass.failure,
  };
}

const shapeKey = (side: Side, kind: Kind): string => `shape:${side}:${kind}`;

async function lastShape(ctx: SyncContext, side: Side, kind: Kind): Promise<Shape | null> {
  const kept = await ctx.store.meta.get(shapeKey(side, kind));
  return kept === null ? null : fromJson<Shape>(kept);
}

const whyDoubted = (shrunken: boolean, missing: readonly string[]): string | null =>
  shrunken ? 'the source shrank' : missing.length > 0 ? `the records no longer have ${missing.join(', ')}` : null;

/** S2: nothing where there was something, or down by more than the count and the share that may go (20 % and 10). */
export function isShrunken(before: number | null, now: number, { count, share } = RAIL_LIMITS.shrunken): boolean {
  if (before === null || before === 0) return false;
  return now === 0 || (before - now > count && before - now > before * share);
}

/** C4: counted and told; the others are not held up by them. */
function withoutIdProblem(side: Side, kind: Kind, withoutId: readonly string[]): Problem {
  return {
    kind: 'recordWithoutId',
    what: `${String(withoutId.length)} ${kindName(side, kind)} record(s) of ${SYSTEM_NAME[side]} came without a usable id (${withoutId[0] ?? ''}).`,
    notDone: 'They were counted, and neither matched nor written.',
    todo: `Correct them in ${SYSTEM_NAME[side]}, then sync again.`,
    side,
    recordKind: kind,
    facts: { count: withoutId.length },
  };
}

interface Doubt {
  readonly shrunken: boolean;
  readonly missing: readonly string[];
  readonly watermark: Watermark | null;
}

function problemOf(side: Side, kind: Kind, pass: Pass, why: string, { shrunken, missing, watermark }: Doubt): Problem {
  const name = SYSTEM_NAME[side];
  if (pass.failure !== null && isDown(pass.failure)) return systemProblem(side, pass.failure);
  if (pass.failure !== null)
    return collectProblem(side, kind, why, failureAdvice(pass.failure), { why: pass.failure.kind });
  if (shrunken) {
    const counts = `${String(pass.facts.uniqueIds)} records came, and ${String(watermark?.fullRecords ?? 0)} were there before (rail S2).`;
    return collectProblem(
      side,
      kind,
      counts,
      `Check ${name}: is it the right company, and do the keys still see everything?`,
      { why: 'shrunken', count: pass.facts.uniqueIds, before: watermark?.fullRecords ?? 0 },
    );
  }
  if (missing.length > 0) {
    const todo = `Check whether ${name} has renamed or withdrawn the field, or whether the keys may still read it.`;
    const what = `Records that had ${missing.join(', ')} come without it (C6).`;
    return collectProblem(side, kind, what, todo, { why: 'shapeChanged', properties: missing.join(' ') });
  }
  return collectProblem(
    side,
    kind,
    `The pages do not add up: ${why}.`,
    'Sync again when nobody is changing many records.',
    { why: 'incomplete' },
  );
}
