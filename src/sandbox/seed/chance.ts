import { certain } from '../certain.ts';

/** A small generator of its own for every record, so that one record's data never depends on how many others there are. */
export class Chance {
  #state: number;

  constructor(seed: number, ...more: readonly number[]) {
    this.#state = more.reduce((state, part) => mix(state ^ Math.imul(part + 1, 0x9e3779b1)), mix(seed | 0));
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  is(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return certain(list[this.below(list.length)]);
  }
}

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Scatters 0 … size-1 without two meeting: how unique numbers are handed out in no visible order. */
export function spread(index: number, size: number, salt: number): number {
  if (size <= 1) return 0;
  return (index * stepFor(size) + (salt % size)) % size;
}

const steps = new Map<number, number>();

function stepFor(size: number): number {
  let step = steps.get(size);
  if (step === undefined) {
    step = Math.max(1, Math.round(size * 0.618_034));
    while (divisor(step, size) !== 1) step++;
    steps.set(size, step);
  }
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
