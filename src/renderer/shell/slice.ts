import type { StateCreator } from 'zustand';
import type { AppState } from '../store.ts';

export const SCREENS = ['overview', 'review', 'mismatches', 'records', 'mapping', 'checklist', 'history'] as const;
export type Screen = (typeof SCREENS)[number];

/** What an opened review has: it knows no systems, no records beside those in question, and no history. */
const REVIEW_SCREENS: readonly Screen[] = ['review', 'mismatches'];
export const isOpenedReview = (s: AppState): boolean => s.overview?.review !== undefined;
export const screensOf = (s: AppState): readonly Screen[] => (isOpenedReview(s) ? REVIEW_SCREENS : SCREENS);

export interface ShellSlice {
  readonly screen: Screen;
  readonly shortcutsOpen: boolean;
  /** Shows the screen that the address names; an unknown one leads to Overview. */
  readonly showHash: (hash: string) => void;
  readonly goTo: (screen: Screen) => void;
  readonly setShortcutsOpen: (open: boolean) => void;
}

export const createShellSlice: StateCreator<AppState, [], [], ShellSlice> = (set) => ({
  screen: 'overview',
  shortcutsOpen: false,
  showHash: (hash) => set({ screen: SCREENS.find((screen) => hash === `#/${screen}`) ?? 'overview' }),
  goTo: (screen) => {
    location.hash = `#/${screen}`;
    set({ screen });
  },
  setShortcutsOpen: (shortcutsOpen) => set({ shortcutsOpen }),
});
