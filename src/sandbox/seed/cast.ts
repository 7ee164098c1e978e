import { certain } from '../certain.ts';
import { Chance, spread } from './chance.ts';

export type Kind = 'customer' | 'employee' | 'project';
export type Side = 'customerp' | 'tidsbanken';

/** What can be wrong with a record. Each is something a sync has to notice and not make worse. */
export const DIRT = {
  sharedOrgNo: 'two records of one side carry the same organisation number',
  contradiction: "a record's number belongs to one record of the other side and its organisation number to another",
  weakMatch: 'same name and postcode (projects: same name and customer) on both sides, but no strong key in common',
  letterNumber: 'an employee number with a letter, which Tidsbanken cannot take',
  impossibleDate: 'a date that no calendar has, such as 2023-02-30',
  invalidPhone: 'text or a few digits where a phone number belongs',
  zeroWidth: 'a zero-width space in a name on one side',
  longName: 'a name of more than 100 characters',
} as const;
export type DirtName = keyof typeof DIRT;

export interface Dirt {
  readonly name: DirtName;
  /** The other record of those that are only wrong together. */
  readonly partner: number | null;
  /** Of two partners, the one whose data is bent. */
  readonly bent: boolean;
}

const KIND_SALT: Readonly<Record<Kind, number>> = { customer: 11, employee: 23, project: 37 };

export interface CastOptions {
  readonly kind: Kind;
  readonly count: number;
  readonly overlap: number;
  readonly differ: number;
  readonly dirt: number;
  readonly seed: number;
  readonly alike?: boolean;
}

/**
 * Who exists, where. A member is an index: first those on both sides, then those of Customerp only, then those of
 * Tidsbanken only. Everything about a member follows from its index and the seed.
 */
export class Cast {
  readonly kind: Kind;
  readonly seed: number;
  /** Every clean pair shares all its strong keys. */
  readonly alike: boolean;
  readonly count: number;
  readonly pairs: number;
  readonly size: number;
  readonly differing: ReadonlySet<number>;
  readonly dirt: ReadonlyMap<number, Dirt>;
  readonly #salt: number;

  constructor({ kind, count, overlap, differ, dirt, seed, alike = false }: CastOptions) {
    this.alike = alike;
    this.kind = kind;
    this.seed = seed;
    this.count = count;
    this.pairs = Math.round(count * overlap);
    this.size = 2 * count - this.pairs;
    this.#salt = Math.abs(Math.trunc(seed)) * 7919 + KIND_SALT[kind];
    this.dirt = this.#soil(Math.round(this.size * dirt));
    this.differing = this.#choose(Math.round(this.pairs * differ), this.pairs, (member) => !this.dirt.has(member));
  }

  chance(member: number, purpose: number): Chance {
    return new Chance(this.seed, this.#salt, member, purpose);
  }

  isPair(member: number): boolean {
    return member < this.pairs;
  }

  *members(side: Side): Generator<number> {
    for (let member = 0; member < this.pairs; member++) yield member;
    const from = side === 'customerp' ? this.pairs : this.count;
    for (let at = 0; at < this.count - this.pairs; at++) yield from + at;
  }

  /** A place among all members, or among one side's, that tells nothing of the index. */
  shuffled(member: number): number {
    return spread(member, this.size, this.#salt);
  }

  shuffledOnCustomerp(member: number): number {
    return spread(member, this.count, this.#salt);
  }

  /** Uniform over a larger range, for numbers that must never meet. */
  salted(more: number): number {
    return this.#salt + more;
  }

  /** Someone a record of this side may refer to; a pair refers to pairs, so that both sides can. Prefers the clean. */
  someone(chance: Chance, from: Side | 'both'): number | null {
    const pool = from === 'both' ? this.pairs : this.count;
    if (pool === 0) return null;
    for (let tries = 0; tries < 4; tries++) {
      const at = chance.below(pool);
      const member = from === 'tidsbanken' && at >= this.pairs ? at - this.pairs + this.count : at;
      if (!this.dirt.has(member)) return member;
    }
    return null;
  }

  #choose(wanted: number, pool: number, fits: (member: number) => boolean): Set<number> {
    const chosen = new Set<number>();
    for (let at = 0; at < pool && chosen.size < wanted; at++) {
      const member = spread(at, pool, this.#salt + 5);
      if (fits(member)) chosen.add(member);
    }
    return chosen;
  }

  #soil(wanted: number): Map<number, Dirt> {
    const members = [...this.#choose(wanted, this.size, () => true)];
    const both = members.filter((m) => m < this.pairs);
    const customerp = members.filter((m) => m >= this.pairs && m < this.count);
    const tidsbanken = members.filter((m) => m >= this.count);
    const dirt = new Map<number, Dirt>();
    const weak = Math.ceil(Math.min(customerp.length, tidsbanken.length) / 3);
    for (let at = 0; at < weak; at++) join(dirt, 'weakMatch', certain(customerp.pop()), certain(tidsbanken.pop()));
    deal(dirt, both, KINDS_OF_DIRT[this.kind].both);
    deal(dirt, customerp, KINDS_OF_DIRT[this.kind].customerp);
    deal(dirt, tidsbanken, KINDS_OF_DIRT[this.kind].tidsbanken);
    return dirt;
  }
}

const IN_TWOS: ReadonlySet<DirtName> = new Set<DirtName>(['sharedOrgNo', 'contradiction']);

const KINDS_OF_DIRT: Readonly<Record<Kind, Readonly<Record<Side | 'both', readonly DirtName[]>>>> = {
  customer: {
    both: ['contradiction', 'zeroWidth', 'invalidPhone'],
    customerp: ['sharedOrgNo', 'invalidPhone'],
    tidsbanken: ['longName', 'sharedOrgNo', 'zeroWidth', 'invalidPhone'],
  },
  employee: {
    both: ['impossibleDate', 'zeroWidth', 'invalidPhone'],
    customerp: ['letterNumber', 'impossibleDate', 'invalidPhone'],
    tidsbanken: ['invalidPhone', 'longName'],
  },
  project: { both: ['zeroWidth', 'impossibleDate'], customerp: ['impossibleDate'], tidsbanken: ['longName'] },
};

/** Hands the kinds out in turn; one that needs two takes the next member along, or is passed over at the end. */
function deal(dirt: Map<number, Dirt>, members: readonly number[], names: readonly DirtName[]): void {
  let turn = 0;
  for (let at = 0; at < members.length; turn++) {
    const name = certain(names[turn % names.length]);
    const member = certain(members[at]);
    const partner = members[at + 1];
    if (!IN_TWOS.has(name)) {
      dirt.set(member, { name, partner: null, bent: true });
      at += 1;
    } else if (partner !== undefined) {
      join(dirt, name, member, partner);
      at += 2;
    }
  }
}

function join(dirt: Map<number, Dirt>, name: DirtName, first: number, second: number): void {
  dirt.set(first, { name, partner: second, bent: false });
  dirt.set(second, { name, partner: first, bent: true });
}
