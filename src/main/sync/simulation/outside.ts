import { KINDS, otherSide } from '../../../shared/domain.ts';
import type { Kind, Side, Value } from '../../../shared/domain.ts';
import { atPath } from '../../../shared/json.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { CompiledFlow, CompiledProperty } from '../../mapping/compile.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import type { Edit } from './steps.ts';

/** Values that must be seen nowhere but in the systems themselves (I19). */
export const SECRET = 'HEMMELIG';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2015, 0, 1);
const UNMAPPED: Readonly<Record<Side, readonly string[]>> = {
  customerp: ['notes', 'internalRemark'],
  tidsbanken: ['Merknad', 'SistEndretAvId'],
};

type Values = Record<string, Json>;
type OnRecord = Exclude<Extract<Edit, { property: number }>, { do: 'editBoth' | 'double' }>;
type Double = Extract<Edit, { do: 'double' }>;

/** People at work in the two systems, who know nothing of the sync. */
export class Outside {
  readonly #fakes: Fakes;
  readonly #removed: { readonly side: Side; readonly kind: Kind; readonly id: string; readonly raw: JsonObject }[] = [];

  constructor(fakes: Fakes) {
    this.#fakes = fakes;
  }

  /** Does what the step says, as far as there is something to do it to. Returns what it came to, in words; null: nothing. */
  perform(edit: Edit): string | null {
    switch (edit.do) {
      case 'create':
        return this.create(edit.side, edit.kind, edit.value, edit.twin);
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
    }
  }

  /** A new record; as a twin, the other side gets one of the same number and name. */
  create(side: Side, kind: Kind, value: number, twin: boolean): string | null {
    const number = String(10_000 + value);
    const sides = twin ? [side, otherSide(side)] : [side];
    // Twins refer to the same record, each as its own system knows it.
    const refer = (property: CompiledProperty, on: Side): Value | undefined => {
      const first = this.#reference(side, property, value);
      if (on === side || typeof first !== 'string' || property.reference === undefined) return first;
      return this.#partner(side, property.reference, first) ?? undefined;
    };
    for (const on of sides) {
      if (this.#numbers(on, kind).has(number)) continue;
      const values: Values = { [on === 'customerp' ? 'number' : 'Id']: this.#number(on, kind, number) };
      for (const property of this.#flow(kind).properties) {
        if (property.key || property.deferred) continue;
        if (isLeftEmpty(property, on === side ? value + 3 : value)) continue;
        const wanted = property.reference === undefined ? firstValue(property, value) : refer(property, on);
        if (wanted !== undefined) values[property[on]] = this.#spell(on, kind, property, wanted);
      }
      if (kind === 'employee') values[on === 'customerp' ? 'bankAccount' : 'Lonnskonto'] = `${SECRET}${number}`;
      const [extra = ''] = UNMAPPED[on];
      values[extra] = `Ikke vår ${number}`;
      this.#fakes.of(on).put(kind, values);
    }
    return `${sides.join(' and ')}: ${kind} ${number} is made`;
  }

  #onRecord(edit: OnRecord): string | null {
    const { side, kind, at, value } = edit;
    const id = this.#pick(side, kind, at);
    if (id === null) return null;
    const values = this.#valuesOf(edit, id);
    if (values === null) return null;
    this.#fakes.of(side).edit(kind, id, values);
    return `${side}: ${kind} ${id} ${edit.do} ${JSON.stringify(values)} (${String(value)})`;
  }

  #valuesOf(edit: OnRecord, id: string): Values | null {
    const { side, kind, value } = edit;
    const property = this.#property(edit);
    const raw = this.#fakes.of(side).raw(kind, id);
    switch (edit.do) {
      case 'edit':
        return { [property[side]]: this.#fresh(side, kind, property, value, raw) };
      case 'clear': {
        const form = this.#flow(kind).write(side, property.name, null, undefined, 'update');
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

  #editBoth(edit: Extract<Edit, { do: 'editBoth' }>): string | null {
    const { side, kind, at, value, how } = edit;
    const id = this.#pick(side, kind, at);
    const other = otherSide(side);
    const partner = id === null ? null : this.#partner(side, kind, id);
    if (id === null || partner === null) return null;
    const property = this.#property(edit);
    if (property.reference !== undefined || property.type === 'boolean') return null;
    const empty = this.#flow(kind).write(side, property.name, null, undefined, 'update');
    const here =
      how === 'clearedHere' && empty.kind === 'write' && !property.required
        ? empty.json
        : this.#spell(side, kind, property, firstValue(property, value) ?? null);
    const there = this.#spell(
      other,
      kind,
      property,
      firstValue(property, how === 'same' ? value : value + 5_000) ?? null,
    );
    this.#fakes.of(side).edit(kind, id, { [property[side]]: here });
    this.#fakes.of(other).edit(kind, partner, { [property[other]]: there });
    return `both: ${kind} ${id}/${partner} ${property.name}: ${JSON.stringify(here)} and ${JSON.stringify(there)}`;
  }

  /** Somebody makes by hand, in the other system, what the sync is about to make there. */
  #double({ side, kind, at }: Double): string | null {
    const alone = this.#ids(side, kind).filter((id) => this.#partner(side, kind, id) === null);
    const id = alone[Math.floor(at * alone.length)];
    if (id === undefined) return null;
    const number = textOf(this.#fakes.of(side).raw(kind, id)[side === 'customerp' ? 'number' : 'Id']);
    const own = Number(number) - 10_000;
    return Number.isNaN(own) || own < 0 ? null : this.create(otherSide(side), kind, own, false);
  }

  #remove({ side, kind, at, both }: Extract<Edit, { do: 'remove' }>): string | null {
    const id = this.#pick(side, kind, at);
    if (id === null) return null;
    const partner = both ? this.#partner(side, kind, id) : null;
    this.#take(side, kind, id);
    if (partner !== null) this.#take(otherSide(side), kind, partner);
    return `${side}: ${kind} ${id} is removed${partner === null ? '' : `, and ${partner} of the other side`}`;
  }

  #take(side: Side, kind: Kind, id: string): void {
    this.#removed.push({ side, kind, id, raw: this.#fakes.of(side).raw(kind, id) });
    this.#fakes.of(side).remove(kind, id);
  }

  #return(at: number): string | null {
    const [back] = this.#removed.splice(Math.floor(at * this.#removed.length), 1);
    if (back === undefined || this.#ids(back.side, back.kind).includes(back.id)) return null;
    this.#fakes.of(back.side).put(back.kind, back.raw);
    return `${back.side}: ${back.kind} ${back.id} is back`;
  }

  #fresh(side: Side, kind: Kind, property: CompiledProperty, value: number, raw: JsonObject): Json {
    if (property.reference !== undefined)
      return this.#spell(side, kind, property, this.#reference(side, property, value) ?? null);
    if (property.type === 'boolean') return atPath(raw, property[side]) !== true;
    return this.#spell(side, kind, property, firstValue(property, value) ?? null);
  }

  #spoiled({ side, kind }: OnRecord): Values | null {
    const property = this.#flow(kind).properties.find((p) => p.type === 'phone' || p.type === 'date');
    return property === undefined ? null : { [property[side]]: 'ukjent' };
  }

  /** The same value in another spelling is no edit at all (2.2). */
  #respelled({ side, kind }: OnRecord, raw: JsonObject): Values | null {
    const phone = this.#flow(kind).properties.find((p) => p.type === 'phone');
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
    const other = this.#pick(side, kind, 1 - at);
    const borrowed = other === null ? undefined : atPath(this.#fakes.of(side).raw(kind, other), path);
    return { [path]: value % 3 === 0 && typeof borrowed === 'string' && borrowed !== '' ? borrowed : fresh };
  }

  #property({ kind, property }: { readonly kind: Kind; readonly property: number }): CompiledProperty {
    const usual = this.#flow(kind).properties.filter((p) => !p.key);
    const picked = usual[Math.floor(property * usual.length)];
    if (picked === undefined) throw new Error(`${kind} has no properties.`);
    return picked;
  }

  #spell(side: Side, kind: Kind, property: CompiledProperty, value: Value): Json {
    if (value === null && property.required) return this.#spell(side, kind, property, 'Uten navn');
    const form = this.#flow(kind).write(side, property.name, value, undefined, 'update');
    return form.kind === 'write' ? form.json : null;
  }

  #reference(side: Side, property: CompiledProperty, value: number): Value | undefined {
    if (property.reference === undefined) return undefined;
    const ids = this.#ids(side, property.reference);
    return ids.length === 0 ? undefined : (ids[value % ids.length] ?? undefined);
  }

  #number(side: Side, kind: Kind, number: string): Json {
    return side === 'tidsbanken' && kind === 'employee' ? Number(number) : number;
  }

  #numbers(side: Side, kind: Kind): ReadonlySet<string> {
    const field = side === 'customerp' ? 'number' : 'Id';
    return new Set(
      this.#fakes
        .of(side)
        .all(kind)
        .map((raw) => textOf(raw[field])),
    );
  }

  /** People know which records belong together by their number. */
  #partner(side: Side, kind: Kind, id: string): string | null {
    if (side === 'customerp') {
      const number = textOf(this.#fakes.customerp.raw(kind, id)['number']);
      return this.#ids('tidsbanken', kind).includes(number) ? number : null;
    }
    const found = this.#fakes.customerp.all(kind).find((raw) => textOf(raw['number']) === id);
    return found === undefined ? null : textOf(found['id']);
  }

  #pick(side: Side, kind: Kind, at: number): string | null {
    const ids = this.#ids(side, kind);
    return ids[Math.floor(at * ids.length)] ?? null;
  }

  #ids(side: Side, kind: Kind): string[] {
    return this.#fakes
      .of(side)
      .all(kind)
      .map((raw) => idOf(side, raw));
  }

  #flow(kind: Kind): CompiledFlow {
    const flow = this.#fakes.flows.get(kind);
    if (flow === undefined) throw new Error(`There is no flow of ${kind}.`);
    return flow;
  }
}

/** Some new records lack something that their twin has (R3, R4). */
const isLeftEmpty = ({ name, required, group, type }: CompiledProperty, value: number): boolean =>
  !required && group === undefined && type !== 'boolean' && (name.length + value) % 6 === 0;

/** A canonical value that no other edit uses; undefined where the type has none to offer. */
function firstValue(property: CompiledProperty, value: number): Value | undefined {
  switch (property.type) {
    case 'phone':
      return `+47${String(40_000_000 + value)}`;
    case 'email':
      return `post${String(value)}@fjordlys.example`;
    case 'postcode':
      return String(1_000 + (value % 8_000)).padStart(4, '0');
    case 'orgNo':
      return String(910_000_000 + value);
    case 'date':
      return new Date(FIRST_DAY + value * DAY_MS).toISOString().slice(0, 10);
    case 'integer':
    case 'decimal':
      return String(value);
    case 'boolean':
      return property.name === 'active' || property.name === 'started' ? 'true' : 'false';
    case 'reference':
      return undefined;
    case 'string':
    case 'multiline':
    case 'id':
    case 'integerKey':
    case 'nationalId':
    case 'datetime':
    case 'enum':
      return `${property.name} ${String(value)}`;
  }
}

/** A native id or number as text; other JSON is none. */
export const textOf = (json: Json | undefined): string =>
  typeof json === 'string' || typeof json === 'number' ? String(json) : '';

export const idOf = (side: Side, raw: JsonObject): string => textOf(raw[side === 'customerp' ? 'id' : 'Id']);

function closing(side: Side, kind: Kind, value: number): Values | null {
  const date = new Date(FIRST_DAY + value * DAY_MS).toISOString().slice(0, 10);
  if (kind === 'employee')
    return side === 'customerp'
      ? { active: false, terminated: true, terminationDate: date }
      : { Aktiv: false, Sluttet: true, SluttetDato: `${date}T00:00:00Z` };
  if (kind === 'project') return side === 'customerp' ? { closed: true } : { Avsluttet: true };
  if (kind === 'department') return side === 'customerp' ? { active: false } : { Synlig: false };
  return null;
}

/** The records that a world starts with. */
export function settle(outside: Outside): number {
  let value = 0;
  const make = (side: Side, kind: Kind, twin: boolean): void => {
    value += 1;
    outside.create(side, kind, 20_000 + value, twin);
  };
  for (const [kind, twins] of [
    ['department', 2],
    ['customer', 10],
    ['employee', 4],
    ['project', 4],
  ] as const)
    for (let n = 0; n < twins; n++) make('customerp', kind, true);
  for (const kind of KINDS) make('customerp', kind, false);
  make('tidsbanken', 'customer', false);
  return value;
}
