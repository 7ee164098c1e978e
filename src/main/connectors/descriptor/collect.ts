import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import type { CollectRequest, ConnectorFailure, Page } from '../connector.ts';
import type { KindDescriptor, Limits } from './descriptor.ts';
import { firstPosition, nextPosition } from './paging.ts';
import type { Position } from './paging.ts';
import { itemsOf, toPage } from './records.ts';
import { selectParams } from './requests.ts';
import type { QueryParams } from './requests.ts';
import { unreadable } from './talker.ts';
import type { Talker } from './talker.ts';
import { formatTime } from './zone-time.ts';

/**
 * Reads a kind page by page (C2). Whether the pages make a complete collection is judged by the engine (C3); what
 * would never end is stopped here.
 */
export async function* collectPages(
  talker: Talker,
  kind: KindDescriptor,
  limits: Limits,
  request: CollectRequest,
): AsyncGenerator<Result<Page, ConnectorFailure>, void, void> {
  const base = { ...kind.list.query, ...selectParams(kind, request.fields), ...deltaParams(kind, request.since) };
  const repeats = new RepeatGuard();
  let at: Position | null = firstPosition(kind.list.paging, limits.pageSize);
  while (at !== null) {
    const step: Result<Step, ConnectorFailure> = await readPage(talker, kind, at, base, request.signal);
    const fault: string | null = step.ok ? endless(step.value, repeats, limits) : null;
    yield fault === null ? pageOf(step) : fail(unreadable(kind.list.path, fault));
    at = step.ok && fault === null ? step.value.next : null;
  }
}

const pageOf = (step: Result<Step, ConnectorFailure>): Result<Page, ConnectorFailure> =>
  step.ok ? ok(step.value.page) : step;

function endless({ page, next }: Step, repeats: RepeatGuard, { maxPages }: Limits): string | null {
  if (repeats.sees(page, next)) return 'the same page came again';
  return next !== null && next.page >= maxPages ? `no end after ${maxPages} pages` : null;
}

interface Step {
  readonly page: Page;
  readonly next: Position | null;
}

async function readPage(
  talker: Talker,
  { list, ...kind }: KindDescriptor,
  at: Position,
  base: QueryParams,
  signal: AbortSignal,
): Promise<Result<Step, ConnectorFailure>> {
  const query = at.whole ? at.query : { ...base, ...at.query };
  const answer = await talker.get({ path: list.path, query, label: list.path, signal });
  if (!answer.ok) return answer;
  const items = itemsOf(answer.value.json, list.items);
  if (!items.ok) return fail(unreadable(list.path, items.failure));
  const next = nextPosition(list.paging, at, answer.value.json, items.value.length);
  if (!next.ok) return fail(unreadable(list.path, next.failure));
  return ok({ page: toPage({ list, ...kind }, items.value, answer.value.json), next: next.value });
}

function deltaParams(kind: KindDescriptor, since: number | null): QueryParams {
  if (since === null) return {};
  const { delta } = kind.list;
  // The engine asks for a delta only where `capabilities.delta` says so; a silent full read would pass for one.
  if (delta === undefined || kind.modified === null) throw new Error(`${kind.list.path} has no delta filter`);
  const time = formatTime(since, kind.modified);
  return { [delta.param]: delta.template.replace('{since}', () => time) };
}

/** A system that ignores its paging parameters would be read for ever (I21). */
class RepeatGuard {
  readonly #positions = new Set<string>();
  #last: readonly string[] = [];

  /** Whether this page is the former one again, or leads to a place where the collection has been. */
  sees(page: Page, next: Position | null): boolean {
    const ids = page.records.map((record) => record.nativeId);
    const isRepeat = ids.length > 0 && ids.length === this.#last.length && ids.every((id, at) => id === this.#last[at]);
    this.#last = ids;
    const place = next === null ? null : JSON.stringify(next.query);
    const wasThere = place !== null && this.#positions.has(place);
    if (place !== null) this.#positions.add(place);
    return isRepeat || wasThere;
  }
}
