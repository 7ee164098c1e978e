import type { Figure, Turns } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { adopt, noChangeDelta, noChangeFull } from './read-cases.ts';
import { createSide } from './create-cases.ts';
import { openWorkspace, review, search, windowDelay } from './screen-cases.ts';
import { applyUpdates, onePercent, onePercentBoth, rateLimited } from './write-cases.ts';

export interface BenchCase {
  readonly name: string;
  /** It does the same work at any number of pairs: measured at one size of several. */
  readonly isSizeless?: boolean;
  readonly fits: (size: number, large: boolean) => boolean;
  readonly measure: (stage: Stage, turns: Turns) => Promise<Figure>;
}

const always = (): boolean => true;

/** In this order: later cases find the workspace that the first one has linked. */
export const CASES: readonly BenchCase[] = [
  { name: 'adopt', fits: always, measure: adopt },
  { name: 'no-change-delta', fits: always, measure: noChangeDelta },
  { name: 'no-change-full', fits: always, measure: noChangeFull },
  { name: 'one-percent', fits: always, measure: onePercent },
  { name: 'both-one-percent', fits: always, measure: onePercentBoth },
  { name: 'apply-0ms', isSizeless: true, fits: always, measure: (stage, turns) => applyUpdates(stage, turns, 0) },
  { name: 'apply-20ms', isSizeless: true, fits: always, measure: (stage, turns) => applyUpdates(stage, turns, 20) },
  { name: 'open', fits: always, measure: openWorkspace },
  { name: 'search', fits: always, measure: search },
  { name: 'review', fits: always, measure: review },
  { name: 'window', fits: (size) => size <= 100_000, measure: windowDelay },
  { name: 'rate-limit', fits: (size) => size <= 10_000, measure: rateLimited },
  { name: 'create', fits: (size, large) => size <= (large ? 100_000 : 10_000), measure: createSide },
];
