import type { Kind } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { Store } from '../../store/store.ts';
import { PAGE } from './part.ts';

/**
 * All open changes of a kind in the order of their ids, page by page: never all of them at once. Nobody decides anything
 * between two pages, as long as whoever reads them does not wait for something else.
 */
export async function* openChanges(
  { changes }: Pick<Store, 'changes'>,
  kind: Kind,
): AsyncGenerator<readonly StoredChange[]> {
  for (const ids of pagesOf(await changes.openIds(kind))) yield await changes.many(ids);
}

/** The same of open findings. */
export async function* openMismatches(
  { mismatches }: Pick<Store, 'mismatches'>,
  kind: Kind,
): AsyncGenerator<readonly StoredMismatch[]> {
  for (const ids of pagesOf(await mismatches.idsOf(kind))) yield await mismatches.many(ids);
}

function* pagesOf(ids: readonly number[]): Generator<readonly number[]> {
  for (let at = 0; at < ids.length; at += PAGE) yield ids.slice(at, at + PAGE);
}
