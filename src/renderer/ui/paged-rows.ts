import type { Failure } from '../bridge.ts';

export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}
export type LoadPage<Row> = (offset: number, limit: number) => Promise<Page<Row>>;

export const PAGE_SIZE = 100;
const PAGES_KEPT = 24;
/** A fast scroll passes hundreds of pages: only the one in view when a slot frees is worth asking for. */
const LOADS_AT_ONCE = 2;

/**
 * A window onto a list that lives elsewhere: pages are fetched by offset when looked at, the oldest
 * are forgotten. `refresh` fetches again what is in view and shows the old rows meanwhile.
 */
export class PagedRows<Row> {
  total: number | null = null;
  failure: Failure | null = null;
  readonly #load: LoadPage<Row>;
  readonly #failureOf: (error: unknown) => Failure;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #stale = new Set<number>();
  readonly #loading = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #wanted: readonly number[] = [0];
  #version: object = {};
  #round = 0;

  constructor(load: LoadPage<Row>, toFailure: (error: unknown) => Failure) {
    this.#load = load;
    this.#failureOf = toFailure;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  /**
   * Another one after each answer, and never that of another list: a component that changes lists while it is drawn would
   * take equal ones for “nothing new”.
   */
  readonly version = (): object => this.#version;

  /** The row at an index, or `undefined` while its page is not here. */
  rowAt(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE];
  }

  /** Says which rows are in view, and which one is active wherever the view is; missing pages are fetched. */
  look(first: number, last: number, active: number): void {
    this.#wanted = [...new Set([first, last, active].map((index) => Math.floor(index / PAGE_SIZE)))];
    this.#fetchWanted();
  }

  refresh(): void {
    this.#round += 1;
    this.#loading.clear();
    for (const page of this.#pages.keys()) this.#stale.add(page);
    this.#fetchWanted();
  }

  #fetchWanted(): void {
    for (const page of this.#wanted) {
      if (this.#loading.size >= LOADS_AT_ONCE) return;
      const here = this.#pages.has(page) && !this.#stale.has(page);
      if (!here && !this.#loading.has(page)) void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    const round = this.#round;
    this.#loading.add(page);
    try {
      const answer = await this.#load(page * PAGE_SIZE, PAGE_SIZE);
      if (round === this.#round) this.#keep(page, answer);
    } catch (error) {
      if (round !== this.#round) return;
      this.failure = this.#failureOf(error);
      this.#settle(page);
      return;
    }
    if (round !== this.#round) return;
    this.#settle(page);
    this.#fetchWanted();
  }

  #keep(page: number, answer: Page<Row>): void {
    this.failure = null;
    this.total = answer.total;
    this.#pages.delete(page);
    this.#pages.set(page, answer.rows);
    this.#stale.delete(page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) break;
      if (!this.#wanted.includes(oldest)) this.#pages.delete(oldest);
    }
  }

  #settle(page: number): void {
    this.#loading.delete(page);
    this.#version = {};
    for (const listener of this.#listeners) listener();
  }
}
