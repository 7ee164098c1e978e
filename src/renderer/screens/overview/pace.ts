import type { Progress } from '../../../shared/contract/views.ts';

/** Below this the figure jumps about and tells nothing. */
const SETTLED_MS = 1500;

/** Records a second and seconds left in the stage under way, where they can be known. */
export function paceOf(progress: Progress, now: number): { perSecond: number | null; secondsLeft: number | null } {
  const passedMs = now - progress.stageStartedAt;
  if (passedMs < SETTLED_MS || progress.done === 0) return { perSecond: null, secondsLeft: null };
  const perSecond = progress.done / (passedMs / 1000);
  const secondsLeft = progress.total === null ? null : Math.max(0, (progress.total - progress.done) / perSecond);
  return { perSecond, secondsLeft };
}
