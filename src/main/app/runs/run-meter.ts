import type { StageWork, SystemWork } from '../../../shared/contract/run-work.ts';
import type { Pair, RunStage, Side } from '../../../shared/domain.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../sync/context.ts';

/** Counters that only go up, as they stand at one moment. */
export interface Counters {
  /** Monotonic, ms. */
  readonly at: number;
  readonly statements: number;
  readonly systems: Pair<SystemWork>;
}

export function countersOf(from: {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly store: Pick<Store, 'statements'>;
  readonly connectors: Pair<Pick<Connector, 'traffic' | 'requestCount'>>;
}): Counters {
  const { customerp, tidsbanken } = from.connectors;
  return {
    at: from.clock.monotonic(),
    statements: from.store.statements(),
    systems: {
      customerp: { requests: customerp.requestCount(), ...customerp.traffic() },
      tidsbanken: { requests: tidsbanken.requestCount(), ...tidsbanken.traffic() },
    },
  };
}

/**
 * What each stage of a run took. Only one stage goes at a time, so what the counters have moved since it began is its
 * own; nothing has to be told along with a request or a statement.
 */
export class RunMeter {
  readonly #read: () => Counters;
  readonly #stages = new Map<RunStage, StageWork>();
  #stage: RunStage;
  #from: Counters;

  constructor(read: () => Counters, first: RunStage) {
    this.#read = read;
    this.#stage = first;
    this.#from = read();
  }

  enter(stage: RunStage): void {
    if (stage === this.#stage) return;
    this.#close();
    this.#stage = stage;
  }

  /** In the order in which the stages first came. */
  end(): StageWork[] {
    this.#close();
    return [...this.#stages.values()];
  }

  #close(): void {
    const now = this.#read();
    const moved = difference(this.#stage, this.#from, now);
    const before = this.#stages.get(this.#stage);
    this.#stages.set(this.#stage, before === undefined ? moved : sum(before, moved));
    this.#from = now;
  }
}

function difference(stage: RunStage, from: Counters, to: Counters): StageWork {
  return {
    stage,
    ms: Math.round(to.at - from.at),
    statements: to.statements - from.statements,
    systems: eachSide((side) => combine(from.systems[side], to.systems[side], (a, b) => Math.round(b - a))),
  };
}

function sum(a: StageWork, b: StageWork): StageWork {
  return {
    stage: a.stage,
    ms: a.ms + b.ms,
    statements: a.statements + b.statements,
    systems: eachSide((side) => combine(a.systems[side], b.systems[side], (x, y) => x + y)),
  };
}

const eachSide = <T>(of: (side: Side) => T): Pair<T> => ({
  customerp: of('customerp'),
  tidsbanken: of('tidsbanken'),
});

const combine = (a: SystemWork, b: SystemWork, by: (a: number, b: number) => number): SystemWork => ({
  requests: by(a.requests, b.requests),
  bytesSent: by(a.bytesSent, b.bytesSent),
  bytesReceived: by(a.bytesReceived, b.bytesReceived),
  answeringMs: by(a.answeringMs, b.answeringMs),
  waits: by(a.waits, b.waits),
  waitedMs: by(a.waitedMs, b.waitedMs),
  refused: by(a.refused, b.refused),
});
