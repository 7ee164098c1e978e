import type { MatchKeyValue } from './types.ts';

type Keys = readonly Pick<MatchKeyValue, 'key' | 'value'>[];

/**
 * Which records hang together by key values, so that each cluster can be matched by itself: what section 4 says of a
 * record depends on those only with whom it shares a value, directly or through others. Holds numbers, never a record
 * or a value. Two values may be taken for one now and then; that makes a cluster larger, and no match different.
 */
export class Clusters {
  /** By record: another one of the same cluster that came before it, or itself. */
  #before = new Int32Array(1_024);
  #size = 0;
  readonly #owners = new Owners();

  /** A record that matching is about; it brings its values into play. Returns its number: 0, 1, 2 … */
  add(keys: Keys): number {
    const record = this.#note(keys);
    for (const key of keys) this.#owners.open(hashOf(key), record);
    return record;
  }

  /** A record that only stands in somebody's way: told of, together with the other one of its link. */
  addHolder(keys: Keys, linkId: number | null): number {
    if (linkId === null) return this.#note(keys);
    const link = { key: '', value: String(linkId) };
    const record = this.#note([...keys, link]);
    this.#owners.open(hashOf(link), record);
    return record;
  }

  #note(keys: Keys): number {
    const record = this.#size++;
    if (record >= this.#before.length) this.#before = grown(this.#before);
    this.#before[record] = record;
    for (const key of keys) {
      const owner = this.#owners.of(hashOf(key));
      if (owner !== null) this.#join(owner, record);
    }
    return record;
  }

  /** Whether no value is in play, so that nobody touches any. */
  get isEmpty(): boolean {
    return this.#owners.isEmpty;
  }

  /** Whether a record that brings its values into play holds one of these. */
  touches(keys: Keys): boolean {
    return keys.some((key) => this.#owners.of(hashOf(key)) !== null);
  }

  /** Whole clusters, in the order of their first records, together so many records as asked for, or a few more. */
  *batches(atLeast: number): Generator<number[][]> {
    let batch: number[][] = [];
    let size = 0;
    const next = this.#chains();
    for (let first = 0; first < this.#size; first++) {
      if (this.#before[first] !== first) continue;
      const cluster: number[] = [];
      for (let record = first; record !== END; record = next[record] ?? END) cluster.push(record);
      batch.push(cluster);
      size += cluster.length;
      if (size < atLeast) continue;
      yield batch;
      batch = [];
      size = 0;
    }
    if (batch.length > 0) yield batch;
  }

  /** By record: the next one of its cluster. */
  #chains(): Int32Array {
    const next = new Int32Array(this.#size).fill(END);
    const last = new Int32Array(this.#size);
    for (let record = 0; record < this.#size; record++) {
      const first = this.#firstOf(record);
      if (first !== record) next[last[first] ?? first] = record;
      last[first] = record;
    }
    return next;
  }

  #join(a: number, b: number): void {
    const [one, other] = [this.#firstOf(a), this.#firstOf(b)];
    if (one !== other) this.#before[Math.max(one, other)] = Math.min(one, other);
  }

  #firstOf(record: number): number {
    let at = record;
    for (;;) {
      const before = this.#before[at] ?? at;
      if (before === at) return at;
      const beyond = this.#before[before] ?? before;
      // Halves the way for whoever asks next.
      this.#before[at] = beyond;
      at = beyond;
    }
  }
}

const END = -1;

/** Who brought a value into play first, by the hash of the value: open addressing, twelve bytes a value at most. */
class Owners {
  #hashes = new Int32Array(4_096);
  /** One more than the record's number; 0 is free. */
  #records = new Int32Array(4_096);
  #used = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  of(hash: number): number | null {
    const record = this.#records[this.#slot(hash)] ?? 0;
    return record === 0 ? null : record - 1;
  }

  open(hash: number, record: number): void {
    const slot = this.#slot(hash);
    if (this.#records[slot] !== 0) return;
    this.#hashes[slot] = hash;
    this.#records[slot] = record + 1;
    if (++this.#used * 2 > this.#records.length) this.#grow();
  }

  /** Where the hash stands, or would stand. */
  #slot(hash: number): number {
    const mask = this.#records.length - 1;
    let slot = hash & mask;
    while (this.#records[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, records] = [this.#hashes, this.#records];
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#records = new Int32Array(records.length * 2);
    for (const [at, record] of records.entries()) {
      if (record === 0) continue;
      const hash = hashes[at] ?? 0;
      const slot = this.#slot(hash);
      this.#hashes[slot] = hash;
      this.#records[slot] = record;
    }
  }
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

/** FNV-1a over the name and the value of a key. */
function hashOf({ key, value }: Keys[number]): number {
  let hash = 0x81_1c_9d_c5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01_00_01_93);
  hash = Math.imul(hash ^ 10, 0x01_00_01_93);
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01_00_01_93);
  // The low bits choose the slot: let the high ones count, too.
  return hash ^ (hash >>> 15);
}
