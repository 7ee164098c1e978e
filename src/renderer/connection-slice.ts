import type { StateCreator } from 'zustand';
import type { SetupState } from '../shared/contract/setup.ts';
import type { DecisionOutcome } from '../shared/contract/views.ts';
import { failureOf } from './bridge.ts';
import type { Client, Failure } from './bridge.ts';
import type { AppState } from './store.ts';

/** `text` is a key of the translations. */
export type Note =
  | { readonly id: number; readonly tone: 'problem'; readonly failure: Failure }
  | { readonly id: number; readonly tone: 'refused'; readonly refused: DecisionOutcome['refused'] }
  | { readonly id: number; readonly tone: 'done'; readonly text: string; readonly count: number };
type NewNote = Note extends infer N ? (N extends Note ? Omit<N, 'id'> : never) : never;

export interface ConnectionSlice {
  /** The newest wire; `client` once it is known whether a workspace is open behind it. */
  readonly wire: Client | null;
  readonly client: Client | null;
  readonly connection: 'connecting' | 'online' | 'offline';
  /** Grows whenever what the lists show may have changed. */
  readonly revision: number;
  readonly notes: readonly Note[];
  readonly attach: (client: Client) => void;
  /** Asks what there is behind a new wire: a workspace, or the choice of one. */
  readonly begin: (client: Client) => Promise<void>;
  readonly detach: () => void;
  readonly changed: () => void;
  readonly note: (note: NewNote) => void;
  readonly dismiss: (id: number) => void;
  /** Runs a call; a failure becomes a note and the answer `null`. */
  readonly attempt: <T>(work: (client: Client) => Promise<T>) => Promise<T | null>;
  /** Says what came of a decision, item by item, and has the lists read again. */
  readonly settle: (outcome: DecisionOutcome | null) => void;
}

/** A host that does not answer this will not answer the rest either, and its screens say so. */
const stateOf = (client: Client): Promise<SetupState> => client.setup.state().catch(() => ({ choices: null }));

const MOST_NOTES = 4;

export const createConnectionSlice: StateCreator<AppState, [], [], ConnectionSlice> = (set, get) => ({
  wire: null,
  client: null,
  connection: 'connecting',
  revision: 0,
  notes: [],
  attach: (client) => {
    set({ wire: client });
    void get().begin(client);
  },
  begin: async (client) => {
    const { choices, upgrade = null, refused = null } = await stateOf(client);
    // Before it was known what there is to show, the wire may have been lost or replaced.
    if (get().wire !== client) return;
    if (refused !== null) return set({ connection: 'online', refused });
    if (upgrade !== null) return set({ connection: 'online', upgrade });
    set((s) => ({ client, connection: 'online', choices, upgrade, revision: s.revision + 1 }));
    if (choices !== null) return;
    void get().refreshOverview();
    void get().followProgress(client);
  },
  detach: () => set({ wire: null, client: null, connection: 'offline' }),
  changed: () => {
    set((s) => ({ revision: s.revision + 1 }));
    void get().refreshOverview();
  },
  note: (note) =>
    set((s) => {
      const id = (s.notes.at(-1)?.id ?? 0) + 1;
      // Good news replaces good news: ten approvals in a row are not ten notes.
      const kept = s.notes.filter((old) => old.tone !== 'done' || note.tone !== 'done');
      return { notes: [...kept, { ...note, id } as Note].slice(-MOST_NOTES) };
    }),
  dismiss: (id) => set((s) => ({ notes: s.notes.filter((note) => note.id !== id) })),
  attempt: async (work) => {
    const { client, note } = get();
    try {
      if (client !== null) return await work(client);
      note({ tone: 'problem', failure: { kind: 'gone', problem: null } });
    } catch (error) {
      note({ tone: 'problem', failure: failureOf(error) });
    }
    return null;
  },
  settle: (outcome) => {
    if (outcome === null) return get().changed();
    // What is approved from here on was not before the run whose outcome is shown.
    get().showOutcomeOf(null);
    if (outcome.decided > 0) get().note({ tone: 'done', text: 'note.decided', count: outcome.decided });
    if (outcome.refused.length > 0) get().note({ tone: 'refused', refused: outcome.refused });
    get().changed();
  },
});
