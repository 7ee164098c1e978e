import { open } from './desk.ts';
import type { Scene, Screen, State } from './desk.ts';

export const SCREENS = [
  'overview',
  'review',
  'mismatches',
  'records',
  'mapping',
  'checklist',
  'history',
] as const satisfies readonly Screen[];

/** A screen as it stands when it is opened. */
export const screen = (place: Screen, state: State, suffix = ''): Scene => ({
  name: `${place}${suffix}`,
  place,
  state,
  show: (desk) => open(desk, place),
});
