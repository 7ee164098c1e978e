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
  let decided = 0;
  const refused: DecisionOutcome['refused'] = [];
  for (const id of ids) {
    const result = await decide(id);
    if (result.ok) decided += 1;
    else refused.push(refusedItem(`${type}:${String(id)}`, result.failure));
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
