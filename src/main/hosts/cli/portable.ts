import type { Command } from 'commander';
import { Option } from 'commander';
import { join, resolve } from 'node:path';
import type { BroughtBackRow, MergeReport } from '../../../shared/contract/portable.ts';
import { openReview } from '../../app/portable-review/open-review.ts';
import { whyText } from '../../app/portable-review/why-text.ts';
import { appDataDir, personOf } from '../app-data.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, withService, wholeNumber } from './command.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { passphraseFrom } from './passphrase.ts';
import { table } from './table.ts';

interface OutOptions extends CommonOptions {
  readonly out: string;
}
interface OpenOptions extends CommonOptions {
  readonly into?: string;
  readonly name?: string;
  readonly anew?: boolean;
}
interface MergeOptions extends CommonOptions {
  readonly confirmCount?: number;
}

/** review export, open, return, merge: a plan that is decided on where there are no systems. */
export function declarePortable(review: Command, define: Define): void {
  define(
    review
      .command('export')
      .description('write what waits for a person to a sealed file, to be decided elsewhere')
      .requiredOption('--out <file>', 'the file to write'),
    (call, options: OutOptions) => write(call, options, 'plan'),
  );
  define(
    review
      .command('open')
      .description('open such a file in a folder of its own, without any system')
      .argument('<file>', 'the file that you were sent')
      .option('--name <name>', 'your name, for the journal')
      .option('--into <dir>', 'the folder (default: reviews in the app-data folder)')
      .option('--anew', 'throw away what was decided in that folder before'),
    open,
  );
  define(
    review
      .command('return')
      .description('write what was decided in an opened review to a sealed file')
      .requiredOption('--out <file>', 'the file to write'),
    (call, options: OutOptions) => write(call, options, 'decisions'),
  );
  define(
    review
      .command('merge')
      .description('carry out the decisions of such a file, row by row')
      .argument('<file>', 'the file that came back')
      .addOption(
        new Option('--confirm-count <n>', 'the number of approvals that a rail holds').argParser(wholeNumber(0)),
      ),
    merge,
  );
}

async function write(call: Call, { out }: OutOptions, holds: 'plan' | 'decisions'): Promise<ExitCode> {
  const path = resolve(out);
  const passphrase = await passphraseFrom(call.terminal, true);
  return withService(call, async (service) => {
    const isReview = (await service.overview()).review !== undefined;
    if (isReview !== (holds === 'decisions')) throw new ProblemError(isReview ? alreadyOpened() : notOpened());
    const written = unwrap(await service.portable.write(path, passphrase));
    const { changes, mismatches } = written;
    call.answer(written, () =>
      holds === 'plan'
        ? `Written: ${path}. ${String(changes)} changes and ${String(mismatches)} mismatches wait in it. Tell the passphrase by another way than the file.`
        : `Written: ${path}. ${String(changes)} changes and ${String(mismatches)} mismatches are decided in it.`,
    );
    return EXIT.done;
  });
}

const notOpened = () =>
  badInput('This is a workspace, not an opened review.', 'Name the folder of the review with --workspace.');
const alreadyOpened = () =>
  badInput('This is an opened review.', 'Write its decisions with “tidsbro review return --out FILE”.');

async function open(call: Call, { into, name, anew }: OpenOptions, file: string): Promise<void> {
  const { env } = call.terminal;
  const dir = into === undefined ? join(appDataDir(env), 'reviews', nameOf(file)) : resolve(into);
  if (name === undefined)
    throw new ProblemError(badInput('It is not said who decides.', 'Give your name with --name.'));
  const passphrase = await passphraseFrom(call.terminal, false);
  const reviewer = { account: personOf(env), name };
  const opened = unwrap(await openReview({ file: resolve(file), passphrase, dir, reviewer, anew: anew === true }));
  const { from, changes, mismatches } = opened;
  call.answer(opened, () =>
    [
      `Opened in ${dir}: ${String(changes)} changes and ${String(mismatches)} mismatches of ${from}.`,
      `Decide in the window:  tidsbro serve --workspace "${dir}"`,
      `or here:               tidsbro review --workspace "${dir}"`,
      `Then write the answer: tidsbro review return --workspace "${dir}" --out FILE`,
    ].join('\n'),
  );
}

/** A folder name of the file's own name. */
const nameOf = (file: string): string =>
  (file.split(/[\\/]/).at(-1) ?? '').replaceAll(/[^\p{L}\p{N}._-]/gu, '_').replace(/^\.+/, '') || 'review';

const SHOWN = 200;

async function merge(call: Call, { confirmCount }: MergeOptions, file: string): Promise<ExitCode> {
  const passphrase = await passphraseFrom(call.terminal, false);
  return withService(call, async ({ portable }) => {
    const report = unwrap(await portable.merge(resolve(file), passphrase, confirmCount));
    const rows = await notApplied(portable, report);
    call.answer({ ...report, notApplied: rows }, () => mergeText(report, rows));
    const left = report.counts.stale + report.counts.notAllowed + report.counts.unknown;
    return left > 0 ? EXIT.waits : EXIT.done;
  });
}

async function notApplied(
  portable: Parameters<Parameters<typeof withService>[1]>[0]['portable'],
  { review }: MergeReport,
): Promise<BroughtBackRow[]> {
  const pages = await Promise.all(
    (['stale', 'notAllowed', 'unknown', 'already'] as const).map((outcome) =>
      portable.outcomes(review, outcome, { offset: 0, limit: SHOWN }),
    ),
  );
  return pages.flatMap(({ rows }) => rows).slice(0, SHOWN);
}

function mergeText({ person, installation, counts, needCount }: MergeReport, rows: readonly BroughtBackRow[]): string {
  const { applied, already, stale, unknown, notAllowed } = counts;
  const left = already + stale + unknown + notAllowed;
  return [
    `Decided by ${person} on ${installation}: ${String(applied)} carried out, ${String(already)} decided before, ${String(stale)} out of date, ${String(notAllowed)} not allowed, ${String(unknown)} unknown.`,
    ...(rows.length === 0 ? [] : [rowsText(rows)]),
    ...(rows.length < left ? [`${String(left)} were not carried out, ${String(rows.length)} shown.`] : []),
    ...(needCount === 0
      ? []
      : [
          `${String(needCount)} approvals are held by the rail S1. Look through them, then merge again with --confirm-count ${String(needCount)}.`,
        ]),
  ].join('\n');
}

const rowsText = (rows: readonly BroughtBackRow[]): string =>
  table<BroughtBackRow>(
    [
      { head: 'Item', cell: ({ here, item }) => here ?? item },
      { head: 'Flow', cell: ({ flow }) => flow },
      { head: 'Kind', cell: ({ what }) => what },
      { head: 'Record', cell: ({ label }) => label },
      { head: 'Decision', cell: ({ take }) => take },
      { head: 'Outcome', cell: ({ outcome }) => outcome },
      { head: 'Why', cell: ({ why }) => whyText(why), whole: true },
    ],
    rows,
  );
