import { createHash } from 'node:crypto';
import type { Capabilities } from '../../connectors/connector.ts';

/** What one pass over a kind looked like, page by page. */
export interface PassFacts {
  /** The system's count at the first and at the last page, where it tells one. */
  readonly totalBefore: number | null;
  readonly totalAfter: number | null;
  /** Distinct ids, those of system records included. */
  readonly uniqueIds: number;
  /** Records without a usable id (C4): they are in the count, too. */
  readonly withoutId: number;
  /** Ids that came with two different contents. */
  readonly contradicting: readonly string[];
  /** Pages that brought nothing but records already seen. */
  readonly repeatedPages: number;
}

/** C3: why this pass does not prove that everything was read, or null when it does. */
export function whyIncomplete(pass: PassFacts): string | null {
  if (pass.contradicting.length > 0) {
    return `the record ${pass.contradicting[0] ?? ''} came twice with different content`;
  }
  if (pass.repeatedPages > 0) return 'a page came twice';
  if (pass.totalBefore === null || pass.totalAfter === null) return null;
  const seen = pass.uniqueIds + pass.withoutId;
  if (pass.totalBefore !== pass.totalAfter) {
    return `the count went from ${String(pass.totalBefore)} to ${String(pass.totalAfter)} while reading`;
  }
  return seen === pass.totalAfter
    ? null
    : `${String(seen)} records came, and the system counts ${String(pass.totalAfter)}`;
}

/** The same set of ids gives the same text, whatever order they came in. */
export function idSetOf(ids: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const id of [...ids].toSorted()) hash.update(`${id}\u0000`);
  return hash.digest('base64url');
}

/**
 * The passes that make one collection (C3). Where pages are found by counting, or come in no stable order, and carry no
 * count, one pass proves nothing: two in a row must bring the same ids.
 */
export class Passes {
  readonly #isCounted: boolean;
  readonly #mayLose: boolean;
  readonly #attempts: number;
  #passes = 0;
  #ids: string | null = null;
  #uncounted = false;

  constructor(can: Pick<Capabilities, 'paging' | 'stableOrder' | 'count'>, attempts: number) {
    this.#isCounted = can.count;
    this.#mayLose = can.paging === 'skip' || !can.stableOrder;
    this.#attempts = attempts;
  }

  /** A count that is not claimed is no proof (2.4). */
  total(told: number | null): number | null {
    return this.#isCounted ? told : null;
  }

  /** Whether the ids of this pass have to be compared with those of another one. */
  comparesIds(pass: PassFacts): boolean {
    return this.#mayLose && (pass.totalBefore === null || pass.totalAfter === null);
  }

  /**
   * Why the passes so far do not prove that everything was read, or null when they do.
   * @param ids asked for by `comparesIds` only
   */
  judge(pass: PassFacts, ids: string): string | null {
    this.#passes += 1;
    const before = this.#ids;
    const why = whyIncomplete(pass);
    this.#ids = why === null ? ids : null;
    this.#uncounted = pass.totalBefore === null || pass.totalAfter === null;
    if (why !== null || !this.#uncounted || !this.#mayLose || before === ids) return why;
    return before === null
      ? 'it was read only once, and its pages carry no count'
      : 'two passes did not bring the same records';
  }

  /** C3: 3 collections at most; one that takes two passes shares them with its neighbours. */
  mayGoOn(): boolean {
    return this.#passes < this.#attempts + (this.#uncounted && this.#mayLose ? 1 : 0);
  }
}
