import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import { flowOf, type Problem } from '../../../shared/domain.ts';
import { mappingOf } from '../../app/workspace/mapping-of.ts';
import { heldIn } from '../../app/workspace/confirmed-rows.ts';
import type { HeldRow } from '../../app/workspace/confirmed-rows.ts';
import { withMappings } from '../../app/workspace/workspace-edit.ts';
import { WORKSPACE_FILE } from '../../app/workspace/workspace-file.ts';
import { importDataflow } from '../../dataflow/import.ts';
import type { ImportReport } from '../../dataflow/import.ts';
import { LANGUAGES } from '../../dataflow/language.ts';
import type { Language } from '../../dataflow/language.ts';
import { writeHtml } from '../../dataflow/write-html.ts';
import { writePage } from '../../dataflow/write-page.ts';
import { writeRst } from '../../dataflow/write-rst.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { badInput } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { dataflowWorkspace } from './dataflow-workspace.ts';
import type { DataflowWorkspace } from './dataflow-workspace.ts';
import { declareVerify } from './dataflow-verify.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { confirmRows, heldText } from './mapping-confirm.ts';
import { findBrowser, writePdf } from './pdf.ts';

/** A PDF is the HTML page, printed. */
const FORMATS = { rst: writeRst, html: writeHtml, pdf: writeHtml } as const;

interface ExportCommand extends CommonOptions {
  readonly format: keyof typeof FORMATS;
  readonly language: Language;
  readonly out?: string;
}
interface ImportCommand extends CommonOptions {
  readonly write?: boolean;
  readonly confirmSensitive?: readonly string[];
}

/** dataflow export, dataflow import, dataflow verify: the hand-over paper, written from the workspace and read into it. */
export const declareDataflow: Declare = (program, define) => {
  const dataflow = program.command('dataflow').description('write and read the dataflow document of this workspace');
  define(
    dataflow
      .command('export')
      .description('write the dataflow document: every flow, rule and property as it is set')
      .addOption(
        new Option('--format <format>', 'rst, html to read, or pdf (printed by an installed browser; takes --out)')
          .choices(Object.keys(FORMATS))
          .default('rst'),
      )
      .addOption(new Option('--language <language>', 'en or nb').choices(LANGUAGES).default('en'))
      .option('--out <file>', 'the file to write (default: print it)'),
    exportDocument,
  );
  define(
    dataflow
      .command('import')
      .description('read a dataflow document (.rst) and account for each of its sections and rows')
      .argument('<file>', 'the document')
      .option('--write', 'write its flows into workspace.yaml; comments there stay')
      .option('--confirm-sensitive <rows...>', 'with --write: say yes to these rows with personal data, by flow.row'),
    importDocument,
  );
  declareVerify(dataflow, define);
};

async function exportDocument(call: Call, { format, language, out }: ExportCommand): Promise<void> {
  if (format === 'pdf' && out === undefined)
    throw new ProblemError(badInput('A PDF is no text to print.', 'Name the file to write: --out FILE.pdf.'));
  const browser = format === 'pdf' ? unwrap(findBrowser(call.terminal.env)) : null;
  const { config, context } = await dataflowWorkspace(call.workspaceDir);
  const flows = context.defaults.map((mapping) => mappingOf(mapping, config));
  const text = FORMATS[format](writePage(flows, { ...context, language, partner: 'Customerp' }));
  if (out === undefined) return call.answer({ format, language, document: text }, () => text.trimEnd());
  const path = resolve(out);
  if (browser === null) await put(path, text);
  else unwrap(await writePdf(browser, text, path));
  call.answer({ format, language, path }, () => `Written: ${path}.`);
}

async function importDocument(
  call: Call,
  { write, confirmSensitive = [] }: ImportCommand,
  file: string,
): Promise<ExitCode> {
  if (confirmSensitive.length > 0 && write !== true)
    throw new ProblemError(badInput('Nothing is confirmed that is not written.', 'Add --write.'));
  const path = resolve(file);
  const workspace = await dataflowWorkspace(call.workspaceDir);
  const report = importDataflow(await documentText(path), workspace.context);
  const written = write === true && report.outcome === 'read';
  if (written) await writeFlows(call.workspaceDir, workspace, report);
  const held = written ? await heldAfter(call, confirmSensitive) : [];
  const flows = report.flows.map((mapping) => ({ flow: flowOf(mapping.kind), mapping }));
  call.answer({ ...report, flows, written, held }, () =>
    [reportText(report, { write: write === true, written }), ...(held.length === 0 ? [] : [heldText(held)])].join('\n'),
  );
  if (report.outcome === 'refused' || (write === true && !written)) return EXIT.failed;
  return report.counts.refused + held.length > 0 ? EXIT.waits : EXIT.done;
}

/** Rows with personal data that the file has now and nobody said yes to. */
const heldAfter = async (call: Call, confirmed: readonly string[]): Promise<HeldRow[]> =>
  confirmed.length > 0 ? confirmRows(call, confirmed) : unwrap(await heldIn(call.workspaceDir, Date.now));

/** The text of a document. Bytes that are no UTF-8 stay visible as such, so that the report can name their line. */
async function documentText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    throw new ProblemError(fileProblem(`${path} cannot be read: ${messageOf(error)}.`, 'Nothing was imported.'));
  }
}

async function put(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new ProblemError(fileProblem(`${path} cannot be written: ${messageOf(error)}.`, 'No document was written.'));
  }
}

async function writeFlows(dir: string, { text, context }: DataflowWorkspace, report: ImportReport): Promise<void> {
  const path = join(dir, WORKSPACE_FILE);
  const changed = withMappings(text, report.flows, context.defaults);
  if (!changed.ok)
    throw new ProblemError(fileProblem(`${path}: ${changed.failure}.`, 'The workspace was not changed.'));
  // Renamed into place, so that a full disk leaves the old file whole.
  await put(`${path}.part`, changed.value);
  await rename(`${path}.part`, path);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const fileProblem = (what: string, notDone: string): Problem => ({
  kind: 'fileUnusable',
  what,
  notDone,
  todo: 'Check the path, and that you may read and write there.',
});

function reportText(report: ImportReport, asked: { write: boolean; written: boolean }): string {
  const { taken, adapted, refused } = report.counts;
  const findings = report.findings
    .filter(({ status }) => status !== 'taken')
    .map(({ line, status, subject, why }) => `  line ${String(line)}, ${status}: “${subject}”. ${why}`);
  const flows = report.flows.map(
    ({ kind, properties }) => `  ${flowOf(kind)}: ${String(properties.length)} properties`,
  );
  return [
    `${report.title === '' ? 'The document' : report.title}: ${String(taken)} taken, ${String(adapted)} adapted, ${String(refused)} refused.`,
    ...findings,
    ...(report.outcome === 'refused' ? ['Nothing was imported.'] : ['Flows:', ...flows]),
    ...(asked.write ? [asked.written ? 'Written to workspace.yaml.' : 'workspace.yaml was not changed.'] : []),
  ].join('\n');
}
