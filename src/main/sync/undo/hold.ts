import type { Kind } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { isWaiting } from '../plan/merge.ts';
import { isDoubt, isPersons, nameOfFirst, onlyPreviewed } from '../plan/rails-of-plan.ts';
import { blocks, trippedRails } from '../review/rails.ts';

type Holding = Pick<SyncContext, 'store' | 'settings'>;

/**
 * Section 13 for what was just proposed: undos are counted with all else that waits for a person, as the next plan will
 * count them, and what doubts a whole system holds them from the start. Returns the rails that hold some of them.
 */
export async function holdUndos(ctx: Holding, kind: Kind, person: string): Promise<string[]> {
  const open = (await ctx.store.changes.open(kind)).filter(isWaiting);
  const doubt = (await ctx.store.mismatches.openOfKind(kind)).find((m) => isDoubt(m.label))?.label ?? null;
  const rails = trippedRails(
    {
      kind,
      links: await ctx.store.links.count(kind),
      changes: open.filter((change) => !isPersons(change)),
      mismatches: [],
      collections: { customerp: null, tidsbanken: null },
      tenantAsBefore: { customerp: true, tidsbanken: true },
      timeDifferences: [],
      previewOnly: await onlyPreviewed(ctx, kind, new Map()),
    },
    ctx.settings.rails,
  );
  const held = new Map<string, number[]>();
  for (const change of open.filter(isUnseenUndo)) {
    const rail = doubt ?? nameOfFirst(rails.filter((r) => blocks(r, change)));
    if (rail !== null) held.set(rail, [...(held.get(rail) ?? []), change.id]);
  }
  for (const [rail, ids] of held)
    await ctx.store.changes.hold(ids, rail, [
      { event: 'heldByRail', detail: { person, kind, rail, count: ids.length } },
    ]);
  return [...held.keys()];
}

const isUnseenUndo = ({ origin, state }: StoredChange): boolean => origin === 'undo' && state === 'planned';
