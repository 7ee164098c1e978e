/** What a simulation has come by: figures and coverage, counted by name. */
export class Marks {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  addAll(other: Marks): void {
    this.addEntries(other.entries());
  }

  /** All counts, as they pass from one process to another. */
  entries(): [string, number][] {
    return [...this.#counts];
  }

  addEntries(entries: readonly (readonly [string, number])[]): void {
    for (const [name, count] of entries) this.add(name, count);
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Counts whose names start with `prefix`, without it, by name. */
  of(prefix: string): [string, number][] {
    return [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  sum(prefix: string): number {
    return this.of(prefix).reduce((total, [, count]) => total + count, 0);
  }
}
