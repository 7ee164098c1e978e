import type { Finding } from './finding.ts';

const RANK = { failed: 0, passed: 1, notApplicable: 2 } as const;

/** One finding a line: what failed on one pair is not made good by another, and what was seen counts before what was not. */
export function worstOf(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, Finding>();
  for (const found of findings) {
    const line = `${found.kind} ${found.item}`;
    const before = worst.get(line);
    if (before === undefined || RANK[found.verdict] < RANK[before.verdict]) worst.set(line, found);
  }
  return [...worst.values()];
}
