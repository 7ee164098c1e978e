import type { Side } from '../../shared/domain.ts';
import { creationProblems } from '../mapping/creation-problems.ts';
import { mappingProblems } from '../mapping/mapping-problems.ts';
import type { CreationRule, FlowMapping } from '../mapping/mapping.ts';
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
  readonly flows: readonly FlowMapping[];
  readonly findings: readonly Finding[];
  readonly counts: ReportCounts;
}

/**
 * Reads a dataflow document into flows and accounts for every section and row. Total. A document that is broken
 * anywhere, or contradicts itself, makes no flow at all, as nobody can tell what else of it was meant.
 */
export function importDataflow(text: string, context: ImportContext): ImportReport {
  const parsed = parseRst(text);
  const document = readDataflow(parsed);
  const about = { title: document.title, partner: document.partner };
  if (parsed.problems.some(({ severity }) => severity === 'error')) {
    return report({ ...about, outcome: 'refused', flows: [] }, parsed.problems.map(problemFinding));
  }
  const made = toMapping(document, context);
  const { contradiction } = made;
  const flows = contradiction === null ? made.flows : [];
  const findings = contradiction === null ? made.findings : made.findings.map((one) => untaken(one, contradiction));
  const checked = flows.map((flow) => checkFlow(flow, findings, context));
  const nothing = document.pairs.length === 0 ? [NOTHING] : [];
  const { usable, told } = withoutVainRules(
    checked.flatMap((one) => one.flow ?? []),
    findings,
    context,
  );
  const all = [
    ...parsed.problems.map(problemFinding),
    ...nothing,
    ...findings,
    ...checked.flatMap((one) => one.findings),
    ...told,
  ];
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

/** What would have been made of the other sections is not made either: nobody can tell which rule was meant. */
const untaken = (finding: Finding, contradiction: number): Finding =>
  finding.status === 'refused'
    ? finding
    : {
        ...finding,
        status: 'refused',
        why: `The document contradicts itself on line ${String(contradiction)}, so nothing was made of it.`,
      };

const problemFinding = ({ severity, line, what }: RstProblem): Finding => ({
  line,
  part: 'document',
  status: severity === 'error' ? 'refused' : 'adapted',
  subject: severity === 'error' ? 'broken text' : 'text',
  why: what,
});

/** A rule of creation that no other flow can ever fulfil creates nothing: then the mapping says so, and the report why. */
function withoutVainRules(
  flows: readonly FlowMapping[],
  findings: readonly Finding[],
  { defaults }: ImportContext,
): { usable: readonly FlowMapping[]; told: Finding[] } {
  const others = defaults.filter(({ kind }) => !flows.some((flow) => flow.kind === kind));
  const problems = creationProblems([...flows, ...others]);
  const never = (flow: FlowMapping, side: Side): CreationRule =>
    problems.some((problem) => problem.recordKind === flow.kind && problem.side === side)
      ? neverLike(flow.create[side])
      : flow.create[side];
  return {
    usable: flows.map((flow) => ({
      ...flow,
      create: { customerp: never(flow, 'customerp'), tidsbanken: never(flow, 'tidsbanken') },
    })),
    told: problems.flatMap(({ what, recordKind }): Finding[] =>
      recordKind === undefined || !flows.some(({ kind }) => kind === recordKind)
        ? []
        : [
            {
              line: findings.find((finding) => finding.kind === recordKind && finding.part === 'creation')?.line ?? 1,
              part: 'text',
              status: 'adapted',
              subject: recordKind,
              why: `${what} Such records are shown, and a person creates them.`,
              kind: recordKind,
            },
          ],
    ),
  };
}

const neverLike = ({ referredToBy: _none, ...creation }: CreationRule): CreationRule => ({
  ...creation,
  rule: 'never',
});

/** A mapping that could not be started is no mapping: its section is refused with everything that is wrong. */
function checkFlow(
  flow: FlowMapping,
  findings: readonly Finding[],
  context: ImportContext,
): { flow: FlowMapping | null; findings: Finding[] } {
  const { kind } = flow;
  const problems = mappingProblems(flow, context.fields(kind), true);
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
