import { fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Pair, Problem, Result, RunState } from '../../../shared/domain.ts';
import type { StageWork } from '../../../shared/contract/run-work.ts';
import type { Progress, RunView } from '../../../shared/contract/views.ts';
import { runCounts } from '../../sync/run-counts.ts';
import { runApply, runOnly, runSync } from '../../sync/run-sync.ts';
import type { RunOutcome } from '../../sync/run-sync.ts';
import type { ProgressNote, RunRequest, SyncContext } from '../../sync/context.ts';
import { heldAfterRestore, releaseAfterRestore } from '../backups/backups-preview.ts';
import type { HeldRequest } from '../backups/backups-preview.ts';
import type { RunOptions, StartedRun } from '../requests.ts';
import { backUpDaily } from '../backups/backups.ts';
import { whyNotOnly } from '../records/only-record.ts';
import { unfinishedChecklists } from '../checklist/unfinished.ts';
import { heldProblem } from '../workspace/confirmed-rows.ts';
import { claimPair } from '../workspace/pair-registry.ts';
import { countersOf, RunMeter } from './run-meter.ts';
import { runView } from './run-view.ts';
import { kindsOf } from '../workspace/workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';

const HEARTBEAT_MS = 5_000;
const PROGRESS_EVERY_MS = 100;

interface Running {
  readonly runId: number;
  readonly stop: AbortController;
  readonly abort: AbortController;
  readonly meter: RunMeter;
  progress: Progress;
}

type Engine = (ctx: SyncContext) => Promise<RunOutcome>;

interface Ending {
  readonly state: RunState;
  readonly outcome: RunOutcome | null;
  readonly requests: Pair<number>;
  readonly work: readonly StageWork[];
  readonly problems: readonly Problem[];
}

/** Starts runs, holds the lease while one goes, and tells how far it is. One run at a time, here and in other processes. */
export class Runner {
  readonly #workspace: Workspace;
  #running: Running | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  running(): Progress | null {
    return this.#running?.progress ?? null;
  }

  stop(): boolean {
    if (this.#running === null) return false;
    this.#running.stop.abort();
    this.#running.progress = { ...this.#running.progress, stopping: true };
    return true;
  }

  /** @param engine what the run does under the lease, where it is neither a sync nor an apply (7.6) */
  async start(options: RunOptions, engine?: Engine): Promise<Result<StartedRun, Problem>> {
    const { store, clock, holder, pair, dir } = this.#workspace;
    if (this.#running !== null) return fail(busy('this window', 'here'));
    const request = requestOf(options, this.#workspace);
    const why = request.only === undefined ? null : await whyNotOnly(this.#workspace, request.only);
    if (why !== null) return fail(why);
    const claimed = pair === undefined || pair === null ? ok(null) : await claimPair(pair, dir);
    if (!claimed.ok) return claimed;
    const lease = await store.runs.acquireLease(holder, options.do);
    if (!lease.ok)
      return fail(busy(`another process (${lease.by.holder.split(':').slice(0, 2).join(', process ')})`, 'elsewhere'));
    const held = await heldAfterRestore(store, request);
    const runId = await store.runs.begin(held.mode, held.approve, held.full, held.only);
    const now = clock.now();
    this.#running = {
      runId,
      stop: new AbortController(),
      abort: new AbortController(),
      meter: new RunMeter(() => countersOf(this.#workspace), 'recover'),
      progress: {
        runId,
        stage: 'recover',
        flow: null,
        side: null,
        done: 0,
        total: null,
        record: null,
        stopping: false,
        startedAt: now,
        stageStartedAt: now,
      },
    };
    const ended = this.#carryOut(this.#running, held, engine ?? this.#engineOf(options.do, held));
    this.#ended = ended;
    return ok({ runId, ended });
  }

  /** The newest progress, sampled, since the wire has no backpressure. */
  async *progress(signal: AbortSignal | undefined): AsyncGenerator<Progress | null, void, void> {
    const ends = signal ?? new AbortController().signal;
    let last: Progress | null | undefined;
    while (!ends.aborted) {
      const now = this.running();
      if (now !== last) yield now;
      last = now;
      await this.#workspace.clock.sleep(PROGRESS_EVERY_MS, ends);
    }
  }

  async close(): Promise<void> {
    this.#running?.stop.abort();
    await this.#ended;
  }

  async #carryOut(running: Running, request: HeldRequest, engine: Engine): Promise<RunView> {
    const { connectors } = this.#workspace;
    const problems: Problem[] = [];
    const requestsBefore = {
      customerp: connectors.customerp.requestCount(),
      tidsbanken: connectors.tidsbanken.requestCount(),
    };
    const heartbeat = setInterval(() => void this.#beat(running), HEARTBEAT_MS);
    let state: RunState = 'failed';
    let outcome: RunOutcome | null = null;
    try {
      if (request.heldBack !== null) problems.push(request.heldBack);
      await this.#backUp(problems);
      const ctx = this.#context(running, request, problems);
      outcome = await engine(ctx);
      state = outcome.state;
      await releaseAfterRestore(this.#workspace.store, request, outcome);
    } catch (error) {
      problems.push(broken(error));
    } finally {
      clearInterval(heartbeat);
    }
    const requests = {
      customerp: connectors.customerp.requestCount() - requestsBefore.customerp,
      tidsbanken: connectors.tidsbanken.requestCount() - requestsBefore.tidsbanken,
    };
    try {
      return await this.#close(running, request, { state, outcome, requests, work: running.meter.end(), problems });
    } catch (error) {
      problems.push(broken(error));
      return this.#unrecorded(running, request, requests, problems);
    } finally {
      this.#running = null;
    }
  }

  /** A run goes on without its backup, but not on a damaged store (section 10). */
  async #backUp(problems: Problem[]): Promise<void> {
    const { store, dir, config, clock } = this.#workspace;
    const made = await backUpDaily({ store, workspaceDir: dir, keep: config.backups.keep, now: clock.now() });
    if (made.ok) return;
    problems.push(made.failure);
    const { integrity } = await store.check();
    if (integrity !== 'ok') throw new Error(`the store is damaged (${integrity})`);
  }

  /** The run's end, as the store keeps it. */
  async #close(running: Running, request: RunRequest, end: Ending): Promise<RunView> {
    const { store, clock, holder } = this.#workspace;
    const { state, requests, work, problems } = end;
    const counts = await runCounts(store, running.runId, request.kinds);
    await store.runs.end(running.runId, { state, counts, requests, work, problems });
    await store.tell([
      { event: 'runEnded', runId: running.runId, detail: { state, requests, problems: problems.length } },
    ]);
    await store.runs.releaseLease(holder);
    const run = await store.runs.get(running.runId);
    if (run === null) throw new Error(`Run ${String(running.runId)} vanished.`);
    return runView(run, clock.now());
  }

  /** Not even its end could be recorded; the next run closes it as interrupted (Z8). */
  #unrecorded(running: Running, request: RunRequest, requests: Pair<number>, problems: readonly Problem[]): RunView {
    const { clock } = this.#workspace;
    const { startedAt } = running.progress;
    const { mode, approve, full } = request;
    return runView(
      {
        id: running.runId,
        mode,
        approve,
        full,
        record: request.only ?? null,
        state: 'failed',
        startedAt,
        endedAt: clock.now(),
        counts: {},
        requests,
        work: [],
        problems,
      },
      clock.now(),
    );
  }

  /** A run that has lost its lease must not write another byte. */
  async #beat(running: Running): Promise<void> {
    const held = await this.#workspace.store.runs.heartbeat(this.#workspace.holder);
    if (!held) {
      running.stop.abort();
      running.abort.abort();
    }
  }

  #context(running: Running, request: RunRequest, problems: Problem[]): SyncContext {
    const { store, connectors, flows, versions, settings, clock } = this.#workspace;
    return {
      runId: running.runId,
      request,
      store,
      connectors,
      flows,
      versions,
      settings,
      clock,
      readWhole: new Map(),
      lookedThrough: new Map(),
      stop: running.stop.signal,
      abort: running.abort.signal,
      progress: (note) => this.#note(running, note),
      report: (problem) => problems.push(problem),
    };
  }

  /** What a run of the sync does. Each start tells what is open from a checklist (7.6), and which rows are held (J1). */
  #engineOf(what: RunOptions['do'], { only }: RunRequest): Engine {
    const engine: Engine = only !== undefined ? (ctx) => runOnly(ctx, only) : what === 'apply' ? runApply : runSync;
    const held = heldProblem(this.#workspace.held ?? []);
    return async (ctx) => {
      for (const problem of await unfinishedChecklists(ctx.store)) ctx.report(problem);
      if (held !== null) ctx.report(held);
      return engine(ctx);
    };
  }

  #note(running: Running, note: ProgressNote): void {
    const sameStage = running.progress.stage === note.stage;
    running.meter.enter(note.stage);
    running.progress = {
      ...running.progress,
      ...note,
      stageStartedAt: sameStage ? running.progress.stageStartedAt : this.#workspace.clock.now(),
    };
  }
}

function requestOf(options: RunOptions, workspace: Workspace): RunRequest {
  const approve = options.do === 'sync' ? options.approve : null;
  const only =
    options.only === undefined
      ? undefined
      : { kind: kindOf(options.only.flow), side: options.only.side, nativeId: options.only.nativeId };
  const mode =
    options.do === 'apply' || approve === 'all'
      ? 'manual'
      : options.do === 'plan' || approve === 'none'
        ? 'preview'
        : 'auto';
  return {
    mode,
    approve,
    full: options.full === true,
    kinds: only === undefined ? kindsOf(workspace, options.flows) : [only.kind],
    person: workspace.person,
    wait: options.wait === true,
    only,
  };
}

const busy = (who: string, why: 'here' | 'elsewhere'): Problem => ({
  kind: 'busy',
  what: `A run is under way in ${who}.`,
  notDone: 'This run was not started, and nothing was changed.',
  todo: 'Wait until it has ended, or stop it there.',
  facts: { who, why },
});

/** Only defects and the machine itself get here; what systems do are values. */
function broken(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const notDone = 'What was not yet written stays planned or approved; nothing is sent twice.';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return {
      kind: 'diskFull',
      what: 'The disk is full, so the run could not be recorded and was ended.',
      notDone,
      todo: 'Make room on the disk, then sync again.',
    };
  if (code.startsWith('SQLITE_IOERR'))
    return {
      kind: 'diskFailed',
      what: `The disk refused to read or write (${code}), so the run could not be recorded and was ended.`,
      notDone,
      todo: 'Look whether the disk is full, broken or out of reach, then sync again.',
    };
  return {
    kind: 'broken',
    what: `The run ended early because of a fault: ${message}.`,
    notDone,
    todo: 'Sync again. If it happens again, send the journal to support.',
  };
}
