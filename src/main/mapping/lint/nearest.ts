/** The name that a person most likely meant; null when none is near. At most a third of the letters may differ. */
export function nearest(meant: string, names: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(meant.length / 3));
  const [best] = names
    .map((name) => ({ name, steps: stepsBetween(meant.toLowerCase(), name.toLowerCase()) }))
    .filter(({ steps }) => steps <= most)
    .toSorted((a, b) => a.steps - b.steps);
  return best?.name ?? null;
}

/** Letters to put in, take out or replace. */
function stepsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
