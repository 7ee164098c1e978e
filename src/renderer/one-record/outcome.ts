import type { RunView } from '../../shared/contract/views.ts';

/** What a run of one record came to, as the note names it; `count` is of what was written. */
export interface OneOutcome {
  readonly text: string;
  readonly count: number;
}

/**
 * The one sentence about a run of one record that ended without a problem: what was written comes first, then what still
 * needs a person. A record that was read alone has no partner, and its matching is another run's work (M1).
 */
export function outcomeOfOne(run: RunView): OneOutcome {
  const counts = run.record === undefined ? undefined : run.flows[run.record.flow];
  if (counts === undefined) return { text: 'one.nothing', count: 0 };
  const written = sum(counts.created) + sum(counts.updated);
  if (written > 0) return { text: 'one.written', count: written };
  if (sum(counts.read) === 1) return { text: 'one.alone', count: 0 };
  if (counts.mismatches > 0) return { text: 'one.mismatch', count: 0 };
  if (counts.proposed > 0) return { text: 'one.proposed', count: 0 };
  return { text: counts.inStep > 0 ? 'one.inStep' : 'one.nothing', count: 0 };
}

const sum = ({ customerp, tidsbanken }: { readonly customerp: number; readonly tidsbanken: number }): number =>
  customerp + tidsbanken;
