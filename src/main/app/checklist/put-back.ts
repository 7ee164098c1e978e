import { SIDES } from '../../../shared/domain.ts';
import type { MemberChange, Side, Value } from '../../../shared/domain.ts';
import type { Restore, RestoreMember } from '../../store/checklists.ts';
import type { SyncContext } from '../../sync/context.ts';
import { sameAcross } from '../../sync/verify/verify.ts';
import { readPair } from './pair.ts';
import type { PairNow } from './pair.ts';
import { arrived, writeForTest } from './test-write.ts';

export type PutBack = 'restored' | 'kept' | 'open';

/**
 * Gives both sides back what they held before the test (7.6). What is neither that nor what we wrote was edited by
 * somebody since, and is left to them. `open`: something could not be read or written; it stays an open item.
 */
export async function putBack(ctx: SyncContext, restore: Restore): Promise<PutBack> {
  const read = await readPair(ctx, restore.linkId);
  if (!read.ok) return 'open';
  let isKept = false;
  for (const side of SIDES) {
    const { changes, kept, isUnread } = toPutBack(read.value, restore.members, side);
    isKept ||= kept;
    if (isUnread || !(await writeBack(ctx, read.value, restore, side, changes))) return 'open';
  }
  const { link } = read.value;
  const about = { runId: ctx.runId, item: `link:${String(link.id)}` };
  await ctx.store.links.setKeys(link.id, restore.keys, {
    ...about,
    event: 'checklistKeys',
    detail: { kind: link.kind },
  });
  const outcome = isKept ? 'kept' : 'restored';
  await ctx.store.checklists.end(restore.id, outcome, { ...about, event: 'checklistPutBack', detail: { outcome } });
  return outcome;
}

async function writeBack(
  ctx: SyncContext,
  { link, label }: PairNow,
  restore: Restore,
  side: Side,
  members: readonly MemberChange[],
): Promise<boolean> {
  if (members.length === 0) return true;
  const purpose = `back:${String(restore.id)}:${String(ctx.clock.now())}`;
  return arrived(await writeForTest(ctx, { link, label, side, group: restore.group, members, purpose }));
}

interface ToPutBack {
  readonly changes: readonly MemberChange[];
  readonly kept: boolean;
  /** A field shows nothing that can be read, so that A3 could not tell whose it is. */
  readonly isUnread: boolean;
}

/** Pure: what one side has to be given back. */
export function toPutBack(
  { flow, props }: Pick<PairNow, 'flow' | 'props'>,
  members: readonly RestoreMember[],
  side: Side,
): ToPutBack {
  const isOurs = (member: RestoreMember, now: Value): boolean =>
    member.wrote[side].some((wrote) => sameAcross(flow, member.property, wrote, now));
  const differing = members.filter((m) => props[side][m.property] !== m.was[side]);
  const unread = differing.filter((m) => props[side][m.property] === undefined);
  const ours = differing.filter((m) => isOurs(m, props[side][m.property] ?? null));
  return {
    changes: ours.map(({ property, was, spelling }) => ({
      property,
      expected: props[side][property] ?? null,
      desired: was[side],
      ...(spelling[side] === null ? {} : { spelling: spelling[side] }),
    })),
    kept: differing.length > ours.length,
    isUnread: unread.length > 0,
  };
}
