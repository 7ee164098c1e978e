import type { NotApplicable } from '../../../shared/contract/checklist-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { groupOf } from '../../mapping/mapping.ts';
import type { Property, ValueType } from '../../mapping/mapping.ts';
import { allows } from '../../sync/reconcile/group-table.ts';

/** The checklist of a dataflow document as data: each property row in each direction, and what the document promises. */

export interface PropertyLine {
  readonly kind: Kind;
  readonly property: string;
  readonly type: ValueType;
  readonly group: string;
  readonly fields: Pair<string>;
  readonly sensitive: boolean;
  /** The side that the value is to arrive at. */
  readonly to: Side;
  /** What stands in the mapping already: this direction is never tested. Null: it is. */
  readonly not: NotApplicable | null;
}

/** One line a property and direction, in the order of the mapping; properties that are off are lines as well. */
export function propertyLines(flow: CompiledFlow): PropertyLine[] {
  return flow.mapping.properties.flatMap((property) =>
    SIDES.toReversed().map((to) => ({
      kind: flow.kind,
      property: property.name,
      type: property.type,
      group: groupOf(property),
      fields: { customerp: property.customerp, tidsbanken: property.tidsbanken },
      sensitive: property.sensitive,
      to,
      not: notTested(property, to),
    })),
  );
}

function notTested(property: Property, to: Side): NotApplicable | null {
  if (property.key) return 'key';
  if (property.direction === 'off') return 'off';
  if (!allows(property.direction, to)) return 'direction';
  return property.sensitive ? 'sensitive' : null;
}

/** What the document promises of a flow, beyond its rows. */
export type RuleLine = { readonly kind: Kind } & (
  | { readonly rule: 'created'; readonly to: Side }
  | { readonly rule: 'merged'; readonly key: string; readonly strength: 'strong' | 'weak' }
  | { readonly rule: 'inSync'; readonly to: Side }
  | { readonly rule: 'references' }
  | { readonly rule: 'conflict' }
  | { readonly rule: 'rail' }
);

export function ruleLines({ kind, mapping }: CompiledFlow): RuleLine[] {
  return [
    ...SIDES.toReversed().map((to) => ({ kind, rule: 'created', to }) as const),
    ...mapping.keys.map(({ name, strength }) => ({ kind, rule: 'merged', key: name, strength }) as const),
    ...SIDES.toReversed().map((to) => ({ kind, rule: 'inSync', to }) as const),
    { kind, rule: 'references' },
    { kind, rule: 'conflict' },
    { kind, rule: 'rail' },
  ];
}

/** Names a line for the store: the same as long as the mapping has it. */
export const propertyItem = ({ property, to }: Pick<PropertyLine, 'property' | 'to'>): string =>
  `property:${property}:${to}`;
export function ruleItem(line: RuleLine): string {
  if (line.rule === 'merged') return `rule:merged:${line.key}`;
  return 'to' in line ? `rule:${line.rule}:${line.to}` : `rule:${line.rule}`;
}
