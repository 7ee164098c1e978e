import type { Props } from '../../../shared/domain.ts';

/** How many of the records of a full collection had each mapped property. */
export interface Shape {
  readonly records: number;
  readonly observed: Readonly<Record<string, number>>;
}

/** A record as far as its shape goes. An invalid value was there, and so was its field (N4). */
export interface Shaped {
  readonly props: Props;
  readonly invalid: readonly { readonly property: string }[];
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

/**
 * Counts as records come. Only those are read that are new or came with other content; of all others the last shape
 * tells what they have.
 */
export class ShapeCount {
  readonly #read = new Counts();
  readonly #known = new Counts();

  /** A record that was read, as it is now. */
  add(record: Shaped): void {
    this.#read.add(record);
  }

  /** A record that was read, as it was known before. */
  addKnown(record: Shaped): void {
    this.#known.add(record);
  }

  /** What a collection looks like that brought so many more records as they were known. */
  seen(last: Shape | null, unchanged: number): Shape {
    return this.#with(last, unchanged, new Counts());
  }

  /** What the next collection is measured by. `gone`: records that are no longer there, as they were known. */
  next(last: Shape | null, unchanged: number, gone: readonly Shaped[]): Shape {
    const left = new Counts();
    for (const record of gone) left.add(record);
    return this.#with(last, unchanged, left);
  }

  /**
   * Those that came unchanged have what the last shape holds of all that neither changed nor left. Those above that
   * number the sync itself has made, and no shape has counted them yet: they have what all had.
   */
  #with(last: Shape | null, unchanged: number, left: Counts): Shape {
    if (last === null) return this.#shape(null, this.#read.records, (name) => this.#read.of(name));
    const others = Math.max(0, last.records - this.#known.records - left.records);
    const counted = Math.min(unchanged, others);
    const hadByUnchanged = (name: string): number => {
      const had = last.observed[name] ?? 0;
      const hadByOthers = Math.max(0, had - this.#known.of(name) - left.of(name));
      return share(hadByOthers, others) * counted + share(had, last.records) * (unchanged - counted);
    };
    return this.#shape(last, this.#read.records + unchanged, (name) => this.#read.of(name) + hadByUnchanged(name));
  }

  #shape(last: Shape | null, records: number, observed: (name: string) => number): Shape {
    const names = new Set([...Object.keys(last?.observed ?? {}), ...this.#read.names()]);
    // What was known without a field that had been withdrawn for a while is not taken off again: no more than all have it.
    const most = (name: string): number => Math.min(records, observed(name));
    return { records, observed: Object.fromEntries([...names].map((name) => [name, most(name)])) };
  }
}

const share = (some: number, all: number): number => (all === 0 ? 0 : some / all);

class Counts {
  records = 0;
  readonly #observed = new Map<string, number>();

  add({ props, invalid }: Shaped): void {
    this.records += 1;
    for (const name of Object.keys(props)) this.#observed.set(name, this.of(name) + 1);
    for (const { property } of invalid) this.#observed.set(property, this.of(property) + 1);
  }

  of(name: string): number {
    return this.#observed.get(name) ?? 0;
  }

  names(): Iterable<string> {
    return this.#observed.keys();
  }
}
