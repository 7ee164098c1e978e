import type { Pair, Props } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { RecordToJudge } from '../../store/records.ts';
import type { FlowRules } from '../reconcile/rules.ts';
import { lapse } from '../review/lapse.ts';
import type { MergeFacts } from './merge.ts';
import type { PartBuilder } from './part.ts';
import type { World } from './world.ts';

/** What a run knows of all pairs of a kind. */
export interface ReconcileFacts {
  readonly merge: Omit<MergeFacts, 'standing'>;
  /** Sides whose collection of this kind was full and complete in this run: only there absence counts (T4). */
  readonly absenceCounts: Pair<boolean>;
  /** Links whose write failed in this run: they are looked at again in the next one. */
  readonly failed: ReadonlySet<number>;
}

/** A pair that is being judged: its records as they were read, and what stands of it already. */
export interface Work {
  readonly rules: FlowRules;
  readonly world: World;
  readonly part: PartBuilder;
  readonly facts: ReconcileFacts;
  /** References that the base names by an ended link, as it names them from now on (O2). */
  readonly renewed: Pair<Props>;
  /** Null: not known at all. */
  readonly customerp: RecordToJudge | null;
  readonly tidsbanken: RecordToJudge | null;
  readonly changes: readonly StoredChange[];
  readonly mismatches: readonly StoredMismatch[];
}

/** Both sides' values, of which nothing moves. */
export const UNMOVED: Pair<Props> = { customerp: {}, tidsbanken: {} };

export const laidOver = (base: Pair<Props>, moved: Pair<Props>): Pair<Props> => ({
  customerp: { ...base.customerp, ...moved.customerp },
  tidsbanken: { ...base.tidsbanken, ...moved.tidsbanken },
});

/** V2: decided under other versions, so that it can never be written; its finding is to be decided anew. */
export const isOutdated = ({ versions }: StoredChange, { facts: { merge } }: Work): boolean =>
  lapse({ at: merge.now, versions }, merge) === 'versionChanged';

/** Both records end in that bucket (V4). */
export function bothIn(work: Work, bucket: Parameters<PartBuilder['pair']>[1], reason: string | null): void {
  const ids = [work.customerp, work.tidsbanken].flatMap((record) => (record === null ? [] : [record.id]));
  work.part.pair(ids, bucket, reason);
}
