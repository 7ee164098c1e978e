import { mappingProblems } from '../mapping/mapping-problems.ts';
import type { DocumentFlow } from './document-flow.ts';
import { readDataflow } from './read.ts';
import { countsOf, type Finding, type ReportCounts } from './report.ts';
import type { RstProblem } from './rst/nodes.ts';
import { parseRst } from './rst/parse.ts';
import { toMapping, type ImportContext } from './to-mapping.ts';

/** What a document came to. `refused`: it is broken or says nothing, and no flow was made of it. */
export interface ImportReport {
  readonly outcome: 'read' | 'refused';
  readonly title: string;
  readonly partner: string;
  readonly flows: readonly DocumentFlow[];
  readonly findings: readonly Finding[];
  readonly counts: ReportCounts;
}

/**
 * Reads a dataflow document into flows and accounts for every section and row. Total. A document that is broken
 * anywhere makes no flow at all, as nobody can tell what else of it was meant.
 */
export function importDataflow(text: string, context: ImportContext): ImportReport {
  const parsed = parseRst(text);
  const document = readDataflow(parsed);
  const about = { title: document.title, partner: document.partner };
  if (parsed.problems.some(({ severity }) => severity === 'error')) {
    return report({ ...about, outcome: 'refused', flows: [] }, parsed.problems.map(problemFinding));
  }
  const { flows, findings } = toMapping(document, context);
  const checked = flows.map((flow) => checkFlow(flow, findings, context));
  const nothing = document.pairs.length === 0 ? [NOTHING] : [];
  const all = [
    ...parsed.problems.map(problemFinding),
    ...nothing,
    ...findings,
    ...checked.flatMap((one) => one.findings),
  ];
  const usable = checked.flatMap((one) => one.flow ?? []);
  return report({ ...about, outcome: usable.length === 0 ? 'refused' : 'read', flows: usable }, all);
}

const report = (read: Omit<ImportReport, 'findings' | 'counts'>, findings: readonly Finding[]): ImportReport => {
  const sorted = findings.toSorted((a, b) => a.line - b.line);
  return { ...read, findings: sorted, counts: countsOf(sorted) };
};

const NOTHING: Finding = {
  line: 1,
  part: 'document',
  status: 'refused',
  subject: 'the document',
  why: 'No section is about a pair of records; its title would be like “Customerp Customer to Tidsbanken Kunde”.',
};

const problemFinding = ({ severity, line, what }: RstProblem): Finding => ({
  line,
  part: 'document',
  status: severity === 'error' ? 'refused' : 'adapted',
  subject: severity === 'error' ? 'broken text' : 'text',
  why: what,
});

/** A mapping that could not be started is no mapping: its section is refused with everything that is wrong. */
function checkFlow(
  flow: DocumentFlow,
  findings: readonly Finding[],
  context: ImportContext,
): { flow: DocumentFlow | null; findings: Finding[] } {
  const { kind } = flow.mapping;
  const problems = mappingProblems(flow.mapping, context.fields(kind), true);
  const line = findings.find((finding) => finding.kind === kind && finding.part === 'section')?.line ?? 1;
  return {
    flow: problems.length === 0 ? flow : null,
    findings: problems.map(({ what, todo, property }) => ({
      line,
      part: 'section',
      status: 'refused',
      subject: property ?? kind,
      why: `${what} ${todo}`,
      kind,
    })),
  };
}
