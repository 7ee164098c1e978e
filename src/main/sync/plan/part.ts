import { setImmediate } from 'node:timers/promises';
import type { Bucket, Kind, Side } from '../../../shared/domain.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { BaseMove } from '../../store/bases.ts';
import type { PlanPart } from '../../store/plans.ts';
import type { Merged, MergedMismatches } from './merge.ts';

/** How many records are judged between two looks into the store. */
export const PAGE = 500;

/** Thinking has no waits of its own: between two pages whoever asks for progress, or says stop, is heard. */
export const giveWay = (): Promise<void> => setImmediate();

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

/** Gathers what one run finds about one kind, until it is stored in one transaction (Z2). */
export class PartBuilder {
  readonly #part: Mutable<Omit<PlanPart, 'pairBuckets'>>;
  readonly #pairs = new Map<string, Mutable<PlanPart['pairBuckets'][number]>>();
  #bases: BaseMove[] = [];

  constructor(kind: Kind) {
    this.#part = {
      kind,
      changes: [],
      supersede: [],
      rails: [],
      mismatches: [],
      seenAgain: [],
      gone: [],
      buckets: [],
      matched: false,
      cleanLinks: [],
      journal: [],
    };
  }

  change(merged: Merged): void {
    if (merged.insert !== null) this.#part.changes.push(merged.insert);
    this.#part.supersede.push(...merged.supersede);
  }

  mismatches(merged: MergedMismatches): void {
    this.#part.mismatches.push(...merged.insert);
    this.#part.seenAgain.push(...merged.seenAgain);
    this.#part.gone.push(...merged.gone);
  }

  base(move: BaseMove): void {
    this.#bases.push(move);
  }

  /** The moves of bases that were not taken yet, if they are so many: they wait in the store, not here. */
  takeBases(atLeast: number): readonly BaseMove[] {
    if (this.#bases.length < atLeast) return [];
    const taken = this.#bases;
    this.#bases = [];
    return taken;
  }

  bucket(side: Side, nativeId: string, bucket: Bucket, reason: string | null): void {
    this.#part.buckets.push({ side, nativeId, bucket, reason });
  }

  /** The two records of a linked pair, by row id; every pair is judged once. */
  pair(recordIds: readonly number[], bucket: Bucket, reason: string | null): void {
    const name = `${bucket} ${reason ?? ''}`;
    const same = this.#pairs.get(name);
    if (same === undefined) this.#pairs.set(name, { bucket, reason, recordIds: [...recordIds] });
    else same.recordIds.push(...recordIds);
  }

  matched(): void {
    this.#part.matched = true;
  }

  clean(linkId: number): void {
    this.#part.cleanLinks.push(linkId);
  }

  note(entry: JournalEntry): void {
    this.#part.journal.push(entry);
  }

  build(): PlanPart {
    return { ...this.#part, pairBuckets: [...this.#pairs.values()] };
  }
}
