/** How many of the records of a full collection had each mapped property. */
export interface Shape {
  readonly records: number;
  readonly observed: Readonly<Record<string, number>>;
}

const MOST_MISSING = 5;
const MOST_MISSING_SHARE = 0.05;

/**
 * C6: properties that far fewer records have than the last full collection lets expect. A field that was renamed or
 * withdrawn looks like so many emptied values, and is none.
 */
export function missingProperties(before: Shape | null, now: Shape): string[] {
  if (before === null || before.records === 0) return [];
  const scale = now.records / before.records;
  return Object.entries(before.observed)
    .filter(([name, had]) => {
      const expected = had * scale;
      const missing = expected - (now.observed[name] ?? 0);
      return missing > MOST_MISSING && missing > expected * MOST_MISSING_SHARE;
    })
    .map(([name]) => name)
    .toSorted();
}

/** Counts as records come. An invalid value was there, and so was its field (N4). */
export class ShapeCount {
  #records = 0;
  readonly #observed = new Map<string, number>();

  add(record: { readonly props: object; readonly invalid: readonly { readonly property: string }[] }): void {
    this.#records += 1;
    for (const name of Object.keys(record.props)) this.#count(name);
    for (const { property } of record.invalid) this.#count(property);
  }

  shape(): Shape {
    return { records: this.#records, observed: Object.fromEntries(this.#observed) };
  }

  #count(name: string): void {
    this.#observed.set(name, (this.#observed.get(name) ?? 0) + 1);
  }
}
