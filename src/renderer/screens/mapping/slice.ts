import type { StateCreator } from 'zustand';
import type { RowEdit, RowEdits, RuleEdits } from '../../../shared/contract/mapping-views.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { AppState } from '../../store.ts';
import type { RowSearch } from './row-search.ts';

/** What is edited of a flow and not saved. */
export interface Draft {
  readonly edits: RowEdits;
  readonly rules: RuleEdits;
}

export interface MappingSlice {
  readonly mapping: {
    readonly flow: Flow;
    /** By flow: leaving the screen loses nothing. */
    readonly drafts: Readonly<Partial<Record<Flow, Draft>>>;
    /** The row whose details are shown. */
    readonly active: string | null;
    readonly search: RowSearch;
    /** The draft for which the records were looked through; any other asks again. */
    readonly lookedAt: Draft | null;
    readonly saving: 'asking' | 'writing' | null;
  };
  readonly showMapping: (flow: Flow) => void;
  readonly activateRow: (name: string) => void;
  /** Narrows the table further, or in another way. */
  readonly seekRows: (search: RowSearch) => void;
  readonly seekAllRows: () => void;
  /** Lays an edit over what is already edited of the row. */
  readonly editRow: (name: string, edit: RowEdit) => void;
  /** Lays an edit over what is already edited of the flow's rules. */
  readonly editRules: (rules: RuleEdits) => void;
  /** Takes the edits of one row back; without a name, of all rows and rules of this flow. */
  readonly undoEdits: (name?: string) => void;
  readonly undoRules: () => void;
  readonly lookThroughRecords: () => void;
  readonly askToSave: (ask: boolean) => void;
  /** Writes the draft into workspace.yaml. `version`: the mapping that was edited; `confirmed`: rows with personal data. */
  readonly saveMapping: (version: string, confirmed: readonly string[]) => Promise<void>;
}

const NO_DRAFT: Draft = { edits: {}, rules: {} };
export const draftIn = (mapping: MappingSlice['mapping']): Draft => mapping.drafts[mapping.flow] ?? NO_DRAFT;

/** How many rows and rules are edited. */
export const countOf = ({ edits, rules }: Draft): number => Object.keys(edits).length + Object.keys(rules).length;

export const createMappingSlice: StateCreator<AppState, [], [], MappingSlice> = (set, get) => {
  const patch = (change: Partial<MappingSlice['mapping']>) => set((s) => ({ mapping: { ...s.mapping, ...change } }));
  const redraft = (change: Partial<Draft>): void => {
    const { flow, drafts } = get().mapping;
    patch({ drafts: { ...drafts, [flow]: { ...draftIn(get().mapping), ...change } } });
  };
  return {
    mapping: { flow: 'customer-kunde', drafts: {}, active: null, search: {}, lookedAt: null, saving: null },
    showMapping: (flow) => patch({ flow, active: null, search: {}, lookedAt: null }),
    activateRow: (active) => patch({ active }),
    seekRows: (search) => patch({ search: { ...get().mapping.search, ...search } }),
    seekAllRows: () => patch({ search: {} }),
    editRow: (name, edit) => {
      const { edits } = draftIn(get().mapping);
      redraft({ edits: { ...edits, [name]: { ...edits[name], ...edit } } });
    },
    editRules: (rules) => redraft({ rules: { ...draftIn(get().mapping).rules, ...rules } }),
    undoEdits: (name) => {
      if (name === undefined) return redraft(NO_DRAFT);
      const rest = Object.entries(draftIn(get().mapping).edits).filter(([row]) => row !== name);
      redraft({ edits: Object.fromEntries(rest) });
    },
    undoRules: () => redraft({ rules: {} }),
    lookThroughRecords: () => patch({ lookedAt: draftIn(get().mapping) }),
    askToSave: (ask) => patch({ saving: ask ? 'asking' : null }),
    saveMapping: async (version, confirmed) => {
      const { flow } = get().mapping;
      const draft = draftIn(get().mapping);
      patch({ saving: 'writing' });
      const saved = await get().attempt((client) =>
        client.mapping.save({ flow, ...draft, version, confirmed: [...confirmed] }),
      );
      patch({ saving: null });
      if (saved === null) return;
      redraft(NO_DRAFT);
      const count = countOf(draft);
      get().note({ tone: 'done', text: count === 0 ? 'mapping.confirmed' : 'mapping.saved', count });
      get().changed();
    },
  };
};
