import type { StateCreator } from 'zustand';
import type { AppState } from '../../store.ts';

export interface HistorySlice {
  readonly history: { readonly active: number; readonly activeEvent: number };
  readonly activateRun: (active: number) => void;
  readonly activateEvent: (activeEvent: number) => void;
}

export const createHistorySlice: StateCreator<AppState, [], [], HistorySlice> = (set) => ({
  history: { active: 0, activeEvent: 0 },
  activateRun: (active) => set({ history: { active, activeEvent: 0 } }),
  activateEvent: (activeEvent) => set((s) => ({ history: { ...s.history, activeEvent } })),
});
