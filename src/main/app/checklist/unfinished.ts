import { flowOf } from '../../../shared/domain.ts';
import type { Problem } from '../../../shared/domain.ts';
import type { Restore } from '../../store/checklists.ts';
import type { Store } from '../../store/store.ts';
import type { SyncContext } from '../../sync/context.ts';
import { kindName } from '../../sync/words.ts';
import { judgePair } from './carry.ts';
import { putBack } from './put-back.ts';

/** 7.6: test values that still stand, as every start tells them until they are put back. */
export async function unfinishedChecklists(store: Pick<Store, 'checklists' | 'links'>): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const restore of await store.checklists.unfinished()) problems.push(await stillThere(store, restore));
  return problems;
}

/** Puts back what earlier checklists left, newest first, since a later test found the values of an earlier one. */
export async function finishPuttingBack(ctx: SyncContext): Promise<void> {
  for (const restore of (await ctx.store.checklists.unfinished()).toReversed()) {
    const link = await ctx.store.links.get(restore.linkId);
    if (link === null || !ctx.flows.has(link.kind)) continue;
    const outcome = await putBack({ ...ctx, request: { ...ctx.request, kinds: [link.kind] } }, restore);
    if (outcome === 'restored') await thaw(ctx, link.id, restore.group);
    if (outcome !== 'open') await judgePair(ctx, link.kind, link.customerpId);
  }
}

/** W3: a freeze tells of what was last written, and that was a test value: both sides are again as they were before it. */
async function thaw(ctx: SyncContext, linkId: number, group: string): Promise<void> {
  const frozen = (await ctx.store.links.get(linkId))?.frozen[group];
  if (frozen === 'transformed' || frozen === 'notPersisted') await ctx.store.links.unfreeze(linkId, group);
}

async function stillThere(store: Pick<Store, 'links'>, { linkId, members }: Restore): Promise<Problem> {
  const link = await store.links.get(linkId);
  const names = members.map((m) => m.property);
  const pair =
    link === null
      ? `Link ${String(linkId)}`
      : `${kindName('customerp', link.kind)} ${link.customerpId} ↔ ${kindName('tidsbanken', link.kind)} ${link.tidsbankenId}`;
  return {
    kind: 'checklistUnfinished',
    what: `${pair}: test values of a checklist may still stand in ${names.join(', ')}.`,
    notDone: 'What was there before was not put back.',
    todo: 'Run `tidsbro dataflow verify --restore`.',
    ...(link === null
      ? {}
      : {
          recordKind: link.kind,
          facts: {
            flow: flowOf(link.kind),
            properties: names.join(' '),
            customerpId: link.customerpId,
            tidsbankenId: link.tidsbankenId,
          },
        }),
  };
}
