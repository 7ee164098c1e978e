import type { DecisionOutcome } from '../../../shared/contract/views.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { Kind, Problem, Result } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { AppService } from '../app-service.ts';
import { filterOf } from './changes.ts';
import { collectOutcome, countDiffers, refusedItem } from './decision-outcome.ts';
import { notFound, refused, stale } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a person says to a change as a whole, or to one group of it. */
export interface Decision {
  readonly take: 'approve' | 'reject' | 'later';
  readonly group?: string | undefined;
  /** False: decided together with others, unseen; S1 then asks for their number. */
  readonly seen: boolean;
}

/** The decisions of the screen Review. Works offline: each is bound to the change that was shown (V1). */
export function changeDecisionsOf(w: Workspace): Pick<AppService, 'decideChanges' | 'decideAllChanges'> {
  return {
    decideChanges: (ids, take, group) =>
      // One row by itself was looked at; several at once are a mass change, whose number must be typed (S1).
      collectOutcome(ids, 'change', (id) => decideChange(w, id, { take, group, seen: ids.length === 1 })),
    decideAllChanges: async (query, take, confirmCount) => {
      const ids = await w.store.changes.idsOf(filterOf(query));
      if (ids.length !== confirmCount) return fail(countDiffers(ids.length, confirmCount, 'changes'));
      if (take === 'approve') return ok(await approveAll(w, ids));
      return ok(await collectOutcome(ids, 'change', (id) => decideChange(w, id, { take, seen: true })));
    },
  };
}

async function decideChange(w: Workspace, id: number, decision: Decision): Promise<Result<null, Problem>> {
  const change = await w.store.changes.get(id);
  if (change === null) return fail(notFound(`There is no change ${String(id)}.`));
  const hindrance = hindranceOf(change, decision);
  if (hindrance !== null) return fail(hindrance);
  if (!(await carryOut(w, change, decision)))
    return fail(stale(`Change ${String(id)} has ended or is under way.`, 'underWay'));
  await remember(w, change, decision);
  return ok(null);
}

/** What a decision may be hindered by: a group that is not there, a rail that holds the change. */
export interface Hindered {
  readonly id: number;
  readonly rail: string | null;
  readonly groups: readonly { readonly group: string }[];
}

/** Why this decision cannot be taken on this change; null when it can. */
export function hindranceOf(change: Hindered, { take, group, seen }: Decision): Problem | null {
  if (group !== undefined && !change.groups.some((g) => g.group === group)) return noGroup(change, group);
  if (take === 'approve' && isDoubted(change)) return cannotPass(change);
  return take === 'approve' && !seen && isMass(change) ? needsCount(change) : null;
}

/** False: the change had ended or was under way. */
async function carryOut({ store, person }: Workspace, change: StoredChange, decision: Decision): Promise<boolean> {
  const { group } = decision;
  const groups = group === undefined || change.op === 'create' ? ('all' as const) : [group];
  const journal = [
    {
      event: EVENT[decision.take],
      item: `change:${String(change.id)}`,
      detail: { person, group: group ?? null, fingerprint: change.fingerprint },
    },
  ];
  switch (decision.take) {
    case 'approve':
      return store.changes.approve(change.id, groups, person, true, journal);
    case 'reject':
      return store.changes.reject(change.id, groups, journal);
    case 'later':
      return true;
  }
}

async function remember({ store, person }: Workspace, change: StoredChange, decision: Decision): Promise<void> {
  await store.decisions.add({
    person,
    itemType: 'change',
    itemId: change.id,
    fingerprint: change.fingerprint,
    take: decision.take,
    group: decision.group ?? null,
  });
  if (decision.take !== 'later') await store.meta.markReviewed(change.kind, person);
}

/** A person has seen the whole list and typed its number: that passes S1 and S7 for exactly these changes (section 13). */
async function approveAll({ store, person }: Workspace, ids: readonly number[]): Promise<DecisionOutcome> {
  const hard: DecisionOutcome['refused'] = [];
  const items: { id: number; groups: readonly string[] }[] = [];
  const kinds = new Set<Kind>();
  for (const id of ids) {
    const change = await store.changes.get(id);
    if (change === null || !['planned', 'approved', 'deferred', 'manual'].includes(change.state))
      hard.push(refusedItem(`change:${String(id)}`, stale('It has ended or is under way.', 'underWay')));
    else if (isDoubted(change)) hard.push(refusedItem(`change:${String(id)}`, cannotPass(change)));
    else {
      items.push({ id, groups: change.groups.map((g) => g.group) });
      kinds.add(change.kind);
    }
  }
  await store.changes.approveMany(items, person, true, [
    { event: 'approvedByCount', detail: { person, confirmed: ids.length, approved: items.length } },
  ]);
  for (const kind of kinds) await store.meta.markReviewed(kind, person);
  return { decided: items.length, refused: hard };
}

const EVENT = { approve: 'approved', reject: 'rejected', later: 'decidedLater' } as const;

const isMass = (change: Hindered): boolean => /^S1\b/.test(change.rail ?? '');
const isDoubted = (change: Hindered): boolean => /^(S[236]|C6)\b/.test(change.rail ?? '');

const noGroup = (change: Hindered, group: string): Problem =>
  refused(
    `Change ${String(change.id)} has no group ${group}.`,
    `It has: ${change.groups.map((g) => g.group).join(', ')}.`,
    'noGroup',
  );
const needsCount = (change: Hindered): Problem =>
  refused(
    `The change is held by the rail ${change.rail ?? ''}: too many changes of one sort at once.`,
    'Look through them, then use “Approve all” and type their number.',
    'needsCount',
    { rail: change.rail ?? '' },
  );
const cannotPass = (change: Hindered): Problem =>
  refused(
    `The change is held by the rail ${change.rail ?? ''}, which cannot be passed.`,
    'See Mismatches for what is wrong.',
    'railNotPassed',
    { rail: change.rail ?? '' },
  );
