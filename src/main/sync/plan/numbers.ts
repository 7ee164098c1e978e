import { otherSide } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { NumberRange } from '../../mapping/mapping.ts';
import type { StoredRecord } from '../../store/records.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { ChosenId } from '../reconcile/unmatched.ts';

/** Which numbers of one kind on one side are taken. */
interface Taken {
  /** Seen in any collection or tombstone of that side. */
  readonly seen: ReadonlySet<string>;
  /** Numbers that an intent or a creation under way has, with the source record that each is for. */
  readonly chosenFor: ReadonlyMap<string, string>;
}

/** What is known of the numbers of one kind on one side, where whoever creates a record chooses its number (K8). */
interface Facts extends Taken {
  readonly property: string;
  readonly isValid: (id: string) => boolean;
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
  readonly #ask: ((numbers: readonly string[]) => Promise<Taken>) | null;
  readonly #seen: Set<string>;
  /** By number: the source record that has it, from the store or given here. */
  readonly #holders: Map<string, string>;
  readonly #given: Map<string, string>;
  #next: number;

  /** @param ask looks up which of some numbers are taken; null: the facts hold all that are */
  constructor(facts: Facts, ask: ((numbers: readonly string[]) => Promise<Taken>) | null = null) {
    this.#facts = facts;
    this.#ask = ask;
    this.#seen = new Set(facts.seen);
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
    const isValid = (id: string): boolean =>
      !systemIds.includes(id) && flow.write(target, property, id, undefined, 'create').kind === 'write';
    const { records, changes } = ctx.store;
    const range = flow.mapping.create[target].numbers ?? null;
    if (range === null)
      return new Numbers({ property, isValid, range, ...NOTHING_KNOWN }, async (numbers) => ({
        seen: await records.everSeen(kind, target, numbers),
        chosenFor: await changes.chosenAmong(kind, target, numbers),
      }));
    const planned = await changes.numbersPlanned(kind, target, property);
    const intended = await changes.chosenIds(kind, target);
    return new Numbers({
      property,
      isValid,
      range,
      seen: await records.idsEverSeen(kind, target),
      chosenFor: new Map([...planned, ...intended]),
      wanted: await records.valuesOf(kind, otherSide(target), property),
    });
  }

  /**
   * Looks up whether these records' own numbers are taken; to be told before their turn. Where a range gives numbers, all
   * are known: any may be the next.
   */
  async learn(records: readonly Pick<StoredRecord, 'props'>[]): Promise<void> {
    if (this.#ask === null) return;
    const { seen, chosenFor } = await this.#ask(records.flatMap(({ props }) => props[this.#facts.property] ?? []));
    for (const number of seen) this.#seen.add(number);
    for (const [number, source] of chosenFor) this.#holders.set(number, source);
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
    return this.#seen.has(id) || (this.#holders.get(id) ?? sourceId) !== sourceId;
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

const NOTHING_KNOWN = { seen: new Set<string>(), chosenFor: new Map<string, string>(), wanted: new Set<string>() };

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
