import type { StateCreator } from 'zustand';
import type { Overview, Progress } from '../../../shared/contract/views.ts';
import { failureOf } from '../../bridge.ts';
import type { Client, Failure } from '../../bridge.ts';
import type { AppState } from '../../store.ts';

export interface OverviewSlice {
  readonly overview: Overview | null;
  readonly overviewFailure: Failure | null;
  readonly running: Progress | null;
  /** A call that starts, stops or checks is under way: its button waits. */
  readonly asking: 'sync' | 'syncFull' | 'apply' | 'stop' | 'check' | null;
  readonly refreshOverview: () => Promise<void>;
  /** Follows the host's progress until this client's wire is lost. */
  readonly followProgress: (client: Client) => Promise<void>;
  readonly startSync: () => Promise<void>;
  /** The same, with every record read anew (C1). */
  readonly startFullSync: () => Promise<void>;
  readonly applyApproved: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly checkSystems: () => Promise<void>;
}

export const createOverviewSlice: StateCreator<AppState, [], [], OverviewSlice> = (set, get) => {
  const ask = async (what: NonNullable<OverviewSlice['asking']>, work: (client: Client) => Promise<unknown>) => {
    set({ asking: what });
    await get().attempt(work);
    set({ asking: null });
    // A run may have ended before its first progress was told.
    get().changed();
  };
  const showProgress = (running: Progress | null): void => {
    const before = get().running;
    set({ running });
    if (before !== null && running === null) get().changed();
    else if (before?.stage !== running?.stage) void get().refreshOverview();
  };
  return {
    overview: null,
    overviewFailure: null,
    running: null,
    asking: null,
    refreshOverview: async () => {
      const { client } = get();
      if (client === null) return;
      try {
        const overview = await client.overview.get();
        if (get().client === client) set({ overview, overviewFailure: null });
      } catch (error) {
        if (get().client === client) set({ overviewFailure: failureOf(error) });
      }
    },
    followProgress: async (client) => {
      try {
        for await (const progress of await client.sync.progress()) {
          if (get().client !== client) return;
          showProgress(progress);
        }
      } catch (error) {
        // A lost wire is told by the offline note; anything else a person should see.
        if (get().client === client) get().note({ tone: 'problem', failure: failureOf(error) });
      }
    },
    startSync: () => ask('sync', (client) => client.sync.start({})),
    startFullSync: () => ask('syncFull', (client) => client.sync.start({ full: true })),
    applyApproved: () =>
      ask('apply', async (client) => {
        get().showOutcomeOf((await client.review.apply()).runId);
      }),
    stop: () => ask('stop', (client) => client.sync.stop()),
    checkSystems: () => ask('check', (client) => client.overview.check()),
  };
};
