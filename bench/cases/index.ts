import type { Figure } from '../measure.ts';
import type { Stage } from '../stage.ts';
import { adopt, noChangeDelta, noChangeFull } from './read-cases.ts';
import { createSide } from './create-cases.ts';
import { openWorkspace, review, search, windowDelay } from './screen-cases.ts';
import { applyUpdates, onePercent, onePercentBoth, rateLimited } from './write-cases.ts';

export interface BenchCase {
  readonly name: string;
  /** Takes long or says the same each time: one pair is enough. */
  readonly once?: boolean;
  readonly fits: (size: number, large: boolean) => boolean;
  readonly measure: (stage: Stage, pairs: number) => Promise<Figure>;
}

const always = (): boolean => true;

/** In this order: later cases find the workspace that the first one has linked. */
export const CASES: readonly BenchCase[] = [
  { name: 'adopt', fits: always, measure: adopt },
  { name: 'no-change-delta', fits: always, measure: noChangeDelta },
  { name: 'no-change-full', fits: always, measure: noChangeFull },
  { name: 'one-percent', fits: always, measure: onePercent },
  { name: 'both-one-percent', fits: always, measure: onePercentBoth },
  { name: 'apply-0ms', fits: always, measure: (stage, pairs) => applyUpdates(stage, pairs, 0) },
  { name: 'apply-20ms', fits: always, measure: (stage, pairs) => applyUpdates(stage, Math.min(pairs, 2), 20) },
  { name: 'open', fits: always, measure: openWorkspace },
  { name: 'search', fits: always, measure: search },
  { name: 'review', fits: always, measure: review },
  { name: 'window', fits: (size) => size <= 100_000, measure: windowDelay },
  { name: 'rate-limit', once: true, fits: (size) => size <= 10_000, measure: rateLimited },
  { name: 'create', once: true, fits: (size, large) => size <= (large ? 100_000 : 10_000), measure: createSide },
];
