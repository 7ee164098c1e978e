import type { StateCreator } from 'zustand';
import type { RecordKey } from '../../../shared/contract/views.ts';
import type { Direction, Flow, Side } from '../../../shared/domain.ts';
import type { AppState } from '../../store.ts';

export interface RecordsFilter {
  readonly flow?: Flow | undefined;
  readonly side?: Side | undefined;
  readonly linked?: boolean | undefined;
  readonly find?: string | undefined;
}

export interface RecordsSlice {
  readonly records: {
    readonly filter: RecordsFilter;
    readonly active: number;
    /** The question that is open: unlink this link, or choose a counterpart. */
    readonly asking: 'unlink' | 'link' | 'relink' | null;
  };
  readonly filterRecords: (change: RecordsFilter) => void;
  readonly activateRecord: (index: number) => void;
  readonly askRecord: (asking: RecordsSlice['records']['asking']) => void;
  readonly linkRecords: (flow: Flow, customerpId: string, tidsbankenId: string) => Promise<void>;
  readonly unlinkRecord: (linkId: number) => Promise<void>;
  /** Gives a linked record another partner, in one step. */
  readonly relinkRecords: (flow: Flow, customerpId: string, tidsbankenId: string) => Promise<void>;
  /** Nobody is asked about this record any more (`aside`), or again. */
  readonly setRecordAside: (record: RecordKey, aside: boolean) => Promise<void>;
  /** Narrows one link's direction; `off` pauses it (D6). */
  readonly directLink: (linkId: number, direction: Direction) => Promise<void>;
}

export const createRecordsSlice: StateCreator<AppState, [], [], RecordsSlice> = (set, get) => {
  const patch = (change: Partial<RecordsSlice['records']>) => set((s) => ({ records: { ...s.records, ...change } }));
  return {
    records: { filter: {}, active: 0, asking: null },
    filterRecords: (change) => patch({ filter: { ...get().records.filter, ...change }, active: 0 }),
    activateRecord: (active) => patch({ active }),
    askRecord: (asking) => patch({ asking }),
    linkRecords: async (flow, customerpId, tidsbankenId) => {
      const outcome = await get().attempt((client) => client.links.link({ flow, customerpId, tidsbankenId }));
      patch({ asking: null });
      get().settle(outcome);
    },
    relinkRecords: async (flow, customerpId, tidsbankenId) => {
      const outcome = await get().attempt((client) => client.links.relink({ flow, customerpId, tidsbankenId }));
      patch({ asking: null });
      get().settle(outcome);
    },
    setRecordAside: async (record, aside) => {
      get().settle(await get().attempt((client) => client.links.setAside({ ...record, aside })));
    },
    unlinkRecord: async (linkId) => {
      const outcome = await get().attempt((client) => client.links.unlink({ linkId }));
      patch({ asking: null });
      get().settle(outcome);
    },
    directLink: async (linkId, direction) => {
      get().settle(await get().attempt((client) => client.links.direction({ linkId, direction })));
    },
  };
};
