import { ok } from '../../../shared/domain.ts';
import type { Kind, Result, Side } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { StoredKey } from '../../store/records.ts';
import { flowFor } from '../context.ts';
import { keyedPages } from '../keyed-pages.ts';
import type { SyncContext } from '../context.ts';
import { walk } from './walk.ts';
import type { LookFailure } from './walk.ts';

/**
 * Who is in a complete collection, by id, marker and strong key: what K2 looks in where a system has no filter. Holds
 * ids and keys, never a record.
 */
export interface CollectionIndex {
  /** When its reading began and ended, by the monotonic clock (ms). */
  readonly begunAt: number;
  readonly endedAt: number;
  has(nativeId: string): boolean;
  withKey(key: string, value: string): readonly string[];
  withMarker(marker: string): readonly string[];
}

/** How old what is looked at may be. `recent`: K2's 5 minutes; else read after that moment (wall time, ms). */
export type NotBefore = 'recent' | { readonly after: number };

type Indexer = Pick<
  SyncContext,
  'store' | 'connectors' | 'flows' | 'clock' | 'abort' | 'settings' | 'readWhole' | 'lookedThrough'
>;

/** The kind as one complete collection showed it, read anew unless one that may be used is at hand. */
export async function collectionIndex(
  ctx: Indexer,
  side: Side,
  kind: Kind,
  notBefore: NotBefore,
): Promise<Result<CollectionIndex, LookFailure>> {
  const name = `${side}:${kind}`;
  const known = ctx.lookedThrough.get(name) ?? (await storedIndex(ctx, side, kind));
  if (known !== null && mayBeUsed(ctx, known, notBefore)) return ok(known);
  const read = await readIndex(ctx, side, kind);
  if (read.ok) ctx.lookedThrough.set(name, read.value);
  return read;
}

/** Ages are told by the monotonic clock: the other one may have been set back since (T5). */
function mayBeUsed(ctx: Indexer, index: CollectionIndex, notBefore: NotBefore): boolean {
  const now = ctx.clock.monotonic();
  if (notBefore === 'recent') return now - index.endedAt <= ctx.settings.collectionMaxAgeMs;
  return now - index.begunAt <= ctx.clock.now() - notBefore.after;
}

/**
 * What this run has collected; it knows no markers, so it serves only where there are none. Never what an earlier run
 * did: the clock may have been set back since, and then nothing tells how old that is (T5).
 */
async function storedIndex(ctx: Indexer, side: Side, kind: Kind): Promise<CollectionIndex | null> {
  if (ctx.connectors[side].capabilities(kind).markerField !== null) return null;
  const read = ctx.readWhole.get(`${side}:${kind}`);
  if (read === undefined || ctx.clock.monotonic() - read.endedAt > ctx.settings.collectionMaxAgeMs) return null;
  const holders = new Holders();
  for (const who of ['linked', 'unlinked'] as const)
    for await (const page of keyedPages(ctx.store, kind, side, who))
      for (const { nativeId, keys } of page) holders.add(nativeId, keys, null);
  return holders.index(read.begunAt, read.endedAt);
}

async function readIndex(ctx: Indexer, side: Side, kind: Kind): Promise<Result<CollectionIndex, LookFailure>> {
  const flow = flowFor(ctx, kind);
  const { markerField } = ctx.connectors[side].capabilities(kind);
  const fields = [...new Set([...flow.fieldsToRead(side), ...(markerField === null ? [] : [markerField])])];
  let holders = new Holders();
  const walked = await walk(ctx, { side, kind, fields }, () => {
    holders = new Holders();
    return ({ nativeId, raw }) => {
      const marker = markerField === null ? null : atPath(raw, markerField);
      holders.add(nativeId, flow.keyValues(flow.read(side, raw).props), typeof marker === 'string' ? marker : null);
      return null;
    };
  });
  if (!walked.ok) return walked;
  const begunAt = walked.value.kind === 'end' ? walked.value.begunAt : ctx.clock.monotonic();
  return ok(holders.index(begunAt, ctx.clock.monotonic()));
}

class Holders {
  readonly #ids = new Set<string>();
  readonly #byName = new Map<string, string[]>();

  add(nativeId: string, keys: readonly StoredKey[], marker: string | null): void {
    this.#ids.add(nativeId);
    for (const { key, strength, value } of keys) if (strength === 'strong') this.#hold(`key:${key}:${value}`, nativeId);
    if (marker !== null) this.#hold(`marker:${marker}`, nativeId);
  }

  index(begunAt: number, endedAt: number): CollectionIndex {
    const of = (name: string): readonly string[] => this.#byName.get(name) ?? [];
    return {
      begunAt,
      endedAt,
      has: (nativeId) => this.#ids.has(nativeId),
      withKey: (key, value) => of(`key:${key}:${value}`),
      withMarker: (marker) => of(`marker:${marker}`),
    };
  }

  #hold(name: string, nativeId: string): void {
    const holders = this.#byName.get(name) ?? [];
    if (!holders.includes(nativeId)) this.#byName.set(name, [...holders, nativeId]);
  }
}
