import { isCollection, isMap, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { RowEdit, RowEdits } from '../../shared/contract/mapping-views.ts';
import { fail, kindOf, ok } from '../../shared/domain.ts';
import type { Flow, Problem, Result } from '../../shared/domain.ts';
import { defaultMapping } from '../mapping/default-mapping.ts';
import type { FlowMapping } from '../mapping/mapping.ts';
import { mappingOf } from './mapping-of.ts';
import type { WorkspaceConfig } from './workspace-config.ts';
import { parseWorkspace } from './workspace-file.ts';

/** workspace.yaml with edited rows: what would be written, and what it says. */
export interface Draft {
  readonly text: string;
  readonly config: WorkspaceConfig;
}

/**
 * Lays edits of rows into the text of workspace.yaml. Comments and all that was not edited stay; a word set to null goes
 * back to its default. Nothing is written. Problems: `workspaceInvalid`, with the line it would stand in.
 */
export function draftOf(dir: string, text: string, flow: Flow, edits: RowEdits): Result<Draft, Problem> {
  const document = parseDocument(text);
  for (const [name, edit] of Object.entries(edits)) editRow(document, ['flows', flow, 'properties', name], edit);
  const edited = Object.keys(edits).length === 0 ? text : document.toString({ lineWidth: 0 });
  const config = parseWorkspace(dir, edited);
  if (!config.ok)
    return fail({ ...config.failure, notDone: 'Nothing was saved.', todo: 'Correct the row, then try again.' });
  return ok({ text: edited, config: config.value });
}

/** The mapping of a flow as a configuration says, whether it can be used or not. */
export function mappingIn(config: WorkspaceConfig, flow: Flow): FlowMapping {
  const usual = defaultMapping().find(({ kind }) => kind === kindOf(flow));
  if (usual === undefined) throw new Error(`${flow} has no default mapping`);
  return mappingOf(usual, config);
}

function editRow(document: Document, path: readonly string[], edit: RowEdit): void {
  for (const [word, value] of Object.entries(edit)) {
    if (value === undefined) continue;
    if (value === null) document.deleteIn([...path, word]);
    else setAt(document, [...path, word], value);
  }
  removeEmpty(document, path);
}

/** A key that stands there with nothing behind it, as `properties:`, becomes a map. */
function setAt(document: Document, path: readonly string[], value: unknown): void {
  for (let depth = 1; depth < path.length; depth++) {
    const at = path.slice(0, depth);
    if (!isCollection(document.getIn(at, true))) document.setIn(at, document.createNode({}));
  }
  document.setIn(path, document.createNode(value));
}

/** A row that says nothing any more goes, and with it what held only that row; the flow itself stays. */
function removeEmpty(document: Document, path: readonly string[]): void {
  for (const at of [path, path.slice(0, -1)]) {
    const node = document.getIn(at, true);
    if (isMap(node) && node.items.length === 0) document.deleteIn(at);
  }
}
