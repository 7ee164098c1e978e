import type { Overview } from '../../shared/contract/views.ts';

/** How the desk stands between two runs: what a person who looks away should hear of when it changes. */
export type DeskState = 'calm' | 'waits' | 'trouble';

/** What is told; nothing is told twice while it lasts, however many runs there are. */
export type Notice = 'waits' | 'trouble' | 'recovered';

const TROUBLE: ReadonlySet<string> = new Set(['failed', 'aborted', 'interrupted']);
const DOWN: ReadonlySet<string> = new Set(['unreachable', 'signInNeeded']);

/** Null while nothing can be said: a run is under way, or none has ended yet. */
export function deskState(overview: Pick<Overview, 'flows' | 'lastRun' | 'running' | 'left'>): DeskState | null {
  const { flows, lastRun, running, left } = overview;
  if (running !== null || lastRun === null) return null;
  const isDown = lastRun.problems.some(({ kind }) => DOWN.has(kind));
  if (left !== undefined || isDown || TROUBLE.has(lastRun.state)) return 'trouble';
  return flows.some((flow) => flow.waiting + flow.mismatches > 0) ? 'waits' : 'calm';
}

export interface Told {
  /** The state that was known last; null before the first one. */
  readonly state: DeskState | null;
  readonly notice: Notice | null;
}

/**
 * One notice for one change of state. What stands when the window opens is on the screen already, and what a person has
 * settled needs no telling.
 */
export function noticeOf(before: DeskState | null, now: DeskState | null): Told {
  if (now === null || now === before) return { state: before, notice: null };
  if (before === null) return { state: now, notice: null };
  if (now !== 'calm') return { state: now, notice: now };
  return { state: now, notice: before === 'trouble' ? 'recovered' : null };
}
