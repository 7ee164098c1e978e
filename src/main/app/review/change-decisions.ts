import type { DecisionOutcome } from '../../../shared/contract/views.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { Kind, Problem, Result } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { ChangeDecision } from '../../store/decisions.ts';
import type { AppService } from '../app-service.ts';
import { filterOf } from './changes.ts';
import { collectPages, countDiffers, refusedItem } from './decision-outcome.ts';
import { notFound, refused, stale } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a person says to a change as a whole, or to one group of it. */
export interface Decision {
  readonly take: 'approve' | 'reject' | 'later';
  readonly group?: string | undefined;
  /** False: decided together with others, unseen; S1 then asks for their number. */
  readonly seen: boolean;
  /** What is approved already is not decided about. */
  readonly onlyOpen?: boolean;
}

/** The decisions of the screen Review. Works offline: each is bound to the change that was shown (V1). */
export function changeDecisionsOf(w: Workspace): Pick<AppService, 'decideChanges' | 'decideAllChanges'> {
  return {
    decideChanges: (ids, take, group) =>
      // One row by itself was looked at; several at once are a mass change, whose number must be typed (S1).
      collectPages(ids, 'change', (page) => decidePage(w, page, { take, group, seen: ids.length === 1 })),
    decideAllChanges: async (query, take, confirmCount) => {
      const ids = await w.store.changes.idsOf(filterOf(query));
      if (ids.length !== confirmCount) return fail(countDiffers(ids.length, confirmCount, 'changes'));
      if (take === 'approve') return ok(await approveAll(w, ids));
      const decision = { take, seen: true, onlyOpen: query.show === 'waiting' };
      return ok(await collectPages(ids, 'change', (page) => decidePage(w, page, decision)));
    },
  };
}

/** Decides on a page of changes in one transaction. */
async function decidePage(
  { store, person }: Workspace,
  ids: readonly number[],
  decision: Decision,
): Promise<Result<null, Problem>[]> {
  const outcomes = new Map<number, Result<null, Problem>>();
  const changes: StoredChange[] = [];
  for (const id of ids) {
    const change = await store.changes.get(id);
    const problem = change === null ? notFound(`There is no change ${String(id)}.`) : hindranceOf(change, decision);
    if (change !== null && problem === null) changes.push(change);
    else if (problem !== null) outcomes.set(id, fail(problem));
  }
  const taken = await store.decisions.onChanges(
    changes.map((change) => asTaken(change, decision, person)),
    person,
  );
  for (const [index, { id }] of changes.entries())
    outcomes.set(id, taken[index] === true ? ok(null) : fail(hasEnded(id)));
  if (decision.take !== 'later') {
    const decided = changes.filter((_, index) => taken[index] === true);
    for (const kind of new Set(decided.map((change) => change.kind))) await store.meta.markReviewed(kind, person);
  }
  return ids.map((id) => outcomes.get(id) ?? fail(hasEnded(id)));
}

const hasEnded = (id: number): Problem => stale(`Change ${String(id)} has ended or is under way.`, 'underWay');

function asTaken(change: StoredChange, decision: Decision, person: string): ChangeDecision {
  const { id, fingerprint } = change;
  const { take, group = null } = decision;
  const journal = {
    event: EVENT[take],
    item: `change:${String(id)}`,
    detail: { person, group, fingerprint },
  };
  return { id, fingerprint, take, groups: groupsOf(change, decision), group, journal };
}

/** A create is one record. Of what is approved in part, only the rest is refused together with others that wait. */
function groupsOf({ op, groups }: StoredChange, { group, onlyOpen = false }: Decision): readonly string[] | 'all' {
  if (op === 'create') return 'all';
  if (group !== undefined) return [group];
  const open = groups.filter(({ approved }) => !approved).map((one) => one.group);
  return onlyOpen && open.length > 0 ? open : 'all';
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
