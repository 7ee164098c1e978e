import type { AppState } from '../store.ts';

/** Whether a run could be started now: none is under way, here or in another program, and there is a host with a sound store. */
export const mayRun = ({ running, asking, oneRun, client, overview }: AppState): boolean =>
  running === null &&
  asking === null &&
  oneRun === null &&
  client !== null &&
  overview?.elsewhere === undefined &&
  overview?.store === undefined;
