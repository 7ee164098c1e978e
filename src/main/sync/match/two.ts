import type { Pair } from '../../../shared/domain.ts';
import { isFree } from './key-index.ts';
import { linkOf } from './matching.ts';
import type { MatchKeyValue, MatchRecord, NewLink } from './types.ts';

/**
 * M4 for two records that share no key value with anybody else: their link if they are free and a strong key is the same
 * on both while none differs; null when there is anything more to say about them. Most pairs of a first sync are such.
 */
export function linkOfTwo({ customerp, tidsbanken }: Pair<MatchRecord>): NewLink | null {
  if (!isFree(customerp) || !isFree(tidsbanken)) return null;
  const theirs = tidsbanken.keys.filter(isStrong);
  let joins = false;
  for (const { key, value } of customerp.keys.filter(isStrong)) {
    const same = theirs.find((other) => other.key === key);
    if (same === undefined) continue;
    if (same.value !== value) return null;
    joins = true;
  }
  return joins ? linkOf(customerp, tidsbanken) : null;
}

const isStrong = ({ strength }: MatchKeyValue): boolean => strength === 'strong';
