import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { LinkedPair } from '../drafts.ts';
import type { FlowRules, WorldFacts } from './rules.ts';

export interface IdentityChange {
  readonly side: 'customerp' | 'tidsbanken';
  readonly key: string;
  readonly was: string | null;
  readonly is: string | null;
}

/**
 * M6: strong keys that left the value the link was made with, or were empty then and now equal another record's.
 * A key that was not observed says nothing (N1); ids that differed from the start are no contradiction.
 */
export function identityChanges(pair: LinkedPair, rules: FlowRules, world: WorldFacts): IdentityChange[] {
  const now = {
    customerp: rules.strongKeys(pair.customerp.props),
    tidsbanken: rules.strongKeys(pair.tidsbanken.props),
  };
  const changes: IdentityChange[] = [];
  for (const [key, stored] of Object.entries(pair.keys)) {
    for (const side of SIDES) {
      const was = stored[side];
      const is = now[side][key];
      if (is === undefined || is === was) continue;
      const partner = now[otherSide(side)][key];
      if (was !== null || (is !== null && heldByAnother(world, side, key, is, partner === is))) {
        changes.push({ side, key, was, is });
      }
    }
  }
  return changes;
}

function heldByAnother(world: WorldFacts, side: IdentityChange['side'], key: string, value: string, shared: boolean) {
  return world.holders(side, key, value) > 1 || world.holders(otherSide(side), key, value) > (shared ? 1 : 0);
}
