import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { SyncContext } from '../context.ts';
import type { MismatchDraft } from '../drafts.ts';
import { MismatchMerge } from './merge.ts';
import { openMismatches } from './open-pages.ts';
import type { PartBuilder } from './part.ts';

/** What the matching of a kind finds, merged with what it found before, one after the other (V4). */
export class Findings {
  readonly #merge = new MismatchMerge();
  readonly #part: PartBuilder;
  /** K2: creates that came to a record of another pair. */
  readonly #cameToLinked: StoredMismatch[] = [];

  private constructor(part: PartBuilder) {
    this.#part = part;
  }

  static async load(ctx: SyncContext, part: PartBuilder): Promise<Findings> {
    const findings = new Findings(part);
    for await (const page of openMismatches(ctx.store, part.kind)) for (const shown of page) findings.#know(shown);
    return findings;
  }

  #know(shown: StoredMismatch): void {
    const { mismatch, linkId, customerpId, tidsbankenId, detail } = shown;
    const isOfRecord = linkId === null && (customerpId !== null || tidsbankenId !== null);
    if (isOfRecord || (linkId !== null && isOfMatching(shown))) this.#merge.known(shown);
    if (mismatch === 'idCollision' && detail['why'] === 'linked' && linkId === null) this.#cameToLinked.push(shown);
  }

  add(draft: MismatchDraft): void {
    if (this.#merge.isNew(draft)) this.#part.mismatch(draft);
  }

  /** K2: sources whose create came to a record of another pair, with that record. A new create would come to it again. */
  async linkedOnesOf(ctx: SyncContext, side: Side): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const { kind, detail, customerpId, tidsbankenId } of this.#cameToLinked) {
      const source = side === 'customerp' ? customerpId : tidsbankenId;
      const holder = detail['id'];
      if (source === null || holder === undefined) continue;
      if ((await ctx.store.links.of(kind, otherSide(side), holder)) !== null) found.set(source, holder);
    }
    return found;
  }

  /** Nothing more is found: what was not found again is gone. */
  end(): void {
    this.#part.mismatches({ insert: [], ...this.#merge.end() });
  }
}

/** M2: told of linked records, too; what they share is known only to who looks at all of them. */
export const isOfMatching = ({ mismatch }: Pick<StoredMismatch, 'mismatch'>): boolean => mismatch === 'sharedKey';
