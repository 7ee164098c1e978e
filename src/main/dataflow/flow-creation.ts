import { KINDS, SIDES, type Kind, type Pair, type Side } from '../../shared/domain.ts';
import type { CreationRule, NumberRange } from '../mapping/mapping.ts';
import type { DataflowPair, Fact, Statement } from './dataflow.ts';
import { mentionedKind } from './kinds.ts';
import { subject, type Finding } from './report.ts';

export interface FlowCreation {
  readonly create: Pair<CreationRule>;
  readonly findings: readonly Finding[];
  /** Two sentences of one section that cannot both hold. */
  readonly contradiction: string | null;
}

/** The rules that a document can give, from the most careful to the least. */
const CARE = { never: 0, ifReferred: 1, every: 2 } as const;
interface Rule {
  readonly rule: keyof typeof CARE;
  readonly by: readonly Kind[];
  readonly line: number;
  readonly section: number;
}

/** What the sentences of a flow's sections say about creating records, per side. What is not said is `never`. */
export function flowCreation(pairs: readonly DataflowPair[], isOwn: boolean): FlowCreation {
  const rules: { customerp: Rule | null; tidsbanken: Rule | null } = { customerp: null, tidsbanken: null };
  const automatic = { customerp: false, tidsbanken: false };
  const numbers: { [S in Side]?: NumberRange } = {};
  const findings: Finding[] = [];
  let contradiction: string | null = null;
  for (const pair of pairs) {
    for (const statement of pair.statements) {
      const { fact } = statement;
      if (fact.kind === 'automatic') automatic[sideOf(fact, pair)] = fact.on;
      if (fact.kind === 'numbers') numbers[sideOf(fact, pair)] = fact.range;
      const rule = ruleOf(statement, pair);
      if (rule === null) continue;
      const side = sideOf(fact, pair);
      const before = rules[side];
      contradiction ??= contradicts(before, rule) ? contradictionOf(before, rule) : null;
      rules[side] = before !== null && CARE[before.rule] <= CARE[rule.rule] ? before : rule;
      findings.push(findingOf(statement, rule, before, isOwn));
    }
  }
  const create = (side: Side): CreationRule => {
    const { rule = 'never', by = [] } = rules[side] ?? {};
    const range = numbers[side];
    const more = { automatic: automatic[side], ...(range === undefined ? {} : { numbers: range }) };
    return rule === 'ifReferred' ? { rule: 'ifReferredTo', referredToBy: [...by], ...more } : { rule, ...more };
  };
  const unsaid = SIDES.every((side) => rules[side] === null) ? unsaidFinding(pairs) : [];
  return {
    create: { customerp: create('customerp'), tidsbanken: create('tidsbanken') },
    findings: [...findings, ...unsaid],
    contradiction,
  };
}

/** The side on which a sentence has something created: the record it leads to, which may be left unnamed. */
function sideOf(fact: Fact, pair: DataflowPair): Side {
  const to = 'to' in fact && fact.to !== '' ? fact.to : pair.target.text;
  return /^tidsbanken\b/iu.test(to) ? 'tidsbanken' : 'customerp';
}

function ruleOf({ fact, line }: Statement, pair: DataflowPair): Rule | null {
  const at = { line, section: pair.line };
  if (fact.kind === 'creation') return { ...at, rule: fact.rule, by: [] };
  if (fact.kind !== 'ifReferred') return null;
  const kinds = new Set(fact.by.map(mentionedKind));
  const by = KINDS.filter((kind) => kinds.has(kind));
  return by.length > 0 ? { ...at, rule: 'ifReferred', by } : { ...at, rule: 'never', by };
}

const contradicts = (before: Rule | null, rule: Rule): before is Rule =>
  before !== null && before.section === rule.section && before.rule !== rule.rule;
const contradictionOf = (before: Rule | null, rule: Rule): string =>
  `The rules for creating records on lines ${String(before?.line)} and ${String(rule.line)} contradict each other.`;

function findingOf({ text, fact }: Statement, rule: Rule, before: Rule | null, isOwn: boolean): Finding {
  const at = { line: rule.line, part: 'creation', subject: subject(text) } as const;
  if (before !== null && before.rule !== rule.rule) {
    const why = `Line ${String(before.line)} has another rule; the more careful of the two holds.`;
    return { ...at, status: 'adapted', why };
  }
  if (fact.kind === 'ifReferred') {
    const unknown = fact.by.filter((name) => mentionedKind(name) === undefined);
    if (unknown.length > 0) {
      const rest =
        rule.rule === 'never' ? 'so nothing is created' : 'so left out; each of the others is proposed first';
      return { ...at, status: 'adapted', why: `${unknown.join(', ')}: not known, ${rest}.` };
    }
  }
  if (isOwn || rule.rule === 'never') return { ...at, status: 'taken', why: '' };
  return { ...at, status: 'adapted', why: 'Each is proposed first and created once a person approves.' };
}

function unsaidFinding([pair]: readonly DataflowPair[]): Finding[] {
  if (pair === undefined) return [];
  const why = 'The section does not say what is created, so nothing is: records without counterpart are shown.';
  return [{ line: pair.line, part: 'creation', status: 'adapted', subject: subject(pair.title), why }];
}
