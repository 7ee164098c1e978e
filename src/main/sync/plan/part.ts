import { setImmediate } from 'node:timers/promises';
import { SIDES } from '../../../shared/domain.ts';
import type { Bucket, Kind, Side } from '../../../shared/domain.ts';
import type { BaseMove } from '../../store/bases.ts';
import type { NewChange } from '../../store/changes.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { NewMismatch } from '../../store/mismatches.ts';
import type { DraftPage } from '../../store/plan-drafts.ts';
import type { PlanPart } from '../../store/plans.ts';
import type { BucketOfNative } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { Merged, MergedMismatches } from './merge.ts';
import { PartFacts } from './part-facts.ts';

/** How many records are judged between two looks into the store. */
export const PAGE = 500;

/** Thinking has no waits of its own: between two pages whoever asks for progress, or says stop, is heard. */
export const giveWay = (): Promise<void> => setImmediate();

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

/**
 * Gathers what one run finds about one kind, until it is stored in one transaction (Z2). Drafts and bases rest in the store
 * meanwhile; here only ids stay, and what the rails ask of a draft.
 */
export class PartBuilder {
  readonly #part: Mutable<Omit<PlanPart, 'held' | 'rails' | 'mismatches' | 'buckets' | 'pairBuckets'>>;
  readonly facts: PartFacts;
  /** By bucket and reason; and which of them a record of a side is in: marked twice, the last mark counts. */
  readonly #buckets = new Map<string, Mutable<BucketOfNative>>();
  readonly #bucketOf: Record<Side, Map<string, Mutable<BucketOfNative>>> = {
    customerp: new Map(),
    tidsbanken: new Map(),
  };
  readonly #pairs = new Map<string, Mutable<PlanPart['pairBuckets'][number]>>();
  #changes: NewChange[] = [];
  #mismatches: NewMismatch[] = [];
  #staged: DraftPage['from'] = { changes: 0, mismatches: 0 };
  #bases: BaseMove[] = [];

  /** @param times properties of the kind that are dates or times (S6) */
  constructor(kind: Kind, times: readonly string[]) {
    this.facts = new PartFacts(times);
    this.#part = { kind, supersede: [], seenAgain: [], gone: [], matched: false, cleanLinks: [], journal: [] };
  }

  get kind(): Kind {
    return this.#part.kind;
  }

  /** Open changes that no longer hold. */
  get supersededIds(): readonly number[] {
    return this.#part.supersede;
  }

  /** Open findings that are no longer found. */
  get goneIds(): readonly number[] {
    return this.#part.gone;
  }

  change(merged: Merged): void {
    if (merged.insert !== null) {
      this.#changes.push(merged.insert);
      this.facts.addChange(merged.insert);
    }
    this.supersede(merged.supersede);
  }

  supersede(ids: readonly number[]): void {
    for (const id of ids) this.#part.supersede.push(id);
  }

  mismatches({ insert, seenAgain, gone }: MergedMismatches): void {
    for (const mismatch of insert) this.mismatch(mismatch);
    for (const id of seenAgain) this.#part.seenAgain.push(id);
    for (const id of gone) this.#part.gone.push(id);
  }

  mismatch(draft: NewMismatch): void {
    this.#mismatches.push(draft);
    this.facts.addMismatch(draft);
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

  /** Drafts wait in the store, too, once they are a page; `all`: however few they are. */
  async stageDrafts({ drafts }: Pick<Store, 'drafts'>, all = false): Promise<void> {
    if (this.#changes.length + this.#mismatches.length < (all ? 1 : PAGE)) return;
    const page = { from: this.#staged, changes: this.#changes, mismatches: this.#mismatches };
    this.#changes = [];
    this.#mismatches = [];
    this.#staged = {
      changes: page.from.changes + page.changes.length,
      mismatches: page.from.mismatches + page.mismatches.length,
    };
    await drafts.stage(page);
  }

  bucket(side: Side, nativeId: string, bucket: Bucket, reason: string | null): void {
    const name = `${side} ${bucket} ${reason ?? ''}`;
    const mark = this.#buckets.get(name) ?? { side, bucket, reason, nativeIds: [] };
    this.#buckets.set(name, mark);
    this.#bucketOf[side].set(nativeId, mark);
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

  /** What is to be kept, once everything is gathered and all drafts wait in the store. */
  build(held: PlanPart['held'], rails: PlanPart['rails']): PlanPart {
    for (const side of SIDES) for (const [nativeId, mark] of this.#bucketOf[side]) mark.nativeIds.push(nativeId);
    return {
      ...this.#part,
      held,
      rails,
      mismatches: this.#staged.mismatches,
      buckets: [...this.#buckets.values()],
      pairBuckets: [...this.#pairs.values()],
    };
  }
}
