import type { StateCreator } from 'zustand';
import type { ReviewFilter } from '../../../shared/contract/contract.ts';
import type { AppState } from '../../store.ts';
import { MOST_AT_ONCE, toggled } from '../../ui/selection.ts';

export type ReviewTake = 'approve' | 'reject' | 'later';

export interface ReviewSlice {
  readonly review: {
    readonly filter: ReviewFilter;
    readonly active: number;
    readonly selected: ReadonlySet<number>;
    /** The bulk decision whose summary is being read. */
    readonly bulk: 'approve' | 'reject' | null;
    /** The run that applied what was approved, whose outcome is shown until the next decision. */
    readonly applied: number | null;
  };
  readonly showOutcomeOf: (runId: number | null) => void;
  readonly filterReview: (change: Partial<ReviewFilter>) => void;
  readonly activateReview: (index: number) => void;
  readonly toggleReview: (id: number) => void;
  readonly clearReviewSelection: () => void;
  readonly openBulk: (bulk: 'approve' | 'reject' | null) => void;
  readonly decideReview: (ids: readonly number[], take: ReviewTake, group?: string) => Promise<void>;
  /** `confirmCount` is the count that the person saw; the host refuses any other (V3). */
  readonly decideAllReview: (take: 'approve' | 'reject', confirmCount: number) => Promise<void>;
}

const none: ReadonlySet<number> = new Set();

export const createReviewSlice: StateCreator<AppState, [], [], ReviewSlice> = (set, get) => {
  const patch = (change: Partial<ReviewSlice['review']>) => set((s) => ({ review: { ...s.review, ...change } }));
  return {
    review: { filter: { show: 'waiting' }, active: 0, selected: none, bulk: null, applied: null },
    showOutcomeOf: (applied) => patch({ applied }),
    filterReview: (change) => patch({ filter: { ...get().review.filter, ...change }, active: 0, selected: none }),
    activateReview: (active) => patch({ active }),
    toggleReview: (id) => patch({ selected: toggled(get().review.selected, id) }),
    clearReviewSelection: () => patch({ selected: none }),
    openBulk: (bulk) => patch({ bulk }),
    decideReview: async (ids, take, group) => {
      const some = ids.slice(0, MOST_AT_ONCE);
      const input = group === undefined ? { ids: some, take } : { ids: some, take, group };
      const outcome = await get().attempt((client) => client.review.decide(input));
      if (outcome !== null) patch({ selected: none });
      get().settle(outcome);
    },
    decideAllReview: async (take, confirmCount) => {
      const { filter } = get().review;
      const outcome = await get().attempt((client) => client.review.decideAll({ ...filter, take, confirmCount }));
      patch({ bulk: null, selected: none });
      get().settle(outcome);
    },
  };
};
