import { describe, expect, it } from 'vitest';
import type { SystemWork } from '../../../shared/contract/run-work.ts';
import { RunMeter } from './run-meter.ts';
import type { Counters } from './run-meter.ts';

const work = (requests: number): SystemWork => ({
  requests,
  bytesSent: requests * 10,
  bytesReceived: requests * 100,
  answeringMs: requests * 20,
  waits: requests,
  waitedMs: requests * 5,
  refused: 0,
});

/** Counters as they stand when they are read, one after the other. */
function reading(
  ...rows: readonly (readonly [at: number, statements: number, customerp: number, tidsbanken: number])[]
) {
  const left = [...rows];
  return (): Counters => {
    const [at = 0, statements = 0, customerp = 0, tidsbanken = 0] = left.shift() ?? [];
    return { at, statements, systems: { customerp: work(customerp), tidsbanken: work(tidsbanken) } };
  };
}

describe('what each stage of a run took', () => {
  it('is what the counters moved while it went on; what was counted before the run is not its own', () => {
    const meter = new RunMeter(reading([1_000, 50, 7, 9], [1_200, 52, 8, 10], [4_200, 152, 28, 50]), 'recover');
    meter.enter('collect');
    meter.enter('collect');
    expect(meter.end()).toEqual([
      { stage: 'recover', ms: 200, statements: 2, systems: { customerp: work(1), tidsbanken: work(1) } },
      { stage: 'collect', ms: 3_000, statements: 100, systems: { customerp: work(20), tidsbanken: work(40) } },
    ]);
  });

  it('a stage that comes again is one row, where it came first', () => {
    const meter = new RunMeter(reading([0, 0, 0, 0], [10, 1, 0, 1], [30, 2, 0, 1], [60, 5, 0, 3]), 'apply');
    meter.enter('reconcile');
    meter.enter('apply');
    const [apply, reconcile] = meter.end();
    expect(apply).toMatchObject({ stage: 'apply', ms: 40, statements: 4, systems: { tidsbanken: work(3) } });
    expect(reconcile).toMatchObject({ stage: 'reconcile', ms: 20, statements: 1, systems: { tidsbanken: work(0) } });
  });
});
