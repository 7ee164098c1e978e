import type { StateCreator } from 'zustand';
import type { RowEdit, RowEdits } from '../../../shared/contract/mapping-views.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { AppState } from '../../store.ts';

export interface MappingSlice {
  readonly mapping: {
    readonly flow: Flow;
    /** What is edited and not saved, by flow: leaving the screen loses nothing. */
    readonly drafts: Readonly<Partial<Record<Flow, RowEdits>>>;
    /** The row whose details are shown. */
    readonly active: string | null;
    /** The edits for which the records were looked through; any other edit asks again. */
    readonly lookedAt: RowEdits | null;
    readonly saving: 'asking' | 'writing' | null;
  };
  readonly showMapping: (flow: Flow) => void;
  readonly activateRow: (name: string) => void;
  /** Lays an edit over what is already edited of the row. */
  readonly editRow: (name: string, edit: RowEdit) => void;
  /** Takes the edits of one row back; without a name, of all rows of this flow. */
  readonly undoEdits: (name?: string) => void;
  readonly lookThroughRecords: () => void;
  readonly askToSave: (ask: boolean) => void;
  /** Writes the draft into workspace.yaml. `version`: the mapping that was edited. */
  readonly saveMapping: (version: string) => Promise<void>;
}

export const NO_EDITS: RowEdits = {};
export const draftIn = (mapping: MappingSlice['mapping']): RowEdits => mapping.drafts[mapping.flow] ?? NO_EDITS;

export const createMappingSlice: StateCreator<AppState, [], [], MappingSlice> = (set, get) => {
  const patch = (change: Partial<MappingSlice['mapping']>) => set((s) => ({ mapping: { ...s.mapping, ...change } }));
  const redraft = (edits: RowEdits): void => {
    const { flow, drafts } = get().mapping;
    patch({ drafts: { ...drafts, [flow]: edits } });
  };
  return {
    mapping: { flow: 'customer-kunde', drafts: {}, active: null, lookedAt: null, saving: null },
    showMapping: (flow) => patch({ flow, active: null, lookedAt: null }),
    activateRow: (active) => patch({ active }),
    editRow: (name, edit) => {
      const edits = draftIn(get().mapping);
      redraft({ ...edits, [name]: { ...edits[name], ...edit } });
    },
    undoEdits: (name) => {
      const rest = Object.entries(draftIn(get().mapping)).filter(([row]) => name !== undefined && row !== name);
      redraft(Object.fromEntries(rest));
    },
    lookThroughRecords: () => patch({ lookedAt: draftIn(get().mapping) }),
    askToSave: (ask) => patch({ saving: ask ? 'asking' : null }),
    saveMapping: async (version) => {
      const { flow } = get().mapping;
      const edits = draftIn(get().mapping);
      patch({ saving: 'writing' });
      const saved = await get().attempt((client) => client.mapping.save({ flow, edits, version }));
      patch({ saving: null });
      if (saved === null) return;
      redraft(NO_EDITS);
      get().note({ tone: 'done', text: 'mapping.saved', count: Object.keys(edits).length });
      get().changed();
    },
  };
};
