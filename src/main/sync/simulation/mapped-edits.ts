import { SIDES, otherSide } from '../../../shared/domain.ts';
import type { Kind } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { CompiledProperty } from '../../mapping/compile.ts';
import { LEFT_OUT } from './mapped.ts';
import type { Registers } from './registers.ts';
import type { Edit } from './story.ts';

type Named<Do extends Edit['do']> = Extract<Edit, { do: Do }>;
type OfMapping = Named<'scope' | 'garble' | 'refer'>;

/** What people edit where the mapping has a filter, a conversion, a value map or a creation rule. */
export class MappedEdits {
  readonly #at: Registers;

  constructor(at: Registers) {
    this.#at = at;
  }

  perform(edit: OfMapping): string | null {
    switch (edit.do) {
      case 'scope':
        return this.#scope(edit);
      case 'garble':
        return this.#garble(edit);
      case 'refer':
        return this.#refer(edit);
    }
  }

  /** On `side` it may be the pair's other record that is edited, and the sync that carries it to where the filter looks. */
  #scope({ side, kind, at, value, out }: Named<'scope'>): string | null {
    const flow = this.#at.flow(kind);
    const looking = SIDES.find((one) => flow.mapping.filter?.[one] !== undefined);
    const [condition] = looking === undefined ? [] : (flow.mapping.filter?.[looking] ?? []);
    if (looking === undefined || condition === undefined) return null;
    const on = condition.field === undefined ? side : looking;
    const path = condition.field ?? flow.property(condition.property ?? '')?.[on];
    if (path === undefined) return null;
    const ids = this.#at
      .ids(on, kind)
      .filter((one) => (atPath(this.#at.fakes.of(on).raw(kind, one), path) === LEFT_OUT) !== out);
    const id = ids[Math.floor(at * ids.length)];
    if (id === undefined) return null;
    this.#at.fakes.of(on).edit(kind, id, { [path]: out ? LEFT_OUT : `Sted ${String(value)}` });
    return `${on}: ${kind} ${id} ${out ? 'leaves what the filter lets take part' : 'takes part again'}`;
  }

  #garble({ side, kind, at }: Named<'garble'>): string | null {
    const isFragile = (p: CompiledProperty): boolean => p.values !== undefined || p.convert?.[side] !== undefined;
    const property = this.#at.flow(kind).properties.find(isFragile);
    const id = this.#at.pick(side, kind, at);
    if (property === undefined || id === null) return null;
    this.#at.fakes.of(side).edit(kind, id, { [property[side]]: 'ukjent' });
    return `${side}: ${kind} ${id} ${property.name} holds what the mapping does not know`;
  }

  /** The newest record of the kind referred to that has no partner. */
  #refer({ side, kind, at }: Named<'refer'>): string | null {
    const property = this.#at.flow(kind).properties.find((p) => p.reference === REFERS_TO[kind]);
    const id = this.#at.pick(side, kind, at);
    if (property?.reference === undefined || id === null) return null;
    const { reference } = property;
    const alone = this.#at.ids(side, reference).filter((one) => this.#at.partner(side, reference, one) === null);
    const newest = alone.at(-1);
    if (newest === undefined) return null;
    this.#at.fakes.of(side).edit(kind, id, { [property[side]]: this.#at.spell(side, kind, property, newest) });
    return `${side}: ${kind} ${id} refers to ${reference} ${newest}, which ${otherSide(side)} does not have`;
  }
}

const REFERS_TO: Partial<Record<Kind, Kind>> = { project: 'customer', employee: 'project' };
