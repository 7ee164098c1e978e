import type { Kind, Props, Side, Value } from '../../shared/domain.ts';
import { fail, ok } from '../../shared/domain.ts';
import type { Result } from '../../shared/domain.ts';
import type { RawRecord } from '../connectors/connector.ts';
import type { CompiledFlow } from '../mapping/compile.ts';
import type { SeenNow, StagedRecord } from '../store/records.ts';
import type { StoredLink } from '../store/links.ts';
import { stageRecord } from './collect/stage-record.ts';
import { walk } from './collect/walk.ts';
import type { LookFailure, Walker } from './collect/walk.ts';
import { flowFor } from './context.ts';
import type { SyncContext } from './context.ts';

/** A record as seen a moment ago, with its references turned into links (O2). */
export interface Observed {
  readonly raw: RawRecord;
  readonly staged: StagedRecord;
  readonly props: Props;
  /** When the reading ended, by the monotonic clock (A6). */
  readonly readAt: number;
  /** The same by the wall clock, ms since 1970. */
  readonly observedAt: number;
}

type Look = Walker & Pick<SyncContext, 'store' | 'flows'>;

/** Reads one record (A2) into the store. `null`: it is not there. */
export async function observe(
  ctx: Look,
  side: Side,
  kind: Kind,
  nativeId: string,
  fields: readonly string[] | 'all',
): Promise<Result<Observed | null, LookFailure>> {
  const seen = await lookAt(ctx, side, kind, nativeId, fields);
  if (seen.ok && seen.value !== null)
    await ctx.store.records.refresh(kind, side, seen.value.staged, seen.value.observedAt);
  return seen;
}

/** For the step that keeps it. */
export const seenNow = (kind: Kind, side: Side, { staged, observedAt }: Observed): SeenNow => ({
  kind,
  side,
  record: staged,
  at: observedAt,
});

/** The same, kept by the step that says what it came to (A8, K6). */
export async function lookAt(
  ctx: Look,
  side: Side,
  kind: Kind,
  nativeId: string,
  fields: readonly string[] | 'all',
): Promise<Result<Observed | null, LookFailure>> {
  const read = await readRecord(ctx, side, kind, nativeId, fields);
  if (!read.ok) return fail(read.failure);
  if (read.value === null) return ok(null);
  const { raw, readAt } = read.value;
  const flow = flowFor(ctx, kind);
  const staged = stageRecord(flow, side, raw, fields === 'all');
  const props = await withLinks(ctx, flow, side, staged.props);
  return ok({ raw, staged, props, readAt, observedAt: ctx.clock.now() });
}

/** A record as it came, and when (monotonic, ms): what A6 and K9 count from. */
export interface Seen {
  readonly raw: RawRecord;
  readonly readAt: number;
}

/**
 * One record as the system has it now, by a point read; where there is none (2.4), by walking the collection until the
 * record comes. `null`: the system said that it is not there, or a complete collection did not hold it (C3).
 */
export async function readRecord(
  ctx: Walker,
  side: Side,
  kind: Kind,
  nativeId: string,
  fields: readonly string[] | 'all',
): Promise<Result<Seen | null, LookFailure>> {
  const connector = ctx.connectors[side];
  if (connector.capabilities(kind).pointRead) {
    const read = await connector.read({ kind, nativeId, fields, signal: ctx.abort });
    if (!read.ok) return read;
    return ok(read.value === null ? null : { raw: read.value, readAt: ctx.clock.monotonic() });
  }
  const walked = await walk(
    ctx,
    { side, kind, fields },
    () => (raw) => (raw.nativeId === nativeId ? { raw, readAt: ctx.clock.monotonic() } : null),
  );
  if (!walked.ok) return walked;
  return ok(walked.value.kind === 'found' ? walked.value.what : null);
}

/** Whether an update of this kind must carry the whole object (A4), and so A2 must read all of it. */
export function writesWholeObject(ctx: Look, side: Side, kind: Kind): boolean {
  const capabilities = ctx.connectors[side].capabilities(kind);
  return !capabilities.partialUpdate && capabilities.putMerges !== true;
}

/** Native ids of references become `link:ID`; one without an active link is unobserved (O2). */
export async function withLinks(
  ctx: Pick<SyncContext, 'store'>,
  flow: CompiledFlow,
  side: Side,
  props: Props,
): Promise<Props> {
  const refs = flow.properties.flatMap(({ name, reference: kind }) => {
    const nativeId = props[name];
    return kind === undefined || nativeId === undefined || nativeId === null ? [] : [{ name, kind, nativeId }];
  });
  const ids = await ctx.store.links.idsOf(side, refs);
  const resolved: Record<string, Value> = { ...props };
  for (const [at, { name }] of refs.entries()) {
    const id = ids[at] ?? null;
    if (id !== null) resolved[name] = linkText(id);
    else delete resolved[name];
  }
  return resolved;
}

export const linkText = (id: number): string => `link:${String(id)}`;

/** The native id on that side that a canonical reference stands for; null when its link is not active (I15). */
export async function nativeIdOf(
  ctx: Pick<SyncContext, 'store'>,
  side: Side,
  reference: string,
): Promise<string | null> {
  const link = await ctx.store.links.ends(Number(reference.replace(/^link:/, '')));
  return link?.state === 'active' ? idOn(link, side) : null;
}

export const idOn = (link: Pick<StoredLink, 'customerpId' | 'tidsbankenId'>, side: Side): string =>
  side === 'customerp' ? link.customerpId : link.tidsbankenId;
