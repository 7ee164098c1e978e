import type { Props } from '../../../shared/domain.ts';
import type { ConnectorFailure, RawRecord } from '../../connectors/connector.ts';
import type { StoredChange, StoredIntent } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';

/** What was found where a new record is to be created (K2). */
export type LookUp =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly record: RawRecord }
  | { readonly kind: 'notOurs'; readonly record: RawRecord; readonly why: string }
  | { readonly kind: 'several'; readonly ids: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: ConnectorFailure };

/** Looks by chosen id, by marker and by every strong key, before each send and after each unknown outcome (K2, 7.4). */
export async function lookUp(
  ctx: SyncContext,
  change: StoredChange,
  intent: StoredIntent,
  source: Props,
): Promise<LookUp> {
  const { target, kind } = change;
  const connector = ctx.connectors[target];
  const capabilities = connector.capabilities(kind);
  const flow = flowFor(ctx, kind);
  const fields = [
    ...new Set([
      ...flow.fieldsToRead(target),
      ...(capabilities.markerField === null ? [] : [capabilities.markerField]),
    ]),
  ];
  const hits = new Map<string, RawRecord>();

  if (intent.chosenId !== null && capabilities.systemIds.includes(intent.chosenId)) {
    return { kind: 'notOurs', record: systemRecord(intent.chosenId), why: 'it is a record of the system itself' };
  }
  for (const [field, value] of wanted(ctx, change, intent, source)) {
    const found = await connector.find({ kind, field, value, fields, signal: ctx.abort });
    if (!found.ok) return { kind: 'failed', failure: found.failure };
    for (const record of found.value) hits.set(record.nativeId, record);
  }
  // Last, so that it is fresh when the create leaves: a system might write over an existing record (K9).
  if (intent.chosenId !== null) {
    const read = await connector.read({ kind, nativeId: intent.chosenId, fields, signal: ctx.abort });
    if (!read.ok) return { kind: 'failed', failure: read.failure };
    if (read.value !== null) hits.set(read.value.nativeId, read.value);
  }
  return judgeHits(ctx, change, intent, source, [...hits.values()]);
}

/** Fields and values to search by: the marker, and each strong key that is a single property. */
function wanted(ctx: SyncContext, change: StoredChange, intent: StoredIntent, source: Props): [string, string][] {
  const { target, kind } = change;
  const { markerField, filterByKey, clientChosenId } = ctx.connectors[target].capabilities(kind);
  if (!filterByKey) return [];
  const flow = flowFor(ctx, kind);
  const keys = flow.mapping.keys.flatMap((key): [string, string][] => {
    const [name, ...more] = key.properties;
    const property = name === undefined ? undefined : flow.property(name);
    const value = name === undefined ? undefined : source[name];
    return key.strength === 'strong' && more.length === 0 && property !== undefined && typeof value === 'string'
      ? [[property[target], value]]
      : [];
  });
  // The chosen id is read by itself.
  const others = keys.filter(([field, value]) => field !== clientChosenId || value !== intent.chosenId);
  return markerField === null || intent.marker === null ? others : [[markerField, intent.marker], ...others];
}

async function judgeHits(
  ctx: SyncContext,
  change: StoredChange,
  intent: StoredIntent,
  source: Props,
  hits: readonly RawRecord[],
): Promise<LookUp> {
  const [hit, ...more] = hits;
  if (hit === undefined) return { kind: 'none' };
  if (more.length > 0) return { kind: 'several', ids: hits.map((h) => h.nativeId).toSorted() };
  const link = await ctx.store.links.of(change.kind, change.target, hit.nativeId);
  // Unverified and made by this very change: a crash came between K5 and K6.
  if (link !== null && link.id !== change.linkId)
    return { kind: 'notOurs', record: hit, why: 'it is linked to another record' };
  return isOurs(ctx, change, intent, source, hit);
}

/** *Ours*: carries our marker; or a strong key equal to the source's and none that differs; or, once sent, our chosen id with the same name. */
function isOurs(ctx: SyncContext, change: StoredChange, intent: StoredIntent, source: Props, hit: RawRecord): LookUp {
  const { markerField } = ctx.connectors[change.target].capabilities(change.kind);
  const flow = flowFor(ctx, change.kind);
  if (markerField !== null && intent.marker !== null && hit.raw[markerField] === intent.marker)
    return { kind: 'ours', record: hit };
  const theirs = flow.read(change.target, hit.raw).props;
  const keys = flow.mapping.keys.filter((key) => key.strength === 'strong').flatMap((key) => key.properties);
  const both = keys.filter((name) => typeof source[name] === 'string' && typeof theirs[name] === 'string');
  const equal = both.filter((name) => source[name] === theirs[name]);
  const differing = both.filter((name) => source[name] !== theirs[name]);
  if (differing.length > 0) return { kind: 'notOurs', record: hit, why: `its ${differing[0] ?? ''} differs` };
  if (equal.length > 0) return { kind: 'ours', record: hit };
  if (intent.attempt > 0 && hit.nativeId === intent.chosenId && flow.label(theirs) === flow.label(source))
    return { kind: 'ours', record: hit };
  return { kind: 'notOurs', record: hit, why: 'nothing shows that it is the same' };
}

const systemRecord = (nativeId: string): RawRecord => ({ nativeId, modifiedAt: null, version: null, raw: {} });
