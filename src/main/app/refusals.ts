import type { Problem, ProblemFacts } from '../../shared/domain.ts';

/** Why a decision was not taken. Nothing is changed by one that is refused. `why` names the sentence for translations. */

export const stale = (what: string, why: string): Problem => ({
  kind: 'stale',
  what,
  notDone: 'Nothing was decided.',
  todo: 'Sync, then look again.',
  facts: { why },
});
export const refused = (what: string, todo: string, why: string, facts: ProblemFacts = {}): Problem => ({
  kind: 'refused',
  what,
  notDone: 'Nothing was changed.',
  todo,
  facts: { ...facts, why },
});
export const notFound = (what: string): Problem => ({
  kind: 'notFound',
  what,
  notDone: 'Nothing was changed.',
  todo: 'Check the number, or sync first.',
});
