/** The time a simulated system believes it is. Tests move it; nothing in the sandbox reads the machine's clock directly. */
export class Clock {
  #shiftMs: number;
  readonly #source: () => number;

  constructor(shiftMs = 0, source: () => number = Date.now) {
    this.#shiftMs = shiftMs;
    this.#source = source;
  }

  now(): number {
    return this.#source() + this.#shiftMs;
  }

  get shiftMs(): number {
    return this.#shiftMs;
  }

  shift(shiftMs: number): void {
    this.#shiftMs = shiftMs;
  }
}
