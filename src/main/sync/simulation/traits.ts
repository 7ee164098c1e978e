import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { Capabilities } from '../../connectors/connector.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { mappedOf, withMapped } from './mapped.ts';
import type { Mapped } from './mapped.ts';
import { Random } from './random.ts';
import type { House } from './story.ts';

/** Something that a system cannot do, or does badly (2.4). */
export const WEAKNESSES = [
  'noPointRead',
  'noFilter',
  'noChosenId',
  'noMarker',
  'noCount',
  'noStableOrder',
  'noDelta',
  'noConditionalWrite',
  'upserts',
  'wholeObjects',
] as const;
export type Weakness = (typeof WEAKNESSES)[number];

/** What a world is set up with. Kept with a story that went wrong, so that it stays the same story. */
export interface Traits {
  /** The store is a file, so that backups and migrations are possible. */
  readonly inFile: boolean;
  readonly twins: Readonly<Record<Kind, number>>;
  readonly pageSize: Pair<number>;
  readonly weak: Pair<readonly Weakness[]>;
  /** Tidsbanken takes part of an object, as no preset says. */
  readonly partialInTidsbanken: boolean;
  readonly createsInCustomerp: boolean;
  readonly automaticCreates: boolean;
  readonly oneWay: boolean;
  /** S9; null: as many as usual. */
  readonly autoWritesPerRun: number | null;
  /** Per system (section 7); without it: one after the other. */
  readonly writesAtOnce?: 1 | 3;
  readonly mapped?: Mapped;
}

/** Chance of each weakness, on each side. */
const SHARE: Readonly<Record<Weakness, Pair<number>>> = {
  noPointRead: { customerp: 0.1, tidsbanken: 0.1 },
  noFilter: { customerp: 0.1, tidsbanken: 0.1 },
  noChosenId: { customerp: 0, tidsbanken: 0.1 },
  noMarker: { customerp: 0.2, tidsbanken: 0 },
  noCount: { customerp: 0.1, tidsbanken: 0.15 },
  noStableOrder: { customerp: 0.1, tidsbanken: 0.1 },
  noDelta: { customerp: 0.1, tidsbanken: 0.15 },
  noConditionalWrite: { customerp: 0.4, tidsbanken: 0 },
  upserts: { customerp: 0.1, tidsbanken: 0.2 },
  wholeObjects: { customerp: 0.2, tidsbanken: 0 },
};

export function traitsOf(seed: number): Traits {
  const random = new Random(seed ^ 0x5eed);
  const weakOn = (side: Side): Weakness[] => WEAKNESSES.filter((name) => random.chance(SHARE[name][side]));
  return {
    inFile: random.chance(0.06),
    twins: { department: 2, customer: 10 + random.below(3), employee: 4, project: 4 },
    pageSize: { customerp: 3 + random.below(8), tidsbanken: 3 + random.below(8) },
    weak: { customerp: weakOn('customerp'), tidsbanken: weakOn('tidsbanken') },
    partialInTidsbanken: random.chance(0.2),
    createsInCustomerp: random.chance(0.4),
    automaticCreates: random.chance(0.2),
    oneWay: random.chance(0.3),
    autoWritesPerRun: random.chance(0.1) ? 3 : null,
    writesAtOnce: random.chance(1 / 3) ? 3 : 1,
    mapped: mappedOf(seed),
  };
}

const WEAK: Readonly<Record<Weakness, Partial<Capabilities>>> = {
  noPointRead: { pointRead: false },
  noFilter: { filterByKey: false },
  noChosenId: { clientChosenId: null },
  noMarker: { markerField: null },
  noCount: { count: false, paging: 'skip' },
  noStableOrder: { stableOrder: false },
  noDelta: { delta: false },
  noConditionalWrite: { conditionalWrite: false },
  upserts: { createOnExisting: 'upserts' },
  wholeObjects: { partialUpdate: false, putMerges: 'unknown' },
};

/** What a system of this world can do otherwise than its preset says. */
export const capabilitiesIn = ({ weak, partialInTidsbanken }: Traits, side: Side): Partial<Capabilities> =>
  weak[side].reduce<Partial<Capabilities>>(
    (all, name) => ({ ...all, ...WEAK[name] }),
    side === 'tidsbanken' && partialInTidsbanken ? { partialUpdate: true, putMerges: true } : {},
  );

/** Every pair of weaknesses of a world, wherever they are: what must have been met together. */
export function pairsOfWeaknesses({ weak }: Traits): string[] {
  const all = SIDES.flatMap((side) => weak[side].map((name) => `${side} ${name}`)).toSorted();
  return all.flatMap((one, index) => all.slice(index + 1).map((other) => `${one} + ${other}`));
}

type Change = (flow: FlowMapping) => FlowMapping;
type Property = FlowMapping['properties'][number];

export const mappingOf =
  ({ createsInCustomerp, automaticCreates, oneWay, mapped, weak }: Traits): Change =>
  (flow) =>
    withMapped(
      {
        ...flow,
        create: {
          customerp:
            createsInCustomerp && flow.create.tidsbanken.rule === 'every'
              ? { rule: 'every', automatic: false }
              : flow.create.customerp,
          tidsbanken: { ...flow.create.tidsbanken, automatic: automaticCreates },
        },
        properties: flow.properties.map((p) => (oneWay ? narrowed(p) : p)),
      },
      fitting(mapped, weak),
    );

/**
 * A range is refused where the system numbers by itself. And without a marker, a number or a shared key nothing tells
 * whose a new record is: what a store has forgotten it sent cannot be recognised then (I17).
 */
function fitting({ numbers, ...mapped }: Mapped = {}, weak: Traits['weak']): Mapped {
  if (numbers === undefined || weak.tidsbanken.includes('noChosenId')) return mapped;
  const { from, to } = numbers;
  return { ...mapped, numbers: weak.customerp.includes('noMarker') ? { from, to } : numbers };
}

const ONE_WAY: Readonly<Record<string, Property['direction']>> = {
  website: 'toTidsbanken',
  jobTitle: 'toTidsbanken',
  mobile: 'toCustomerp',
};

const narrowed = (property: Property): Property => ({
  ...property,
  direction: ONE_WAY[property.name] ?? property.direction,
});

/** One property of each kind, a group of its own, that a mapping may be changed about in the middle of a story (S5). */
export const TOUCHED: Readonly<Record<Kind, string>> = {
  department: 'name',
  customer: 'website',
  employee: 'jobTitle',
  project: 'customerOrderNumber',
};

/** The mapping with one thing about one property changed; changed again, it is as before. */
export const remapped =
  (how: Extract<House, { do: 'remap' }>['how'], kind: Kind): Change =>
  (flow) => ({
    ...flow,
    properties: flow.properties.map((p) => (flow.kind === kind && p.name === TOUCHED[kind] ? touched(p, how) : p)),
  });

function touched(property: Property, how: Extract<House, { do: 'remap' }>['how']): Property {
  switch (how) {
    case 'added':
      return { ...property, direction: property.direction === 'off' ? 'both' : 'off' };
    case 'direction':
      return { ...property, direction: property.direction === 'both' ? 'toTidsbanken' : 'both' };
    case 'length':
      // The spellings of a value map are as long as they are.
      if (property.type === 'enum') return property;
      return { ...property, maxLength: property.maxLength.tidsbanken === undefined ? { tidsbanken: 8 } : {} };
  }
}
