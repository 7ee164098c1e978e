import type { Kind } from '../../shared/domain.ts';
import type { StoredChange } from './changes.ts';
import type { StoredMismatch } from './mismatches.ts';
import type { Store } from './store.ts';

/** All open changes of a kind at once: for tests, whose worlds are small. The engine goes through them page by page. */
export const openChanges = async ({ changes }: Pick<Store, 'changes'>, kind: Kind): Promise<StoredChange[]> =>
  changes.many(await changes.openIds(kind));

/** All open findings of a kind at once, likewise. */
export const openMismatches = async (
  { mismatches }: Pick<Store, 'mismatches'>,
  kind: Kind,
): Promise<StoredMismatch[]> => mismatches.many(await mismatches.idsOf(kind));
