import type { Kind, Side, Value } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { CompiledFlow, CompiledProperty } from '../../mapping/compile.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import { idOf, textOf } from './values.ts';

/** What people find in the two systems, and how values are spelled there. */
export class Registers {
  readonly fakes: Fakes;

  constructor(fakes: Fakes) {
    this.fakes = fakes;
  }

  property({ kind, property }: { readonly kind: Kind; readonly property: number }): CompiledProperty {
    const usual = this.flow(kind).properties.filter((p) => !p.key);
    const picked = usual[Math.floor(property * usual.length)];
    if (picked === undefined) throw new Error(`${kind} has no properties.`);
    return picked;
  }

  spell(side: Side, kind: Kind, property: CompiledProperty, value: Value): Json {
    if (value === null && property.required) return this.spell(side, kind, property, 'Uten navn');
    const form = this.flow(kind).write(side, property.name, value, undefined, 'update');
    return form.kind === 'write' ? form.json : null;
  }

  reference(side: Side, property: CompiledProperty, value: number): Value | undefined {
    if (property.reference === undefined) return undefined;
    const ids = this.ids(side, property.reference);
    return ids.length === 0 ? undefined : (ids[value % ids.length] ?? undefined);
  }

  number(side: Side, kind: Kind, number: string): Json {
    return side === 'tidsbanken' && kind === 'employee' ? Number(number) : number;
  }

  numbers(side: Side, kind: Kind): ReadonlySet<string> {
    const field = side === 'customerp' ? 'number' : 'Id';
    return new Set(
      this.fakes
        .of(side)
        .all(kind)
        .map((raw) => textOf(raw[field])),
    );
  }

  /** People know which records belong together by their number. */
  partner(side: Side, kind: Kind, id: string): string | null {
    if (side === 'customerp') {
      const number = textOf(this.fakes.customerp.raw(kind, id)['number']);
      return this.ids('tidsbanken', kind).includes(number) ? number : null;
    }
    const found = this.fakes.customerp.all(kind).find((raw) => textOf(raw['number']) === id);
    return found === undefined ? null : textOf(found['id']);
  }

  pick(side: Side, kind: Kind, at: number): string | null {
    const ids = this.ids(side, kind);
    return ids[Math.floor(at * ids.length)] ?? null;
  }

  ids(side: Side, kind: Kind): string[] {
    return this.fakes
      .of(side)
      .all(kind)
      .map((raw) => idOf(side, raw));
  }

  flow(kind: Kind): CompiledFlow {
    const flow = this.fakes.flows.get(kind);
    if (flow === undefined) throw new Error(`There is no flow of ${kind}.`);
    return flow;
  }
}
