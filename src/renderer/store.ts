import { create } from 'zustand';
import { createConnectionSlice } from './connection-slice.ts';
import type { ConnectionSlice } from './connection-slice.ts';
import { createHistorySlice } from './screens/history/slice.ts';
import type { HistorySlice } from './screens/history/slice.ts';
import { createMismatchesSlice } from './screens/mismatches/slice.ts';
import type { MismatchesSlice } from './screens/mismatches/slice.ts';
import { createOverviewSlice } from './screens/overview/slice.ts';
import type { OverviewSlice } from './screens/overview/slice.ts';
import { createRecordsSlice } from './screens/records/slice.ts';
import type { RecordsSlice } from './screens/records/slice.ts';
import { createReviewSlice } from './screens/review/slice.ts';
import type { ReviewSlice } from './screens/review/slice.ts';
import { createShellSlice } from './shell/slice.ts';
import type { ShellSlice } from './shell/slice.ts';

export type AppState = ConnectionSlice &
  ShellSlice &
  OverviewSlice &
  ReviewSlice &
  MismatchesSlice &
  RecordsSlice &
  HistorySlice;

/** What the window shows and what a person has picked. Whatever follows from the rules comes from the host. */
export const useApp = create<AppState>()((...a) => ({
  ...createConnectionSlice(...a),
  ...createShellSlice(...a),
  ...createOverviewSlice(...a),
  ...createReviewSlice(...a),
  ...createMismatchesSlice(...a),
  ...createRecordsSlice(...a),
  ...createHistorySlice(...a),
}));
