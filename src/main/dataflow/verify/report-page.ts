import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { Language } from '../language.ts';
import type { Page, PageSection } from '../page.ts';
import { countsOf } from './report.ts';
import type { ChecklistReport, ReportLine, ReportRule, SignedReport } from './report.ts';
import { REPORT_WORDS, SYSTEMS } from './report-words.ts';
import type { ReportWords } from './report-words.ts';

/** A signed report as a page to read and print; `writeHtml` makes the file of it, as it does of the dataflow document. */
export function reportPage({ report, signature }: SignedReport, language: Language): Page {
  const words = REPORT_WORDS[language];
  const { facts } = words;
  const counts = countsOf(report);
  const outcome = (['passed', 'failed', 'notApplicable'] as const)
    .map((one) => `${words.verdicts[one]}: ${String(counts[one])}`)
    .join(', ');
  return {
    language,
    title: words.title.replace('{workspace}', () => report.workspace),
    sections: [
      {
        title: outcome,
        parts: [
          {
            kind: 'lines',
            lines: [
              `${facts.systems}: Customerp ${report.systems.customerp}, Tidsbanken ${report.systems.tidsbanken}`,
              `${facts.person}: ${report.person}. ${facts.run}: ${String(report.run)} (${report.state}).`,
              `${facts.time}: ${instant(report.begunAt)} – ${instant(report.endedAt)}`,
              `${facts.key}: ${signature.keyId} (${signature.algorithm})`,
              words.signed,
            ],
          },
        ],
      },
      ...report.flows.map((flow) => flowSection(flow, words)),
      ...(report.problems.length === 0
        ? []
        : [{ title: words.problems, parts: [{ kind: 'lines', lines: report.problems } as const] }]),
    ],
  };
}

function flowSection(
  { flow, mapping, pairs, lines, rules }: ChecklistReport['flows'][number],
  words: ReportWords,
): PageSection {
  const named = pairs.map((pair) => `${pair.customerp} ↔ ${pair.tidsbanken} “${pair.label}”`).join(', ');
  return {
    title: flow,
    parts: [
      { kind: 'lines', lines: [`${words.facts.pairs}: ${named}`, `${words.facts.mapping}: ${mapping}`] },
      { kind: 'table', head: words.ruleColumns, rows: rules.map((rule) => ruleRow(rule, words)) },
      { kind: 'table', head: words.columns, rows: lines.map((line) => lineRow(line, words)) },
    ],
  };
}

function lineRow(line: ReportLine, words: ReportWords): string[] {
  const { evidence, to } = line;
  const value = (text: string | null | undefined): string => (text === undefined ? '' : (text ?? words.empty));
  const seen =
    evidence === null
      ? ['', '', '', '', '', '']
      : [
          value(evidence.was[to]),
          value(evidence.wrote),
          value(evidence.readBack),
          evidence.shown ?? '',
          words.putBack[evidence.putBack],
          evidence.requests.join(' '),
        ];
  const fields = `${line.property} (${line.fields[otherSide(to)]} → ${line.fields[to]})`;
  return [
    fields,
    line.type,
    SYSTEMS[to],
    words.verdicts[line.verdict],
    whyText(line, words),
    ...seen,
    instant(line.at),
  ];
}

const ruleRow = (rule: ReportRule, words: ReportWords): string[] => [
  ruleText(rule.rule, words),
  words.verdicts[rule.verdict],
  rule.why === null ? '' : sentenceOf(rule.why, words),
  rule.detail ?? '',
  instant(rule.at),
];

const whyText = ({ why, detail }: Pick<ReportLine, 'why' | 'detail'>, words: ReportWords): string =>
  [why === null ? '' : sentenceOf(why, words), detail ?? ''].filter((part) => part !== '').join(': ');

const sentenceOf = (why: string, { why: sentences }: ReportWords): string =>
  Object.entries(sentences).find(([name]) => name === why)?.[1] ?? why;

/** `merged:orgNo` in words. */
export function ruleText(item: string, { rules }: Pick<ReportWords, 'rules'>): string {
  const [rule = '', about = ''] = item.split(':');
  if (!isRule(rules, rule)) return item;
  // Kept in sync from the side that it was edited on.
  const side = rule === 'inSync' ? otherSide(sideOf(about)) : sideOf(about);
  return rules[rule].replace('{key}', () => about).replace('{side}', () => SYSTEMS[side]);
}

const isRule = (rules: ReportWords['rules'], rule: string): rule is keyof ReportWords['rules'] =>
  Object.hasOwn(rules, rule);
const sideOf = (text: string): Side => (text === 'customerp' ? 'customerp' : 'tidsbanken');

const SECONDS = 19;
const instant = (iso: string): string => iso.slice(0, SECONDS).replace('T', ' ');
