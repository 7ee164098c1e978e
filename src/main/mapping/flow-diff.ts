import { canonicalJson } from './canonical-json.ts';
import { groupOf, isActive, type FlowMapping, type Property } from './mapping.ts';

/** What becomes of the rows of a flow when one mapping takes the place of another. Names sorted. */
export interface FlowDiff {
  /** Rows that are in use now and were not, or the other way round. */
  readonly entering: readonly string[];
  readonly leaving: readonly string[];
  /** Rows whose values are made another way; their groups are compared anew (S5). */
  readonly rewritten: readonly string[];
  /** Rows that flow another way, or are asked about otherwise; what was agreed stands. */
  readonly redirected: readonly string[];
  /** What changed of the flow besides its rows, as the words of workspace.yaml. */
  readonly words: readonly ('enabled' | 'create' | 'keys' | 'filter' | 'label' | 'lifecycle')[];
}

/** Words of a row that decide its values. All others decide which way they go. */
const VALUE_WORDS = [
  'customerp',
  'tidsbanken',
  'type',
  'reference',
  'negated',
  'sensitive',
  'maxLength',
  'values',
  'convert',
  'when',
  'group',
] as const satisfies readonly (keyof Property)[];
const FLOW_WORDS = ['enabled', 'create', 'keys', 'filter', 'label', 'lifecycle'] as const;

const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** Whether both rows make the same values of the same records. */
export const isSameValue = (one: Property, other: Property): boolean =>
  VALUE_WORDS.every((word) => isSame(one[word], other[word]));

/** The rows in use, by name. */
export const activeRows = (mapping: FlowMapping): ReadonlyMap<string, Property> =>
  new Map(mapping.properties.filter(isActive).map((row) => [row.name, row]));

/** Pure: for whoever asks what a mapping would change, before it is saved or synchronised. */
export function flowDiff(before: FlowMapping, after: FlowMapping): FlowDiff {
  const [was, is] = [activeRows(before), activeRows(after)];
  const both = [...was].flatMap(([name, row]) => {
    const now = is.get(name);
    return now === undefined ? [] : [{ name, row, now, isValue: isSameValue(row, now) }];
  });
  return {
    entering: [...is.keys()].filter((name) => !was.has(name)).toSorted(),
    leaving: [...was.keys()].filter((name) => !is.has(name)).toSorted(),
    rewritten: both
      .filter(({ isValue }) => !isValue)
      .map(({ name }) => name)
      .toSorted(),
    redirected: both
      .filter(({ row, now, isValue }) => isValue && !isSame(row, now))
      .map(({ name }) => name)
      .toSorted(),
    words: FLOW_WORDS.filter((word) => !isSame(before[word], after[word])),
  };
}

export const isNoChange = ({ entering, leaving, rewritten, redirected, words }: FlowDiff): boolean =>
  [entering, leaving, rewritten, redirected, words].every((names) => names.length === 0);

/** Properties whose base does not hold any more: all that share a group with a row that changed (S5). */
export function rebasedProperties(diff: FlowDiff, before: FlowMapping, after: FlowMapping): ReadonlySet<string> {
  const names = new Set([...diff.entering, ...diff.leaving, ...diff.rewritten]);
  const rows = [...activeRows(before).values(), ...activeRows(after).values()].filter(({ key }) => !key);
  const groups = new Set(rows.filter(({ name }) => names.has(name)).map(groupOf));
  return new Set(rows.filter((row) => groups.has(groupOf(row))).map(({ name }) => name));
}
