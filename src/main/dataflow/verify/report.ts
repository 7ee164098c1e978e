import { z } from 'zod';
import { FLOWS, SIDES } from '../../../shared/domain.ts';
import type { Flow, Pair } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { propertyItem, propertyLines, ruleItem, ruleLines } from './checklist.ts';
import type { Finding } from './finding.ts';

const PairOfText = z.strictObject({ customerp: z.string(), tidsbanken: z.string() });
const Value = z.string().nullable();
const Verdict = z.strictObject({
  verdict: z.enum(['passed', 'failed', 'notApplicable']),
  why: z.string().nullable(),
  detail: z.string().nullable(),
  /** ISO 8601, UTC. */
  at: z.string(),
});
const Evidence = z.strictObject({
  record: PairOfText,
  was: z.strictObject({ customerp: Value, tidsbanken: Value }),
  wrote: Value,
  to: z.enum(SIDES),
  readBack: Value.optional(),
  shown: Value,
  requests: z.array(z.string()),
  putBack: z.enum(['restored', 'kept', 'open']),
});
const Line = Verdict.extend({
  property: z.string(),
  type: z.string(),
  fields: PairOfText,
  to: z.enum(SIDES),
  evidence: Evidence.nullable(),
});
const Rule = Verdict.extend({ rule: z.string() });

/** The report of one checklist as it is signed: canonical JSON of exactly this. */
export const ChecklistReport = z.strictObject({
  format: z.literal('tidsbro-checklist'),
  version: z.literal(1),
  workspace: z.string(),
  systems: PairOfText,
  person: z.string(),
  run: z.number().int(),
  state: z.string(),
  begunAt: z.string(),
  endedAt: z.string(),
  flows: z.array(
    z.strictObject({
      flow: z.enum(FLOWS),
      /** The version of the mapping that was verified. */
      mapping: z.string(),
      pairs: z.array(PairOfText.extend({ label: z.string() })),
      lines: z.array(Line),
      rules: z.array(Rule),
    }),
  ),
  problems: z.array(z.string()),
});
export type ChecklistReport = z.output<typeof ChecklistReport>;
export type ReportLine = z.output<typeof Line>;
export type ReportRule = z.output<typeof Rule>;

export const SignedReport = z.strictObject({
  report: ChecklistReport,
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    keyId: z.string(),
    publicKey: z.string(),
    value: z.string(),
  }),
});
export type SignedReport = z.output<typeof SignedReport>;

export interface TestedFlow {
  readonly flow: Flow;
  readonly compiled: CompiledFlow;
  readonly pairs: readonly (Pair<string> & { readonly label: string })[];
}

/** The lines and rules of one flow with what became of them, in the order of the mapping. */
export function flowReport(
  { flow, compiled, pairs }: TestedFlow,
  findings: readonly Finding[],
): ChecklistReport['flows'][number] {
  const found = new Map(findings.filter(({ kind }) => kind === compiled.kind).map((one) => [one.item, one]));
  return {
    flow,
    mapping: compiled.version,
    pairs: pairs.map(({ customerp, tidsbanken, label }) => ({ customerp, tidsbanken, label })),
    lines: propertyLines(compiled).flatMap((line) => {
      const one = found.get(propertyItem(line));
      const { property, type, fields, to } = line;
      return one === undefined ? [] : [{ property, type, fields, to, ...verdict(one), evidence: evidenceOf(one) }];
    }),
    rules: ruleLines(compiled).flatMap((line) => {
      const item = ruleItem(line);
      const one = found.get(item);
      return one === undefined ? [] : [{ rule: item.replace(/^rule:/, ''), ...verdict(one) }];
    }),
  };
}

const verdict = ({ verdict: how, why, detail, at }: Finding): z.output<typeof Verdict> => ({
  verdict: how,
  why,
  detail,
  at: new Date(at).toISOString(),
});

const evidenceOf = ({ evidence }: Finding): z.output<typeof Evidence> | null =>
  evidence === null ? null : { ...evidence, requests: [...evidence.requests] };

/** How many lines and rules came to what. */
export function countsOf(report: Pick<ChecklistReport, 'flows'>): Record<ReportLine['verdict'], number> {
  const all = report.flows.flatMap(({ lines, rules }) => [...lines, ...rules]);
  const count = (how: ReportLine['verdict']): number => all.filter(({ verdict: one }) => one === how).length;
  return { passed: count('passed'), failed: count('failed'), notApplicable: count('notApplicable') };
}
