import { Option } from 'commander';
import type { FlowCard, JournalRow, Overview, RecordRow, RunView } from '../../../shared/contract/views.ts';
import { MISMATCH_KINDS, SIDES } from '../../../shared/domain.ts';
import type { Flow, MismatchKind, Side } from '../../../shared/domain.ts';
import type { Listed, Slice } from '../../app/requests.ts';
import { ProblemError } from '../problem-error.ts';
import { flowOption, limitOption, wholeNumber, withService } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { EXIT, waitsOrDone } from './exit-codes.ts';
import { mismatchItem, withCandidates } from './review-items.ts';
import type { Item } from './review-items.ts';
import { workTable } from './run-work-text.ts';
import { runDocument, runText } from './runs.ts';
import { table } from './table.ts';
import type { Column } from './table.ts';

interface ListOptions extends CommonOptions {
  readonly limit: number;
}
interface MismatchOptions extends ListOptions {
  readonly flow?: Flow;
  readonly kind?: MismatchKind;
}
interface RunsOptions extends ListOptions {
  readonly run?: number;
}
interface RecordOptions extends ListOptions {
  readonly flow?: Flow;
  readonly side?: Side;
  readonly find?: string;
}
interface JournalOptions extends ListOptions {
  readonly record?: string;
  readonly run?: number;
}

const when = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());

/** status, mismatches, records, runs, journal: read the store, so they work without either system. */
export const declareLists: Declare = (program, define) => {
  define(program.command('status').description('how each flow stands'), (call) =>
    withService(call, async (service) => {
      const overview = await service.overview();
      call.answer(overview, () => statusText(overview));
      return waitsOrDone(overview);
    }),
  );
  define(
    program
      .command('mismatches')
      .description('what needs a person or an explanation')
      .addOption(flowOption())
      .addOption(new Option('--kind <kind>', 'only this kind').choices(MISMATCH_KINDS))
      .addOption(limitOption()),
    (call, { flow, kind, limit }: MismatchOptions) =>
      withService(call, async (service) => {
        const found = await upTo(limit, (slice) => service.mismatches({ flow, kind }, slice));
        const rows = await withCandidates(
          service,
          found.rows.map((row) => mismatchItem(row)),
        );
        call.answer(found, () => listText(MISMATCH_COLUMNS, { total: found.total, rows }));
        return found.total > 0 ? EXIT.waits : EXIT.done;
      }),
  );
  define(
    program
      .command('records')
      .description('the records of both sides, as last read')
      .option('--find <text>', 'whose name, number or id holds this text')
      .addOption(flowOption())
      .addOption(new Option('--side <side>', 'only this system').choices(SIDES))
      .addOption(limitOption()),
    (call, { flow, side, find, limit }: RecordOptions) =>
      withService(call, async (service) => {
        const found = await upTo(limit, (slice) => service.records({ flow, side, find }, slice));
        call.answer(found, () => listText(RECORD_COLUMNS, found));
      }),
  );
  define(
    program
      .command('runs')
      .description('the runs, newest first; or one of them, with what each of its stages took')
      .addOption(new Option('--run <n>', 'only this run').argParser(wholeNumber(1)))
      .addOption(limitOption()),
    (call, { run, limit }: RunsOptions) =>
      withService(call, async (service) => {
        if (run !== undefined) return tellOneRun(call, run, await service.run(run));
        const found = await upTo(limit, (slice) => service.runs(slice));
        call.answer(found, () => listText(RUN_COLUMNS, found));
      }),
  );
  define(
    program
      .command('journal')
      .description('the story of decisions, requests and outcomes')
      .option(
        '--record <id>',
        'only what happened to this record, by its id in either system, or to this item, such as change:12',
      )
      .addOption(new Option('--run <n>', 'only this run').argParser(wholeNumber(1)))
      .addOption(limitOption()),
    (call, { record, run, limit }: JournalOptions) =>
      withService(call, async (service) => {
        const found = await upTo(limit, (slice) => service.journal({ item: record, runId: run }, slice));
        call.answer(found, () => listText(JOURNAL_COLUMNS, found));
      }),
  );
};

function tellOneRun({ answer }: Call, id: number, run: RunView | null): void {
  if (run === null) {
    throw new ProblemError({
      kind: 'notFound',
      what: `There is no run ${String(id)} in this workspace.`,
      notDone: 'Nothing was shown.',
      todo: 'See “tidsbro runs” for the runs there are.',
    });
  }
  answer(
    runDocument(run),
    () => `${runText(run)}${(run.work ?? []).length === 0 ? '' : `\n\n${workTable(run.work ?? [])}`}`,
  );
}

const PAGE = 500;

async function upTo<T>(limit: number, read: (slice: Slice) => Promise<Listed<T>>): Promise<Listed<T>> {
  const rows: T[] = [];
  let total = 0;
  do {
    const page = await read({ offset: rows.length, limit: Math.min(PAGE, limit - rows.length) });
    total = page.total;
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
  } while (rows.length < Math.min(limit, total));
  return { total, rows };
}

const listText = <T>(columns: readonly Column<T>[], { total, rows }: Listed<T>): string =>
  `${table(columns, rows)}\n${String(total)} in all${rows.length < total ? `, ${String(rows.length)} shown` : ''}.`;

function statusText({ workspace, flows, running, lastRun }: Overview): string {
  const columns: Column<FlowCard>[] = [
    { head: 'Flow', cell: (card) => card.flow },
    { head: 'Records C', cell: (card) => card.records.customerp },
    { head: 'Records T', cell: (card) => card.records.tidsbanken },
    { head: 'Links', cell: (card) => card.links },
    { head: 'In step', cell: (card) => card.inStep },
    { head: 'Waiting', cell: (card) => card.waiting },
    { head: 'Approved', cell: (card) => card.approved },
    { head: 'Mismatches', cell: (card) => card.mismatches },
    { head: 'Last run', cell: (card) => when(card.lastRunAt) },
  ];
  const run =
    lastRun === null ? 'No run yet.' : `Last run: ${String(lastRun.id)}, ${lastRun.state}, ${when(lastRun.startedAt)}.`;
  const now = running === null ? '' : ` A run is under way (${running.stage}).`;
  return `${workspace.name} (${workspace.path})\n${table(columns, flows)}\n${run}${now}`;
}

const MISMATCH_COLUMNS: readonly Column<Item>[] = [
  { head: 'Item', cell: ({ item }) => item },
  { head: 'Flow', cell: ({ flow }) => flow },
  { head: 'Kind', cell: ({ kind }) => kind },
  { head: 'Record', cell: ({ label }) => label },
  { head: 'Customerp', cell: ({ customerpId }) => customerpId ?? '' },
  { head: 'Tidsbanken', cell: ({ tidsbankenId }) => tidsbankenId ?? '' },
  { head: 'Ways out', cell: ({ takes }) => takes.join(' ') },
  { head: 'What', cell: ({ summary }) => summary, whole: true },
];
const RECORD_COLUMNS: readonly Column<RecordRow>[] = [
  { head: 'Flow', cell: (row) => row.flow },
  { head: 'Side', cell: (row) => row.side },
  { head: 'Id', cell: (row) => row.nativeId },
  { head: 'Number', cell: (row) => row.number },
  { head: 'Record', cell: (row) => row.label },
  { head: 'Counterpart', cell: (row) => row.partnerId ?? '' },
  { head: 'Standing', cell: (row) => row.bucket },
  { head: 'Why', cell: (row) => row.reason ?? '' },
];
const RUN_COLUMNS: readonly Column<RunView>[] = [
  { head: 'Run', cell: (row) => row.id },
  { head: 'Started', cell: (row) => when(row.startedAt) },
  { head: 'Mode', cell: (row) => row.mode },
  { head: 'Approve', cell: (row) => row.approve ?? '' },
  { head: 'State', cell: (row) => row.state },
  { head: 'Seconds', cell: (row) => row.seconds.toFixed(1) },
  { head: 'Problems', cell: (row) => row.problems.length },
];
const JOURNAL_COLUMNS: readonly Column<JournalRow>[] = [
  { head: 'Seq', cell: (row) => row.seq },
  { head: 'At', cell: (row) => when(row.at) },
  { head: 'Run', cell: (row) => row.runId ?? '' },
  { head: 'Item', cell: (row) => row.item ?? '' },
  { head: 'Event', cell: (row) => row.event },
  { head: 'Detail', cell: (row) => JSON.stringify(row.detail) },
];
