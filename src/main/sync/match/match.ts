import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { MismatchDraft, Versions } from '../drafts.ts';
import { mismatchDraft } from '../reconcile/mismatch.ts';
import { compare, Matching } from './matching.ts';
import { linkOfTwo } from './two.ts';
import type { IdPair, MatchFinding, MatchInput, MatchRecord, MatchResult, NewLink } from './types.ts';

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

/** A record of either side, as clusters hold them. */
export interface Member<R extends MatchRecord = MatchRecord> {
  readonly side: Side;
  readonly record: R;
}

/**
 * The same for whole clusters of complete collections: records of different clusters share no key value. Two that are
 * alone with each other are matched by a look at their keys; only what is left is worth an index of key values.
 */
export function matchClusters(clusters: readonly (readonly Member[])[], neverLink: readonly IdPair[]): MatchResult {
  const left: Pair<MatchRecord[]> = { customerp: [], tidsbanken: [] };
  const links: NewLink[] = [];
  for (const cluster of clusters) {
    const two = neverLink.length === 0 ? pairOf(cluster) : null;
    const link = two === null ? null : linkOfTwo(two);
    if (link !== null) links.push(link);
    else for (const { side, record } of cluster) left[side].push(record);
  }
  const result = matchRecords({ complete: true, records: left, neverLink });
  return { ...result, links: [...links, ...result.links].toSorted((a, b) => compare(a.customerpId, b.customerpId)) };
}

function pairOf(cluster: readonly Member[]): Pair<MatchRecord> | null {
  const [one, other] = cluster;
  if (cluster.length !== 2 || one === undefined || other === undefined || one.side === other.side) return null;
  const [e, t] = one.side === 'customerp' ? [one, other] : [other, one];
  return { customerp: e.record, tidsbanken: t.record };
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
