import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { FlowCounts, RunView } from '../../../shared/contract/views.ts';
import { APPROVALS, KINDS, SIDES, flowOf, problemText } from '../../../shared/domain.ts';
import type { Approval, Flow } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import type { RunOptions } from '../../app/requests.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, flowOption, withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { exitOfRun } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { startProfile } from './profile.ts';
import { table } from './table.ts';

interface PlanOptions extends CommonOptions {
  readonly flow?: Flow;
  readonly full?: boolean;
}
interface SyncOptions extends CommonOptions {
  readonly flow?: Flow;
  readonly approve: Approval;
  readonly full?: boolean;
  readonly wait?: boolean;
  readonly profile?: boolean;
  readonly record?: RunOptions['only'];
}

/** `kind:side:id`; the id may hold colons of its own. */
function recordOf(text: string): NonNullable<RunOptions['only']> {
  const [, first, second, nativeId = ''] = /^([^:]*):([^:]*):(.+)$/.exec(text) ?? [];
  const kind = KINDS.find((one) => one === first);
  const side = SIDES.find((one) => one === second);
  if (kind !== undefined && side !== undefined) return { flow: flowOf(kind), side, nativeId };
  throw new InvalidArgumentError(
    `It takes KIND:SIDE:ID, with a kind of ${KINDS.join(', ')} and a side of ${SIDES.join(', ')}.`,
  );
}

const ALL_OF_ONE = badInput(
  '“--approve all” confirms a whole plan, and cannot go with --record.',
  'Approve the change with “tidsbro review --item ID --take approve”, then sync the record again.',
);

const onlyFlow = (flow: Flow | undefined): Flow[] | undefined => (flow === undefined ? undefined : [flow]);

/** plan, sync, apply: one run, led to its end. */
export const declareRuns: Declare = (program, define) => {
  define(
    program
      .command('plan')
      .description('collect, match and reconcile; stores the plan and writes to neither system')
      .addOption(flowOption())
      .option('--full', 'read every record, not only what changed'),
    (call, { flow, full }: PlanOptions) => runToEnd(call, { do: 'plan', approve: 'none', flows: onlyFlow(flow), full }),
  );
  define(
    program
      .command('sync')
      .description('plan, approve by the rule, apply and verify')
      .addOption(flowOption())
      .addOption(
        new Option('--approve <rule>', 'what is approved without being looked at').choices(APPROVALS).default('safe'),
      )
      .option('--full', 'read every record, not only what changed')
      .option('--wait', 'wait for writes whose outcome is unknown')
      .option('--profile', 'keep a CPU profile of the run in the workspace folder')
      .addOption(
        new Option('--record <kind:side:id>', 'only this record and its pair, such as customer:tidsbanken:1042')
          .argParser(recordOf)
          .conflicts(['flow', 'full']),
      ),
    (call, { flow, approve, full, wait, profile, record }: SyncOptions) => {
      if (record === undefined)
        return runToEnd(call, { do: 'sync', approve, flows: onlyFlow(flow), full, wait }, profile);
      if (approve === 'all') throw new ProblemError(ALL_OF_ONE);
      return runToEnd(call, { do: approve === 'none' ? 'plan' : 'sync', approve, wait, only: record }, profile);
    },
  );
  define(program.command('apply').description('apply what is approved'), (call) =>
    runToEnd(call, { do: 'apply', approve: 'none' }),
  );
};

function runToEnd(call: Call, options: RunOptions, isProfiled = false): Promise<ExitCode> {
  return withService(call, async (service) => {
    const endProfile = isProfiled ? await startProfile() : null;
    const { ended } = unwrap(await service.startRun(options));
    const letGo = onInterrupt(() => {
      service.stop();
      call.terminal.say('Finishing what is under way. Press Ctrl-C again to leave at once.');
    });
    const watching = new AbortController();
    const watched = showProgress(call, service, watching.signal);
    const run = await ended.finally(() => {
      watching.abort();
      letGo();
    });
    await watched;
    tellRun(call, run);
    if (endProfile !== null) await keepProfile(call, run, endProfile);
    return exitOfRun(run, await service.overview(), run.mode !== 'preview');
  });
}

/** The run itself has ended, and as it ended; a profile that cannot be kept changes nothing of it. */
async function keepProfile(
  { terminal, workspaceDir }: Call,
  run: RunView,
  end: (path: string) => Promise<void>,
): Promise<void> {
  const path = join(workspaceDir, `profile-run-${String(run.id)}.cpuprofile`);
  try {
    await end(path);
    terminal.say(`The CPU profile of this run is in ${path}.`);
  } catch (error) {
    terminal.say(`The CPU profile was not kept: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

export async function showProgress({ terminal }: Call, service: AppService, signal: AbortSignal): Promise<void> {
  for await (const progress of service.progress(signal)) {
    if (signal.aborted) break;
    if (progress === null) continue;
    const { stage, flow, side, done, total } = progress;
    const count = total === null ? String(done) : `${String(done)} of ${String(total)}`;
    terminal.showProgress([stage, flow, side, count].filter((part) => part !== null).join(' · '));
  }
  terminal.showProgress('');
}

/** The end of `sync --json` (design, section 6), with the state and the problems beside it. */
export const runDocument = (run: RunView): object => ({
  run: run.id,
  mode: run.mode,
  ...(run.record === undefined ? {} : { record: run.record }),
  flows: run.flows,
  requests: run.requests,
  seconds: run.seconds,
  ...(run.work === undefined ? {} : { work: run.work }),
  state: run.state,
  problems: run.problems,
});

function tellRun({ terminal, answer }: Call, run: RunView): void {
  answer(runDocument(run), () => runText(run));
  for (const { kind, what, notDone, todo } of run.problems) terminal.say(problemText({ kind, what, notDone, todo }));
  if (run.state === 'stopped')
    terminal.say('The run was stopped before its end. What was not done is done by the next.');
}

export function runText(run: RunView): string {
  const { customerp, tidsbanken } = run.requests;
  const requests = `${String(customerp)} requests to Customerp, ${String(tidsbanken)} to Tidsbanken`;
  return `${flowTable(run.flows)}\nRun ${String(run.id)} (${run.mode}) ${run.state} in ${run.seconds.toFixed(1)} s; ${requests}.${waitText(run)}`;
}

/** Said only where limits cost time: whoever waits wants to know for whom. */
function waitText({ work = [] }: RunView): string {
  const waited = SIDES.flatMap((side) => {
    const ms = work.reduce((sum, { systems }) => sum + systems[side].waitedMs, 0);
    const refused = work.reduce((sum, { systems }) => sum + systems[side].refused, 0);
    if (ms === 0 && refused === 0) return [];
    return `${SYSTEM_NAME[side]}: requests waited ${(ms / 1000).toFixed(1)} s in all, ${String(refused)} refused.`;
  });
  return waited.length === 0 ? '' : `\nLimits of the systems: ${waited.join(' ')}`;
}

type FlowRow = readonly [string, FlowCounts];

/** One line a flow. The four counts of each side stand as Customerp/Tidsbanken. */
export function flowTable(flows: RunView['flows']): string {
  return table<FlowRow>(
    [
      { head: 'Flow', cell: ([flow]) => flow },
      { head: 'Read C', cell: ([, c]) => c.read.customerp },
      { head: 'Read T', cell: ([, c]) => c.read.tidsbanken },
      { head: 'In step', cell: ([, c]) => c.inStep },
      { head: 'Proposed', cell: ([, c]) => c.proposed },
      { head: 'Mismatches', cell: ([, c]) => c.mismatches },
      { head: 'Skipped', cell: ([, c]) => c.skipped },
      { head: 'Failed', cell: ([, c]) => c.failed },
      { head: 'Links', cell: ([, c]) => c.links },
      { head: 'Created C', cell: ([, c]) => c.created.customerp },
      { head: 'Created T', cell: ([, c]) => c.created.tidsbanken },
      { head: 'Updated C', cell: ([, c]) => c.updated.customerp },
      { head: 'Updated T', cell: ([, c]) => c.updated.tidsbanken },
    ],
    Object.entries(flows),
  );
}
