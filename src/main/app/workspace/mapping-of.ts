import { flowOf } from '../../../shared/domain.ts';
import type { CreationRule, FlowMapping, MatchKey, NumberRange, Property } from '../../mapping/mapping.ts';
import { Property as PropertySchema } from '../../mapping/mapping.ts';
import type { Creation, FlowConfig, PropertyRow } from './flow-config.ts';
import type { WorkspaceConfig } from './workspace-config.ts';

/** The key that `numbersAreShared: false` takes away; organisation numbers and weak keys stay. */
export const NUMBER = 'number';

/** The default mapping of a flow with what workspace.yaml says laid over it. Pure; what is left out keeps the default. */
export function mappingOf(usual: FlowMapping, { flows }: Pick<WorkspaceConfig, 'flows'>): FlowMapping {
  const flow: FlowConfig | undefined = flows[flowOf(usual.kind)];
  if (flow === undefined) return usual;
  const { enabled, label, lifecycle, filter } = flow;
  const { lifecycle: usualLifecycle, ...rest } = usual;
  const turned = lifecycle === 'none' ? undefined : (lifecycle ?? usualLifecycle);
  return {
    ...rest,
    enabled: enabled ?? usual.enabled,
    keys: keysOf(usual, flow),
    create: createOf(usual, flow),
    properties: propertiesOf(usual, flow),
    ...(turned === undefined ? {} : { lifecycle: turned }),
    label: label ?? usual.label,
    ...(filter === undefined ? {} : { filter }),
  };
}

function keysOf(usual: FlowMapping, { keys, numbersAreShared }: FlowConfig): MatchKey[] {
  const own = keys?.map(({ name, properties, strength, placeholders = [] }): MatchKey => ({
    name,
    properties,
    strength: strength === 'strong' ? 'strong' : 'weak',
    placeholders,
  }));
  const all = own ?? usual.keys;
  return numbersAreShared === false ? all.filter(({ name }) => name !== NUMBER) : all;
}

function createOf(usual: FlowMapping, { create = {} }: FlowConfig): FlowMapping['create'] {
  const { inCustomerp, inTidsbanken, automatic, numbers = {} } = create;
  const asked = typeof automatic === 'object' ? automatic : { inCustomerp: automatic, inTidsbanken: automatic };
  return {
    customerp: { ...ruleOf(usual.create.customerp, inCustomerp, asked.inCustomerp), ...within(numbers.inCustomerp) },
    tidsbanken: {
      ...ruleOf(usual.create.tidsbanken, inTidsbanken, asked.inTidsbanken),
      ...within(numbers.inTidsbanken),
    },
  };
}

const within = (numbers: NumberRange | undefined): Pick<CreationRule, 'numbers'> =>
  numbers === undefined ? {} : { numbers };

function ruleOf(usual: CreationRule, set: Creation | undefined, automatic = usual.automatic): CreationRule {
  if (set === undefined) return { ...usual, automatic };
  if (typeof set === 'string') return { rule: set, automatic };
  return { rule: 'ifReferredTo', referredToBy: set.ifReferredTo, automatic };
}

/** Default rows in their order, each with what is set; then new rows in the order of the file. */
function propertiesOf(usual: FlowMapping, { properties = {}, defaultRows = true }: FlowConfig): Property[] {
  const rows: Readonly<Record<string, PropertyRow | undefined>> = properties;
  const base = defaultRows ? usual.properties : [];
  const known = new Set(base.map(({ name }) => name));
  const added = Object.entries(rows).filter(([name]) => !known.has(name));
  return [
    ...base.map((property) => {
      const row = rows[property.name];
      return row === undefined ? property : PropertySchema.parse({ ...property, ...row });
    }),
    ...added.map(([name, row]) => PropertySchema.parse({ name, ...row })),
  ];
}
