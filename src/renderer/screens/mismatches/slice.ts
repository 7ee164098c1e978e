import type { StateCreator } from 'zustand';
import type { MismatchFilter } from '../../../shared/contract/contract.ts';
import type { Take } from '../../../shared/domain.ts';
import type { AppState } from '../../store.ts';
import { MOST_AT_ONCE, toggled } from '../../ui/selection.ts';

export interface MismatchesSlice {
  readonly mismatches: {
    readonly filter: MismatchFilter;
    readonly active: number;
    /** What each selected mismatch offers, by id: a choice for several must be open to all of them. */
    readonly selected: ReadonlyMap<number, readonly Take[]>;
    /** The mismatch for which a counterpart is being chosen. */
    readonly linking: number | null;
    /** The dialog for one way out of all that fit the filter. */
    readonly bulk: boolean;
  };
  readonly filterMismatches: (change: Partial<MismatchFilter>) => void;
  readonly activateMismatch: (index: number) => void;
  readonly toggleMismatch: (id: number, takes: readonly Take[]) => void;
  readonly clearMismatchSelection: () => void;
  readonly openLinking: (id: number | null) => void;
  readonly openBulkWays: (bulk: boolean) => void;
  /** `confirmCount` is the count that the person saw; the host refuses any other (V3). */
  readonly decideAllMismatches: (take: Take, confirmCount: number) => Promise<void>;
  readonly decideMismatches: (ids: readonly number[], take: Take, linkTo?: string) => Promise<void>;
}

const none: ReadonlyMap<number, readonly Take[]> = new Map();

export const createMismatchesSlice: StateCreator<AppState, [], [], MismatchesSlice> = (set, get) => {
  const patch = (change: Partial<MismatchesSlice['mismatches']>) =>
    set((s) => ({ mismatches: { ...s.mismatches, ...change } }));
  return {
    mismatches: { filter: {}, active: 0, selected: none, linking: null, bulk: false },
    filterMismatches: (change) =>
      patch({ filter: { ...get().mismatches.filter, ...change }, active: 0, selected: none }),
    activateMismatch: (active) => patch({ active }),
    toggleMismatch: (id, takes) => {
      const { selected } = get().mismatches;
      const ids = toggled(new Set(selected.keys()), id);
      patch({ selected: new Map([...ids].map((one) => [one, selected.get(one) ?? takes])) });
    },
    clearMismatchSelection: () => patch({ selected: none }),
    openLinking: (linking) => patch({ linking }),
    openBulkWays: (bulk) => patch({ bulk }),
    decideAllMismatches: async (take, confirmCount) => {
      const { filter } = get().mismatches;
      const outcome = await get().attempt((client) => client.mismatches.decideAll({ ...filter, take, confirmCount }));
      patch({ bulk: false, selected: none });
      get().settle(outcome);
    },
    decideMismatches: async (ids, take, linkTo) => {
      const some = ids.slice(0, MOST_AT_ONCE);
      const input = linkTo === undefined ? { ids: some, take } : { ids: some, take, linkTo };
      const outcome = await get().attempt((client) => client.mismatches.decide(input));
      patch(outcome === null ? { linking: null } : { linking: null, selected: none });
      get().settle(outcome);
    },
  };
};
