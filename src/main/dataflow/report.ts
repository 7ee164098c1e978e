import type { Kind } from '../../shared/domain.ts';

export const STATUSES = ['taken', 'adapted', 'refused'] as const;
/** `adapted`: honoured in another way than the document words it; `refused`: not honoured. Both say why. */
export type Status = (typeof STATUSES)[number];

export const PARTS = ['document', 'section', 'creation', 'merge', 'promise', 'row', 'text'] as const;
export type Part = (typeof PARTS)[number];

/** What became of one part of a document. */
export interface Finding {
  readonly line: number;
  readonly part: Part;
  readonly status: Status;
  /** The part as the document words it, shortened. */
  readonly subject: string;
  /** Empty where it was taken as it stands. */
  readonly why: string;
  readonly kind?: Kind;
}

export type ReportCounts = Readonly<Record<Status, number>>;

export const countsOf = (findings: readonly Finding[]): ReportCounts => {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  return { taken: count('taken'), adapted: count('adapted'), refused: count('refused') };
};

const LONGEST = 100;
export const subject = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
};
