import { KINDS, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side, Value } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { CompiledProperty } from '../../mapping/compile.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import { Crowd } from './crowd.ts';
import { MappedEdits } from './mapped-edits.ts';
import { Registers } from './registers.ts';
import type { Edit } from './story.ts';
import { SECRET, closing, firstValue, isLeftEmpty, textOf } from './values.ts';
import type { Values } from './values.ts';

const UNMAPPED: Readonly<Record<Side, readonly string[]>> = {
  customerp: ['notes', 'internalRemark'],
  tidsbanken: ['Merknad', 'SistEndretAvId'],
};

type Named<Do extends Edit['do']> = Extract<Edit, { do: Do }>;
type OnRecord = Named<'edit' | 'clear' | 'spoil' | 'respell' | 'close' | 'renumber' | 'unmapped'>;

/** A field of a pair that two people put back and forth between two values. */
interface Swing {
  readonly ids: Pair<string>;
  readonly property: string;
  readonly values: readonly [Value, Value];
}

/** People at work in the two systems, who know nothing of the sync. */
export class Outside {
  readonly #at: Registers;
  readonly #crowd: Crowd;
  readonly #mapped: MappedEdits;
  readonly #swings = new Map<number, Swing>();
  readonly #removed: { readonly side: Side; readonly kind: Kind; readonly id: string; readonly raw: JsonObject }[] = [];

  constructor(fakes: Fakes) {
    this.#at = new Registers(fakes);
    this.#crowd = new Crowd(this.#at);
    this.#mapped = new MappedEdits(this.#at);
  }

  /** Does what the step says, as far as there is something to do it to. Returns what it came to, in words; null: nothing. */
  perform(edit: Edit): string | null {
    switch (edit.do) {
      case 'create':
        return this.create(edit.side, edit.kind, edit.value, edit.twin);
      case 'numbered':
        return this.#numbered(edit);
      case 'together':
        return this.#together(edit);
      case 'remove':
        return this.#remove(edit);
      case 'return':
        return this.#return(edit.at);
      case 'editBoth':
        return this.#editBoth(edit);
      case 'edit':
      case 'clear':
      case 'close':
      case 'renumber':
      case 'unmapped':
      case 'respell':
      case 'spoil':
        return this.#onRecord(edit);
      case 'double':
        return this.#double(edit);
      case 'swing':
        return this.#swing(edit);
      case 'scope':
      case 'garble':
      case 'refer':
        return this.#mapped.perform(edit);
      case 'alike':
      case 'partners':
      case 'shiftDates':
      case 'editAll':
      case 'removeAll':
      case 'returnAll':
        return this.#crowd.perform(edit);
    }
  }

  /** A new record; as a twin, the other side gets one of the same number and name. */
  create(
    side: Side,
    kind: Kind,
    value: number,
    twin: boolean,
    customerId?: string,
    number = String(10_000 + value),
  ): string | null {
    const sides = twin ? [side, otherSide(side)] : [side];
    // Twins refer to the same record, each as its own system knows it.
    const refer = (property: CompiledProperty, on: Side): Value | undefined => {
      const isToNewest = customerId !== undefined && property.reference === 'customer';
      const first = isToNewest ? customerId : this.#at.reference(side, property, value);
      if (on === side || typeof first !== 'string' || property.reference === undefined) return first;
      return this.#at.partner(side, property.reference, first) ?? undefined;
    };
    for (const on of sides) {
      if (this.#at.numbers(on, kind).has(number)) continue;
      const values: Values = { [on === 'customerp' ? 'number' : 'Id']: this.#at.number(on, kind, number) };
      for (const property of this.#at.flow(kind).properties) {
        if (property.key || property.deferred) continue;
        if (isLeftEmpty(property, on === side ? value + 3 : value)) continue;
        const wanted = property.reference === undefined ? firstValue(property, value) : refer(property, on);
        if (wanted !== undefined) values[property[on]] = this.#at.spell(on, kind, property, wanted);
      }
      if (kind === 'employee') values[on === 'customerp' ? 'bankAccount' : 'Lonnskonto'] = `${SECRET}${number}`;
      const [extra = ''] = UNMAPPED[on];
      values[extra] = `Ikke vår ${number}`;
      this.#at.fakes.of(on).put(kind, values);
    }
    return `${sides.join(' and ')}: ${kind} ${number} is made`;
  }

  /** Where equal numbers lead to each other, only that of somebody who is gone. */
  #numbered({ kind, value, at }: Named<'numbered'>): string | null {
    const { tidsbanken } = this.#at.fakes;
    const isKey = this.#at.flow(kind).mapping.keys.some(({ name }) => name === 'number');
    const [here, there] = [this.#at.numbers('customerp', kind), this.#at.numbers('tidsbanken', kind)];
    const had = new Set(tidsbanken.history.flatMap((deed) => (deed.kind === kind ? [deed.nativeId] : [])));
    const numbers = [...had].filter((number) => !here.has(number) && (!isKey || !there.has(number)));
    const number = numbers[Math.floor(at * numbers.length)];
    return number === undefined ? null : this.create('customerp', kind, value, false, undefined, number);
  }

  #together({ side, value }: Named<'together'>): string | null {
    const customer = this.create(side, 'customer', value, false);
    const project = this.create(side, 'project', value, false, this.#at.ids(side, 'customer').at(-1));
    return `${customer ?? ''}; ${project ?? ''}, of that customer`;
  }

  #onRecord(edit: OnRecord): string | null {
    const { side, kind, at, value } = edit;
    const id = this.#at.pick(side, kind, at);
    if (id === null) return null;
    const values = this.#valuesOf(edit, id);
    if (values === null) return null;
    this.#at.fakes.of(side).edit(kind, id, values);
    return `${side}: ${kind} ${id} ${edit.do} ${JSON.stringify(values)} (${String(value)})`;
  }

  #valuesOf(edit: OnRecord, id: string): Values | null {
    const { side, kind, value } = edit;
    const property = this.#at.property(edit);
    const raw = this.#at.fakes.of(side).raw(kind, id);
    switch (edit.do) {
      case 'edit':
        return { [property[side]]: this.#fresh(side, kind, property, value, raw) };
      case 'clear': {
        const form = this.#at.flow(kind).write(side, property.name, null, undefined, 'update');
        return form.kind === 'write' && !property.required ? { [property[side]]: form.json } : null;
      }
      case 'spoil':
        return this.#spoiled(edit);
      case 'respell':
        return this.#respelled(edit, raw);
      case 'close':
        return closing(side, kind, value);
      case 'renumber':
        return this.#renumbered(edit);
      case 'unmapped': {
        const [first = '', second = ''] = UNMAPPED[side];
        return { [value % 2 === 0 ? first : second]: `Ikke vår ${String(value)}` };
      }
    }
  }

  #editBoth(edit: Named<'editBoth'>): string | null {
    const { side, kind, at, value, how } = edit;
    const id = this.#at.pick(side, kind, at);
    const other = otherSide(side);
    const partner = id === null ? null : this.#at.partner(side, kind, id);
    if (id === null || partner === null) return null;
    const property = this.#at.property(edit);
    if (property.reference !== undefined || property.type === 'boolean') return null;
    const empty = this.#at.flow(kind).write(side, property.name, null, undefined, 'update');
    const here =
      how === 'clearedHere' && empty.kind === 'write' && !property.required
        ? empty.json
        : this.#at.spell(side, kind, property, firstValue(property, value) ?? null);
    const there = this.#at.spell(
      other,
      kind,
      property,
      firstValue(property, how === 'same' ? value : value + 5_000) ?? null,
    );
    this.#at.fakes.of(side).edit(kind, id, { [property[side]]: here });
    this.#at.fakes.of(other).edit(kind, partner, { [property[other]]: there });
    return `both: ${kind} ${id}/${partner} ${property.name}: ${JSON.stringify(here)} and ${JSON.stringify(there)}`;
  }

  /** Somebody makes by hand, in the other system, what the sync is about to make there. */
  #double({ side, kind, at }: Named<'double'>): string | null {
    const alone = this.#at.ids(side, kind).filter((id) => this.#at.partner(side, kind, id) === null);
    const id = alone[Math.floor(at * alone.length)];
    if (id === undefined) return null;
    const number = textOf(this.#at.fakes.of(side).raw(kind, id)[side === 'customerp' ? 'number' : 'Id']);
    const own = Number(number) - 10_000;
    return Number.isNaN(own) || own < 0 ? null : this.create(otherSide(side), kind, own, false);
  }

  /** Turn 0 finds the field and changes it; each later turn puts it back to what it was before, on the other side. */
  #swing({ side, kind, at, property: share, value, turn }: Named<'swing'>): string | null {
    if (turn === 0) this.#beginSwing({ side, kind, at, property: share, value });
    const swing = this.#swings.get(value);
    const property = swing === undefined ? undefined : this.#at.flow(kind).property(swing.property);
    const on = turn % 2 === 0 ? side : otherSide(side);
    if (swing === undefined || property === undefined || this.#at.fakes.of(on).peek(kind, swing.ids[on]) === null)
      return null;
    const now = swing.values[turn % 2 === 0 ? 1 : 0];
    this.#at.fakes.of(on).edit(kind, swing.ids[on], { [property[on]]: this.#at.spell(on, kind, property, now) });
    return `${on}: ${kind} ${swing.ids[on]} ${property.name} swings to ${String(now)}`;
  }

  #beginSwing({ side, kind, at, property: share, value }: Omit<Named<'swing'>, 'do' | 'turn'>): void {
    const paired = this.#at.ids(side, kind).filter((id) => this.#at.partner(side, kind, id) !== null);
    const id = paired[Math.floor(at * paired.length)];
    const partner = id === undefined ? null : this.#at.partner(side, kind, id);
    const fitting = this.#at
      .flow(kind)
      .properties.filter((p) => p.type === 'string' && p.group === undefined && !p.key);
    const property = fitting[Math.floor(share * fitting.length)];
    if (id === undefined || partner === null || property === undefined) return;
    const { props } = this.#at.flow(kind).read(side, this.#at.fakes.of(side).raw(kind, id));
    const before = props[property.name] ?? null;
    if (before === null) return;
    const ids = side === 'customerp' ? { customerp: id, tidsbanken: partner } : { customerp: partner, tidsbanken: id };
    this.#swings.set(value, { ids, property: property.name, values: [before, firstValue(property, value) ?? null] });
  }

  #remove({ side, kind, at, both }: Named<'remove'>): string | null {
    const id = this.#at.pick(side, kind, at);
    if (id === null) return null;
    const partner = both ? this.#at.partner(side, kind, id) : null;
    this.#take(side, kind, id);
    if (partner !== null) this.#take(otherSide(side), kind, partner);
    return `${side}: ${kind} ${id} is removed${partner === null ? '' : `, and ${partner} of the other side`}`;
  }

  #take(side: Side, kind: Kind, id: string): void {
    this.#removed.push({ side, kind, id, raw: this.#at.fakes.of(side).raw(kind, id) });
    this.#at.fakes.of(side).remove(kind, id);
  }

  #return(at: number): string | null {
    const [back] = this.#removed.splice(Math.floor(at * this.#removed.length), 1);
    if (back === undefined || this.#at.ids(back.side, back.kind).includes(back.id)) return null;
    this.#at.fakes.of(back.side).put(back.kind, back.raw);
    return `${back.side}: ${back.kind} ${back.id} is back`;
  }

  #fresh(side: Side, kind: Kind, property: CompiledProperty, value: number, raw: JsonObject): Json {
    if (property.reference !== undefined)
      return this.#at.spell(side, kind, property, this.#at.reference(side, property, value) ?? null);
    if (property.type === 'boolean') return atPath(raw, property[side]) !== true;
    return this.#at.spell(side, kind, property, firstValue(property, value) ?? null);
  }

  #spoiled({ side, kind }: OnRecord): Values | null {
    const property = this.#at.flow(kind).properties.find((p) => p.type === 'phone' || p.type === 'date');
    return property === undefined ? null : { [property[side]]: 'ukjent' };
  }

  /** The same value in another spelling is no edit at all (2.2). */
  #respelled({ side, kind }: OnRecord, raw: JsonObject): Values | null {
    const phone = this.#at.flow(kind).properties.find((p) => p.type === 'phone');
    const now = phone === undefined ? null : atPath(raw, phone[side]);
    return phone === undefined || typeof now !== 'string' || now === ''
      ? null
      : { [phone[side]]: ` ${now.replace('+47', '0047 ')} ` };
  }

  /** A new strong key, or one that another record holds already (M2, M6). */
  #renumbered({ side, kind, value, at }: OnRecord): Values | null {
    const path = kind === 'customer' ? (side === 'customerp' ? 'organizationNumber' : 'Organisasjonsnummer') : 'number';
    if (kind !== 'customer' && side === 'tidsbanken') return null;
    const fresh = kind === 'customer' ? String(900_000_000 + value) : String(70_000 + value);
    const other = this.#at.pick(side, kind, 1 - at);
    const borrowed = other === null ? undefined : atPath(this.#at.fakes.of(side).raw(kind, other), path);
    return { [path]: value % 3 === 0 && typeof borrowed === 'string' && borrowed !== '' ? borrowed : fresh };
  }
}

/** The records that a world starts with: so many on both sides, and some on one. */
export function settle(outside: Outside, twins: Readonly<Record<Kind, number>>): void {
  let value = 20_000;
  const make = (side: Side, kind: Kind, twin: boolean): void => {
    value += 1;
    outside.create(side, kind, value, twin);
  };
  for (const kind of KINDS) for (let n = 0; n < twins[kind]; n++) make('customerp', kind, true);
  for (const kind of KINDS) make('customerp', kind, false);
  make('tidsbanken', 'customer', false);
}
