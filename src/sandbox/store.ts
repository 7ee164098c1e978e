import { certain } from './certain.ts';

export type Key = string | number;
export type Data = Readonly<Record<string, unknown>>;

/** Rows are never changed in place: history keeps the old one, and identity tells whether a row is still current. */
export interface Row {
  readonly key: Key;
  /** Time of the last change in milliseconds; null for a row whose system never stamped it. */
  readonly at: number | null;
  readonly data: Data;
}

interface Stamped extends Row {
  readonly at: number;
}

type Index = Map<unknown, Set<Key>>;

const KEPT_QUERIES = 8;

/** The rows of one kind, kept ready for the three ways a sync reads: by key, in key order, and by time of change. */
export class Store {
  readonly #rows = new Map<Key, Row>();
  #keys: Key[] = [];
  /** Ordered by time. Replaced rows stay behind until `#compact` sweeps them, which keeps a write cheap. */
  #byTime: Stamped[] = [];
  #gone = 0;
  readonly #indexes = new Map<string, Index>();
  readonly #queries = new Map<string, readonly Row[]>();

  get size(): number {
    return this.#rows.size;
  }

  get(key: Key): Row | undefined {
    return this.#rows.get(key);
  }

  /** Fills an empty store. Sorting once is far cheaper than a million ordered inserts. */
  load(rows: Iterable<Row>): void {
    for (const row of rows) this.#rows.set(row.key, row);
    this.#keys = sortedKeys([...this.#rows.keys()]);
    this.#byTime = sortedByTime([...this.#rows.values()].filter(isStamped));
    this.#gone = 0;
    this.#indexes.clear();
    this.#queries.clear();
  }

  /** Every row, in no order worth relying on. */
  all(): Iterable<Row> {
    return this.#rows.values();
  }

  put(row: Row): void {
    const old = this.#rows.get(row.key);
    // Saved with nothing changed: a second place in the order of time would list it twice.
    if (old === row) return;
    if (old === undefined) this.#keys.splice(this.position(row.key), 0, row.key);
    else this.#forget(old);
    this.#rows.set(row.key, row);
    if (isStamped(row)) this.#byTime.splice(lowerBoundByTime(this.#byTime, row.at + 1), 0, row);
    for (const [field, index] of this.#indexes) addTo(index, row.data[field], row.key);
    this.#written();
  }

  remove(key: Key): Row | undefined {
    const old = this.#rows.get(key);
    if (old === undefined) return undefined;
    this.#rows.delete(key);
    this.#keys.splice(this.position(key), 1);
    this.#forget(old);
    this.#written();
    return old;
  }

  /** Where the key stands, or would stand, in key order. */
  position(key: Key): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(certain(this.#keys[middle]), key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows in key order, starting at a position. */
  *inOrder(from = 0): Generator<Row> {
    for (let at = from; at < this.#keys.length; at++) yield certain(this.#rows.get(certain(this.#keys[at])));
  }

  slice(from: number, count: number): Row[] {
    return this.#keys.slice(from, from + count).map((key) => certain(this.#rows.get(key)));
  }

  /** Rows changed at or after a time, in key order. Costs nothing when nothing changed. */
  changedSince(at: number): readonly Row[] {
    return this.remembered(`since ${at}`, () => {
      const found: Row[] = [];
      for (let i = lowerBoundByTime(this.#byTime, at); i < this.#byTime.length; i++) {
        const row = certain(this.#byTime[i]);
        if (this.#rows.get(row.key) === row) found.push(row);
      }
      return found.toSorted(byKey);
    });
  }

  /** Rows whose field holds exactly this value, in key order. The index is built the first time someone asks. */
  having(field: string, value: unknown): Row[] {
    let index = this.#indexes.get(field);
    if (index === undefined) {
      index = new Map();
      for (const row of this.#rows.values()) addTo(index, row.data[field], row.key);
      this.#indexes.set(field, index);
    }
    return [...(index.get(value) ?? [])].map((key) => certain(this.#rows.get(key))).toSorted(byKey);
  }

  /** A result that stays valid until the next write: the pages of one listing share it. */
  remembered(name: string, compute: () => readonly Row[]): readonly Row[] {
    const known = this.#queries.get(name);
    if (known !== undefined) return known;
    const rows = compute();
    if (this.#queries.size >= KEPT_QUERIES) this.#queries.delete(certain(this.#queries.keys().next().value));
    this.#queries.set(name, rows);
    return rows;
  }

  #forget(old: Row): void {
    if (isStamped(old)) this.#gone++;
    for (const [field, index] of this.#indexes) index.get(old.data[field])?.delete(old.key);
  }

  #written(): void {
    this.#queries.clear();
    if (this.#gone > 1000 && this.#gone > this.#rows.size) this.#compact();
  }

  #compact(): void {
    this.#byTime = this.#byTime.filter((row) => this.#rows.get(row.key) === row);
    this.#gone = 0;
  }
}

export function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const byKey = (a: Row, b: Row): number => compareKeys(a.key, b.key);

function isStamped(row: Row): row is Stamped {
  return row.at !== null;
}

function addTo(index: Index, value: unknown, key: Key): void {
  const keys = index.get(value);
  if (keys === undefined) index.set(value, new Set([key]));
  else keys.add(key);
}

/** Text keys sort by code unit without help, which is several times faster than through a comparison. */
function sortedKeys(keys: Key[]): Key[] {
  return keys.every((key) => typeof key === 'string') ? keys.toSorted() : keys.toSorted(compareKeys);
}

/** Time and place packed into one number, while both fit: plain numbers sort several times faster than objects. */
function sortedByTime(rows: Stamped[]): Stamped[] {
  const first = rows.reduce((least, { at }) => Math.min(least, at), Infinity);
  const last = rows.reduce((most, { at }) => Math.max(most, at), -Infinity);
  const count = rows.length;
  if ((last - first + 1) * count > Number.MAX_SAFE_INTEGER) return rows.toSorted((a, b) => a.at - b.at);
  const packed = Float64Array.from(rows, ({ at }, place) => (at - first) * count + place).toSorted();
  return Array.from(packed, (value) => certain(rows[value % count]));
}

function lowerBoundByTime(rows: readonly Stamped[], at: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (certain(rows[middle]).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
