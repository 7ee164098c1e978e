import type { Kind, Problem, ProblemFacts, Side } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import { recordName, SYSTEM_NAME } from '../words.ts';

/** How one change ended its turn in this run. `failed` feeds the breaker (S8). */
export type Turn =
  | { readonly kind: 'verified' }
  | { readonly kind: 'ended' } // noop, stale, superseded: no write was needed or wanted
  | { readonly kind: 'waits' } // deferred or unknown: nothing to be done now
  | { readonly kind: 'failed' }
  | { readonly kind: 'sideDown'; readonly side: Side }; // sign-in refused or unreachable: stop writing there

/** A person has decided about it since it was read: it is left as it is, and the next pass takes it as it is then. */
export const DECIDED_MEANWHILE: Turn = { kind: 'waits' };

export const sourceOf = (change: Pick<StoredChange, 'target'>): Side =>
  change.target === 'customerp' ? 'tidsbanken' : 'customerp';

export const idIn = (change: Pick<StoredChange, 'customerpId' | 'tidsbankenId'>, side: Side): string | null =>
  side === 'customerp' ? change.customerpId : change.tidsbankenId;

export const itemOf = (change: Pick<StoredChange, 'id'>): string => `change:${String(change.id)}`;

const NOT_WRITTEN = (side: Side): string => `${SYSTEM_NAME[side]} was not changed.`;

export function changeProblem(
  change: Pick<StoredChange, 'target' | 'kind' | 'customerpId' | 'tidsbankenId' | 'label'>,
  kind: string,
  what: string,
  todo: string,
  options: { notDone?: string; property?: string; facts?: ProblemFacts } = {},
): Problem {
  const nativeId = idIn(change, change.target);
  return {
    kind,
    what: `${recordName(change.target, change.kind, nativeId, change.label)}: ${what}`,
    notDone: options.notDone ?? NOT_WRITTEN(change.target),
    todo,
    side: change.target,
    recordKind: change.kind satisfies Kind,
    ...(nativeId === null ? {} : { nativeId }),
    ...(options.property === undefined ? {} : { property: options.property }),
    facts: { label: change.label, ...options.facts },
  };
}
