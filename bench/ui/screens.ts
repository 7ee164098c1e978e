import type { Sight } from './desk.ts';

/** What a screen shows first, and where it can be searched and scrolled. Words are those of the English interface. */
export interface BenchScreen {
  readonly name: string;
  readonly first: readonly Sight[];
  /** The name of its grid. */
  readonly grid?: string;
  /** What is typed, and the count that then stands above the list. */
  readonly search?: { readonly find: string; readonly shows: string };
}

const rowsOf = (grid: string): Sight => [`[role=grid][aria-label="${grid}"] .grid-body [aria-busy=false]`, ''];

export const OVERVIEW: BenchScreen = { name: 'Overview', first: [['.flow-card strong', '']] };

/** Each is opened from the overview. */
export const BENCH_SCREENS: readonly BenchScreen[] = [
  {
    name: 'Review',
    first: [rowsOf('Pending changes')],
    grid: 'Pending changes',
    search: { find: 'ny c0207', shows: '100 changes' },
  },
  {
    name: 'Mismatches',
    first: [rowsOf('Mismatches')],
    grid: 'Mismatches',
    search: { find: 'p2021-0015', shows: '1 mismatch' },
  },
  { name: 'Records', first: [rowsOf('Records')], grid: 'Records', search: { find: 'p2023-0007', shows: '2 records' } },
  { name: 'Mapping', first: [['.mapping-table tbody tr', '']] },
  { name: 'Checklist', first: [['.checklist-table tbody tr', '']] },
  { name: 'History', first: [rowsOf('Runs'), rowsOf('Journal')] },
];
