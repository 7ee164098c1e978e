import type { GroupChange } from '../../../shared/domain.ts';
import type { ChangeDraft, Versions } from '../drafts.ts';

/** A person's approval of one group of one change (V1). `at` is ms UTC. */
export interface KeptApproval {
  /** Which item it is about, whatever it holds (`itemKey`). */
  readonly item: string;
  readonly fingerprint: string;
  readonly person: string;
  readonly at: number;
  readonly versions: Versions;
  readonly used: boolean;
}

/** An item of the later plan. */
export interface PlannedItem {
  readonly item: string;
  readonly fingerprint: string;
}

export interface CarriedApprovals {
  /** Pass on to the later plan's item with the same fingerprint. */
  readonly carried: readonly KeptApproval[];
  /** Their item is not part of the later plan: they stay as they are. */
  readonly waiting: readonly KeptApproval[];
  readonly superseded: readonly KeptApproval[];
  readonly lapsed: readonly (KeptApproval & { readonly why: 'tooOld' | 'versionChanged' })[];
}

export interface LapseRules {
  readonly versions: Versions;
  /** ms UTC. */
  readonly now: number;
  /** The latest time this store has seen: a clock put back keeps no approval alive (T5). */
  readonly lastSeen: number;
  readonly lapsesAfterMs: number;
}

/** Names an item across plans: the same group of the same record and target. */
export const itemKey = (change: Omit<ChangeDraft, 'groups'>, group: Pick<GroupChange, 'group'>): string =>
  JSON.stringify([
    change.kind,
    change.op === 'create' ? 'create' : 'update',
    change.target,
    change.customerpId,
    change.tidsbankenId,
    group.group,
  ]);

/**
 * V2: which approvals pass to a later plan. Used ones are spent and appear nowhere. Lapse comes first: a lapsed approval
 * never writes, even where the item is unchanged.
 */
export function carryApprovals(
  approvals: readonly KeptApproval[],
  plan: readonly PlannedItem[],
  rules: LapseRules,
): CarriedApprovals {
  const planned = new Map(plan.map(({ item, fingerprint }) => [item, fingerprint]));
  const result = {
    carried: [] as KeptApproval[],
    waiting: [] as KeptApproval[],
    superseded: [] as KeptApproval[],
    lapsed: [] as (KeptApproval & { why: 'tooOld' | 'versionChanged' })[],
  };
  for (const approval of approvals) {
    if (approval.used) continue;
    const why = lapse(approval, rules);
    const fingerprint = planned.get(approval.item);
    if (why !== null) result.lapsed.push({ ...approval, why });
    else if (fingerprint === undefined) result.waiting.push(approval);
    else if (fingerprint === approval.fingerprint) result.carried.push(approval);
    else result.superseded.push(approval);
  }
  return result;
}

/** Why an approval no longer counts, or null (V2). Asked again right before a write. */
export function lapse(
  { at, versions }: Pick<KeptApproval, 'at' | 'versions'>,
  rules: LapseRules,
): 'tooOld' | 'versionChanged' | null {
  if (Math.max(rules.now, rules.lastSeen) - at > rules.lapsesAfterMs) return 'tooOld';
  const same = (['mapping', 'policy', 'tenant'] as const).every((name) => versions[name] === rules.versions[name]);
  return same ? null : 'versionChanged';
}
