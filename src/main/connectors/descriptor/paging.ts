import { fail, ok } from '../../../shared/domain.ts';
import type { Result } from '../../../shared/domain.ts';
import { isJsonObject } from '../../../shared/json.ts';
import type { Json } from '../../../shared/json.ts';
import type { Paging } from './descriptor.ts';
import { memberAt } from './records.ts';
import type { ShapeFault } from './records.ts';
import type { QueryParams } from './requests.ts';

/** Where a collection stands. `whole`: the query replaces the first one instead of adding to it. */
export interface Position {
  readonly query: QueryParams;
  readonly whole: boolean;
  /** Records received before this page. */
  readonly received: number;
  readonly page: number;
}

export function firstPosition(paging: Paging, size: number): Position {
  return { query: firstQuery(paging, String(size)), whole: false, received: 0, page: 0 };
}

function firstQuery(paging: Paging, size: string): QueryParams {
  switch (paging.type) {
    case 'single':
      return {};
    case 'cursor':
      return { [paging.sizeParam]: size };
    case 'skip':
      return { [paging.sizeParam]: size, [paging.skipParam]: '0' };
    case 'page':
      return { [paging.sizeParam]: size, [paging.pageParam]: String(paging.first) };
    case 'nextLink':
      return paging.sizeParam === undefined ? {} : { [paging.sizeParam]: size };
  }
  return paging satisfies never;
}

/**
 * The position after a page, null at the end (C2): without a next link only an empty page ends a collection; a short
 * one does not, and skipping goes by what came, since the system may send fewer than asked for.
 */
export function nextPosition(
  paging: Paging,
  at: Position,
  json: Json,
  items: number,
): Result<Position | null, ShapeFault> {
  const moved = { received: at.received + items, page: at.page + 1, whole: at.whole };
  switch (paging.type) {
    case 'single':
      return ok(null);
    case 'skip':
      return ok(items === 0 ? null : { ...moved, query: { ...at.query, [paging.skipParam]: String(moved.received) } });
    case 'page':
      return ok(
        items === 0
          ? null
          : { ...moved, query: { ...at.query, [paging.pageParam]: String(paging.first + moved.page) } },
      );
    case 'cursor': {
      const next = nextOf(json, paging.next);
      if (!next.ok) return next;
      return ok(next.value === null ? null : { ...moved, query: { ...at.query, [paging.cursorParam]: next.value } });
    }
    case 'nextLink': {
      const next = nextOf(json, paging.next);
      if (!next.ok) return next;
      return ok(next.value === null ? null : { ...moved, whole: true, query: queryOf(next.value) });
    }
  }
  return paging satisfies never;
}

function nextOf(json: Json, path: string): Result<string | null, ShapeFault> {
  const next = isJsonObject(json) ? memberAt(json, path) : undefined;
  if (next === undefined || next === null || next === '') return ok(null);
  return typeof next === 'string' ? ok(next) : fail(`"${path}" is not text`);
}

// Its host and path are left aside on purpose (Q23): only the query says which page is next.
const queryOf = (link: string): QueryParams =>
  Object.fromEntries(new URLSearchParams(link.slice(link.indexOf('?') + 1)));
