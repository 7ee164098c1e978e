import type { StateCreator } from 'zustand';
import type { RecordKey } from '../../shared/contract/views.ts';
import type { AppState } from '../store.ts';
import { outcomeOfOne } from './outcome.ts';

export type OneRun = 'sync' | 'check';

export interface OneRecordSlice {
  /** A run of one record is under way: its button waits. */
  readonly oneRun: OneRun | null;
  /** Reads one record and its partner anew and compares them; `sync` also writes what is approved or automatic. */
  readonly runOne: (record: RecordKey, what: OneRun) => Promise<void>;
}

export const createOneRecordSlice: StateCreator<AppState, [], [], OneRecordSlice> = (set, get) => ({
  oneRun: null,
  runOne: async (record, what) => {
    set({ oneRun: what });
    const run = await get().attempt((client) => client.sync.one({ ...record, do: what }));
    set({ oneRun: null });
    for (const problem of run?.problems ?? []) get().note({ tone: 'problem', failure: { kind: 'refused', problem } });
    if (run !== null && run.problems.length === 0) get().note({ tone: 'done', ...outcomeOfOne(run) });
    get().changed();
  },
});
