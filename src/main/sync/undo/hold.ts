import type { Kind } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { SyncContext } from '../context.ts';
import { isWaiting } from '../plan/merge.ts';
import { openChanges } from '../plan/open-pages.ts';
import { PartFacts } from '../plan/part-facts.ts';
import type { ProposedFacts } from '../plan/part-facts.ts';
import { isDoubt, nameOfFirst, onlyPreviewed } from '../plan/rails-of-plan.ts';
import { blocks, trippedRails } from '../review/rails.ts';

type Holding = Pick<SyncContext, 'store' | 'settings'>;

/**
 * Section 13 for what was just proposed: undos are counted with all else that waits for a person, as the next plan will
 * count them, and what doubts a whole system holds them from the start. Returns the rails that hold some of them.
 */
export async function holdUndos(ctx: Holding, kind: Kind, person: string): Promise<string[]> {
  const open: ProposedFacts[] = [];
  const unseen: { readonly id: number; readonly facts: ProposedFacts }[] = [];
  const facts = new PartFacts([]);
  for await (const page of openChanges(ctx.store, kind))
    for (const change of page.filter(isWaiting)) {
      const seen = facts.addKept(change);
      open.push(seen);
      if (isUnseenUndo(change)) unseen.push({ id: change.id, facts: seen });
    }
  const doubt = (await ctx.store.mismatches.openOfKind(kind)).find((m) => isDoubt(m.label))?.label ?? null;
  const rails = trippedRails(
    {
      kind,
      links: await ctx.store.links.count(kind),
      changes: open.filter(({ isPersons }) => !isPersons),
      bothEdited: [],
      collections: { customerp: null, tidsbanken: null },
      tenantAsBefore: { customerp: true, tidsbanken: true },
      timeDifferences: [],
      previewOnly: await onlyPreviewed(ctx, kind, new Map()),
    },
    ctx.settings.rails,
  );
  const held = new Map<string, number[]>();
  for (const { id, facts: change } of unseen) {
    const rail = doubt ?? nameOfFirst(rails.filter((r) => blocks(r, change)));
    if (rail === null) continue;
    const ids = held.get(rail) ?? [];
    ids.push(id);
    held.set(rail, ids);
  }
  for (const [rail, ids] of held)
    await ctx.store.changes.hold(ids, rail, [
      { event: 'heldByRail', detail: { person, kind, rail, count: ids.length } },
    ]);
  return [...held.keys()];
}

const isUnseenUndo = ({ origin, state }: StoredChange): boolean => origin === 'undo' && state === 'planned';
