import type { Problem } from '../../shared/domain.ts';

/** Why a decision was not taken. Nothing is changed by one that is refused. */

export const stale = (what: string): Problem => ({
  kind: 'stale',
  what,
  notDone: 'Nothing was decided.',
  todo: 'Sync, then look again.',
});
export const refused = (what: string, todo: string): Problem => ({
  kind: 'refused',
  what,
  notDone: 'Nothing was changed.',
  todo,
});
export const notFound = (what: string): Problem => ({
  kind: 'notFound',
  what,
  notDone: 'Nothing was changed.',
  todo: 'Check the number, or sync first.',
});
