import { otherSide } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { Registers } from './registers.ts';
import type { Edit } from './story.ts';
import { DAY_MS, firstValue, idOf } from './values.ts';
import type { Values } from './values.ts';

type Named<Do extends Edit['do']> = Extract<Edit, { do: Do }>;
type Many = Named<'alike' | 'partners' | 'shiftDates' | 'editAll' | 'removeAll' | 'returnAll'>;

/** Numbers of records that are to match by nothing but their names; no other edit gives such. */
const ALIKE_FROM = 500_000;

/** Imports, bulk edits, and records made twice without a common number. */
export class Crowd {
  readonly #at: Registers;
  readonly #removed = new Map<string, JsonObject[]>();

  constructor(at: Registers) {
    this.#at = at;
  }

  perform(edit: Many): string | null {
    switch (edit.do) {
      case 'alike':
        return this.#alike(edit);
      case 'partners':
        return this.#partners(edit);
      case 'shiftDates':
        return this.#shiftDates(edit);
      case 'editAll':
        return this.#editAll(edit);
      case 'removeAll':
        return this.#removeAll(edit);
      case 'returnAll':
        return this.#returnAll(edit);
    }
  }

  /** M3, M4: the same name and address, and different numbers. */
  #alike({ side, kind, value, twice }: Named<'alike'>): string {
    const names = ['name', 'firstName', 'lastName', 'email', 'postcode', 'street', 'city'];
    const put = (on: Side, number: number): void => {
      const values: Values = { [keyField(on)]: this.#at.number(on, kind, String(number)) };
      for (const property of this.#at.flow(kind).properties)
        if (names.includes(property.name))
          values[property[on]] = this.#at.spell(on, kind, property, firstValue(property, value) ?? null);
      this.#at.fakes.of(on).put(kind, values);
    };
    const number = ALIKE_FROM + value * 10;
    put(side, number);
    put(otherSide(side), number + 1);
    if (twice) put(otherSide(side), number + 2);
    return `${side}: ${kind} ${String(number)} looks like ${twice ? 'two' : 'one'} of the other side`;
  }

  /** M4: the number of one partner, the organisation number of another. */
  #partners({ value }: Named<'partners'>): string | null {
    const property = this.#at.flow('customer').property('orgNo');
    if (property === undefined) return null;
    const number = String(ALIKE_FROM + value * 10 + 5);
    const orgNo = this.#at.spell('tidsbanken', 'customer', property, firstValue(property, 50_000 + value) ?? null);
    const { customerp, tidsbanken } = this.#at.fakes;
    tidsbanken.put('customer', { Id: number, Navn: `Fjellvik ${number}` });
    tidsbanken.put('customer', {
      Id: String(Number(number) + 1),
      Navn: `Elvebakken ${number}`,
      [property.tidsbanken]: orgNo,
    });
    customerp.put('customer', { number, name: `Dalheim ${number}`, [property.customerp]: orgNo });
    return `customerp: customer ${number} leads to two of the other side`;
  }

  #shiftDates({ side, kind, days }: Named<'shiftDates'>): string | null {
    const dates = this.#at.flow(kind).properties.filter((p) => p.type === 'date');
    let shifted = 0;
    for (const raw of this.#at.fakes.of(side).all(kind)) {
      const { props } = this.#at.flow(kind).read(side, raw);
      const values: Values = {};
      for (const property of dates) {
        const now = props[property.name] ?? null;
        if (now === null) continue;
        const moved = new Date(Date.parse(now) + days * DAY_MS).toISOString().slice(0, 10);
        values[property[side]] = this.#at.spell(side, kind, property, moved);
      }
      if (Object.keys(values).length === 0) continue;
      this.#at.fakes.of(side).edit(kind, idOf(side, raw), values);
      shifted += 1;
    }
    return shifted === 0
      ? null
      : `${side}: the dates of ${String(shifted)} ${kind} records move by ${String(days)} days`;
  }

  #editAll({ side, kind, property: share, value, clears }: Named<'editAll'>): string | null {
    const usual = this.#at
      .flow(kind)
      .properties.filter((p) => !p.key && p.reference === undefined && p.type !== 'boolean' && !(clears && p.required));
    const property = usual[Math.floor(share * usual.length)];
    const all = this.#at.fakes.of(side).all(kind);
    if (property === undefined || all.length === 0) return null;
    for (const [index, raw] of all.entries()) {
      const wanted = clears ? null : (firstValue(property, value + index) ?? null);
      const spelled = this.#at.spell(side, kind, property, wanted);
      this.#at.fakes.of(side).edit(kind, idOf(side, raw), { [property[side]]: spelled });
    }
    return `${side}: ${property.name} of all ${String(all.length)} ${kind} records is ${clears ? 'emptied' : 'changed'}`;
  }

  #removeAll({ side, kind }: Named<'removeAll'>): string | null {
    const all = this.#at.fakes.of(side).all(kind);
    this.#removed.set(`${side}:${kind}`, [...(this.#removed.get(`${side}:${kind}`) ?? []), ...all]);
    for (const raw of all) this.#at.fakes.of(side).remove(kind, idOf(side, raw));
    return all.length === 0 ? null : `${side}: all ${String(all.length)} ${kind} records are removed`;
  }

  #returnAll({ side, kind }: Named<'returnAll'>): string | null {
    const back = this.#removed.get(`${side}:${kind}`) ?? [];
    this.#removed.delete(`${side}:${kind}`);
    const there = new Set(this.#at.ids(side, kind));
    for (const raw of back) if (!there.has(idOf(side, raw))) this.#at.fakes.of(side).put(kind, raw);
    return back.length === 0 ? null : `${side}: ${String(back.length)} ${kind} records are back`;
  }
}

const keyField = (side: Side): string => (side === 'customerp' ? 'number' : 'Id');
