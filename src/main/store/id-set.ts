/** A set of row ids, a bit each: that a million records were seen takes no more than 125 kB. */
export class IdSet {
  #words = new Uint32Array(1_024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: number): boolean {
    return ((this.#words[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0;
  }

  add(id: number): void {
    if (this.has(id)) return;
    const word = id >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (id & 31));
    this.#size += 1;
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [word, bits] of this.#words.entries())
      for (let bit = 0; bits >>> bit > 0 && bit < 32; bit++) if ((bits & (1 << bit)) !== 0) yield word * 32 + bit;
  }

  #grow(word: number): void {
    const words = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }
}
