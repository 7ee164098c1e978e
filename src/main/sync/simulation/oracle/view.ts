import { KINDS, SIDES } from '../../../../shared/domain.ts';
import type { Kind, Props, Side, Value } from '../../../../shared/domain.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { RawRecord } from '../../../connectors/connector.ts';
import type { CompiledFlow } from '../../../mapping/compile.ts';
import type { StoredLink } from '../../../store/links.ts';
import type { Deed } from '../../testing/fake-system.ts';
import type { Fakes } from '../../testing/run-on-fakes.ts';

/** One content that a record had, and whether the engine was ever shown it. */
export interface Held {
  /** Its place in the system's history. */
  readonly seq: number;
  readonly deed: Deed;
  wasShown: boolean;
}

/**
 * What the judges look at: the systems' histories by record, and the links. Everything is read once and kept until
 * something about it has changed.
 */
export class View {
  readonly fakes: Fakes;
  /** Counts the stores that a restore has put in place: each numbers its changes and links anew. */
  epoch = 0;
  /** By how much the clock was set back in all, ms. */
  turnedBackMs = 0;
  readonly #held = new Map<string, Held[]>();
  readonly #indexed = { customerp: 0, tidsbanken: 0 };
  readonly #parsed = new WeakMap<CompiledFlow, WeakMap<JsonObject, Props>>();
  #links: readonly StoredLink[] | null = null;
  /** Counts how often the links were forgotten: what was read before may be old before it is kept. */
  #forgotten = 0;
  #living = new Map<string, StoredLink>();

  constructor(fakes: Fakes) {
    this.fakes = fakes;
  }

  /** Links were made or ended, or their bases are looked at next. */
  forgetLinks(): void {
    this.#links = null;
    this.#forgotten += 1;
  }

  /** Every link that ever was, by id from 1. */
  async links(): Promise<readonly StoredLink[]> {
    if (this.#links !== null) return this.#links;
    const { links } = this.fakes.store;
    const forgotten = this.#forgotten;
    const count = await links.countEver();
    const found = await Promise.all(Array.from({ length: count }, (_, index) => links.get(index + 1)));
    const all = found.filter((link) => link !== null);
    this.#living = new Map(
      all
        .filter(isLiving)
        .flatMap((link) => SIDES.map((side) => [keyOf(side, link.kind, idIn(link, side)), link] as const)),
    );
    if (forgotten === this.#forgotten) this.#links = all;
    return all;
  }

  async linkOf(side: Side, kind: Kind, nativeId: string): Promise<StoredLink | null> {
    await this.links();
    return this.#living.get(keyOf(side, kind, nativeId)) ?? null;
  }

  /** What happened to a record, oldest first. */
  heldOf(side: Side, kind: Kind, nativeId: string): readonly Held[] {
    const { history } = this.fakes.of(side);
    for (let seq = this.#indexed[side]; seq < history.length; seq++) {
      const deed = history[seq];
      if (deed === undefined) break;
      const key = keyOf(side, deed.kind, deed.nativeId);
      const before = this.#held.get(key);
      const held = { seq, deed, wasShown: false };
      if (before === undefined) this.#held.set(key, [held]);
      else before.push(held);
    }
    this.#indexed[side] = history.length;
    return this.#held.get(keyOf(side, kind, nativeId)) ?? [];
  }

  /** The engine has been shown this content. */
  show(side: Side, kind: Kind, record: RawRecord): void {
    const held = this.#heldAs(side, kind, record);
    if (held !== undefined) held.wasShown = true;
  }

  /** The place in the history up to which a reading knew of this record; `null`: it was not there. */
  seqOf(side: Side, kind: Kind, record: RawRecord | null): number {
    const held = record === null ? undefined : this.#heldAs(side, kind, record);
    return held === undefined ? this.fakes.of(side).history.length : held.seq + 1;
  }

  #heldAs(side: Side, kind: Kind, { nativeId, version }: RawRecord): Held | undefined {
    // A removal bears the version of what it took away, and that is still on the pages made before it.
    const isIt = ({ deed }: Held): boolean => deed.after !== null && String(deed.version) === version;
    return this.heldOf(side, kind, nativeId).findLast(isIt);
  }

  editedSince(side: Side, kind: Kind, nativeId: string, seq: number): boolean {
    return this.heldOf(side, kind, nativeId).some((held) => held.seq >= seq && held.deed.by === 'outside');
  }

  /** Canonical values of a whole record, references as native ids. */
  read(side: Side, kind: Kind, raw: JsonObject): Props {
    const flow = this.flow(kind);
    const parsed = this.#parsed.get(flow) ?? new WeakMap<JsonObject, Props>();
    this.#parsed.set(flow, parsed);
    const known = parsed.get(raw);
    if (known !== undefined) return known;
    const { props } = flow.read(side, raw, { fullRecord: true });
    parsed.set(raw, props);
    return props;
  }

  /** What a record holds right now, canonical, references as links; null: it is not there. */
  async propsNow(side: Side, kind: Kind, nativeId: string): Promise<Props | null> {
    const raw = this.fakes.of(side).peek(kind, nativeId);
    if (raw === null) return null;
    const props: Record<string, Value> = { ...this.read(side, kind, raw) };
    for (const { name, reference } of this.flow(kind).properties) {
      const value = props[name] ?? null;
      if (reference === undefined || value === null) continue;
      const link = await this.linkOf(side, reference, value);
      if (link?.state === 'active') props[name] = `link:${String(link.id)}`;
      else delete props[name];
    }
    return props;
  }

  flow(kind: Kind): CompiledFlow {
    const flow = this.fakes.flows.get(kind);
    if (flow === undefined) throw new Error(`There is no flow of ${kind}.`);
    return flow;
  }

  countRecords(): number {
    return SIDES.reduce((sum, side) => sum + KINDS.reduce((n, kind) => n + this.fakes.of(side).all(kind).length, 0), 0);
  }
}

const isLiving = ({ state }: StoredLink): boolean => state === 'active' || state === 'unverified';

export const keyOf = (side: Side, kind: Kind, nativeId: string): string => `${side}:${kind}:${nativeId}`;

export function idIn(item: { customerpId: string; tidsbankenId: string }, side: Side): string;
export function idIn(item: { customerpId: string | null; tidsbankenId: string | null }, side: Side): string | null;
export function idIn(item: { customerpId: string | null; tidsbankenId: string | null }, side: Side): string | null {
  return side === 'customerp' ? item.customerpId : item.tidsbankenId;
}
