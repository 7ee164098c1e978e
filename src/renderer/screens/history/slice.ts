import type { StateCreator } from 'zustand';
import type { AppState } from '../../store.ts';
import type { EventSort } from './event-sorts.ts';

export interface HistorySlice {
  readonly history: {
    readonly active: number;
    readonly activeEvent: number;
    /** Which events of the journal are shown; all when undefined. */
    readonly sort: EventSort | undefined;
  };
  readonly activateRun: (active: number) => void;
  readonly activateEvent: (activeEvent: number) => void;
  readonly sortJournal: (sort: EventSort | undefined) => void;
}

export const createHistorySlice: StateCreator<AppState, [], [], HistorySlice> = (set) => ({
  history: { active: 0, activeEvent: 0, sort: undefined },
  activateRun: (active) => set((s) => ({ history: { ...s.history, active, activeEvent: 0 } })),
  activateEvent: (activeEvent) => set((s) => ({ history: { ...s.history, activeEvent } })),
  sortJournal: (sort) => set((s) => ({ history: { ...s.history, sort, activeEvent: 0 } })),
});
