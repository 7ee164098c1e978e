import { createHash } from 'node:crypto';
import { fail, ok } from '../../../shared/domain.ts';
import type { Kind, Result, Side } from '../../../shared/domain.ts';
import type { ConnectorFailure, RawRecord } from '../../connectors/connector.ts';
import type { SyncContext } from '../context.ts';
import { idSetOf, Passes } from './completeness.ts';
import type { PassFacts } from './completeness.ts';

/** Why a look came to nothing. `incomplete`: pages stood in for a point read or a filter, and did not add up (C3). */
export type LookFailure = ConnectorFailure | { readonly kind: 'incomplete'; readonly detail: string };

export type Walker = Pick<SyncContext, 'connectors' | 'clock' | 'abort' | 'settings'>;

export interface WalkRequest {
  readonly side: Side;
  readonly kind: Kind;
  readonly fields: readonly string[] | 'all';
}

/** `end`: every record was seen by a complete collection; its last pass began at `begunAt` (monotonic, ms). */
export type Walked<T> =
  | { readonly kind: 'found'; readonly what: T }
  | { readonly kind: 'end'; readonly begunAt: number };

/**
 * Looks through a kind without keeping it: what stands in for a point read or a filter that a system does not offer
 * (2.4). `visitor` is made anew for each pass; the first thing that it returns ends the walk. That nothing was found is
 * told of a complete collection only (C3), else `incomplete`.
 */
export async function walk<T>(
  ctx: Walker,
  request: WalkRequest,
  visitor: () => (record: RawRecord) => T | null,
): Promise<Result<Walked<T>, LookFailure>> {
  const passes = new Passes(ctx.connectors[request.side].capabilities(request.kind), ctx.settings.collectAttempts);
  for (;;) {
    const begunAt = ctx.clock.monotonic();
    const pass = await walkOnce(ctx, request, visitor(), passes);
    if (!pass.ok) return pass;
    if (pass.value.kind === 'found') return ok(pass.value);
    if (pass.value.why === null) return ok({ kind: 'end', begunAt });
    if (!passes.mayGoOn()) return fail({ kind: 'incomplete', detail: pass.value.why });
  }
}

type Pass<T> = { readonly kind: 'found'; readonly what: T } | { readonly kind: 'end'; readonly why: string | null };

async function walkOnce<T>(
  ctx: Walker,
  { side, kind, fields }: WalkRequest,
  visit: (record: RawRecord) => T | null,
  passes: Passes,
): Promise<Result<Pass<T>, ConnectorFailure>> {
  const seen = new SeenPages();
  const pages = ctx.connectors[side].collect({ kind, fields, since: null, signal: ctx.abort });
  for await (const page of pages) {
    if (!page.ok) return page;
    const { records, withoutId, total } = page.value;
    for (const record of records) {
      const what = visit(record);
      if (what !== null) return ok({ kind: 'found', what });
    }
    seen.add(records, withoutId.length, passes.total(total));
  }
  return ok({ kind: 'end', why: passes.judge(seen.facts(), idSetOf(seen.ids())) });
}

/** What C3 asks of a pass: an id and a digest for each record, never the record. */
class SeenPages {
  readonly #digests = new Map<string, string>();
  readonly #contradicting: string[] = [];
  #repeatedPages = 0;
  #withoutId = 0;
  #totals: { readonly before: number | null; readonly after: number | null } | null = null;

  add(records: readonly RawRecord[], withoutId: number, total: number | null): void {
    const repeated = records.filter((record) => this.#isRepeated(record)).length;
    if (records.length > 0 && repeated === records.length) this.#repeatedPages += 1;
    this.#withoutId += withoutId;
    this.#totals = { before: this.#totals?.before ?? total, after: total };
  }

  ids(): Iterable<string> {
    return this.#digests.keys();
  }

  facts(): PassFacts {
    return {
      totalBefore: this.#totals?.before ?? null,
      totalAfter: this.#totals?.after ?? null,
      uniqueIds: this.#digests.size,
      withoutId: this.#withoutId,
      contradicting: this.#contradicting,
      repeatedPages: this.#repeatedPages,
    };
  }

  #isRepeated({ nativeId, raw }: RawRecord): boolean {
    const digest = createHash('sha1').update(JSON.stringify(raw)).digest('base64');
    const before = this.#digests.get(nativeId);
    if (before === undefined) this.#digests.set(nativeId, digest);
    else if (before !== digest) this.#contradicting.push(nativeId);
    return before === digest;
  }
}
