import { InvalidArgumentError, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FLOWS, flowOf, KINDS, problemText } from '../../../shared/domain.ts';
import type { Flow, Result, Problem } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import { checkReport } from '../../app/checklist/report-files.ts';
import type { EndedChecklist, NamedRecord, StartedChecklist } from '../../app/checklist/checklists.ts';
import { LANGUAGES } from '../../dataflow/language.ts';
import type { Language } from '../../dataflow/language.ts';
import { countsOf } from '../../dataflow/verify/report.ts';
import type { SignedReport } from '../../dataflow/verify/report.ts';
import { ruleText } from '../../dataflow/verify/report-page.ts';
import { REPORT_WORDS, SYSTEMS } from '../../dataflow/verify/report-words.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput, withService } from './command.ts';
import type { Call, CommonOptions, Define } from './command.ts';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { findBrowser, writePdf } from './pdf.ts';
import { showProgress } from './runs.ts';

interface VerifyCommand extends CommonOptions {
  readonly record: readonly NamedRecord[];
  readonly create: readonly NamedRecord[];
  readonly restore?: boolean;
  readonly check?: string;
  readonly language: Language;
  readonly out?: string;
  readonly pdf?: boolean;
}

/** dataflow verify: the checklist of the document, put to the test on named records. */
export function declareVerify(dataflow: Command, define: Define): void {
  define(
    dataflow
      .command('verify')
      .description(
        'write test values to named test records, see them arrive at the other side, put back what was there',
      )
      .addOption(recordOption('--record <kind=id>', 'a linked test record, by its id on either side (repeatable)'))
      .addOption(recordOption('--create <kind=id>', 'a test record without a counterpart: the sync creates one'))
      .option('--restore', 'only put back what an earlier checklist left')
      .option('--check <report>', 'only check the signature of a report')
      .addOption(new Option('--language <language>', 'of the page: en or nb').choices(LANGUAGES).default('en'))
      .option('--out <file>', 'where the signed report goes (default: in the workspace, under checklists)')
      .option('--pdf', 'print the page of the report to a PDF beside it, by an installed browser'),
    verify,
  );
}

const recordOption = (flags: string, about: string): Option =>
  new Option(flags, about).argParser(addRecord).default([]);

const addRecord = (text: string, before: readonly NamedRecord[]): NamedRecord[] => [...before, namedRecord(text)];

/** `customer=10001`; anything else is refused with what it takes. */
export function namedRecord(text: string): NamedRecord {
  const at = text.indexOf('=');
  const flow = flowNamed(text.slice(0, at));
  const nativeId = text.slice(at + 1).trim();
  if (at < 1 || flow === null || nativeId === '')
    throw new InvalidArgumentError(`It takes a kind and an id, such as customer=10001. Kinds: ${KINDS.join(', ')}.`);
  return { flow, nativeId };
}

const flowNamed = (name: string): Flow | null =>
  FLOWS.find((flow) => flow === name) ?? KINDS.filter((kind) => kind === name).map(flowOf)[0] ?? null;

async function verify(call: Call, options: VerifyCommand): Promise<ExitCode> {
  if (options.check !== undefined) return check(call, resolve(options.check));
  const { record: records, create: creates, language, restore } = options;
  if (restore !== true && records.length + creates.length === 0)
    throw new ProblemError(
      badInput('No record was named to verify on.', 'Name test records: --record customer=ID --record employee=ID.'),
    );
  const out = options.out === undefined ? undefined : resolve(options.out);
  // Looked for before a test value is written anywhere.
  const browser = options.pdf === true && restore !== true ? unwrap(findBrowser(call.terminal.env)) : null;
  return withService(call, async (service) => {
    const ended = await lead(call, service, () =>
      restore === true ? service.checklists.restore() : service.checklists.start({ records, creates, language, out }),
    );
    return tell(call, ended, browser === null ? null : await printedPage(browser, ended));
  });
}

/** To its end, with its progress. The first Ctrl-C ends the test under way and puts back; a second one leaves at once. */
async function lead(
  call: Call,
  service: AppService,
  start: () => Promise<Result<StartedChecklist, Problem>>,
): Promise<EndedChecklist> {
  const { ended } = unwrap(await start());
  const letGo = onInterrupt(() => {
    service.stop();
    call.terminal.say(
      'Safe to stop: the test under way is ended and what was there is put back. Press Ctrl-C again to leave at once; then run `tidsbro dataflow verify --restore`.',
    );
  });
  const watching = new AbortController();
  const watched = showProgress(call, service, watching.signal);
  const came = await ended.finally(() => {
    watching.abort();
    letGo();
  });
  await watched;
  return came;
}

/** The page of a report as a PDF beside it; null where there is no page. */
async function printedPage(browser: string, { files }: EndedChecklist): Promise<Result<string, Problem> | null> {
  if (files?.ok !== true) return null;
  const { html } = files.value;
  return writePdf(browser, await readFile(html, 'utf8'), html.replace(/\.html$/, '.pdf'));
}

function tell(
  { answer, terminal }: Call,
  { run, signed, files }: EndedChecklist,
  pdf: Result<string, Problem> | null,
): ExitCode {
  const written = files?.ok === true ? { ...files.value, ...(pdf?.ok === true ? { pdf: pdf.value } : {}) } : null;
  answer({ run: run.id, state: run.state, ...signed, files: written, problems: run.problems }, () =>
    [
      ...(signed === null ? [] : [outcomeText(signed)]),
      ...(written === null ? [] : [`Signed report: ${written.json}`, `To read and print: ${written.html}`]),
      ...(pdf?.ok === true ? [`As PDF: ${pdf.value}`] : []),
      `Run ${String(run.id)} ${run.state} in ${run.seconds.toFixed(1)} s.`,
    ].join('\n'),
  );
  for (const { kind, what, notDone, todo } of run.problems) terminal.say(problemText({ kind, what, notDone, todo }));
  for (const result of [files, pdf]) if (result?.ok === false) terminal.say(problemText(result.failure));
  if (run.state === 'failed' || files?.ok === false || pdf?.ok === false) return EXIT.failed;
  const isRed = signed !== null && countsOf(signed.report).failed > 0;
  return isRed || run.state === 'stopped' || run.problems.length > 0 ? EXIT.waits : EXIT.done;
}

/** What failed line by line; what passed as numbers. */
function outcomeText({ report }: SignedReport): string {
  const words = REPORT_WORDS.en;
  const perFlow = report.flows.map((flow) => {
    const counts = countsOf({ flows: [flow] });
    const lines = flow.lines
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ property, to, why, detail }) => `  ✗ ${property} to ${SYSTEMS[to]}: ${whyText(why, detail)}`);
    const rules = flow.rules
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ rule, why, detail }) => `  ✗ ${ruleText(rule, words)}: ${whyText(why, detail)}`);
    return [
      `${flow.flow}: ${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.notApplicable)} not applicable.`,
      ...lines,
      ...rules,
    ].join('\n');
  });
  return perFlow.length === 0 ? 'Nothing was verified.' : perFlow.join('\n');
}

function whyText(why: string | null, detail: string | null): string {
  const sentence = Object.entries(REPORT_WORDS.en.why).find(([name]) => name === why)?.[1] ?? '';
  return [sentence, detail ?? ''].filter((part) => part !== '').join(': ');
}

const CHECKED = {
  own: 'The report is as this workspace signed it.',
  elsewhere: 'The report is unchanged since it was signed, but by another key than this workspace has.',
  changed: 'The report is not what was signed: it was changed, or its signature was.',
} as const;

async function check(call: Call, file: string): Promise<ExitCode> {
  const { verdict, signed } = unwrap(await checkReport(call.workspaceDir, file));
  const counts = countsOf(signed.report);
  call.answer({ file, verdict, keyId: signed.signature.keyId, counts }, () =>
    [
      CHECKED[verdict],
      `Key ${signed.signature.keyId}; run ${String(signed.report.run)} of ${signed.report.endedAt}; ${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.notApplicable)} not applicable.`,
    ].join('\n'),
  );
  return verdict === 'own' ? EXIT.done : EXIT.failed;
}
