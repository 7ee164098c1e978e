import { otherSide } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { NumberRange } from '../../mapping/mapping.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { ChosenId } from '../reconcile/unmatched.ts';

/** What is known of the numbers of one kind on one side, where whoever creates a record chooses its number (K8). */
interface Facts {
  readonly property: string;
  readonly isValid: (id: string) => boolean;
  /** Seen in any collection or tombstone of that side. */
  readonly seen: ReadonlySet<string>;
  /** Numbers that an intent or a creation under way has, with the source record that each is for. */
  readonly chosenFor: ReadonlyMap<string, string>;
  readonly range: NumberRange | null;
  /** Numbers of the other system's own records: such a record would want its number for its own counterpart. */
  readonly wanted: ReadonlySet<string>;
}

/**
 * The numbers of one kind on one side during one judgement (K8). No number is given twice: several creations of one run
 * take different ones, and a record keeps the one that it was given as long as that is free.
 */
export class Numbers {
  readonly #facts: Facts;
  /** By number: the source record that has it, from the store or given here. */
  readonly #holders: Map<string, string>;
  readonly #given: Map<string, string>;
  #next: number;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#holders = new Map(facts.chosenFor);
    this.#given = givenBefore(facts);
    this.#next = facts.range?.from ?? 0;
  }

  /** Null where the system numbers by itself. */
  static async load(
    ctx: Pick<SyncContext, 'store' | 'flows' | 'connectors'>,
    kind: Kind,
    target: Side,
  ): Promise<Numbers | null> {
    const flow = flowFor(ctx, kind);
    const { clientChosenId, systemIds } = ctx.connectors[target].capabilities(kind);
    const chosen = flow.properties.find((p) => p.key && p[target] === clientChosenId);
    if (chosen === undefined) return null;
    const { name: property } = chosen;
    const range = flow.mapping.create[target].numbers ?? null;
    const intended = await ctx.store.changes.chosenIds(kind, target);
    const planned = range === null ? [] : await ctx.store.changes.numbersPlanned(kind, target, property);
    return new Numbers({
      property,
      isValid: (id) =>
        !systemIds.includes(id) && flow.write(target, property, id, undefined, 'create').kind === 'write',
      seen: await ctx.store.records.idsEverSeen(kind, target),
      chosenFor: new Map([...planned, ...intended]),
      range,
      wanted: range === null ? new Set() : await ctx.store.records.valuesOf(kind, otherSide(target), property),
    });
  }

  chosenIdFor(sourceId: string): ChosenId {
    const { property, isValid, range } = this.#facts;
    return {
      property,
      isValid,
      isTaken: (id) => this.#isTaken(id, sourceId),
      range,
      nextFree: () => this.#giveTo(sourceId),
    };
  }

  #isTaken(id: string, sourceId: string): boolean {
    return this.#facts.seen.has(id) || (this.#holders.get(id) ?? sourceId) !== sourceId;
  }

  #giveTo(sourceId: string): string | null {
    const before = this.#given.get(sourceId);
    if (before !== undefined && !this.#isTaken(before, sourceId)) return before;
    const number = this.#takeNext(sourceId);
    if (number === null) return null;
    this.#holders.set(number, sourceId);
    this.#given.set(sourceId, number);
    return number;
  }

  /** What was passed over once stays taken: numbers are given from the lowest up. */
  #takeNext(sourceId: string): string | null {
    const { range, wanted, isValid } = this.#facts;
    const last = range?.to ?? -1;
    while (this.#next <= last) {
      const number = String(this.#next);
      this.#next += 1;
      if (!wanted.has(number) && !this.#isTaken(number, sourceId) && !this.#holders.has(number) && isValid(number))
        return number;
    }
    return null;
  }
}

/** By source record: the number of the range that it has already. */
function givenBefore({ chosenFor, range }: Facts): Map<string, string> {
  const isInRange = (number: string): boolean =>
    range !== null && String(Number(number)) === number && Number(number) >= range.from && Number(number) <= range.to;
  return new Map([...chosenFor].flatMap(([number, source]) => (isInRange(number) ? [[source, number] as const] : [])));
}

const collator = new Intl.Collator('en', { numeric: true });

/** Whatever order records were read in, the lowest id gets the lowest number (M7). */
export const inNumericOrder = (ids: Iterable<string>): string[] =>
  [...ids].toSorted((one, other) => collator.compare(one, other) || (one < other ? -1 : 1));
