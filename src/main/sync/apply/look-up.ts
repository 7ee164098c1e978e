import { ok } from '../../../shared/domain.ts';
import type { Props, Result } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { RawRecord } from '../../connectors/connector.ts';
import type { StoredChange, StoredIntent } from '../../store/changes.ts';
import { collectionIndex } from '../collect/collection-index.ts';
import type { NotBefore } from '../collect/collection-index.ts';
import type { LookFailure } from '../collect/walk.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { idOn, readRecord } from '../observe.ts';
import { sentProps, soughtAs } from './new-link.ts';
import { idIn, sourceOf } from './outcome.ts';

/** Whom a create is to come to, and how often it was sent. */
export type Intended = Pick<StoredIntent, 'chosenId' | 'marker' | 'attempt'>;

/** What was found where a new record is to be created (K2). */
export type LookUp =
  /** `lookedAt`: since when (monotonic, ms) somebody may have come (K9). */
  | { readonly kind: 'none'; readonly lookedAt: number }
  | { readonly kind: 'ours'; readonly record: RawRecord }
  | { readonly kind: 'notOurs'; readonly record: RawRecord; readonly why: string }
  | { readonly kind: 'several'; readonly ids: readonly string[] }
  /** The source has been linked meanwhile, by a person or by its keys: nothing is left to create. */
  | { readonly kind: 'linked' }
  | { readonly kind: 'failed'; readonly failure: LookFailure };

/** Looks by chosen id, by marker and by every strong key, before each send and after each unknown outcome (K2, 7.4). */
export async function lookUp(
  ctx: SyncContext,
  change: StoredChange,
  intent: Intended,
  props: Props,
  notBefore: NotBefore = 'recent',
): Promise<LookUp> {
  const source = soughtAs(change, props);
  const { systemIds, filterByKey } = ctx.connectors[change.target].capabilities(change.kind);
  if (intent.chosenId !== null && systemIds.includes(intent.chosenId))
    return { kind: 'notOurs', record: systemRecord(intent.chosenId), why: 'it is a record of the system itself' };
  const found = filterByKey
    ? await byFilter(ctx, change, intent, source)
    : await byCollection(ctx, change, intent, source, notBefore);
  if (!found.ok) return { kind: 'failed', failure: found.failure };
  const chosen = await byChosenId(ctx, change, intent, found.value);
  if (!chosen.ok) return { kind: 'failed', failure: chosen.failure };
  const { records, lookedAt } = chosen.value;
  return judgeHits(ctx, change, intent, source, { records: [...records.values()], lookedAt });
}

/** What was found so far, and since when (monotonic, ms) nothing else is known to have been there. */
interface Hits {
  readonly records: ReadonlyMap<string, RawRecord>;
  readonly lookedAt: number;
}

/** By the system's own filters: the marker, each strong key of one property, and the chosen id where it cannot be read. */
async function byFilter(
  ctx: SyncContext,
  change: StoredChange,
  intent: Intended,
  source: Props,
): Promise<Result<Hits, LookFailure>> {
  const { target, kind } = change;
  const connector = ctx.connectors[target];
  const records = new Map<string, RawRecord>();
  for (const [field, value] of wanted(ctx, change, intent, source)) {
    const fields = fieldsOf(ctx, change);
    const found = await connector.find({ kind, field, value, fields, signal: ctx.abort });
    if (!found.ok) return found;
    for (const record of found.value) records.set(record.nativeId, record);
  }
  return ok({ records, lookedAt: ctx.clock.monotonic() });
}

/** Without filters (2.4): in a complete collection. Whoever is found there is read once more, as it is now. */
async function byCollection(
  ctx: SyncContext,
  change: StoredChange,
  intent: Intended,
  source: Props,
  notBefore: NotBefore,
): Promise<Result<Hits, LookFailure>> {
  const { target, kind } = change;
  const { pointRead } = ctx.connectors[target].capabilities(kind);
  const readsChosen = intent.chosenId !== null && pointRead;
  const maxAgeMs = readsChosen || !mayOverwrite(ctx, change, intent) ? null : ctx.settings.sendWithinMs;
  const index = await collectionIndex(
    ctx,
    target,
    kind,
    maxAgeMs === null ? notBefore : freshest(ctx, notBefore, maxAgeMs),
  );
  if (!index.ok) return index;
  const ids = new Set([
    ...(intent.marker === null ? [] : index.value.withMarker(intent.marker)),
    ...flowFor(ctx, kind)
      .keyValues(source)
      .flatMap(({ key, value, strength }) => (strength === 'strong' ? index.value.withKey(key, value) : [])),
    ...(intent.chosenId !== null && !readsChosen && index.value.has(intent.chosenId) ? [intent.chosenId] : []),
  ]);
  const records = new Map<string, RawRecord>();
  for (const id of [...ids].slice(0, MOST_HITS)) {
    const seen = await readRecord(ctx, target, kind, id, fieldsOf(ctx, change));
    if (!seen.ok) return seen;
    if (seen.value !== null) records.set(id, seen.value.raw);
  }
  return ok({ records, lookedAt: index.value.begunAt });
}

/** One is enough to adopt, two are several. */
const MOST_HITS = 2;

/** K9: the later of what the look needs anyway and what a system that overwrites asks for. */
const freshest = (ctx: SyncContext, notBefore: NotBefore, maxAgeMs: number): NotBefore => ({
  after: Math.max(notBefore === 'recent' ? 0 : notBefore.after, ctx.clock.now() - maxAgeMs),
});

/** Last, so that it is fresh when the create leaves: a system might write over an existing record (K9). */
async function byChosenId(
  ctx: SyncContext,
  change: StoredChange,
  { chosenId }: Intended,
  found: Hits,
): Promise<Result<Hits, LookFailure>> {
  const { target, kind } = change;
  if (chosenId === null || !ctx.connectors[target].capabilities(kind).pointRead) return ok(found);
  const seen = await readRecord(ctx, target, kind, chosenId, fieldsOf(ctx, change));
  if (!seen.ok) return seen;
  if (seen.value === null) return ok({ ...found, lookedAt: ctx.clock.monotonic() });
  return ok({ ...found, records: new Map([...found.records, [seen.value.raw.nativeId, seen.value.raw]]) });
}

/** K9: a create may write over a record that has our id; what is not known is taken as the worst (2.4). */
export const mayOverwrite = (ctx: SyncContext, change: StoredChange, intent: Pick<Intended, 'chosenId'>): boolean =>
  intent.chosenId !== null && ctx.connectors[change.target].capabilities(change.kind).createOnExisting !== 'rejects';

function fieldsOf(ctx: SyncContext, { target, kind }: StoredChange): string[] {
  const { markerField } = ctx.connectors[target].capabilities(kind);
  return [...new Set([...flowFor(ctx, kind).fieldsToRead(target), ...(markerField === null ? [] : [markerField])])];
}

/** Fields and values to search by. */
function wanted(ctx: SyncContext, change: StoredChange, intent: Intended, source: Props): [string, string][] {
  const { target, kind } = change;
  const { markerField, clientChosenId, pointRead } = ctx.connectors[target].capabilities(kind);
  const flow = flowFor(ctx, kind);
  const keys = flow.mapping.keys.flatMap((key): [string, string][] => {
    const [name, ...more] = key.properties;
    const property = name === undefined ? undefined : flow.property(name);
    const value = name === undefined ? undefined : source[name];
    return key.strength === 'strong' && more.length === 0 && property !== undefined && typeof value === 'string'
      ? [[property[target], value]]
      : [];
  });
  const { chosenId, marker } = intent;
  const isChosen = ([field, value]: [string, string]): boolean => field === clientChosenId && value === chosenId;
  const others = keys.filter((key) => !isChosen(key));
  const byId: [string, string][] =
    chosenId === null || clientChosenId === null || pointRead ? [] : [[clientChosenId, chosenId]];
  const byMarker: [string, string][] = markerField === null || marker === null ? [] : [[markerField, marker]];
  return [...byMarker, ...others, ...byId];
}

async function judgeHits(
  ctx: SyncContext,
  change: StoredChange,
  intent: Intended,
  source: Props,
  { records, lookedAt }: { readonly records: readonly RawRecord[]; readonly lookedAt: number },
): Promise<LookUp> {
  const [hit, ...more] = records;
  const partner = await otherPartner(ctx, change);
  if (partner !== null) {
    const stranger = records.find((record) => record.nativeId !== partner);
    if (stranger === undefined) return { kind: 'linked' };
    return { kind: 'notOurs', record: stranger, why: linkedMeanwhile(partner) };
  }
  if (hit === undefined) return { kind: 'none', lookedAt };
  if (more.length > 0) return { kind: 'several', ids: records.map((r) => r.nativeId).toSorted() };
  const link = await ctx.store.links.endsOf(change.kind, change.target, hit.nativeId);
  // Unverified and made by this very change: a crash came between K5 and K6.
  if (link !== null && link.id !== change.linkId) return { kind: 'notOurs', record: hit, why: HELD };
  return isOurs(ctx, change, intent, source, hit);
}

/** Why a record cannot become the partner. */
export const HELD = 'it is linked to another record';
export const linkedMeanwhile = (partner: string): string => `its counterpart was linked to ${partner} meanwhile`;

/** Whom the source is linked to, unless this very change made that link. A link is 1:1 (I9). */
export async function otherPartner(ctx: SyncContext, change: StoredChange): Promise<string | null> {
  const side = sourceOf(change);
  const link = await ctx.store.links.endsOf(change.kind, side, idIn(change, side) ?? '');
  return link === null || link.id === change.linkId ? null : idOn(link, change.target);
}

/** *Ours*: carries our marker; or a strong key equal to the source's and none that differs; or, once sent, our chosen id with the same name. */
function isOurs(ctx: SyncContext, change: StoredChange, intent: Intended, source: Props, hit: RawRecord): LookUp {
  const { markerField } = ctx.connectors[change.target].capabilities(change.kind);
  const flow = flowFor(ctx, change.kind);
  if (markerField !== null && intent.marker !== null && atPath(hit.raw, markerField) === intent.marker)
    return { kind: 'ours', record: hit };
  const theirs = flow.read(change.target, hit.raw).props;
  const keys = flow.mapping.keys.filter((key) => key.strength === 'strong').flatMap((key) => key.properties);
  const both = keys.filter((name) => typeof source[name] === 'string' && typeof theirs[name] === 'string');
  const equal = both.filter((name) => source[name] === theirs[name]);
  const differing = both.filter((name) => source[name] !== theirs[name]);
  if (differing.length > 0) return { kind: 'notOurs', record: hit, why: `its ${differing[0] ?? ''} differs` };
  if (equal.length > 0) return { kind: 'ours', record: hit };
  if (
    intent.attempt > 0 &&
    hit.nativeId === intent.chosenId &&
    flow.label(theirs) === flow.label({ ...sentProps(change), ...source })
  )
    return { kind: 'ours', record: hit };
  return { kind: 'notOurs', record: hit, why: 'nothing shows that it is the same' };
}

const systemRecord = (nativeId: string): RawRecord => ({ nativeId, modifiedAt: null, version: null, raw: {} });
