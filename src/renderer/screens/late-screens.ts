import type { ComponentType } from 'react';
import { late } from '../late.ts';
import type { Late } from '../late.ts';
import type { Screen } from '../shell/slice.ts';

export type LateScreen = Exclude<Screen, 'overview'>;

/** The first screen is there at once; the others come when they are asked for, or when there is nothing else to do. */
export const LATE_SCREENS: Readonly<Record<LateScreen, Late<ComponentType<object>>>> = {
  review: late(async () => (await import('./review/Review.tsx')).ReviewScreen),
  mismatches: late(async () => (await import('./mismatches/Mismatches.tsx')).MismatchesScreen),
  records: late(async () => (await import('./records/Records.tsx')).RecordsScreen),
  mapping: late(async () => (await import('./mapping/Mapping.tsx')).MappingScreen),
  checklist: late(async () => (await import('./checklist/Checklist.tsx')).ChecklistScreen),
  history: late(async () => (await import('./history/History.tsx')).HistoryScreen),
};

/** Fetches what has not come yet, one after the other. Whatever fails is told when it is asked for. */
export async function fetchScreens(signal: AbortSignal): Promise<void> {
  for (const screen of Object.values(LATE_SCREENS)) {
    if (signal.aborted) return;
    await screen.load().catch(() => null);
  }
}
