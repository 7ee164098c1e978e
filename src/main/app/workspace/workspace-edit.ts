import { isMap, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { fail, flowOf, ok } from '../../../shared/domain.ts';
import type { Flow, Result } from '../../../shared/domain.ts';
import { canonicalJson } from '../../mapping/canonical-json.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { flowConfig } from './flow-config.ts';
import type { FlowConfig } from './flow-config.ts';
import { flowConfigOf, MAPPING_WORDS } from './flow-config-of.ts';
import { mappingOf } from './mapping-of.ts';

const isSame = (one: unknown, other: unknown): boolean => canonicalJson(one ?? null) === canonicalJson(other ?? null);

/**
 * workspace.yaml with other mappings. Flows that have theirs already are not touched; of the others only what differs is,
 * so that comments, policy and everything else stay. Fails with the reason where the file's own form is in the way.
 */
export function withMappings(
  text: string,
  mappings: readonly FlowMapping[],
  defaults: readonly FlowMapping[],
): Result<string, string> {
  const document = parseDocument(text);
  let isChanged = false;
  try {
    for (const mapping of mappings) {
      const usual = defaults.find(({ kind }) => kind === mapping.kind);
      if (usual === undefined || isSame(readBack(document, usual), mapping)) continue;
      isChanged = true;
      writeFlow(document, mapping, usual, false);
      // Rows added to a map stand last; if the order says something, the map is written anew.
      if (!isSame(readBack(document, usual), mapping)) writeFlow(document, mapping, usual, true);
      if (!isSame(readBack(document, usual), mapping)) return fail(`${flowOf(mapping.kind)} cannot be written there`);
    }
    return ok(isChanged ? document.toString({ lineWidth: 0 }) : text);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The mapping that a flow of the document has. Throws where it has none that can be read. */
function readBack(document: Document, usual: FlowMapping): FlowMapping {
  const flow = flowOf(usual.kind);
  return mappingOf(usual, { flows: { [flow]: configIn(document, flow) } });
}

function configIn(document: Document, flow: Flow): FlowConfig {
  const read: unknown = document.toJS();
  const flows = childOf(read, 'flows');
  return flowConfig(flow).parse(childOf(flows, flow) ?? {});
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const childOf = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;

function writeFlow(document: Document, mapping: FlowMapping, usual: FlowMapping, anew: boolean): void {
  const flow = flowOf(mapping.kind);
  const present = configIn(document, flow);
  const wanted: Readonly<Record<string, unknown>> = { ...flowConfigOf(mapping, usual, present) };
  const at = ['flows', flow];
  for (const path of [['flows'], at])
    if (!isMap(document.getIn(path, true))) document.setIn(path, document.createNode({}));
  for (const word of MAPPING_WORDS)
    put(document, [...at, word], wanted[word], anew ? undefined : childOf(present, word));
}

/** Sets what differs, as deep down as it can, so that comments beside the rest stay. */
function put(document: Document, path: readonly string[], wanted: unknown, present: unknown): void {
  if (isSame(wanted, present) && wanted !== undefined) return;
  if (wanted === undefined) {
    document.deleteIn(path);
    return;
  }
  if (!isRecord(wanted) || !isRecord(present) || !isMap(document.getIn(path, true))) {
    // A plain value is set into the node that is there, whose comment stays.
    document.setIn(path, typeof wanted === 'object' ? document.createNode(wanted) : wanted);
    return;
  }
  for (const key of new Set([...Object.keys(present), ...Object.keys(wanted)]))
    put(document, [...path, key], wanted[key], present[key]);
}
