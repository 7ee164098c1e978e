import type { WhyNot } from './judge.ts';

/** Why a decision was not carried out, and what to do now. */
const TEXT: Readonly<Record<WhyNot, string>> = {
  broughtBackBefore: 'It was brought back before, and carried out then.',
  approvedHere: 'It was approved here already.',
  rejectedHere: 'It was rejected here already.',
  decidedHere: 'It was decided here already.',
  writtenHere: 'It was written already, or needs no write any more.',
  underWay: 'Its write is under way.',
  differs:
    'It has changed since it was exported, so what was decided is not what it is now. Decide it here, or export it again.',
  gone: 'It is no longer proposed: one of the records has changed. There is nothing to decide.',
  tooOld: 'It was decided too long ago: an approval lapses after 7 days. Decide it here, or export it again.',
  versionChanged: 'Mapping, rules or systems have changed since. Sync, then decide it here or export it again.',
  unknownRow: 'It is not known here, as after a restore from a backup. Sync, then export it again.',
  needsCount: 'It is one of many changes of one sort: they are let go only when their number is typed here.',
  railNotPassed: 'A rail holds it that is let go only where the systems can be seen. See Mismatches.',
  noWayOut: 'This way out is no longer open for it. Decide it here.',
  refusedHere: 'It is not possible here. Open it to see why, and decide it here.',
};

export function whyText(why: string | null): string {
  return Object.entries(TEXT).find(([known]) => known === why)?.[1] ?? '';
}
