import { KINDS, type Kind } from '../../shared/domain.ts';
import type { Dataflow, DataflowPair, Statement, Term } from './dataflow.ts';
import { partnerKind, tidsbankenKind } from './kinds.ts';
import { subject, type Finding } from './report.ts';

/** The sections that make up one flow; the first one leads. */
export interface FlowPairs {
  readonly kind: Kind;
  readonly pairs: readonly [DataflowPair, ...DataflowPair[]];
}

export interface SortedPairs {
  readonly flows: readonly FlowPairs[];
  readonly findings: readonly Finding[];
}

/** Sorts the sections of a document by the flow they are about, or says why they are about none. */
export function sortPairs({ pairs }: Dataflow): SortedPairs {
  const findings: Finding[] = [];
  const found = new Map<Kind, DataflowPair[]>();
  const strangers = new Map<Kind, DataflowPair[]>();
  for (const pair of pairs) {
    const kind = kindOf(pair);
    if ('why' in kind) findings.push(...refusePair(pair, kind.why));
    else add(kind.isKnown ? found : strangers, kind.kind, pair);
  }
  for (const [kind, [first, ...rest]] of strangers) {
    const lead = found.get(kind)?.[0];
    const standing = lead ?? first;
    for (const pair of lead === undefined ? rest : [first, ...rest]) {
      if (pair !== undefined && standing !== undefined)
        findings.push(...refusePair(pair, alreadyTaken(pair, standing)));
    }
    if (lead === undefined && first !== undefined) {
      found.set(kind, [first]);
      const why = `“${partnerOf(first).object}” is not known as a name for ${kind} records; as nothing else stands for them, it was taken as such.`;
      findings.push({ ...at(first), part: 'section', status: 'adapted', kind, why });
    }
  }
  for (const [kind, own] of found)
    findings.push(...own.filter((pair) => !strangers.get(kind)?.includes(pair)).map((pair) => taken(pair, kind)));
  const flows = KINDS.flatMap((kind): FlowPairs[] => {
    const [first, ...rest] = found.get(kind) ?? [];
    return first === undefined ? [] : [{ kind, pairs: [first, ...rest] }];
  });
  return { flows, findings };
}

type Verdict = { readonly kind: Kind; readonly isKnown: boolean } | { readonly why: string };

function kindOf(pair: DataflowPair): Verdict {
  const { source, target } = pair;
  if (source.isTidsbanken === target.isTidsbanken) {
    return {
      why: source.isTidsbanken
        ? 'Both records are Tidsbanken’s.'
        : 'Neither record is Tidsbanken’s; Tidsbro has no part in it.',
    };
  }
  const [partner, own] = source.isTidsbanken ? [target, source] : [source, target];
  const kind = tidsbankenKind(own.object);
  if (kind === undefined) {
    return { why: `Tidsbanken’s “${own.object}” is not synchronised; Avdeling, Kunde, Ansatt and Prosjekt are.` };
  }
  const other = partnerKind(partner.object);
  if (other === undefined || other === kind) return { kind, isKnown: other === kind };
  return {
    why: `“${partner.object}” means ${other} records and “${own.object}” ${kind} records: two kinds are not linked.`,
  };
}

const partnerOf = ({ source, target }: DataflowPair): Term => (source.isTidsbanken ? target : source);

const alreadyTaken = (pair: DataflowPair, lead: DataflowPair): string =>
  `The section on line ${String(lead.line)} is about the same records of Tidsbanken, and one flow has one kind of record on each side; “${partnerOf(pair).object}” has no place in it.`;

function add(map: Map<Kind, DataflowPair[]>, kind: Kind, pair: DataflowPair): void {
  map.set(kind, [...(map.get(kind) ?? []), pair]);
}

const at = (pair: DataflowPair) => ({ line: pair.line, subject: subject(pair.title) });
const taken = (pair: DataflowPair, kind: Kind): Finding => ({
  ...at(pair),
  part: 'section',
  status: 'taken',
  kind,
  why: '',
});

/** A refused section, and each of its parts with it: nothing of it may be missing in the report. */
export function refusePair(pair: DataflowPair, why: string): Finding[] {
  const gone = { status: 'refused', why: `Its section, line ${String(pair.line)}, was refused.` } as const;
  const rows = pair.tables.flatMap((table) => table.rows);
  const alternatives = pair.merges.flatMap((merge) => merge.alternatives);
  return [
    { ...at(pair), part: 'section', status: 'refused', why },
    ...pair.statements
      .filter(isFirstOfSentence)
      .map(({ line, text }): Finding => ({ ...gone, line, part: 'text', subject: subject(text) })),
    ...alternatives.map(({ line, partner, tidsbanken }): Finding => {
      const both = [partner, tidsbanken].map((fields) => fields.map((field) => field.text).join(', '));
      return { ...gone, line, part: 'merge', subject: subject(both.join(' | ')) };
    }),
    ...rows.map(({ line, partner, tidsbanken }): Finding => {
      return { ...gone, line, part: 'row', subject: subject(`${partner.text} | ${tidsbanken.text}`) };
    }),
    ...remarkFindings(pair.remarks),
  ];
}

/** A sentence may say two things; it is told once. */
const isFirstOfSentence = ({ line, text }: Statement, i: number, all: readonly Statement[]): boolean =>
  all.findIndex((other) => other.line === line && other.text === text) === i;

/** Text that was not understood is refused, so that nobody takes it for done. */
export const remarkFindings = (remarks: DataflowPair['remarks']): Finding[] =>
  remarks.flatMap(({ line, text, rows }): Finding[] => {
    const why = 'This is not understood, and nothing was made of it.';
    if (rows.length === 0) return [{ line, part: 'text', status: 'refused', subject: subject(text), why }];
    const elsewhere = 'Properties are read from tables only.';
    return rows.map((row): Finding => ({
      line: row.line,
      part: 'row',
      status: 'refused',
      subject: subject(row.text),
      why: elsewhere,
    }));
  });
