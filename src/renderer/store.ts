import { createStore, useStore } from 'zustand';
import { createConnectionSlice } from './connection-slice.ts';
import type { ConnectionSlice } from './connection-slice.ts';
import { createOneRecordSlice } from './one-record/slice.ts';
import type { OneRecordSlice } from './one-record/slice.ts';
import { createSetupSlice } from './setup/slice.ts';
import type { SetupSlice } from './setup/slice.ts';
import { createChecklistSlice } from './screens/checklist/slice.ts';
import type { ChecklistSlice } from './screens/checklist/slice.ts';
import { createHistorySlice } from './screens/history/slice.ts';
import type { HistorySlice } from './screens/history/slice.ts';
import { createMappingSlice } from './screens/mapping/slice.ts';
import type { MappingSlice } from './screens/mapping/slice.ts';
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
  MappingSlice &
  ChecklistSlice &
  OneRecordSlice &
  SetupSlice &
  HistorySlice;

/** What the window shows and what a person has picked. Whatever follows from the rules comes from the host. */
export const store = createStore<AppState>()((...a) => ({
  ...createConnectionSlice(...a),
  ...createShellSlice(...a),
  ...createOverviewSlice(...a),
  ...createReviewSlice(...a),
  ...createMismatchesSlice(...a),
  ...createRecordsSlice(...a),
  ...createMappingSlice(...a),
  ...createChecklistSlice(...a),
  ...createOneRecordSlice(...a),
  ...createSetupSlice(() => location.reload())(...a),
  ...createHistorySlice(...a),
}));

/** What a component shows; it draws again when the selected part changes. */
export const useApp = <T>(select: (state: AppState) => T): T => useStore(store, select);

/** The state of this moment and what can be done, for handlers of events. */
export const app = (): AppState => store.getState();
