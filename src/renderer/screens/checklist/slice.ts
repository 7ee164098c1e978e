import type { StateCreator } from 'zustand';
import type { Flow } from '../../../shared/domain.ts';
import type { AppState } from '../../store.ts';

export interface ChecklistSlice {
  readonly checklist: {
    readonly flow: Flow;
    /** The id of the test record of each flow, as it was typed: leaving the screen loses nothing. */
    readonly records: Readonly<Partial<Record<Flow, string>>>;
    /** A call that starts a run is under way: its button waits. */
    readonly starting: boolean;
  };
  readonly showChecklist: (flow: Flow) => void;
  readonly nameTestRecord: (flow: Flow, nativeId: string) => void;
  /** Puts the checklist to the test on the named record of the flow that is shown. */
  readonly verifyChecklist: (language: 'en' | 'nb') => Promise<void>;
  /** Puts back what an earlier checklist left. */
  readonly putBackChecklist: () => Promise<void>;
}

export const createChecklistSlice: StateCreator<AppState, [], [], ChecklistSlice> = (set, get) => {
  const patch = (change: Partial<ChecklistSlice['checklist']>) =>
    set((s) => ({ checklist: { ...s.checklist, ...change } }));
  const starting = async (work: () => Promise<unknown>): Promise<void> => {
    patch({ starting: true });
    await work();
    patch({ starting: false });
    get().changed();
  };
  return {
    checklist: { flow: 'customer-kunde', records: {}, starting: false },
    showChecklist: (flow) => patch({ flow }),
    nameTestRecord: (flow, nativeId) => patch({ records: { ...get().checklist.records, [flow]: nativeId } }),
    verifyChecklist: async (language) => {
      const { flow, records } = get().checklist;
      const nativeId = (records[flow] ?? '').trim();
      if (nativeId === '') return;
      await starting(() =>
        get().attempt((client) => client.checklist.start({ records: [{ flow, nativeId }], language })),
      );
    },
    putBackChecklist: () => starting(() => get().attempt((client) => client.checklist.restore())),
  };
};
