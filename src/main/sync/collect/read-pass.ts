import { hash } from 'node:crypto';
import { flowOf } from '../../../shared/domain.ts';
import type { Kind, Result, Side } from '../../../shared/domain.ts';
import type { ConnectorFailure, Page, RawRecord } from '../../connectors/connector.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StagedRecord } from '../../store/records.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { failureText } from '../words.ts';
import { idSetOf } from './completeness.ts';
import type { PassFacts, Passes } from './completeness.ts';
import { ShapeCount } from './shape.ts';
import { stageRecord } from './stage-record.ts';

/** One pass over all pages of a kind, as far as it came. */
export interface Pass {
  /** What is known of the records without a usable id; no values. */
  readonly withoutId: readonly string[];
  readonly facts: PassFacts;
  readonly shape: ShapeCount;
  /** Records that came as they are known. */
  readonly unchanged: number;
  readonly modifiedAt: number | null;
  readonly failure: ConnectorFailure | null;
  /** Why it does not prove that everything was read, or null when it does. */
  readonly why: string | null;
}

export interface PassRequest {
  readonly collectionId: number;
  readonly side: Side;
  readonly kind: Kind;
  readonly since: number | null;
}

/** Reads all pages, each compared and kept while the next one is on its way. */
export async function readPass(ctx: SyncContext, request: PassRequest, passes: Passes): Promise<Pass> {
  const { collectionId, side, kind, since } = request;
  const flow = flowFor(ctx, kind);
  const taken = new Taken();
  const signal = AbortSignal.any([ctx.stop, ctx.abort]);
  let failure: ConnectorFailure | null = null;
  for await (const page of ahead(
    ctx.connectors[side].collect({ kind, fields: flow.fieldsToRead(side), since, signal }),
  )) {
    if (!page.ok) {
      failure = page.failure;
      break;
    }
    const total = passes.total(page.value.total);
    await takePage(ctx, flow, request, page.value, taken);
    taken.total(total);
    ctx.progress({ stage: 'collect', flow: flowOf(kind), side, done: taken.done, total, record: null });
  }
  const facts: PassFacts = { ...taken.facts(), uniqueIds: await ctx.store.collections.count(collectionId) };
  const ids = async (): Promise<string> =>
    passes.comparesIds(facts) ? idSetOf(await ctx.store.collections.ids(collectionId)) : '';
  return {
    withoutId: taken.withoutId,
    facts,
    shape: taken.shape,
    unchanged: taken.unchanged,
    modifiedAt: taken.modifiedAt,
    failure,
    why: failure === null ? passes.judge(facts, await ids()) : failureText(side, failure),
  };
}

/** Asks for the next page before the one at hand is worked on. A page that nobody will read is not waited for. */
async function* ahead(
  pages: AsyncIterable<Result<Page, ConnectorFailure>>,
): AsyncGenerator<Result<Page, ConnectorFailure>, void, void> {
  const iterator = pages[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let page = await next; page.done !== true; page = await next) {
      next = iterator.next();
      yield page.value;
    }
  } finally {
    next.catch(() => undefined);
    iterator.return?.().catch(() => undefined);
  }
}

/** Only what is new, or came with other content, is read by the mapping and staged. */
async function takePage(
  ctx: SyncContext,
  flow: CompiledFlow,
  { collectionId, side }: PassRequest,
  { records, withoutId }: Page,
  taken: Taken,
): Promise<void> {
  const content = contentOf(flow);
  const seen = records.map((record) => ({ nativeId: record.nativeId, content: content(record), record }));
  const compared = await ctx.store.collections.compare(collectionId, seen);
  const changed = seen.filter(({ nativeId }) => compared.changed.has(nativeId));
  for (const record of compared.before) taken.shape.addKnown(record);
  const staged = await ctx.store.collections.stage(collectionId, readEach(flow, side, changed, taken.shape));
  taken.page(records, withoutId, {
    read: changed.length,
    repeated: compared.repeated + staged.repeated,
    contradicting: [...compared.contradicting, ...staged.contradicting],
  });
}

interface SeenRecord {
  readonly record: RawRecord;
  readonly content: string | null;
}

/** Read as the store takes them, so that what one record was read into is let go before the next one comes. */
function* readEach(
  flow: CompiledFlow,
  side: Side,
  seen: readonly SeenRecord[],
  shape: ShapeCount,
): Generator<StagedRecord & { readonly content: string | null }, void, void> {
  for (const { record, content } of seen) {
    const staged = stageRecord(flow, side, record);
    shape.add(staged);
    yield { ...staged, content };
  }
}

/**
 * A digest by which a record that has not changed is known without being read. Not kept where sensitive properties are
 * in use: what a digest is made of can be guessed (J1).
 */
function contentOf(flow: CompiledFlow): (record: RawRecord) => string | null {
  if (flow.properties.some((property) => property.sensitive)) return () => null;
  return ({ raw, modifiedAt }) => hash('sha256', JSON.stringify([flow.version, modifiedAt, raw]), 'base64url');
}

/** What a pass has come by, page by page. */
class Taken {
  readonly shape = new ShapeCount();
  readonly withoutId: string[] = [];
  readonly #contradicting: string[] = [];
  #totals: { readonly before: number | null; readonly after: number | null } = { before: null, after: null };
  #repeatedPages = 0;
  done = 0;
  unchanged = 0;
  modifiedAt: number | null = null;

  page(
    records: readonly RawRecord[],
    withoutId: readonly string[],
    found: { readonly read: number; readonly repeated: number; readonly contradicting: readonly string[] },
  ): void {
    this.done += records.length;
    this.unchanged += records.length - found.read - found.repeated - found.contradicting.length;
    this.withoutId.push(...withoutId);
    this.#contradicting.push(...found.contradicting);
    if (records.length > 0 && found.repeated === records.length) this.#repeatedPages += 1;
    for (const { modifiedAt } of records)
      if (modifiedAt !== null) this.modifiedAt = Math.max(this.modifiedAt ?? modifiedAt, modifiedAt);
  }

  total(told: number | null): void {
    this.#totals = { before: this.#totals.before ?? told, after: told };
  }

  facts(): Omit<PassFacts, 'uniqueIds'> {
    return {
      totalBefore: this.#totals.before,
      totalAfter: this.#totals.after,
      withoutId: this.withoutId.length,
      contradicting: this.#contradicting,
      repeatedPages: this.#repeatedPages,
    };
  }
}
