import type { StateCreator } from 'zustand';
import type { SetupState, UpgradeState, WorkspaceDraft } from '../../shared/contract/setup.ts';
import { failureOf } from '../bridge.ts';
import type { Client, Failure, ProblemView } from '../bridge.ts';
import type { AppState } from '../store.ts';

export type SetupWork = 'demo' | 'create' | 'open';
export type Choices = NonNullable<SetupState['choices']>;

export interface SetupSlice {
  /** What the first start offers; null once a workspace is open. */
  readonly choices: Choices | null;
  /** How far the upgrade of the store is, which nothing else can go before; null: none is under way. */
  readonly upgrade: UpgradeState | null;
  /** Why the workspace was not opened; what served this page has ended then. */
  readonly refused: ProblemView | null;
  /** Asks how far it is; once it is done, this page begins anew. */
  readonly followUpgrade: () => Promise<void>;
  /** The choice that is being carried out: all others wait. */
  readonly setupWork: SetupWork | null;
  readonly setupFailure: Failure | null;
  readonly tryDemo: () => Promise<void>;
  readonly createWorkspace: (draft: WorkspaceDraft) => Promise<void>;
  readonly openFolder: (folder: string) => Promise<void>;
}

/** @param begin shows the workspace that was opened: this page begins anew, on a wire of its own */
export const createSetupSlice =
  (begin: () => void): StateCreator<AppState, [], [], SetupSlice> =>
  (set, get) => {
    const choose = async (what: SetupWork, work: (client: Client) => Promise<unknown>): Promise<void> => {
      const { client } = get();
      if (client === null) return;
      set({ setupWork: what, setupFailure: null });
      try {
        await work(client);
        begin();
      } catch (error) {
        set({ setupWork: null, setupFailure: failureOf(error) });
      }
    };
    return {
      choices: null,
      upgrade: null,
      refused: null,
      followUpgrade: async () => {
        const state = await get()
          .wire?.setup.state()
          .catch(() => null);
        // A wire that is lost comes back by itself.
        if (state === undefined || state === null) return;
        if (state.upgrade === undefined) begin();
        else set({ upgrade: state.upgrade });
      },
      setupWork: null,
      setupFailure: null,
      tryDemo: () => choose('demo', (client) => client.setup.demo()),
      createWorkspace: (draft) => choose('create', (client) => client.setup.create(draft)),
      openFolder: (folder) => choose('open', (client) => client.setup.open({ folder })),
    };
  };
