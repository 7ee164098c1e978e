import type { Kind } from '../../../shared/domain.ts';
import type { MismatchDraft, Versions } from '../drafts.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { Matching } from './matching.ts';
import type { MatchFinding, MatchInput, MatchResult } from './types.ts';

const NOTHING: MatchResult = {
  links: [],
  findings: [],
  unmatched: { customerp: [], tidsbanken: [] },
  setAside: { customerp: [], tidsbanken: [] },
};

/**
 * Section 4: pairs unlinked records by their keys. Takes time in proportion to the number of keys, and the result does
 * not depend on the order of the input (M7). Every unlinked record ends in exactly one of: a link, a finding (as its
 * subject), `unmatched`, `setAside` (V4). Nothing is concluded from incomplete collections (M1).
 */
export function matchRecords(input: MatchInput): MatchResult {
  if (!input.complete) return NOTHING;
  const matching = new Matching(input);
  matching.reportReturned();
  matching.joinByStrongKeys();
  matching.reportSharedKeys('strong');
  matching.suggestByWeakKeys();
  matching.reportSharedKeys('weak');
  return matching.result();
}

/** A finding as the plan stores it. */
export function findingDraft(finding: MatchFinding, kind: Kind, label: string, versions: Versions): MismatchDraft {
  const { mismatch, linkId, customerpId, tidsbankenId, keys, candidates, suggests, takes } = finding;
  const detail = { keys: keys.join(', ') };
  return mismatchDraft(
    { kind, mismatch, linkId, customerpId, tidsbankenId, label, detail, suggests, takes, candidates },
    versions,
  );
}
