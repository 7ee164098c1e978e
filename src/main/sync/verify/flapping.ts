import type { GroupChange, Side } from '../../../shared/domain.ts';

/** One verified write of a group, oldest first in a list of them. */
export interface GroupWrite {
  readonly target: Side;
  readonly members: GroupChange['members'];
}

const SWINGS = 2;

/**
 * W6: somebody else keeps undoing what we write, on either side. A swing is a write that takes the group back to what
 * it held before an earlier one; two of them, with writes in both directions, are no work of two persons any more.
 */
export function isFlapping(writes: readonly GroupWrite[]): boolean {
  const swings = writes.filter((write, index) => writes.slice(0, index).some((earlier) => goesBack(write, earlier)));
  return swings.length >= SWINGS && new Set(writes.map((write) => write.target)).size === 2;
}

const goesBack = (write: GroupWrite, earlier: GroupWrite): boolean =>
  write.members.every((m) => earlier.members.some((e) => e.property === m.property && e.expected === m.desired));
