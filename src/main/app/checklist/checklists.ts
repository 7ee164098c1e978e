import { FLOWS, KINDS, flowOf, fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Flow, Kind, Problem, Result, Side } from '../../../shared/domain.ts';
import type { ChecklistView } from '../../../shared/contract/checklist-views.ts';
import type { RunView } from '../../../shared/contract/views.ts';
import type { Language } from '../../dataflow/language.ts';
import { flowReport } from '../../dataflow/verify/report.ts';
import type { ChecklistReport, SignedReport } from '../../dataflow/verify/report.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import { reportKey } from '../../secrets/report-key.ts';
import type { ReportKey } from '../../secrets/report-key.ts';
import type { RecordRef } from '../../store/runs.ts';
import type { SyncContext } from '../../sync/context.ts';
import { runWork } from '../../sync/run-sync.ts';
import type { RunOutcome } from '../../sync/run-sync.ts';
import { kindName, SYSTEM_NAME } from '../../sync/words.ts';
import { runChecklist } from './run-checklist.ts';
import type { ChecklistOutcome, ChecklistWork } from './run-checklist.ts';
import { reportPath, writeReport } from './report-files.ts';
import type { ReportFiles } from './report-files.ts';
import { finishPuttingBack, unfinishedChecklists } from './unfinished.ts';
import { checklistView } from './view.ts';
import { whyNotOnly } from '../records/only-record.ts';
import { refused } from '../refusals.ts';
import type { LinkDesk } from '../records/link-desk.ts';
import type { Runner } from '../runs/runner.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A record that an operator names for a checklist, by its id in either system. */
export interface NamedRecord {
  readonly flow: Flow;
  readonly nativeId: string;
}

export interface ChecklistOptions {
  readonly records: readonly NamedRecord[];
  /** Records without a counterpart, for which the sync is to create one. */
  readonly creates: readonly NamedRecord[];
  /** Of the page beside the signed report. */
  readonly language: Language;
  /** Where the signed report goes; left out: into `checklists/` of the workspace. */
  readonly out?: string | undefined;
}

export interface EndedChecklist {
  readonly run: RunView;
  /** Null where nothing was tested: the run failed before, or only values were put back. */
  readonly signed: SignedReport | null;
  /** Where it was written, or why it could not be. */
  readonly files: Result<ReportFiles, Problem> | null;
}

export interface StartedChecklist {
  readonly runId: number;
  readonly ended: Promise<EndedChecklist>;
}

const MILLISECONDS = 1000;

/** `dataflow verify`: starts checklists on named records and signs what they came to (7.6). */
export class ChecklistDesk {
  readonly #w: Workspace;
  readonly #runner: Runner;
  readonly #links: LinkDesk;

  constructor(workspace: Workspace, runner: Runner, links: LinkDesk) {
    this.#w = workspace;
    this.#runner = runner;
    this.#links = links;
  }

  /** The checklist of a flow with the age of each tick. */
  view(flow: Flow): Promise<Result<ChecklistView, Problem>> {
    return checklistView(this.#w, flow);
  }

  /** Fails with `busy`, `notFound`, `refused` or `reportKeyUnusable` before anything is written. */
  async start(options: ChecklistOptions): Promise<Result<StartedChecklist, Problem>> {
    const key = reportKey(this.#w.dir);
    if (!key.ok) return key;
    const work = await this.#workOf(options);
    if (!work.ok) return work;
    const begunAt = this.#w.clock.now();
    let outcome: ChecklistOutcome | null = null;
    const started = await this.#runner.start({ do: 'apply', approve: 'none' }, (ctx) =>
      underLease(ctx, async () => {
        outcome = await runChecklist(ctx, work.value);
      }),
    );
    if (!started.ok) return started;
    const { runId } = started.value;
    const ended = started.value.ended.then(async (run): Promise<EndedChecklist> => {
      const came = outcome;
      if (came === null) return { run, signed: null, files: null };
      const signed = this.#sign(key.value, { run, begunAt, came });
      const files = await writeReport(signed, options.language, options.out ?? reportPath(this.#w.dir, runId));
      if (files.ok) this.#w.pageWritten?.(files.value.html);
      return { run, signed, files };
    });
    return ok({ runId, ended });
  }

  /** Only puts back what earlier checklists left. */
  async restore(): Promise<Result<StartedChecklist, Problem>> {
    const started = await this.#runner.start({ do: 'apply', approve: 'none' }, (ctx) =>
      underLease(ctx, async () => {
        await finishPuttingBack(ctx);
        for (const problem of await unfinishedChecklists(ctx.store)) ctx.report(problem);
      }),
    );
    if (!started.ok) return started;
    return ok({
      runId: started.value.runId,
      ended: started.value.ended.then((run) => ({ run, signed: null, files: null })),
    });
  }

  async #workOf({ records, creates }: ChecklistOptions): Promise<Result<ChecklistWork, Problem>> {
    const named: { kind: Kind; linkId: number }[] = [];
    for (const { flow, nativeId } of records) {
      const found = await this.#links.find(flow, nativeId);
      if (!found.ok) return found;
      const link = await this.#w.store.links.get(found.value.linkId);
      if (link === null) throw new Error('The link was found a moment ago.');
      const only = { kind: link.kind, side: 'customerp', nativeId: link.customerpId } as const;
      const why = await whyNotOnly(this.#w, only);
      if (why !== null) return fail(why);
      named.push({ kind: link.kind, linkId: link.id });
    }
    const refs: RecordRef[] = [];
    for (const one of creates) {
      const ref = await this.#sourceOf(one);
      if (!ref.ok) return ref;
      refs.push(ref.value);
    }
    const salt = Math.floor(this.#w.clock.now() / MILLISECONDS);
    return ok({ named: inOrder(named), creates: inOrder(refs), salt });
  }

  /** The one side that has such a record without a counterpart. */
  async #sourceOf({ flow, nativeId }: NamedRecord): Promise<Result<RecordRef, Problem>> {
    const kind = kindOf(flow);
    const refs = (['customerp', 'tidsbanken'] as const).map((side) => ({ kind, side, nativeId }));
    const free: RecordRef[] = [];
    for (const ref of refs) if (await this.#isFree(ref)) free.push(ref);
    const [ref, other] = free;
    if (ref !== undefined && other === undefined) return ok(ref);
    const names = refs.map(({ side }: { side: Side }) => `${SYSTEM_NAME[side]} ${kindName(side, kind)}`).join(', ');
    return fail(
      refused(
        other === undefined
          ? `There is no record ${nativeId} without a counterpart in ${flow} (${names}).`
          : `Both systems have a record ${nativeId} without a counterpart in ${flow}.`,
        'Name a record that was read and is not linked; run `tidsbro plan` first.',
        'notFree',
        { flow },
      ),
    );
  }

  async #isFree({ kind, side, nativeId }: RecordRef): Promise<boolean> {
    if (!this.#w.flows.has(kind)) return false;
    const record = await this.#w.store.records.get(kind, side, nativeId);
    return record !== null && (await this.#w.store.links.of(kind, side, nativeId)) === null;
  }

  #sign(key: ReportKey, facts: { run: RunView; begunAt: number; came: ChecklistOutcome }): SignedReport {
    const { run, begunAt, came } = facts;
    const { config, flows, person, clock } = this.#w;
    const report: ChecklistReport = {
      format: 'tidsbro-checklist',
      version: 1,
      workspace: config.name,
      systems: { customerp: config.systems.customerp.url, tidsbanken: config.systems.tidsbanken.url },
      person,
      run: run.id,
      state: run.state,
      begunAt: new Date(begunAt).toISOString(),
      endedAt: new Date(clock.now()).toISOString(),
      flows: FLOWS.flatMap((flow) => {
        const compiled = flows.get(kindOf(flow));
        const pairs = came.pairs
          .filter(({ kind }) => flowOf(kind) === flow)
          .map(({ customerpId, tidsbankenId, label }) => ({ customerp: customerpId, tidsbanken: tidsbankenId, label }));
        const isTested = came.findings.some(({ kind }) => flowOf(kind) === flow);
        return compiled === undefined || !isTested ? [] : [flowReport({ flow, compiled, pairs }, came.findings)];
      }),
      problems: run.problems.map(({ what, notDone, todo }) => [what, notDone, todo].join(' ')),
    };
    return { report, signature: key.sign(canonicalJson(report)) };
  }
}

/** O1: what others refer to comes first, and is then there to be referred to. */
const inOrder = <T extends { readonly kind: Kind }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));

/** After a restore from a backup a run only looks (section 10); a checklist cannot. */
async function underLease(ctx: SyncContext, work: () => Promise<void>): Promise<RunOutcome> {
  if (ctx.request.mode === 'preview') return { state: 'failed', collected: [], applied: [], rails: [] };
  return runWork(ctx, work);
}
