import type { Approval, Flow, Kind, Pair, Problem, RunMode, RunStage, Side } from '../../shared/domain.ts';
import type { Connector } from '../connectors/connector.ts';
import type { CompiledFlow } from '../mapping/compile.ts';
import type { RecordRef } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { CollectionIndex } from './collect/collection-index.ts';
import type { Versions } from './drafts.ts';
import { DEFAULT_POLICY } from './reconcile/rules.ts';
import type { FlowPolicy } from './reconcile/rules.ts';
import { RAIL_LIMITS } from './review/rails.ts';
import type { RailLimits } from './review/rails.ts';

/** Time as the engine knows it. `now` for what is kept and compared across restarts, `monotonic` for waits (T5). */
export interface Clock {
  /** ms since 1970, UTC. */
  now(): number;
  /** ms, never goes back. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Numbers of the rules that an operator may change; the defaults are those of docs/sync-rules.md. */
export interface SyncSettings {
  readonly fullEveryMs: number; // C1
  readonly overlapMs: Pair<number>; // T1
  readonly collectAttempts: number; // C3
  readonly confirmGoneMs: number; // 5.2
  readonly observedMaxAgeMs: number; // A2
  readonly collectionMaxAgeMs: number; // K2
  readonly sendWithinMs: number; // A6
  readonly rereadDelaysMs: readonly number[]; // W2
  readonly attempts: number; // 7.4
  readonly flappingWithinMs: number; // W6
  readonly approvalLapsesMs: number; // V2
  readonly autoWritesPerRun: number; // S9
  readonly writesAtOnce: Pair<number>; // section 7, records per system
  readonly breakerFailures: number; // S8
  readonly passes: number; // deferred references come with the next pass (O1)
  readonly skewMs: Pair<number>; // D4: how wrong the clock of a system may be
  readonly rails: RailLimits; // section 13
  readonly policies: Readonly<Partial<Record<Kind, FlowPolicy>>>; // R12, D1, C4
}

export const DEFAULT_SETTINGS: SyncSettings = {
  fullEveryMs: 24 * 3_600_000,
  overlapMs: { customerp: 15 * 60_000, tidsbanken: 3 * 3_600_000 },
  collectAttempts: 3,
  confirmGoneMs: 10 * 60_000,
  observedMaxAgeMs: 5 * 60_000,
  collectionMaxAgeMs: 5 * 60_000,
  sendWithinMs: 5_000,
  rereadDelaysMs: [1_000, 9_000, 20_000],
  attempts: 3,
  flappingWithinMs: 7 * 24 * 3_600_000,
  approvalLapsesMs: 7 * 24 * 3_600_000,
  autoWritesPerRun: 500,
  writesAtOnce: { customerp: 8, tidsbanken: 8 },
  breakerFailures: 5,
  passes: 3,
  skewMs: { customerp: 5 * 60_000, tidsbanken: 2 * 3_600_000 },
  rails: RAIL_LIMITS,
  policies: {},
};

export interface RunRequest {
  readonly mode: RunMode;
  readonly approve: Approval | null;
  readonly full: boolean;
  readonly kinds: readonly Kind[];
  /** Who asked for it, for the journal: an account name, `schedule`, `cli`. */
  readonly person: string;
  /** Waits out the settle time of unknown outcomes instead of leaving them to the next run (7.4). */
  readonly wait: boolean;
  /** Narrows the run to this record and its pair: nothing else is read, judged, approved or written. */
  readonly only?: RecordRef | undefined;
}

export interface ProgressNote {
  readonly stage: RunStage;
  readonly flow: Flow | null;
  readonly side: Side | null;
  readonly done: number;
  readonly total: number | null;
  readonly record: string | null;
}

/** Everything a run works with. Handed to each stage; nothing is global. */
export interface SyncContext {
  readonly runId: number;
  readonly request: RunRequest;
  readonly store: Store;
  readonly connectors: Pair<Connector>;
  readonly flows: ReadonlyMap<Kind, CompiledFlow>;
  /** Versions of policy and tenants; the mapping's stands in each flow (`versionsFor`). */
  readonly versions: Omit<Versions, 'mapping'>;
  readonly settings: SyncSettings;
  readonly clock: Clock;
  /** When this run read a kind whole, by `side:kind` and the monotonic clock (ms). */
  readonly readWhole: Map<string, { readonly begunAt: number; readonly endedAt: number }>;
  /** Collections looked through in this run in place of filters (K2), by `side:kind`. */
  readonly lookedThrough: Map<string, CollectionIndex>;
  /** Fires when the operator says *Stop*: finish what is under way, start nothing new. */
  readonly stop: AbortSignal;
  /** Fires only when the process must go at once. */
  readonly abort: AbortSignal;
  readonly progress: (note: ProgressNote) => void;
  /** What went wrong and what it means, for the run's record; the run goes on without what failed. */
  readonly report: (problem: Problem) => void;
}

export function flowFor(ctx: Pick<SyncContext, 'flows'>, kind: Kind): CompiledFlow {
  const flow = ctx.flows.get(kind);
  if (flow === undefined) throw new Error(`The flow of ${kind} is not part of this run.`);
  return flow;
}

/** What the operator has settled for a flow. */
export const policyFor = ({ settings }: Pick<SyncContext, 'settings'>, kind: Kind): FlowPolicy =>
  settings.policies[kind] ?? DEFAULT_POLICY;

/** What an approval of a change of this kind is bound to (V1). */
export const versionsFor = (ctx: Pick<SyncContext, 'flows' | 'versions'>, kind: Kind): Versions => ({
  ...ctx.versions,
  mapping: flowFor(ctx, kind).version,
});
