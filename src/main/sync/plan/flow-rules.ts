import type { Kind, Pair, Props, Side } from '../../../shared/domain.ts';
import type { Capabilities } from '../../connectors/connector.ts';
import { groupsFor } from '../../mapping/compile.ts';
import type { CompiledFlow, Group } from '../../mapping/compile.ts';
import { sameValue } from '../../mapping/equality.ts';
import { flowFor, policyFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { FlowPolicy, FlowRules, GroupRule } from '../reconcile/rules.ts';
import type { ChosenId, CreateRules } from '../reconcile/unmatched.ts';

/** What the pure stages need to know of one flow, from its mapping and from what the two systems can do. */
export const flowRulesOf = (ctx: Pick<SyncContext, 'flows' | 'connectors' | 'settings'>, kind: Kind): FlowRules => ({
  ...rulesFor(
    flowFor(ctx, kind),
    {
      customerp: ctx.connectors.customerp.capabilities(kind),
      tidsbanken: ctx.connectors.tidsbanken.capabilities(kind),
    },
    policyFor(ctx, kind),
  ),
  newestMarginMs: ctx.settings.skewMs.customerp + ctx.settings.skewMs.tidsbanken + NEWEST_MARGIN_MS,
});

/** D4: beyond what the two clocks may be wrong by. */
const NEWEST_MARGIN_MS = 120_000;

function rulesFor(
  flow: CompiledFlow,
  capabilities: Pair<Capabilities>,
  policy: FlowPolicy,
): Omit<FlowRules, 'newestMarginMs'> {
  const lifecycle = flow.groups.find((group) => group.lifecycle);
  const rulesOf = onceFor((groups: readonly Group[]) => groups.map((group) => groupRule(group, policy)));
  return {
    kind: flow.kind,
    groupsFor: (customerp, tidsbanken) => rulesOf(groupsFor(flow, customerp, tidsbanken)),
    same: (name, a, b) => {
      const property = flow.property(name);
      return property === undefined ? a === b : sameValue(property, a, b);
    },
    references: Object.fromEntries(
      flow.properties.flatMap((p): [string, Kind][] => (p.reference === undefined ? [] : [[p.name, p.reference]])),
    ),
    lifecycle:
      lifecycle === undefined || flow.mapping.lifecycle === undefined
        ? null
        : {
            group: lifecycle.name,
            property: flow.mapping.lifecycle.property,
            inactive: flow.mapping.lifecycle.inactive,
          },
    archive: { customerp: capabilities.customerp.archive, tidsbanken: capabilities.tidsbanken.archive },
    strongKeys: (props) => strongKeys(flow, props),
  };
}

/** A flow has few lists of groups, and its pairs ask for them again and again. */
function onceFor<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

const groupRule = (group: Group, { conflict, against }: FlowPolicy): GroupRule => ({
  name: group.name,
  members: group.properties.map((p) => p.name),
  direction: group.direction,
  master: group.master,
  sensitive: group.sensitive,
  clearable: {
    customerp: group.properties.map((p) => p.clearableOn.customerp),
    tidsbanken: group.properties.map((p) => p.clearableOn.tidsbanken),
  },
  needsReview: group.needsReview,
  conflict,
  against,
});

/** Canonical strong keys as they are now: absent when not observed, null when empty (M6). */
export function strongKeys(flow: CompiledFlow, props: Props): Record<string, string | null> {
  const values = flow.keyValues(props);
  const keys: Record<string, string | null> = {};
  for (const { name, properties } of strongRules(flow))
    if (properties.every((property) => props[property] !== undefined))
      keys[name] = values.find(({ key }) => key === name)?.value ?? null;
  return keys;
}

const strongRules = onceFor((flow: CompiledFlow) => flow.mapping.keys.filter(({ strength }) => strength === 'strong'));

/**
 * How a counterpart of one record comes to be on the target side (M5, K8). `chosenId`: what is known of the numbers there,
 * as `chosenIdOf` has it. `isReferredTo`: by a synchronised record.
 */
export function createRules(
  flow: CompiledFlow,
  target: Side,
  capabilities: Capabilities,
  chosenId: ChosenId | null,
  isReferredTo: boolean,
): CreateRules {
  const creation = flow.mapping.create[target];
  const isWanted = creation.rule === 'ifReferredTo' ? isReferredTo : creation.rule === 'every';
  return {
    kind: flow.kind,
    target,
    rule: capabilities.create && isWanted ? 'every' : 'never',
    automatic: creation.automatic,
    properties: flow.properties
      // Whether a row of some records holds for one that is not there yet, only reading it tells.
      .filter((p) => !p.fields[target].readOnly && p.when?.[target] === undefined)
      .map((p) => ({
        name: p.name,
        group: p.group ?? p.name,
        direction: p.direction,
        sensitive: p.sensitive,
        required: p.required,
        deferred: p.deferred,
        reference: p.reference ?? null,
        onCreate: p.onCreate?.[target] ?? null,
      })),
    chosenId,
  };
}
