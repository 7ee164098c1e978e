import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { Language } from '../../dataflow/language.ts';
import { reportPage } from '../../dataflow/verify/report-page.ts';
import { SignedReport } from '../../dataflow/verify/report.ts';
import { writeHtml } from '../../dataflow/write-html.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import { isSignedBy, reportKey } from '../../secrets/report-key.ts';

export interface ReportFiles {
  /** The signed report. */
  readonly json: string;
  /** The same to read and print. */
  readonly html: string;
}

const FOLDER = 'checklists';

export const reportPath = (workspaceDir: string, runId: number): string =>
  join(workspaceDir, FOLDER, `checklist-${String(runId)}.json`);

/** Writes the signed report, and beside it the page made from it. Problem: `fileUnusable`. */
export async function writeReport(
  signed: SignedReport,
  language: Language,
  json: string,
): Promise<Result<ReportFiles, Problem>> {
  const html = `${json.replace(/\.json$/, '')}.html`;
  try {
    await mkdir(dirname(json), { recursive: true });
    await writeFile(json, `${canonicalJson(signed)}\n`);
    await writeFile(html, writeHtml(reportPage(signed, language)));
    return ok({ json, html });
  } catch (error) {
    return fail({
      kind: 'fileUnusable',
      what: `${json} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      notDone: 'The checklist was run, and its report was not kept.',
      todo: 'Check the path, and that you may write there; then verify again with --out FILE.',
    });
  }
}

/** `own`: signed by this workspace, and unchanged; `elsewhere`: unchanged, by another key; `changed`: not what was signed. */
export interface CheckedReport {
  readonly verdict: 'own' | 'elsewhere' | 'changed';
  readonly signed: SignedReport;
}

/** Whether a report is as it was signed, and by whom. Problems: `fileUnusable`, `noReport`, `reportKeyUnusable`. */
export async function checkReport(workspaceDir: string, file: string): Promise<Result<CheckedReport, Problem>> {
  const parsed = await readReport(file);
  if (!parsed.ok) return parsed;
  const signed = parsed.value;
  const key = reportKey(workspaceDir);
  if (!key.ok) return key;
  if (!isSignedBy(canonicalJson(signed.report), signed.signature)) return ok({ verdict: 'changed', signed });
  return ok({ verdict: signed.signature.keyId === key.value.keyId ? 'own' : 'elsewhere', signed });
}

async function readReport(file: string): Promise<Result<SignedReport, Problem>> {
  const problem = (kind: string, what: string): Problem => ({
    kind,
    what: `${file} ${what}.`,
    notDone: 'No report was checked.',
    todo: 'Name the .json file that `tidsbro dataflow verify` wrote.',
  });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return fail(problem('fileUnusable', `cannot be read: ${error instanceof Error ? error.message : String(error)}`));
  }
  try {
    const report = SignedReport.safeParse(JSON.parse(text));
    return report.success ? ok(report.data) : fail(problem('noReport', 'is no report of a checklist'));
  } catch {
    return fail(problem('noReport', 'is no report of a checklist'));
  }
}
