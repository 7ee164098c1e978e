import type { CreationRule, FlowMapping } from '../../mapping/mapping.ts';
import { Random } from './random.ts';

/**
 * What the mapping of a world has besides the default one. Drawn from a stream of its own, and in few worlds, so that the
 * others stay what they were.
 */
export interface Mapped {
  /** C7: whose customers a filter leaves out, and by what it tells. */
  readonly filter?: 'city in Customerp' | 'notes in Customerp' | 'city in Tidsbanken';
  /** M5: customers get a counterpart only for a project; `chain`: and projects only for an employee. */
  readonly referred?: 'byProject' | 'chain';
  /** 2.2: Customerp holds the share of a post in tenths of a percent. */
  readonly converted?: true;
  /** 2.2: job titles are four, each spelled otherwise on either side. */
  readonly valueMap?: true;
  /**
   * K8: whatever is new in Tidsbanken takes its number from here where its own cannot be used. Few numbers are soon used
   * up; those near what people choose are taken by them as well. `own`: equal numbers of customers say nothing (M3).
   */
  readonly numbers?: { readonly from: number; readonly to: number; readonly own?: true };
  /** 7.2: a new Kunde without a web page gets this one. */
  readonly onCreate?: true;
}

const SHARE = {
  filter: 0.26,
  referred: 0.14,
  chain: 0.3,
  converted: 0.14,
  valueMap: 0.12,
  onCreate: 0.14,
  numbers: 0.2,
} as const;

const RANGES = [
  { from: 900, to: 902 },
  { from: 900, to: 999 },
  { from: 10_000, to: 10_020 },
  { from: 900, to: 902, own: true },
  { from: 10_000, to: 10_999, own: true },
] as const;

export function mappedOf(seed: number): Mapped {
  const random = new Random(seed ^ 0x3a99);
  const filter = random.oneOf(['city in Customerp', 'notes in Customerp', 'city in Tidsbanken'] as const);
  const [isFiltered, isReferred] = [random.chance(SHARE.filter), random.chance(SHARE.referred)];
  const referred = random.chance(SHARE.chain) ? 'chain' : 'byProject';
  const [isConverted, hasMap, hasPreset] = [SHARE.converted, SHARE.valueMap, SHARE.onCreate].map((share) =>
    random.chance(share),
  );
  const hasNumbers = random.chance(SHARE.numbers);
  const numbers = random.oneOf(RANGES);
  return {
    ...(hasNumbers ? { numbers } : {}),
    ...(isFiltered ? { filter } : {}),
    ...(isReferred ? { referred } : {}),
    ...(isConverted === true ? { converted: true } : {}),
    ...(hasMap === true ? { valueMap: true } : {}),
    ...(hasPreset === true ? { onCreate: true } : {}),
  };
}

/** What leaves a record out where a filter looks, and what no other edit writes there. */
export const LEFT_OUT = 'Bergen';
/** What a new Kunde gets where its source is empty. */
export const PRESET = 'ny.no';
/** Of one percent in Tidsbanken, that many in Customerp. */
export const TENTHS = 10;

const TITLES = {
  leder: { customerp: 'LEADER', tidsbanken: 'Leder' },
  fagarbeider: { customerp: 'SKILLED', tidsbanken: 'Fagarbeider' },
  laerling: { customerp: 'APPRENTICE', tidsbanken: 'Lærling' },
  vikar: { customerp: 'TEMP', tidsbanken: 'Vikar' },
};

export const withMapped = (flow: FlowMapping, mapped: Mapped = {}): FlowMapping =>
  withFilter(withNumbers(withRule(withRows(flow, mapped), mapped), mapped), mapped);

function withNumbers(flow: FlowMapping, { numbers }: Mapped): FlowMapping {
  if (numbers === undefined) return flow;
  const { from, to, own } = numbers;
  const hasOwn = flow.kind === 'customer' && own === true;
  return {
    ...flow,
    keys: hasOwn ? flow.keys.filter(({ name }) => name !== 'number') : flow.keys,
    create: { ...flow.create, tidsbanken: { ...flow.create.tidsbanken, numbers: { from, to } } },
  };
}

function withFilter(flow: FlowMapping, { filter }: Mapped): FlowMapping {
  if (flow.kind !== 'customer' || filter === undefined) return flow;
  const isNot = [LEFT_OUT];
  switch (filter) {
    case 'city in Customerp':
      return { ...flow, filter: { customerp: [{ property: 'city', isNot }] } };
    case 'notes in Customerp':
      return { ...flow, filter: { customerp: [{ field: 'notes', isNot }] } };
    case 'city in Tidsbanken':
      return { ...flow, filter: { tidsbanken: [{ property: 'city', isNot }] } };
  }
}

function withRule(flow: FlowMapping, { referred }: Mapped): FlowMapping {
  const by = (kind: 'project' | 'employee'): CreationRule => ({
    rule: 'ifReferredTo',
    referredToBy: [kind],
    automatic: flow.create.tidsbanken.automatic,
  });
  if (flow.kind === 'customer' && referred !== undefined)
    return { ...flow, create: { ...flow.create, tidsbanken: by('project') } };
  if (flow.kind === 'project' && referred === 'chain')
    return { ...flow, create: { ...flow.create, tidsbanken: by('employee') } };
  return flow;
}

type Property = FlowMapping['properties'][number];

function withRows(flow: FlowMapping, { converted, valueMap, onCreate }: Mapped): FlowMapping {
  const changed = (p: Property): Property => {
    if (flow.kind === 'employee' && p.name === 'employmentPercentage' && converted === true)
      return {
        ...p,
        convert: {
          customerp: { read: `int(double(value) / ${String(TENTHS)}.0)`, write: `value * ${String(TENTHS)}.0` },
        },
      };
    if (flow.kind === 'employee' && p.name === 'jobTitle' && valueMap === true)
      return { ...p, type: 'enum', values: TITLES };
    if (flow.kind === 'customer' && p.name === 'website' && onCreate === true)
      return { ...p, onCreate: { tidsbanken: PRESET } };
    return p;
  };
  return { ...flow, properties: flow.properties.map(changed) };
}
