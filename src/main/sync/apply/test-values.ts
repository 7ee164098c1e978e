import type { GroupChange, Pair, Props, Side, Value } from '../../../shared/domain.ts';
import type { RestoreMember } from '../../store/checklists.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import { sameAcross } from '../verify/verify.ts';

/**
 * 7.6: what a system made of a checklist's test value is as much our doing as the value itself, whoever has carried it
 * there: noted for the restore, so that it is put back and not taken for somebody's edit. `seen`: the record as read back.
 */
export async function noteSpoiltTest(
  ctx: SyncContext,
  change: Pick<StoredChange, 'kind' | 'linkId' | 'target'>,
  groups: readonly GroupChange[],
  seen: Props,
): Promise<void> {
  const flow = flowFor(ctx, change.kind);
  const desired = new Map(groups.flatMap((group) => group.members.map((m) => [m.property, m.desired] as const)));
  const noted = (member: RestoreMember): RestoreMember => {
    const { property, wrote } = member;
    const [sent, now] = [desired.get(property), seen[property]];
    if (sent === undefined || now === undefined || wrote[change.target].includes(now)) return member;
    const isTest = wrote[change.target].some((value) => sameAcross(flow, property, value, sent));
    return isTest ? { ...member, wrote: withValue(wrote, change.target, now) } : member;
  };
  for (const restore of await ctx.store.checklists.unfinished()) {
    if (restore.linkId !== change.linkId) continue;
    const members = restore.members.map(noted);
    if (members.some((member, index) => member !== restore.members[index]))
      await ctx.store.checklists.learn(restore.id, members);
  }
}

const withValue = (wrote: RestoreMember['wrote'], side: Side, value: Value): Pair<readonly Value[]> => ({
  ...wrote,
  [side]: [...wrote[side], value],
});
