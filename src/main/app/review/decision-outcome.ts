import { setImmediate } from 'node:timers/promises';
import type { DecisionOutcome } from '../../../shared/contract/views.ts';
import type { Problem, Result } from '../../../shared/domain.ts';

/** What became of many decisions. Nothing is silently passed over: what was not decided is told with its reason. */

export const refusedItem = (itemId: string, problem: Problem): DecisionOutcome['refused'][number] => ({
  itemId,
  why: `${problem.what} ${problem.todo}`,
  problem: { ...problem },
});

/** Decides one after the other; `type` and id name an item, as in `change:12`. */
export async function collectOutcome(
  ids: readonly number[],
  type: 'change' | 'mismatch',
  decide: (id: number) => Promise<Result<unknown, Problem>>,
): Promise<DecisionOutcome> {
  return collectPages(ids, type, async ([id = 0]) => [await decide(id)], 1);
}

/** Decisions that share one transaction, and after which the rest of the window has its turn. */
export const DECIDED_AT_ONCE = 100;

/** Decides page by page. `decide` answers for each id at its place. */
export async function collectPages(
  ids: readonly number[],
  type: 'change' | 'mismatch',
  decide: (page: readonly number[]) => Promise<readonly Result<unknown, Problem>[]>,
  pageSize = DECIDED_AT_ONCE,
): Promise<DecisionOutcome> {
  let decided = 0;
  const refused: DecisionOutcome['refused'] = [];
  for (let at = 0; at < ids.length; at += pageSize) {
    const page = ids.slice(at, at + pageSize);
    for (const [index, result] of (await decide(page)).entries()) {
      if (result.ok) decided += 1;
      else refused.push(refusedItem(`${type}:${String(page[index])}`, result.failure));
    }
    await setImmediate();
  }
  return { decided, refused };
}

/** The list is not the one that was looked at (S1, V3). */
export const countDiffers = (found: number, confirmed: number, items: 'changes' | 'mismatches'): Problem => ({
  kind: 'countDiffers',
  what: `${String(found)} ${items} match, and ${String(confirmed)} were confirmed.`,
  notDone: 'Nothing was decided.',
  todo: 'Look at the list again, and confirm its number.',
  facts: { count: found, confirmed },
});
