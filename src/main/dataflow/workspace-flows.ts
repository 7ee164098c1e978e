import { parseDocument } from 'yaml';
import { fail, flowOf, ok, type Flow, type Kind, type Pair, type Result } from '../../shared/domain.ts';
import { mappingOf } from '../app/mapping-of.ts';
import type { WorkspaceConfig } from '../app/workspace-config.ts';
import { canonicalJson } from '../mapping/canonical-json.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { documentFlow, type DocumentFlow } from './document-flow.ts';

/** The flows as a workspace runs them: the default mapping with what workspace.yaml settles about them. */
export function flowsOfWorkspace(config: WorkspaceConfig['flows'], defaults: readonly FlowMapping[]): DocumentFlow[] {
  return defaults.map((mapping) => documentFlow(mappingOf(mapping, { flows: config })));
}

/** Something of a flow for which workspace.yaml has no place yet. */
export interface WorkspaceNeed {
  readonly flow: Flow;
  readonly what: string;
}

/** What workspace.yaml would have to be able to hold, so that these flows run as they are; empty when it can. */
export function workspaceNeeds(flows: readonly DocumentFlow[], defaults: readonly FlowMapping[]): WorkspaceNeed[] {
  return flows.flatMap((flow) => {
    const usual = defaults.find((mapping) => mapping.kind === flow.mapping.kind);
    if (usual === undefined) return [];
    return needsOf(flow, usual).map((what) => ({ flow: flowOf(flow.mapping.kind), what }));
  });
}

function needsOf({ mapping, createIfReferredTo }: DocumentFlow, usual: FlowMapping): string[] {
  const { customerp, tidsbanken } = mapping.create;
  return [
    ...propertyNeeds(mapping, usual),
    ...(isSame(mapping.keys, usual.keys) ? [] : ['other match keys than the default mapping’s']),
    ...(isSame(mapping.label, usual.label) ? [] : ['another label than the default mapping’s']),
    ...(isSame(mapping.lifecycle ?? null, usual.lifecycle ?? null)
      ? []
      : ['another lifecycle than the default mapping’s']),
    ...(customerp.automatic === tidsbanken.automatic ? [] : ['creating without asking on one side only']),
    ...referredNeeds(createIfReferredTo),
  ];
}

const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other);

const byName = (flow: FlowMapping) => new Map(flow.properties.map((property) => [property.name, property]));

function propertyNeeds(mapping: FlowMapping, usual: FlowMapping): string[] {
  const [own, others] = [byName(mapping), byName(usual)];
  const differing = [...new Set([...own.keys(), ...others.keys()])].filter(
    (name) => !isSame(own.get(name) ?? null, others.get(name) ?? null),
  );
  return differing.length === 0 ? [] : [`property rows of its own (${differing.join(', ')})`];
}

const referredNeeds = ({ customerp, tidsbanken }: Pair<readonly Kind[]>): string[] =>
  customerp.length + tidsbanken.length === 0 ? [] : ['creating a record only if a synchronised record refers to it'];

/**
 * workspace.yaml with what it can hold of these flows: whether each runs, and where its records are created. Only what
 * differs from `before` is touched; comments and everything else stay. Fails with the reason where the file's own form
 * is in the way.
 */
export function workspaceWith(
  text: string,
  flows: readonly DocumentFlow[],
  before: readonly DocumentFlow[],
): Result<string, string> {
  const document = parseDocument(text);
  try {
    for (const { mapping } of flows) {
      const old = before.find((flow) => flow.mapping.kind === mapping.kind)?.mapping;
      for (const [path, value] of changedSettings(mapping, old)) {
        document.setIn(['flows', flowOf(mapping.kind), ...path], value);
      }
    }
    return ok(document.toString({ lineWidth: 0 }));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

type Setting = readonly [path: readonly string[], value: string | boolean];

const settingsOf = ({ enabled, create }: FlowMapping): readonly Setting[] => [
  [['enabled'], enabled],
  [['create', 'inTidsbanken'], create.tidsbanken.rule],
  [['create', 'inCustomerp'], create.customerp.rule],
  [['create', 'automatic'], create.tidsbanken.automatic],
];

const changedSettings = (mapping: FlowMapping, old: FlowMapping | undefined): Setting[] =>
  settingsOf(mapping).filter(([, value], i) => old === undefined || settingsOf(old)[i]?.[1] !== value);
