import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import { isSignedBy } from '../../secrets/report-key.ts';
import { LANGUAGES } from '../language.ts';
import { writeHtml } from '../write-html.ts';
import type { Finding } from './finding.ts';
import { reportPage, ruleText } from './report-page.ts';
import { SignedReport } from './report.ts';
import { REPORT_WORDS } from './report-words.ts';
import { worstOf } from './worst.ts';

const sample = (name: string): string => readFileSync(resolve('docs/samples', name), 'utf8');
const signed = SignedReport.parse(JSON.parse(sample('checklist.json')));

describe('the sample report', () => {
  it('is as it was signed', () => {
    expect(isSignedBy(canonicalJson(signed.report), signed.signature)).toBe(true);
    const [flow] = signed.report.flows;
    if (flow?.lines[0] !== undefined) flow.lines[0].verdict = 'failed';
    expect(isSignedBy(canonicalJson(signed.report), signed.signature)).toBe(false);
  });

  it('comes with the page made from it', () => {
    const page = reportPage(SignedReport.parse(JSON.parse(sample('checklist.json'))), 'en');
    expect(writeHtml(page)).toBe(sample('checklist.html'));
  });

  it.each(LANGUAGES)('%s: rows have as many cells as the table has columns', (language) => {
    const parts = reportPage(signed, language).sections.flatMap((section) => section.parts);
    const uneven = parts.flatMap((part) =>
      part.kind === 'table' ? part.rows.filter((row) => row.length !== part.head.length) : [],
    );
    expect(uneven).toEqual([]);
  });

  it('keeps values out of the markup', () => {
    const page = reportPage({ ...signed, report: { ...signed.report, workspace: '<script>' } }, 'en');
    expect(writeHtml(page)).not.toContain('<script>');
  });
});

it.each([
  { item: 'created:customerp', is: 'A counterpart is created in Customerp' },
  { item: 'inSync:tidsbanken', is: 'They keep in sync, edited in Customerp' },
  { item: 'merged:orgNo', is: 'Two records merge by orgNo' },
  { item: 'somethingNew', is: 'somethingNew' },
])('$item in words', ({ item, is }) => expect(ruleText(item, REPORT_WORDS.en)).toBe(is));

const found = (verdict: Finding['verdict'], at: number): Finding => ({
  kind: 'customer',
  item: 'property:phone:tidsbanken',
  verdict,
  why: null,
  detail: null,
  evidence: null,
  at,
});

it('7.6: of several named pairs, what failed on one is not made good by another', () => {
  expect(worstOf([found('notApplicable', 1), found('passed', 2), found('failed', 3), found('passed', 4)])).toEqual([
    found('failed', 3),
  ]);
  expect(worstOf([found('notApplicable', 1), found('passed', 2)])).toEqual([found('passed', 2)]);
});
