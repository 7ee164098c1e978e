/** The same set with one id more, or one less. */
export function toggled(selected: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** One decision takes so many ids at most (the contract's limit). */
export const MOST_AT_ONCE = 500;
